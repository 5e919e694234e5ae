/**
 * Whether usage that was carried into accounts would make a total of its period larger than its column holds.
 *
 * Called by book-usage.ts, which refuses such usage by name before anything is written.
 *
 * Asked of the database only where one of them is charged LARGE or more at once. Less, again and again, would take more uses of one
 * operation in one period than there can be.
 */
import { MAX_MICROS } from '../billing/micros.ts'
import { arrayValue } from '../database/array-value.ts'
import { onItsNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import type { BookingAccount, PeriodTotal } from './books.ts'

/** Micros, or units of an operation: a million millions, of which a total holds eight million. */
const LARGE = 10n ** 12n

export async function totalsOverflow(
  tx: Transaction,
  accounts: Iterable<Pick<BookingAccount, 'accountId' | 'changes'>>,
): Promise<boolean> {
  const large: (PeriodTotal & { accountId: string })[] = []
  for (const { accountId, changes } of accounts) {
    for (const total of changes.totals.values()) {
      if (total.cost > MAX_MICROS || total.quantity > MAX_MICROS) return true
      if (total.cost >= LARGE || total.quantity >= LARGE) large.push({ ...total, accountId })
    }
  }
  if (large.length === 0) return false
  const column = (type: string, of: (total: PeriodTotal & { accountId: string }) => unknown) =>
    arrayValue(type, large.length, (index) => of(large[index]!))
  const full = await tx.query(
    `select 1 from (select unnest($1::uuid[]) as account_id, unnest($2::uuid[]) as subscription_id, unnest($3::integer[]) as period_number,
         unnest($4::uuid[]) as plan_version_id, unnest($5::text[]) as operation, unnest($6::boolean[]) as late,
         unnest($7::bigint[]) as quantity, unnest($8::bigint[]) as cost) as given
     join period_totals t using (account_id, subscription_id, period_number, plan_version_id, operation, late)
     where (t.cost_micros > $9 - given.cost or t.quantity > $9 - given.quantity) ${onItsNode(tx, 't.account_id')} limit 1`,
    [
      column('uuid', ({ accountId }) => accountId),
      column('uuid', ({ subscriptionId }) => subscriptionId),
      column('integer', ({ periodNumber }) => periodNumber),
      column('uuid', ({ planVersionId }) => planVersionId),
      column('text', ({ operation }) => operation),
      column('boolean', ({ late }) => late),
      column('bigint', ({ quantity }) => quantity),
      column('bigint', ({ cost }) => cost),
      MAX_MICROS,
    ],
  )
  return full.length > 0
}
