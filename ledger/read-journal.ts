/** The journal of an account and its usage records, newest first, a page at a time. */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'

export type JournalTransaction = {
  sequence: bigint
  bookedAt: Date
  cause: string
  causeId: string
  entries: { account: string; commodity: string; amount: Micros }[]
}

/** Ledger transactions with a lower sequence number than `before`, newest first. */
export async function listJournal(
  tx: Transaction,
  accountId: string,
  page: { limit: number; before: bigint | null },
): Promise<JournalTransaction[]> {
  const rows = await tx.query<Omit<JournalTransaction, 'entries'>>(
    `select sequence, booked_at as "bookedAt", cause, cause_id as "causeId" from ledger_transactions
     where account_id = $1 and ($2::bigint is null or sequence < $2) order by sequence desc limit $3`,
    [accountId, page.before, page.limit],
  )
  const entries = await tx.query<{ sequence: bigint; account: string; commodity: string; amount: bigint }>(
    `select sequence, ledger_account as "account", commodity, amount_micros as "amount" from ledger_entries
     where account_id = $1 and sequence in (select unnest($2::bigint[])) order by sequence, line`,
    [accountId, rows.map(({ sequence }) => sequence)],
  )
  return rows.map((row) => ({
    ...row,
    entries: entries
      .filter(({ sequence }) => sequence === row.sequence)
      .map(({ account, commodity, amount }) => ({ account, commodity, amount })),
  }))
}

export type ListedUsage = {
  id: string
  key: string
  source: 'api' | 'run'
  operation: string
  quantity: bigint
  unitPrice: Micros
  cost: Micros
  fromCredits: Micros
  overage: Micros
  bookedAt: Date
  occurredAt: Date
  late: boolean
  runId: string | null
  /** Number of the credit note that took it back, or null. */
  creditedBy: string | null
}

/** Usage records before the given one, newest first. */
export async function listUsage(
  tx: Transaction,
  accountId: string,
  page: { limit: number; before: { bookedAt: Date; id: string } | null },
): Promise<ListedUsage[]> {
  return tx.query<ListedUsage>(
    `select usage_record_id as "id", key, source, operation, quantity, unit_price_micros as "unitPrice",
       cost_micros as "cost", drawn_micros as "fromCredits", overage_micros as "overage", booked_at as "bookedAt",
       occurred_at as "occurredAt", late, run_id as "runId",
       (select n.number from usage_corrections c join credit_notes n using (account_id, credit_note_id)
        where c.account_id = u.account_id and c.usage_record_id = u.usage_record_id and c.kind = 'reversed') as "creditedBy"
     from usage_records u
     where account_id = $1 and ($2::timestamptz is null or (booked_at, usage_record_id) < ($2, $3))
     order by booked_at desc, usage_record_id desc limit $4`,
    [accountId, page.before?.bookedAt ?? null, page.before?.id ?? null, page.limit],
  )
}

export type UsageSummary = {
  days: { day: string; operation: string; quantity: bigint; fromCredits: Micros; overage: Micros }[]
  operations: { operation: string; quantity: bigint; cost: Micros; fromCredits: Micros; overage: Micros }[]
}

/** Totals of the usage booked in [start, end), by day in the zone and by operation. */
export async function summarizeUsage(
  tx: Transaction,
  accountId: string,
  period: { start: Date; end: Date; zone: string },
): Promise<UsageSummary> {
  const days = await tx.query<UsageSummary['days'][number]>(
    `select to_char(booked_at at time zone $4, 'YYYY-MM-DD') as day, operation, sum(quantity)::bigint as quantity,
       sum(drawn_micros)::bigint as "fromCredits", sum(overage_micros)::bigint as "overage"
     from usage_records where account_id = $1 and booked_at >= $2 and booked_at < $3
     group by 1, 2 order by 1, 2`,
    [accountId, period.start, period.end, period.zone],
  )
  const operations = await tx.query<UsageSummary['operations'][number]>(
    `select operation, sum(quantity)::bigint as quantity, sum(cost_micros)::bigint as "cost",
       sum(drawn_micros)::bigint as "fromCredits", sum(overage_micros)::bigint as "overage"
     from usage_records where account_id = $1 and booked_at >= $2 and booked_at < $3
     group by 1 order by 3 desc, 1`,
    [accountId, period.start, period.end],
  )
  return { days, operations }
}
