/**
 * Brings out what the outbox holds: events are announced, and sent to whoever wants them.
 *
 *   announce       what was recorded becomes deliveries; put into the queue by whoever records, and every minute
 *   deliver        an endpoint gets what waits for it
 *   deliver-again  the same for an endpoint that is being tried again
 *
 * Called by schedule.ts. Two lanes of workers: endpoints that have not answered have their own, so that no number of dead ones delays
 * a healthy one by more than its first try.
 *
 * Jobs are hints: what is to be done stands in the outbox's own tables, and what a dead server left behind is found there
 * within a minute.
 */
import { type Logger, type Runner, run } from 'graphile-worker'
import type { Database } from '../database/connect.ts'
import type { openPool } from '../database/pool.ts'
import { announceEvents, wakeEndpoints, wakeOverdue } from '../outbox/announce-events.ts'
import { type Delivering, deliverTo } from '../outbox/deliver-webhooks.ts'
import { forgetDeliveries } from '../outbox/read-deliveries.ts'

/** How many endpoints are sent to at the same time. They wait for other people's servers, and need no processor. */
const HEALTHY_LANE = 12
const FAILING_LANE = 6
const DELIVERIES_KEPT_DAYS = 30

type Lanes = { pool: ReturnType<typeof openPool>; logger: Logger; announce: () => Promise<void> }

/** Starts both lanes; they end with the function that is answered. */
export async function startDelivering(
  delivering: Delivering,
  { pool, logger, announce }: Lanes,
): Promise<() => Promise<void>> {
  const deliver = (payload: unknown) => deliverDue(delivering, payload)
  const common = { pgPool: pool, noHandleSignals: true, logger }
  const lanes: Runner[] = [
    await run({ ...common, concurrency: HEALTHY_LANE, taskList: { announce, deliver } }),
    await run({ ...common, concurrency: FAILING_LANE, taskList: { 'deliver-again': deliver } }),
  ]
  return async () => {
    await Promise.all(lanes.map((lane) => lane.stop()))
  }
}

/** Announces what was recorded. Once a minute also looks for what a dead server has left behind. */
export async function announce(db: Database, { overdue }: { overdue: boolean }): Promise<void> {
  await announceEvents(db)
  if (overdue) await wakeOverdue(db)
}

async function deliverDue(delivering: Delivering, payload: unknown): Promise<void> {
  const { account_id: accountId, endpoint_id: endpointId } = payload as Record<string, string>
  const endpoint = { accountId: accountId!, endpointId: endpointId! }
  if ((await deliverTo(delivering, endpoint)) === 'more') {
    await delivering.db.asTenant(endpoint.accountId, (tx) => wakeEndpoints(tx, [endpoint]))
  }
}

/** Forgets what was delivered long ago. */
export async function forgetDelivered(db: Database): Promise<void> {
  await db.asService((tx) => forgetDeliveries(tx, DELIVERIES_KEPT_DAYS))
}
