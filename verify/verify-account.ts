/**
 * Re-derives an account's amounts from what they come from, and names every row that disagrees (rule R31).
 *
 * Called at the end of tests, and by keep-verified.ts in production. Plain SQL over the tables and code of its own: nothing of
 * the engine is imported, so that one mistake cannot hide in both.
 *
 *   chain from rows · balances from entries · entries from usage × price · totals from usage · invoices from totals and
 *   entries · payments from invoices
 *
 * A verification begins where the last one ended: `from` says at which transaction, and what everything held there. Begun
 * nowhere, it is a whole one. What it has found at its end is `end`, from which the next can begin.
 *
 * Invariants:
 *   1. It only reads, and everything it reads is of one instant where the caller's transaction is: see keep-verified.ts.
 *   2. A check is one query that answers the rows at fault, with what was expected and what was found.
 *   3. Amounts of the state are added up in SQL, and pass through here as text.
 */
import type { Transaction } from '../database/connect.ts'
import { ARCHIVE_CHECKS } from './check-archives.ts'
import { CHAIN_CHECKS } from './check-chain.ts'
import { checkInvoiceLines } from './check-invoice-lines.ts'
import { JOURNAL_CHECKS } from './check-journal.ts'
import { INTERIM_CHECKS, INVOICE_CHECKS, PERIOD_CHECKS } from './check-periods.ts'
import { REFUND_CHECKS } from './check-refunds.ts'
import { TAX_CHECKS } from './check-taxes.ts'
import type { Finding } from './finding.ts'

/** Where a verification ended. */
export type VerifiedTo = {
  sequence: bigint
  bookedAt: Date | null
  /** Sums of entries, totals and draws, as JSON. Text, because its amounts must not become numbers. */
  state: string
}

/** A head that was written down outside the database. */
export type KeptHead = { sequence: bigint; link: string }

/** Where a verification begins, and heads that the chain must hold. */
type Beginning = { from?: VerifiedTo; verified?: KeptHead | undefined; kept?: KeptHead | undefined }

export type Verification = { findings: Finding[]; end: VerifiedTo }

const NOWHERE: VerifiedTo = { sequence: 0n, bookedAt: null, state: '{}' }
const CHECKS = {
  ...JOURNAL_CHECKS,
  ...CHAIN_CHECKS,
  ...ARCHIVE_CHECKS,
  ...PERIOD_CHECKS,
  ...INTERIM_CHECKS,
  ...INVOICE_CHECKS,
  ...TAX_CHECKS,
  ...REFUND_CHECKS,
}
/** Of one fault that runs through a million rows, the first are enough. */
const MOST_FINDINGS = 20

/** All that is wrong with the account's books; empty when they are in order. */
export async function verifyAccount(tx: Transaction, accountId: string): Promise<Finding[]> {
  return (await verifyFrom(tx, accountId, {})).findings
}

/** Verifies from where the last verification ended, and that the chain holds the head that was kept outside. */
export async function verifyFrom(
  tx: Transaction,
  accountId: string,
  { from = NOWHERE, verified, kept }: Beginning,
): Promise<Verification> {
  const since = [accountId, from.sequence, from.bookedAt ?? '-infinity']
  const state = await deriveState(tx, [...since, from.state])
  const findings: Finding[] = []
  for (const [check, query] of Object.entries(CHECKS)) {
    // Postgres wants to know the type of each parameter, also of those that a check does not use.
    const typed = `with given as (select $2::bigint, $3::timestamptz, $4::jsonb) select row, expected::text, found::text
      from (${query} limit ${MOST_FINDINGS}) findings`
    const rows = await tx.query<{ row: string; expected: string | null; found: string | null }>(typed, [
      ...since,
      state,
    ])
    for (const { row, expected, found } of rows)
      findings.push({ check, row, detail: detailOf(expected, found) })
  }
  findings.push(...(await checkInvoiceLines(tx, accountId)))
  if (kept) findings.push(...(await checkKeptHead(tx, accountId, kept, 'that was kept outside')))
  if (verified) findings.push(...(await checkKeptHead(tx, accountId, verified, 'that was verified')))
  return { findings, end: await readEnd(tx, accountId, state) }
}

function detailOf(expected: string | null, found: string | null): string {
  return `expected ${expected ?? 'nothing'}, found ${found ?? 'nothing'}`
}

