/** Hot folders as a program meets them. What they do is tested where it is done: automations/ and storage/. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { openHotFolders } from '../storage/open-hot-folders.ts'
import { handlers as automations } from './automation-routes.ts'
import { handlers as hotFolders } from './hot-folder-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let here: TestApp
let books: TestBooks
let root: string
let accountId: string
let automation: string
let call: (method: string, path: string, body?: unknown) => ReturnType<TestApp['call']>

beforeAll(async () => {
  here = await createTestApp({ handlers: { ...automations, ...hotFolders } })
  books = await openTestBooks(here.database)
  root = await mkdtemp(join(tmpdir(), 'drawdown-hot-'))
  accountId = await books.account()
  const { key } = await here.createKey(accountId, ['read', 'write'])
  call = (method, path, body) => here.call({ method, path, key, body })
  const steps = [{ operation: 'convert', settings: { format: 'png' } }]
  automation = ((await call('POST', '/v1/automations', { name: 'Square', steps })).body as { id: string }).id
})
afterAll(async () => {
  await here.close()
  await rm(root, { recursive: true, force: true })
})

test('without a place of the operator’s there are none', async () => {
  here.services.hotFolders = null
  expect(await call('GET', '/v1/hot-folders')).toMatchObject({ body: { data: [], available: false } })
  const made = await call('POST', '/v1/hot-folders', { name: 'shoes', automation_id: automation })
  expect(made).toMatchObject({ status: 409, body: { type: '/problems/hot_folders_not_set_up' } })
})

test('one is made, changed, paused, looked through and removed', async () => {
  here.services.hotFolders = await openHotFolders(pathToFileURL(root).href)
  const draft = { name: 'shoes', automation_id: automation, starts: 'daily', at: '02:00' }
  const made = await call('POST', '/v1/hot-folders', draft)
  expect(made).toMatchObject({
    status: 201,
    body: { ...draft, place: `${accountId}/shoes/in`, paused: false, trouble: null, files: { waiting: 0 } },
  })
  expect((await readdir(join(root, accountId, 'shoes'))).sort()).toEqual(['in', 'out'])
  const { id, next_start_at } = made.body as { id: string; next_start_at: string }
  expect(next_start_at).toMatch(/T02:00:00/)

  const path = `/v1/hot-folders/${id}`
  expect(await call('GET', path)).toMatchObject({ body: made.body })
  const changed = await call('PATCH', path, { starts: 'at_once', paused: true })
  expect(changed).toMatchObject({ body: { starts: 'at_once', at: null, next_start_at: null, paused: true } })
  expect(await call('GET', `${path}/files`)).toMatchObject({ body: { data: [], next_cursor: null } })
  expect(await call('POST', '/v1/hot-folders', draft)).toMatchObject({
    status: 409,
    body: { type: '/problems/hot_folder_name_taken' },
  })
  expect(await call('DELETE', path)).toMatchObject({ status: 204 })
  for (const [method, where, body] of [
    ['GET', path],
    ['PATCH', path, { paused: false }],
    ['DELETE', path],
    ['GET', `${path}/files`],
  ] as const)
    expect(await call(method, where, body)).toMatchObject({
      body: { type: '/problems/hot_folder_not_found' },
    })
  expect(await call('GET', '/v1/hot-folders')).toMatchObject({ body: { data: [], available: true } })
})

test.each<[string, object, string]>([
  ['a path for a name', { name: '../other' }, 'name'],
  ['capital letters', { name: 'Shoes' }, 'name'],
  ['a day without a time', { name: 'a', starts: 'daily' }, 'at'],
  ['a time without a day', { name: 'a', starts: 'hourly', at: '02:00' }, 'at'],
  ['a time that is none', { name: 'a', starts: 'weekdays', at: '24:00' }, 'at'],
  ['another schedule', { name: 'a', starts: 'monthly' }, 'starts'],
])('%s is refused at its field', async (_what, body, field) => {
  const answer = await call('POST', '/v1/hot-folders', { automation_id: automation, ...body })
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } })
})
