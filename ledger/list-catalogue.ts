/**
 * The catalogue as the operator sees it: every plan with all its versions, how many have it, and whether it can be chosen.
 *
 * Called by http/. What a version says never changes; what is changed here is only whether a plan is on offer.
 *
 * Invariant: withdrawing touches no account. Who has the plan keeps it, gets its new versions, and a trial that leads to it still does.
 */
import type { Transaction } from '../database/connect.ts'
import { type CataloguePlan, readPlanVersions } from './catalogue.ts'

export type ListedVersion = {
  plan: CataloguePlan
  publishedAt: Date
  noticeDays: number | null
  subscribers: number
}

export type ListedPlan = {
  code: string
  name: string
  offered: boolean
  subscribers: number
  /** Newest first. */
  versions: ListedVersion[]
}

type Row = Omit<ListedVersion, 'plan'> & { id: string; offered: boolean }

/** All plans in the operator's order, or the one with this code. For the service role. */
export async function listCatalogue(tx: Transaction, code: string | null = null): Promise<ListedPlan[]> {
  const rows = await tx.query<Row>(
    `select v.plan_version_id as "id", p.offered, v.published_at as "publishedAt", v.notice_days as "noticeDays",
       coalesce(s.subscribers, 0)::integer as "subscribers"
     from plans p join plan_versions v using (plan_id)
     left join (select plan_version_id, count(*) as subscribers from subscriptions where status = 'active' group by 1) s
       using (plan_version_id)
     where $1::text is null or p.code = $1
     order by p.position, p.code, v.version desc`,
    [code],
  )
  const plans = await readPlanVersions(
    tx,
    rows.map(({ id }) => id),
  )
  const listed = new Map<string, ListedPlan>()
  for (const { id, offered, ...row } of rows) {
    const plan = plans.get(id)!
    const before = listed.get(plan.code)
    const entry = before ?? { code: plan.code, name: plan.name, offered, subscribers: 0, versions: [] }
    entry.versions.push({ ...row, plan })
    entry.subscribers += row.subscribers
    listed.set(plan.code, entry)
  }
  return [...listed.values()]
}

/** Puts a plan on offer, or withdraws it. Refuses a code that no plan has. For the service role. */
export async function offerPlan(
  tx: Transaction,
  code: string,
  offered: boolean,
): Promise<{ ok: true } | { ok: false; refusal: 'plan_not_found'; detail: string }> {
  const rows = await tx.query('update plans set offered = $2 where code = $1 returning 1', [code, offered])
  if (rows.length > 0) return { ok: true }
  return { ok: false, refusal: 'plan_not_found', detail: `There is no plan "${code}".` }
}
