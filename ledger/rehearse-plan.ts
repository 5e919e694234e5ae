/**
 * Rehearsals: what every account would have paid over its last terms under a draft of a plan (rule R25).
 *
 * `startRehearsal` and the reading verbs are called by http/ for the operator, `runRehearsal` by the job that it enqueues.
 *
 *   waiting ──runRehearsal──▶ running ──all accounts──▶ done
 *                                ╰──a fault──▶ failed, with its words
 *
 * Invariants:
 *   1. A rehearsal changes no books and takes no account's lock; what it finds is written account by account, once each.
 *   2. Interrupted, it goes on with the accounts that it has not seen.
 *   3. What an account did pay is read from its books, what it would have from the same rules that book.
 */

import type { Micros } from '../billing/micros.ts'
import { type PlanDraft, type PlanTerms, publishPlan } from '../billing/plan.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type PastTerm, readPastTerms, replayTerms } from './past-terms.ts'
import { checkDraft, type PublishRefused } from './publish-plan.ts'

/** Older ones are forgotten when another begins. */
const KEPT = 20

export type Among = 'subscribers' | 'everyone'

export type RehearsalRequest = { draft: PlanDraft; among: Among; terms: number }

export type Rehearsal = {
  id: string
  code: string
  draft: PlanDraft
  currency: string
  creditUnit: string
  among: Among
  terms: number
  status: 'waiting' | 'running' | 'done' | 'failed'
  /** Null until they are counted. */
  accounts: number | null
  fault: string | null
  createdAt: Date
  finishedAt: Date | null
}

/** What it has found so far. Amounts in currency, without tax. */
export type RehearsalSums = {
  done: number
  /** Accounts that would have paid less, more, and the same. */
  winners: number
  losers: number
  unchanged: number
  paid: Micros
  rehearsed: Micros
  paidOverage: Micros
  rehearsedOverage: Micros
  leftOut: number
  notOffered: string[]
  /** Accounts by how much more they would have paid, in percent of what they did: the upper ends of SPREAD, then all above. */
  spread: number[]
}

/** Upper ends, in percent, of the bars in which accounts are counted by their change. What was free and no longer is, is in the last. */
export const SPREAD = [-50, -25, -10, -5, -1, 1, 5, 10, 25, 50] as const

/** Notes down a rehearsal and has it run in the background; refuses a draft that could not be published. For the service role. */
export async function startRehearsal(
  tx: Transaction,
  { draft, among, terms }: RehearsalRequest,
): Promise<{ ok: true; rehearsal: Rehearsal } | PublishRefused> {
  const checked = await checkDraft(tx, draft)
  if (!checked.ok) return checked
  const id = newId()
  const { code, currency, creditUnit } = checked.terms
  await tx.query(
    `insert into rehearsals (rehearsal_id, code, draft, currency, credit_unit, among, terms)
     values ($1, $2, $3::jsonb, $4, $5, $6, $7)`,
    [id, code, JSON.stringify(draft), currency, creditUnit, among, terms],
  )
  await forgetOld(tx)
  await tx.query(`select enqueue_job('rehearse', jsonb_build_object('id', $1::text), 'rehearse:' || $1)`, [
    id,
  ])
  return { ok: true, rehearsal: (await readRehearsal(tx, id))! }
}

async function forgetOld(tx: Transaction): Promise<void> {
  await tx.query(
    `with kept as (select rehearsal_id from rehearsals order by created_at desc, rehearsal_id desc limit $1),
     gone as (delete from rehearsals where rehearsal_id not in (select rehearsal_id from kept) returning rehearsal_id)
     delete from rehearsed_accounts where rehearsal_id in (select rehearsal_id from gone)`,
    [KEPT],
  )
}

const SELECT = `select rehearsal_id as "id", code, draft, currency, credit_unit as "creditUnit", among, terms, status, accounts,
  fault, created_at as "createdAt", finished_at as "finishedAt" from rehearsals`

