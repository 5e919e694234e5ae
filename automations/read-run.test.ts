import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkshop, type Workshop } from './test-workshop.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop({ photos: false })
}, 120_000)
afterAll(() => shop.close())

type Done = { startedAgo: number; endedAgo: number }

const within = (least: number, most: number) => (seconds: number | null) =>
  seconds !== null && seconds >= least && seconds <= most

/** Seconds that a run of 12 photos has left by its own account when these are done. */
async function remainingAfter(done: Done[]): Promise<number | null> {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, [
    { operation: 'convert', settings: { format: 'png' } },
  ])
  const runId = await shop.start(accountId, automationId, await shop.paperImages(accountId, 12))
  await shop.db.asService(async (tx) => {
    await tx.query(
      `update run_items i set status = 'failed', failure = 'damaged', failure_message = 'It is damaged.',
         revision = position + 1, started_at = clock_timestamp() - d.started * interval '1 second',
         finished_at = clock_timestamp() - d.ended * interval '1 second'
       from unnest($2::float8[], $3::float8[]) with ordinality as d (started, ended, place)
       where i.run_id = $1 and i.position = d.place - 1`,
      [runId, done.map(({ startedAgo }) => startedAgo), done.map(({ endedAgo }) => endedAgo)],
    )
    await tx.query('update runs set failed = $2, revision = $2 where run_id = $1', [runId, done.length])
  })
  return (await shop.run(accountId, runId)).remainingSeconds
}

test('what is left is told from the pace of what was done last, without the time when no server ran', async () => {
  expect(await remainingAfter([])).toBeNull()
  // Six, one after another, of 5 seconds each.
  const steady = [30, 25, 20, 15, 10, 5].map((ago) => ({ startedAgo: ago, endedAgo: ago - 5 }))
  expect(await remainingAfter(steady)).toSatisfy(within(30, 32))
  // Two at a time are twice as fast.
  const paired = [15, 15, 10, 10, 5, 5].map((ago) => ({ startedAgo: ago, endedAgo: ago - 5 }))
  expect(await remainingAfter(paired)).toSatisfy(within(15, 17))
  // The server was away for an hour in the middle, and has been for another until now.
  const away = [7230, 7225, 7220, 3615, 3610, 3605].map((ago) => ({ startedAgo: ago, endedAgo: ago - 5 }))
  expect(await remainingAfter(away)).toSatisfy(within(50, 52))
  // Turns of other accounts in between belong to the pace.
  const turns = [45, 37, 29, 21, 13, 5].map((ago) => ({ startedAgo: ago, endedAgo: ago - 5 }))
  expect(await remainingAfter(turns)).toSatisfy(within(45, 47))
})
