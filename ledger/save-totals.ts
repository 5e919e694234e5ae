/**
 * Adds up usage as it is booked: totals of a period by operation and plan version, and what it drew of each source of credits.
 *
 * Called by save-books.ts and save-booked.ts. Closing a period reads these and no usage (rule R20).
 */
import type { Transaction } from '../database/connect.ts'
import type { BookingAccount, PeriodDraw, PeriodTotal } from './books.ts'
import { columns } from './columns.ts'
import { given, valueArrays } from './insert-rows.ts'

type Owned<Row> = Row & { accountId: string }

/** Adds what was booked to the totals of its periods. */
export async function saveTotals(
  tx: Transaction,
  all: readonly Pick<BookingAccount, 'accountId' | 'changes'>[],
): Promise<void> {
  const totals: Owned<PeriodTotal>[] = []
  const draws: Owned<PeriodDraw>[] = []
  for (const { accountId, changes } of all) {
    for (const total of changes.totals.values()) totals.push({ ...total, accountId })
    for (const draw of changes.draws.values()) draws.push({ ...draw, accountId })
  }
  await addTotals(tx, totals)
  await addDraws(tx, draws)
}

// Nearly all are there already, and an update is cheaper than an insert that finds its row taken. The account is locked, so that
// nobody adds a row between the two.
const ADD_TOTALS = `
  with given as materialized (select * from ${given(columns.period_totals)}),
  added as (
    update period_totals t set quantity = t.quantity + given.quantity, cost_micros = t.cost_micros + given.cost_micros,
      drawn_micros = t.drawn_micros + given.drawn_micros, overage_micros = t.overage_micros + given.overage_micros
    from given where t.account_id = given.account_id and t.subscription_id = given.subscription_id
      and t.period_number = given.period_number and t.plan_version_id = given.plan_version_id
      and t.operation = given.operation and t.late = given.late
    returning given.account_id, given.subscription_id, given.period_number, given.plan_version_id, given.operation, given.late)
  insert into period_totals (${Object.keys(columns.period_totals).join(', ')})
  select ${Object.keys(columns.period_totals).join(', ')} from given
  where (account_id, subscription_id, period_number, plan_version_id, operation, late) not in (select * from added)`

async function addTotals(tx: Transaction, totals: readonly Owned<PeriodTotal>[]): Promise<void> {
  if (totals.length === 0) return
  await tx.query(
    ADD_TOTALS,
    valueArrays(columns.period_totals, totals.length, {
      account_id: (index) => totals[index]!.accountId,
      subscription_id: (index) => totals[index]!.subscriptionId,
      period_number: (index) => totals[index]!.periodNumber,
      plan_version_id: (index) => totals[index]!.planVersionId,
      operation: (index) => totals[index]!.operation,
      late: (index) => totals[index]!.late,
      quantity: (index) => totals[index]!.quantity,
      cost_micros: (index) => totals[index]!.cost,
      drawn_micros: (index) => totals[index]!.drawn,
      overage_micros: (index) => totals[index]!.overage,
    }),
  )
}

const ADD_DRAWS = `
  with given as materialized (select * from ${given(columns.period_draws)}),
  added as (
    update period_draws d set drawn_micros = d.drawn_micros + given.drawn_micros
    from given where d.account_id = given.account_id and d.subscription_id = given.subscription_id
      and d.period_number = given.period_number and d.source = given.source
    returning given.account_id, given.subscription_id, given.period_number, given.source)
  insert into period_draws (${Object.keys(columns.period_draws).join(', ')})
  select ${Object.keys(columns.period_draws).join(', ')} from given
  where (account_id, subscription_id, period_number, source) not in (select * from added)`

async function addDraws(tx: Transaction, draws: readonly Owned<PeriodDraw>[]): Promise<void> {
  if (draws.length === 0) return
  await tx.query(
    ADD_DRAWS,
    valueArrays(columns.period_draws, draws.length, {
      account_id: (index) => draws[index]!.accountId,
      subscription_id: (index) => draws[index]!.subscriptionId,
      period_number: (index) => draws[index]!.periodNumber,
      source: (index) => draws[index]!.source,
      drawn_micros: (index) => draws[index]!.drawn,
    }),
  )
}