/** Newest first. For the service role. */
export function listRehearsals(tx: Transaction): Promise<Rehearsal[]> {
  return tx.query<Rehearsal>(`${SELECT} order by created_at desc, rehearsal_id desc limit $1`, [KEPT])
}

export async function readRehearsal(tx: Transaction, id: string): Promise<Rehearsal | null> {
  return (await tx.query<Rehearsal>(`${SELECT} where rehearsal_id = $1`, [id]))[0] ?? null
}

const CHANGE = 'fee_micros + overage_micros - paid_fee_micros - paid_overage_micros'

/** What a rehearsal has found so far. For the service role. */
export async function sumRehearsal(tx: Transaction, id: string): Promise<RehearsalSums> {
  const [row] = await tx.query<RehearsalSums>(
    `with found as (
       select *, ${CHANGE} as change, paid_fee_micros + paid_overage_micros as paid from rehearsed_accounts
       where rehearsal_id = $1 and terms > 0),
     barred as (
       select case when change = 0 then 0 when paid = 0 then 1000000 else change::numeric / paid * 100 end as percent from found)
     select (select count(*) from rehearsed_accounts where rehearsal_id = $1)::integer as "done",
       (select sum(left_out) from rehearsed_accounts where rehearsal_id = $1)::integer as "leftOut",
       count(*) filter (where change < 0)::integer as "winners", count(*) filter (where change > 0)::integer as "losers",
       count(*) filter (where change = 0)::integer as "unchanged",
       coalesce(sum(paid), 0)::bigint as "paid", coalesce(sum(paid + change), 0)::bigint as "rehearsed",
       coalesce(sum(paid_overage_micros), 0)::bigint as "paidOverage",
       coalesce(sum(overage_micros), 0)::bigint as "rehearsedOverage",
       (select coalesce(array_agg(distinct operation), '{}') from found, unnest(not_offered) as operation) as "notOffered",
       (select array_agg((select count(*) from barred where percent > bar.low and percent <= bar.high)::integer order by place)
        from unnest($2::numeric[], $3::numeric[]) with ordinality as bar (low, high, place)) as "spread"
     from found`,
    [id, ['-infinity', ...SPREAD], [...SPREAD, 'infinity']],
  )
  return { ...row!, leftOut: row!.leftOut ?? 0 }
}

export type RehearsedAccount = {
  accountId: string
  name: string
  terms: number
  leftOut: number
  /** Currency, without tax. */
  paid: Micros
  rehearsed: Micros
  paidOverage: Micros
  rehearsedOverage: Micros
  notOffered: string[]
}

/** Accounts of a rehearsal, those that would have paid most more first, or those that would have paid most less. For the service role. */
export function listRehearsedAccounts(
  tx: Transaction,
  id: string,
  page: { first: 'losers' | 'winners'; limit: number; after: { change: bigint; accountId: string } | null },
): Promise<RehearsedAccount[]> {
  const { first, limit, after } = page
  const [sign, order] = first === 'losers' ? ['<', 'desc'] : ['>', 'asc']
  return tx.query<RehearsedAccount>(
    `select r.account_id as "accountId", a.name, r.terms, r.left_out as "leftOut",
       r.paid_fee_micros + r.paid_overage_micros as "paid", r.fee_micros + r.overage_micros as "rehearsed",
       r.paid_overage_micros as "paidOverage", r.overage_micros as "rehearsedOverage", r.not_offered as "notOffered"
     from rehearsed_accounts r join accounts a using (account_id)
     where r.rehearsal_id = $1 and ($2::bigint is null or (${CHANGE}, r.account_id) ${sign} ($2, $3::uuid))
     order by ${CHANGE} ${order}, r.account_id ${order} limit $4`,
    [id, after?.change ?? null, after?.accountId ?? null, limit],
  )
}

