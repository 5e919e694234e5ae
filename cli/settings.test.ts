import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings } from './settings.ts'

let data: string

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'drawdown-cli-'))
  writeFileSync(
    join(data, 'server.json'),
    JSON.stringify({ url: 'http://127.0.0.1:4567', operator_token: 'ddo_secret' }),
  )
})
afterAll(() => rmSync(data, { recursive: true }))

test('the server of this machine needs neither URL nor key', () => {
  expect(readSettings({ DRAWDOWN_DATA: data })).toMatchObject({
    url: 'http://127.0.0.1:4567',
    apiKey: undefined,
    operatorToken: 'ddo_secret',
  })
})

test.each([
  ['http://localhost:4567', 'ddo_secret'],
  ['http://[::1]:4567/', 'ddo_secret'],
  ['http://localhost:4568', undefined],
  ['https://localhost:4567', undefined],
  ['http://drawdown.example:4567', undefined],
])("the operator's token goes to the server that wrote it and to no other: %s", (url, token) => {
  expect(readSettings({ DRAWDOWN_DATA: data, DRAWDOWN_URL: url }).operatorToken).toBe(token)
})

test('without a server on this machine the key of the environment speaks', () => {
  const settings = readSettings({
    DRAWDOWN_DATA: join(data, 'nothing'),
    DRAWDOWN_URL: 'https://d.example/',
    DRAWDOWN_API_KEY: 'dd_k',
  })
  expect(settings).toMatchObject({ url: 'https://d.example', apiKey: 'dd_k' })
})

test('keys are remembered where the user keeps settings', () => {
  expect(readSettings({ XDG_CONFIG_HOME: '/c' }).credentialsFile).toBe('/c/drawdown/credentials.json')
})
