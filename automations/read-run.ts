/**
 * Runs and their items as they stand: what screens, the command line and event streams show.
 *
 * Called by http. All in a transaction of the account; nothing is locked and nothing is changed.
 *
 * Amounts of a run and of an item are the sums of what was booked for it. They are added up in the transactions that book.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'

export type Run = {
  id: string
  name: string
  automationId: string
  /** paused_by_budget: the customer's own limit of overage holds what is left of it (rule R24). */
  status: 'running' | 'paused_by_budget' | 'finished' | 'cancelled'
  itemCount: number
  working: number
  succeeded: number
  failed: number
  held: number
  cancelled: number
  /** Credits. */
  cost: Micros
  /** Credits. */
  drawn: Micros
  /** Currency. */
  overage: Micros
  currency: string
  creditUnit: string
  planVersionId: string
  needsModels: boolean
  /** Number of the last change to one of its items. */
  revision: number
  /** From the pace of the items that ended last; null while none has, or once the run has ended. */
  remainingSeconds: number | null
  createdAt: Date
  finishedAt: Date | null
}

export type RunRef = { accountId: string; runId: string }

export type Item = {
  id: string
  position: number
  status: 'queued' | 'working' | 'succeeded' | 'failed' | 'held' | 'cancelled'
  imageId: string
  imageName: string
  failure: string | null
  failureMessage: string | null
  outputSha256: string | null
  outputBytes: bigint | null
  outputFormat: string | null
  outputWidth: number | null
  outputHeight: number | null
  previewSha256: string | null
  /** Its photo was removed then, and with it what was made of it. */
  removedAt: Date | null
  /** One a step. */
  report: Record<string, unknown>[] | null
  cost: Micros
  drawn: Micros
  overage: Micros
  /** Credits. What accepting it would cost now (rule R17: the pin ends with a change of plan); null unless it is held. */
  costIfAccepted: Micros | null
  /** Which change of the run its last one was; null while nothing has happened to it. */
  revision: number | null
  finishedAt: Date | null
}

/** The pace is that of the last so many items: a slow start is forgotten. */
const PACE_OF = 20
/**
 * Time in which nothing of the run was worked on counts up to this much at a stretch: turns of other accounts belong to the
 * pace, an hour in which no server ran does not.
 */
const PAUSE_COUNTED_SECONDS = 10
const PAUSE = `interval '${PAUSE_COUNTED_SECONDS} seconds'`

const SELECT_RUNS = `
  select r.run_id as "id", r.name, r.automation_id as "automationId", r.status, r.item_count as "itemCount",
    (select count(*)::int from run_items w
     where w.account_id = r.account_id and w.run_id = r.run_id and w.status = 'working') as "working",
    r.succeeded, r.failed, r.held, r.cancelled, r.cost_micros as "cost", r.drawn_micros as "drawn",
    r.overage_micros as "overage", v.currency, v.credit_unit as "creditUnit", r.plan_version_id as "planVersionId",
    r.needs_models as "needsModels", r.revision,
    ceil(pace.seconds / nullif(pace.ended, 0)
      * (r.item_count - r.succeeded - r.failed - r.held - r.cancelled))::int as "remainingSeconds",
    r.created_at as "createdAt", r.finished_at as "finishedAt"
  from runs r
  join plan_versions v using (plan_version_id)
  left join lateral (
    select count(*)::int as ended, extract(epoch from
      sum(finished_at - greatest(started_at, before) + least(greatest(started_at - before, '0'), ${PAUSE})) +
      least(clock_timestamp() - max(finished_at), ${PAUSE})) as seconds
    from (
      select started_at, finished_at, lag(finished_at) over (order by finished_at) as before
      from (
        select i.started_at, i.finished_at from run_items i
        where i.account_id = r.account_id and i.run_id = r.run_id and i.revision is not null
          and i.finished_at is not null and i.started_at is not null
        order by i.revision desc limit ${PACE_OF}) as latest) as ends
  ) as pace on r.status = 'running'`

const SELECT_ITEMS = `
  select i.item_id as "id", i.position, i.status, i.image_id as "imageId", m.name as "imageName", i.failure,
    i.failure_message as "failureMessage", case when i.removed_at is null then i.output_sha256 end as "outputSha256", i.output_bytes as "outputBytes",
    i.output_format as "outputFormat", i.output_width as "outputWidth", i.output_height as "outputHeight",
    case when i.removed_at is null then i.preview_sha256 end as "previewSha256", i.removed_at as "removedAt", i.report, i.cost_micros as "cost", i.drawn_micros as "drawn",
    i.overage_micros as "overage", i.revision, i.finished_at as "finishedAt",
    case when i.status = 'held' then (
      select coalesce(sum(p.unit_price_micros), 0)::bigint
      from runs r
      cross join unnest(i.content_keys) with ordinality as keys (content_key, step)
      join plan_versions pinned on pinned.plan_version_id = r.plan_version_id
      left join (subscriptions s join plan_versions now using (plan_version_id))
        on s.account_id = i.account_id and s.ended_at is null
        and (now.plan_id <> pinned.plan_id or r.pinned_at < s.plan_since)
      join plan_prices p on p.plan_version_id = coalesce(s.plan_version_id, r.plan_version_id)
        and p.operation = r.steps -> (keys.step::int - 1) ->> 'operation'
      where r.account_id = i.account_id and r.run_id = i.run_id and not exists (
        select 1 from charged_contents c
        where c.account_id = i.account_id and c.content_key = keys.content_key)
    ) end as "costIfAccepted"
  from run_items i join images m using (account_id, image_id)`

export function isUnfinished(status: Run['status']): boolean {
  return status === 'running' || status === 'paused_by_budget'
}

/** Null when there is none. */
export async function readRun(tx: Transaction, accountId: string, runId: string): Promise<Run | null> {
  return (
    (
      await tx.query<Run>(`${SELECT_RUNS} where r.account_id = $1 and r.run_id = $2`, [accountId, runId])
    )[0] ?? null
  )
}

/** Newest first, those older than `after`. */
export async function listRuns(
  tx: Transaction,
  accountId: string,
  page: { after: string | null; limit: number },
): Promise<Run[]> {
  return tx.query<Run>(
    `${SELECT_RUNS} where r.account_id = $1 and ($2::uuid is null or r.run_id < $2) order by r.run_id desc limit $3`,
    [accountId, page.after, page.limit],
  )
}

/** In the order of the run, those behind position `after`. */
export async function listItems(
  tx: Transaction,
  { accountId, runId }: RunRef,
  page: { after: number | null; limit: number },
): Promise<Item[]> {
  return tx.query<Item>(
    `${SELECT_ITEMS} where i.account_id = $1 and i.run_id = $2 and i.position > $3 order by i.position limit $4`,
    [accountId, runId, page.after ?? -1, page.limit],
  )
}

/** Items that changed after a revision, in the order in which they changed. */
export async function readItemsChangedAfter(
  tx: Transaction,
  { accountId, runId }: RunRef,
  page: { revision: number; limit: number },
): Promise<Item[]> {
  return tx.query<Item>(
    `${SELECT_ITEMS} where i.account_id = $1 and i.run_id = $2 and i.revision > $3 order by i.revision limit $4`,
    [accountId, runId, page.revision, page.limit],
  )
}

/** Null when there is none. */
export async function readItem(tx: Transaction, accountId: string, itemId: string): Promise<Item | null> {
  return (
    (
      await tx.query<Item>(`${SELECT_ITEMS} where i.account_id = $1 and i.item_id = $2`, [accountId, itemId])
    )[0] ?? null
  )
}
