import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forgetKey, rememberedKeys, rememberKey } from './remembered-keys.ts'

const shop = { accountId: 'account_1', name: 'Corner shop', apiKey: 'dd_1' }
const press = { accountId: 'account_2', name: 'Print works', apiKey: 'dd_2' }
let folder: string
let file: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drawdown-cli-'))
  file = join(folder, 'drawdown', 'credentials.json')
})
afterAll(() => rmSync(folder, { recursive: true }))

test('keys are kept by server and account, for this user alone', () => {
  expect(rememberedKeys(file, 'http://a')).toEqual([])
  rememberKey(file, 'http://a', shop)
  rememberKey(file, 'http://a', press)
  rememberKey(file, 'http://b', shop)
  expect(rememberedKeys(file, 'http://a')).toEqual([shop, press])
  expect(rememberedKeys(file, 'http://b')).toEqual([shop])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
})

test('a forgotten key is gone, the others stay', () => {
  forgetKey(file, 'http://a', shop.accountId)
  expect(rememberedKeys(file, 'http://a')).toEqual([press])
  expect(rememberedKeys(file, 'http://b')).toEqual([shop])
})
