/**
 * Adds up usage as it is booked: totals of a period by operation and plan version, and what it drew of each source of credits.
 *
 * Called by save-books.ts and save-booked.ts. Closing a period reads these and no usage (rule R20).
 *
 * What totals share is sent once: the periods, and the operations under plan versions. A total has the places of the two.
 */
import { arrayValue } from '../database/array-value.ts'
import type { Transaction } from '../database/connect.ts'
import type { BookingAccount, PeriodDraw, PeriodTotal } from './books.ts'

type Period = { accountId: string; subscriptionId: string; periodNumber: number }

/** Adds what was booked to the totals of its periods. */
export async function saveTotals(
  tx: Transaction,
  all: readonly Pick<BookingAccount, 'accountId' | 'changes'>[],
): Promise<void> {
  const periods: Period[] = []
  const totals: PeriodTotal[] = []
  const draws: PeriodDraw[] = []
  const [totalsOf, drawsOf]: [number[], number[]] = [[], []]
  for (const { accountId, changes } of all) {
    for (const total of changes.totals.values()) {
      totals.push(total)
      totalsOf.push(placeOf(periods, accountId, total))
    }
    for (const draw of changes.draws.values()) {
      draws.push(draw)
      drawsOf.push(placeOf(periods, accountId, draw))
    }
  }
  if (periods.length === 0) return
  const named = [
    array('uuid', periods, ({ accountId }) => accountId),
    array('uuid', periods, ({ subscriptionId }) => subscriptionId),
    array('integer', periods, ({ periodNumber }) => periodNumber),
  ]
  if (totals.length > 0) await addTotals(tx, named, { totals, periodOf: totalsOf })
  if (draws.length === 0) return
  await tx.query(ADD_DRAWS, [
    ...named,
    array('integer', drawsOf, (place) => place),
    array('text', draws, ({ source }) => source),
    array('bigint', draws, ({ drawn }) => drawn),
  ])
}

/** The changes of an account are mostly of one period, so only the last one is looked at. */
function placeOf(
  periods: Period[],
  accountId: string,
  { subscriptionId, periodNumber }: Pick<Period, 'subscriptionId' | 'periodNumber'>,
): number {
  const last = periods.at(-1)
  const isSame =
    last?.accountId === accountId &&
    last.subscriptionId === subscriptionId &&
    last.periodNumber === periodNumber
  return isSame ? periods.length : periods.push({ accountId, subscriptionId, periodNumber })
}

const PERIOD =
  '($1::uuid[])[period] as account_id, ($2::uuid[])[period] as subscription_id, ($3::integer[])[period] as period_number'

const ADD_TOTALS = `
  insert into period_totals as t (account_id, subscription_id, period_number, plan_version_id, operation, late, quantity,
    cost_micros, drawn_micros, overage_micros)
  select ${PERIOD}, ($4::uuid[])[kind], ($5::text[])[kind], ($6::boolean[])[kind], quantity, cost, drawn, overage
  from (select unnest($7::integer[]) as period, unnest($8::integer[]) as kind, unnest($9::bigint[]) as quantity,
    unnest($10::bigint[]) as cost, unnest($11::bigint[]) as drawn, unnest($12::bigint[]) as overage) as given
  on conflict (account_id, subscription_id, period_number, plan_version_id, operation, late) do update set
    quantity = t.quantity + excluded.quantity, cost_micros = t.cost_micros + excluded.cost_micros,
    drawn_micros = t.drawn_micros + excluded.drawn_micros, overage_micros = t.overage_micros + excluded.overage_micros`

async function addTotals(
  tx: Transaction,
  named: readonly unknown[],
  { totals, periodOf }: { totals: readonly PeriodTotal[]; periodOf: readonly number[] },
): Promise<void> {
  const kinds: PeriodTotal[] = []
  const kindOf = totals.map((total) => {
    const known = kinds.findIndex((kind) => isOfKind(total, kind))
    return known < 0 ? kinds.push(total) : known + 1
  })
  await tx.query(ADD_TOTALS, [
    ...named,
    array('uuid', kinds, ({ planVersionId }) => planVersionId),
    array('text', kinds, ({ operation }) => operation),
    array('boolean', kinds, ({ late }) => late),
    array('integer', periodOf, (place) => place),
    array('integer', kindOf, (place) => place),
    array('bigint', totals, ({ quantity }) => quantity),
    array('bigint', totals, ({ cost }) => cost),
    array('bigint', totals, ({ drawn }) => drawn),
    array('bigint', totals, ({ overage }) => overage),
  ])
}

function isOfKind(total: PeriodTotal, kind: PeriodTotal): boolean {
  return (
    total.operation === kind.operation &&
    total.planVersionId === kind.planVersionId &&
    total.late === kind.late
  )
}

const ADD_DRAWS = `
  insert into period_draws as d (account_id, subscription_id, period_number, source, drawn_micros)
  select ${PERIOD}, source, drawn
  from (select unnest($4::integer[]) as period, unnest($5::text[]) as source, unnest($6::bigint[]) as drawn) as given
  on conflict (account_id, subscription_id, period_number, source) do update set
    drawn_micros = d.drawn_micros + excluded.drawn_micros`

function array<Thing>(type: string, things: readonly Thing[], of: (thing: Thing) => unknown): unknown {
  return arrayValue(type, things.length, (index) => of(things[index] as Thing))
}
