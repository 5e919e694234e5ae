/**
 * Brings out what the outbox holds: events are announced, and sent to whoever wants them.
 *
 *   announce       what was recorded becomes deliveries; put into the queue by whoever records, and every minute
 *   deliver        an endpoint gets what waits for it
 *   deliver-again  the same for an endpoint that is being tried again
 *   mail           mails that are due are sent; put into the queue by whoever queues one, and every minute
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
import { queueSummaries } from '../outbox/queue-summaries.ts'
import { forgetDeliveries } from '../outbox/read-deliveries.ts'
import { forgetMails } from '../outbox/read-mails.ts'
import { type Mailing, sendMails } from '../outbox/send-mails.ts'

/** How many endpoints are sent to at the same time. They wait for other people's servers, and need no processor. */
const HEALTHY_LANE = 12
const FAILING_LANE = 6
const DELIVERIES_KEPT_DAYS = 30
const MAILS_KEPT_DAYS = 30

export type Outbox = Delivering & Mailing

type Lanes = { pool: ReturnType<typeof openPool>; logger: Logger }

/** Starts both lanes; they end with the function that is answered. */
export async function startDelivering(outbox: Outbox, { pool, logger }: Lanes): Promise<() => Promise<void>> {
  const deliver = (payload: unknown) => deliverDue(outbox, payload)
  const announce = async () => void (await announceEvents(outbox.db))
  const mail = async () => void (await sendMails(outbox))
  const common = { pgPool: pool, noHandleSignals: true, logger }
  const lanes: Runner[] = [
    await run({ ...common, concurrency: HEALTHY_LANE, taskList: { announce, deliver, mail } }),
    await run({ ...common, concurrency: FAILING_LANE, taskList: { 'deliver-again': deliver } }),
  ]
  return async () => {
    await Promise.all(lanes.map((lane) => lane.stop()))
  }
}

/** Once a minute: announces what was recorded, sends what is due, and looks for what a dead server has left behind. */
export async function remind(outbox: Outbox): Promise<void> {
  await announceEvents(outbox.db)
  await wakeOverdue(outbox.db)
  await sendMails(outbox)
}

/** On Mondays: what the week before has brought. */
export async function summarize(db: Database): Promise<void> {
  await db.asService((tx) => queueSummaries(tx, new Date()))
}

async function deliverDue(delivering: Delivering, payload: unknown): Promise<void> {
  const { account_id: accountId, endpoint_id: endpointId } = payload as Record<string, string>
  const endpoint = { accountId: accountId!, endpointId: endpointId! }
  if ((await deliverTo(delivering, endpoint)) === 'more') {
    await delivering.db.asTenant(endpoint.accountId, (tx) => wakeEndpoints(tx, [endpoint]))
  }
}

/** Forgets what was delivered or mailed long ago. */
export async function forgetDelivered(db: Database): Promise<void> {
  await db.asService(async (tx) => {
    await forgetDeliveries(tx, DELIVERIES_KEPT_DAYS)
    await forgetMails(tx, MAILS_KEPT_DAYS)
  })
}
