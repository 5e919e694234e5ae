import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelRun } from './cancel-run.ts'
import { setPause } from './set-pause.ts'
import { startRun } from './start-run.ts'
import { openWorkshop, type Workshop } from './test-workshop.ts'
import { PIECE, unfoldRun, unfoldStalledRuns } from './unfold-run.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop({ photos: false })
})
afterAll(() => shop.close())

const COUNT = 2 * PIECE + 500

/** A run that was accepted and has its first piece, as its process would leave it if it died there. */
async function begun(count = COUNT) {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, [
    { operation: 'convert', settings: { format: 'jpeg' } },
  ])
  const imageIds = await shop.paperImages(accountId, count)
  const started = await shop.db.asTenant(accountId, (tx) =>
    startRun(tx, accountId, { automationId, imageIds }),
  )
  if (!started.ok) throw new Error(started.detail)
  return { accountId, runId: started.runId, imageIds }
}

type Row = { position: number; imageId: string; budgeted: boolean }

const itemsOf = ({ accountId, runId }: { accountId: string; runId: string }) =>
  shop.db.asTenant(accountId, (tx) =>
    tx.query<Row>(
      `select position, image_id as "imageId", budgeted from run_items
       where account_id = $1 and run_id = $2 order by position`,
      [accountId, runId],
    ),
  )

/** As if the last piece had been written long ago. */
const stall = () =>
  shop.db.asService((tx) => tx.query(`update run_unfoldings set touched_at = now() - interval '1 hour'`))

test('a large run is whole at once, and has each of its items once in the end, however many go on with it', async () => {
  const run = await begun()
  expect(await itemsOf(run)).toHaveLength(PIECE)
  expect(await shop.run(run.accountId, run.runId)).toMatchObject({ status: 'running', itemCount: COUNT })
  expect(await unfoldStalledRuns(shop.db)).toBe(0)
  await stall()
  await Promise.all([
    unfoldStalledRuns(shop.db),
    unfoldRun(shop.db, run.accountId, run.runId),
    unfoldRun(shop.db, run.accountId, run.runId),
  ])
  const items = await itemsOf(run)
  expect(items.map(({ position }) => position)).toEqual(Array.from({ length: COUNT }, (_, n) => n))
  expect(items.map(({ imageId }) => imageId)).toEqual(run.imageIds)
  await stall()
  expect(await unfoldStalledRuns(shop.db)).toBe(0)
})

test('a run of one piece leaves no list', async () => {
  const run = await begun(PIECE)
  expect(await itemsOf(run)).toHaveLength(PIECE)
  await stall()
  expect(await unfoldStalledRuns(shop.db)).toBe(0)
})

test('cancelled in between, it gets no more items, and all of them count as cancelled', async () => {
  const run = await begun()
  await shop.db.asTenant(run.accountId, (tx) => cancelRun(tx, run.accountId, run.runId))
  await unfoldRun(shop.db, run.accountId, run.runId)
  expect(await itemsOf(run)).toHaveLength(PIECE)
  expect(await shop.run(run.accountId, run.runId)).toMatchObject({
    status: 'cancelled',
    cancelled: COUNT,
    cost: 0n,
  })
})

test('a limit that is set in between holds for the items to come', async () => {
  const run = await begun()
  await shop.db.asTenant(run.accountId, (tx) => setPause(tx, run.accountId, 1_000_000n))
  await unfoldRun(shop.db, run.accountId, run.runId)
  expect((await itemsOf(run)).filter(({ budgeted }) => !budgeted)).toEqual([])
})
