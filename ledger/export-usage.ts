/**
 * All usage records and all invoices of an account between two instants, page by page, oldest first.
 *
 * Called by http/ and papers/ for exports.
 *
 * Invariants:
 *   1. Memory is bounded: a page is a thousand rows, read in a transaction of its own, and nothing of it is kept.
 *   2. No row is left out and none comes twice, whatever is booked meanwhile: pages go on after the last row by the order of the books.
 */
import type { Micros } from '../billing/micros.ts'
import type { Database, Transaction } from '../database/connect.ts'

/** Half-open. A day ("2026-11-01") begins at midnight in the account's zone; null is no limit. */
export type ExportRange = { from: string | null; until: string | null }

export type ExportedUsage = {
  id: string
  bookedAt: Date
  occurredAt: Date
  late: boolean
  operation: string
  plan: string
  quantity: bigint
  /** Credits. */
  unitPrice: Micros
  cost: Micros
  fromCredits: Micros
  /** Currency. */
  overage: Micros
  source: string
  key: string
  runId: string | null
  itemId: string | null
  /** Number of the credit note that took it back. */
  creditNote: string | null
}

const PAGE = 1000

export async function* exportUsage(
  db: Database,
  accountId: string,
  range: ExportRange,
): AsyncGenerator<ExportedUsage[]> {
  const { from, until } = await db.asTenant(accountId, (tx) => resolveRange(tx, accountId, range))
  let after: { place: string; id: string } | null = null
  for (;;) {
    const page: (ExportedUsage & { place: string })[] = await db.asTenant(accountId, (tx) =>
      tx.query(READ_PAGE, [accountId, from, until, after?.place ?? null, after?.id ?? null, PAGE]),
    )
    if (page.length > 0) yield page
    if (page.length < PAGE) return
    after = page.at(-1)!
  }
}

// The place is text, since an instant of Postgres is finer than a Date.
const READ_PAGE = `
  select u.usage_record_id as "id", u.booked_at as "bookedAt", u.occurred_at as "occurredAt", u.late, u.operation, p.name as "plan",
    u.quantity, u.unit_price_micros as "unitPrice", u.cost_micros as "cost", u.drawn_micros as "fromCredits",
    u.overage_micros as "overage", u.source, u.key, u.run_id as "runId", u.item_id as "itemId", u.booked_at::text as "place",
    (select n.number from usage_corrections c join credit_notes n using (account_id, credit_note_id)
     where c.account_id = u.account_id and c.usage_record_id = u.usage_record_id and c.kind = 'reversed') as "creditNote"
  from usage_records u join plan_versions v using (plan_version_id) join plans p using (plan_id)
  where u.account_id = $1 and ($2::timestamptz is null or u.booked_at >= $2) and ($3::timestamptz is null or u.booked_at < $3)
    and ($4::timestamptz is null or (u.booked_at, u.usage_record_id) > ($4, $5::uuid))
  order by u.booked_at, u.usage_record_id limit $6`

/** Days as instants in the account's zone. */
export async function resolveRange(
  tx: Transaction,
  accountId: string,
  { from, until }: ExportRange,
): Promise<{ from: Date | null; until: Date | null }> {
  const instantOf = (place: string) =>
    `case when ${place} ~ '^\\d{4}-\\d\\d-\\d\\d$' then ${place}::timestamp at time zone a.zone else ${place}::timestamptz end`
  const [row] = await tx.query<{ from: Date | null; until: Date | null }>(
    `select ${instantOf('$2::text')} as "from", ${instantOf('$3::text')} as "until" from accounts a where a.account_id = $1`,
    [accountId, from, until],
  )
  return row ?? { from: null, until: null }
}