/** Replays the accounts that have not been replayed yet, one after another. Answers whether there was such a rehearsal to run. */
export async function runRehearsal(db: Database, id: string): Promise<boolean> {
  const rehearsal = await db.asService((tx) => beginRehearsal(tx, id))
  if (!rehearsal) return false
  try {
    const published = publishPlan(rehearsal.draft)
    // Checked when it was noted down; nothing in the draft has changed since.
    if (!published.ok) throw new Error(`the draft is refused: ${published.refusal}`)
    for (const accountId of await db.asService((tx) => listUnseen(tx, rehearsal))) {
      await rehearseAccount(db, accountId, { rehearsal, plan: published.terms })
    }
    await db.asService((tx) => end(tx, id, { status: 'done', fault: null }))
  } catch (fault) {
    await db.asService((tx) => end(tx, id, { status: 'failed', fault: String(fault).slice(0, 500) }))
    throw fault
  }
  return true
}

async function beginRehearsal(tx: Transaction, id: string): Promise<Rehearsal | null> {
  const rehearsal = await readRehearsal(tx, id)
  if (!rehearsal || rehearsal.status === 'done') return null
  await tx.query(
    `update rehearsals set status = 'running', fault = null, finished_at = null, accounts = (
       select count(*) from (${ACCOUNTS}) a) where rehearsal_id = $3`,
    [rehearsal.among === 'everyone' ? null : rehearsal.code, [rehearsal.currency, rehearsal.creditUnit], id],
  )
  return rehearsal
}

/** Accounts that had a term of the plan, or of any. */
const ACCOUNTS = `select distinct s.account_id from subscriptions s
  join accounts a using (account_id)
  join subscription_versions v using (account_id, subscription_id)
  join plan_versions pv on pv.plan_version_id = v.plan_version_id join plans pl using (plan_id)
  where ($1::text is null or pl.code = $1) and array[a.currency, a.credit_unit] = $2::text[]`

async function listUnseen(
  tx: Transaction,
  { id, among, code, currency, creditUnit }: Rehearsal,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select a.account_id as "id" from (${ACCOUNTS}) a
     where not exists (select from rehearsed_accounts r where r.account_id = a.account_id and r.rehearsal_id = $3)
     order by a.account_id`,
    [among === 'everyone' ? null : code, [currency, creditUnit], id],
  )
  return rows.map((row) => row.id)
}

async function end(
  tx: Transaction,
  id: string,
  how: { status: string; fault: string | null },
): Promise<void> {
  await tx.query(
    'update rehearsals set status = $2, fault = $3, finished_at = now() where rehearsal_id = $1',
    [id, how.status, how.fault],
  )
}

async function rehearseAccount(
  db: Database,
  accountId: string,
  { rehearsal, plan }: { rehearsal: Rehearsal; plan: PlanTerms },
): Promise<void> {
  const { id, among, code, terms: limit } = rehearsal
  const past = await db.asTenant(accountId, (tx) => readPastTerms(tx, accountId, limit))
  const isMeant = ({ plan: was }: PastTerm) => among === 'everyone' || was.code === code
  const meant = past.filter(isMeant)
  const terms = meant.filter(({ changed }) => !changed)
  const [costs] = await replayTerms(db, accountId, { terms, plans: [plan] })
  const sum = <Row>(rows: readonly Row[], amountOf: (row: Row) => Micros) =>
    rows.reduce((total, row) => total + amountOf(row), 0n)
  await db.asTenant(accountId, (tx) =>
    tx.query(
      `insert into rehearsed_accounts (account_id, rehearsal_id, terms, left_out, paid_fee_micros, paid_overage_micros,
         fee_micros, overage_micros, not_offered) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
      [
        accountId,
        id,
        terms.length,
        meant.length - terms.length,
        sum(terms, ({ paidFee }) => paidFee),
        sum(terms, ({ paidOverage }) => paidOverage),
        sum(costs!, ({ fee }) => fee),
        sum(costs!, ({ overage }) => overage),
        [...new Set(costs!.flatMap(({ notOffered }) => [...notOffered.keys()]))],
      ],
    ),
  )
}