/** What everything held after the last transaction: what it held before, and what has been booked since. */
async function deriveState(tx: Transaction, parameters: readonly unknown[]): Promise<string> {
  const [row] = await tx.query<{ state: string }>(
    `with uses as (
       select * from usage_records where account_id = $1 and booked_at >= $3::timestamptz and ledger_sequence > $2::bigint),
     corrections as (
       select * from usage_corrections where account_id = $1 and ledger_sequence > $2 and in_open_period),
     archived as (
       select c.state::jsonb as state from usage_checkpoints c join usage_archives a on a.month = c.month and a.detached
       where c.account_id = $1 and c.last_sequence > $2),
     sums as (
       select ledger_account, commodity, grant_id, sum(amount) as amount from (
         select ledger_account, commodity, grant_id, amount_micros::numeric as amount
         from ledger_entries where account_id = $1 and sequence > $2
         union all
         select * from jsonb_to_recordset($4::jsonb->'sums')
           as s (ledger_account text, commodity text, grant_id uuid, amount numeric)) e
       group by 1, 2, 3),
     totals as (
       select subscription_id, period_number, plan_version_id, operation, late, sum(quantity) as quantity,
         sum(cost) as cost, sum(drawn) as drawn, sum(overage) as overage
       from (
         select subscription_id, period_number, plan_version_id, operation, late, quantity::numeric, cost_micros as cost,
           drawn_micros as drawn, overage_micros as overage from uses
         union all
         select subscription_id, period_number, plan_version_id, operation, late, quantity, cost_micros, drawn_micros,
           overage_micros from corrections
         union all
         select t.* from (select $4::jsonb as state union all select state from archived) s
         cross join jsonb_to_recordset(s.state->'totals') as t (subscription_id uuid, period_number integer,
           plan_version_id uuid, operation text, late boolean, quantity numeric, cost numeric, drawn numeric, overage numeric)) u
       group by 1, 2, 3, 4, 5),
     draws as (
       select subscription_id, period_number, source, sum(drawn) as drawn from (
         select u.subscription_id, u.period_number, coalesce(g.source, 'no grant') as source, d.amount as drawn
         from (select subscription_id, period_number, draw_grant_ids, draw_micros from uses
           union all select subscription_id, period_number, draw_grant_ids, draw_micros from corrections) u
         cross join unnest(u.draw_grant_ids, u.draw_micros) as d (grant_id, amount)
         left join credit_grants g on g.account_id = $1 and g.grant_id = d.grant_id
         union all
         select d.* from (select $4::jsonb as state union all select state from archived) s
         cross join jsonb_to_recordset(s.state->'draws')
           as d (subscription_id uuid, period_number integer, source text, drawn numeric)) u
       group by 1, 2, 3)
     select jsonb_build_object(
       'sums', (select coalesce(jsonb_agg(to_jsonb(sums)), '[]') from sums),
       'totals', (select coalesce(jsonb_agg(to_jsonb(totals)), '[]') from totals),
       'draws', (select coalesce(jsonb_agg(to_jsonb(draws)), '[]') from draws))::text as state`,
    parameters,
  )
  return row!.state
}

/** Where this verification ends, without what no later one needs: grants that have ended, periods that have closed. */
async function readEnd(tx: Transaction, accountId: string, state: string): Promise<VerifiedTo> {
  const [end] = await tx.query<VerifiedTo>(
    `select a.entry_sequence as sequence, t.booked_at as "bookedAt", jsonb_build_object(
       'sums', (select coalesce(jsonb_agg(to_jsonb(e)), '[]') from (
         select s.ledger_account, s.commodity, g.grant_id, sum(s.amount) as amount
         from jsonb_to_recordset($2::jsonb->'sums') as s (ledger_account text, commodity text, grant_id uuid, amount numeric)
         left join credit_grants g on g.account_id = $1 and g.grant_id = s.grant_id and g.ended_at is null
         group by 1, 2, 3 having sum(s.amount) <> 0) e),
       'totals', (select coalesce(jsonb_agg(s), '[]') from jsonb_array_elements($2::jsonb->'totals') s
         join periods p on p.account_id = $1 and p.subscription_id = (s->>'subscription_id')::uuid
           and p.period_number = (s->>'period_number')::integer and p.closed_at is null),
       'draws', (select coalesce(jsonb_agg(s), '[]') from jsonb_array_elements($2::jsonb->'draws') s
         join periods p on p.account_id = $1 and p.subscription_id = (s->>'subscription_id')::uuid
           and p.period_number = (s->>'period_number')::integer and p.closed_at is null))::text as state
     from accounts a left join ledger_transactions t on t.account_id = a.account_id and t.sequence = a.entry_sequence
     where a.account_id = $1`,
    [accountId, state],
  )
  return end ?? NOWHERE
}

async function checkKeptHead(
  tx: Transaction,
  accountId: string,
  head: KeptHead,
  which: string,
): Promise<Finding[]> {
  const [row] = await tx.query<{ link: string }>(
    `select encode(link, 'hex') as link from ledger_transactions where account_id = $1 and sequence = $2`,
    [accountId, head.sequence],
  )
  if (row?.link === head.link) return []
  const detail = detailOf(head.link, row?.link ?? 'no transaction')
  return [{ check: `the chain holds the head ${which}`, row: `transaction ${head.sequence}`, detail }]
}
