/** What a program meets when a photo is held: the preview, the price, the refusal of the file, and its own decision. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimItem } from '../automations/claim-item.ts'
import { holdItem } from '../automations/fail-item.ts'
import { openWorkshop, until, type Workshop, worked } from '../automations/test-workshop.ts'
import { encodeId } from './ids.ts'
import { handlers } from './run-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let app: TestApp
let shop: Workshop
beforeAll(async () => {
  app = await createTestApp({ handlers })
  shop = await openWorkshop({ database: app.database, photos: false })
  Object.assign(app.services, { files: shop.files, events: shop.events })
})
afterAll(async () => {
  await app.app.close()
  await shop.close()
})

async function held() {
  const accountId = await shop.account()
  const { key } = await app.createKey(accountId, ['read', 'write'])
  const automationId = await shop.automation(accountId, [{ operation: 'remove_background' }])
  await shop.start(accountId, automationId, await shop.paperImages(accountId, 1))
  const item = await until('the item is claimed', async () => {
    return (await claimItem(shop.db, { modelsReady: true })) ?? undefined
  })
  const { output, contentKeys } = worked(item)
  const reason = { reason: 'low_confidence', message: 'The edges are uncertain.' }
  await holdItem(shop.db, item, { output, contentKeys, ...reason })
  const path = `/v1/items/${encodeId('item', item.itemId)}`
  const send = (method: string, more = '') => app.call({ method, path: `${path}${more}`, key })
  return { path, send }
}

test('a held item shows its preview and its price; its file is refused until it is accepted', async () => {
  const { path, send } = await held()
  expect(await send('GET')).toMatchObject({
    status: 200,
    body: {
      status: 'held',
      cost: '0',
      cost_if_accepted: '0.5',
      failure: { code: 'low_confidence' },
      output: { preview_url: `${path}/preview` },
    },
  })
  expect(await send('GET', '/file')).toMatchObject({ status: 409, body: { type: '/problems/item_held' } })
  for (let time = 0; time < 2; time++) {
    expect(await send('POST', '/accept')).toMatchObject({
      status: 200,
      body: { status: 'succeeded', cost: '0.5', cost_if_accepted: null, failure: null },
    })
  }
  expect(await send('POST', '/discard')).toMatchObject({
    status: 409,
    body: { type: '/problems/item_not_held' },
  })
})

test('a discarded item has no result', async () => {
  const { send } = await held()
  expect(await send('POST', '/discard')).toMatchObject({
    status: 200,
    body: { status: 'cancelled', cost: '0', output: null, failure: { code: 'discarded' } },
  })
  for (const which of ['/file', '/preview'])
    expect(await send('GET', which)).toMatchObject({ status: 404, body: { type: '/problems/no_result' } })
  expect(await send('POST', '/accept')).toMatchObject({
    status: 409,
    body: { type: '/problems/item_not_held' },
  })
})
