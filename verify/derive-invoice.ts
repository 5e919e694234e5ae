/**
 * Derives the lines of an invoice again from what they bill, by rules R9, R10 and R21 of the billing rules and nothing else.
 *
 * Called by the verify pack with what the tables hold, and by the proof of an invoice with what its bundle holds. It imports
 * nothing: neither the engine, whose sums it checks, nor a database, so that a customer can run it on a machine of their own.
 *
 *   usage records ──totalsOf──▶ totals and credits used ──deriveLines──▶ lines, rounded by largest remainder
 *
 * Invariants:
 *   1. Amounts are whole micros, as bigint. Nothing here is a `number` but positions and decimals.
 *   2. The order is that of the invoice: fee, discount, change of plan, usage, late usage, credits.
 */

/** A usage record, as far as an invoice needs it. */
export type RawUse = {
  planVersionId: string
  operation: string
  late: boolean
  quantity: bigint
  unitPrice: bigint
  overageUnitPrice: bigint
  draws: readonly { grantId: string; amount: bigint }[]
}

export type UseTotal = {
  planVersionId: string
  operation: string
  late: boolean
  quantity: bigint
  overageUnitPrice: bigint
  /** Currency: what the records left uncovered, each rounded on its own. */
  overage: bigint
}

export type Terms = {
  currency: string
  /** The plan that is paid for from this invoice's instant on. */
  fee: { planVersionId: string; listPrice: bigint; discount: bigint } | null
  /** Of an upgrade: its share of the difference of the fees, exact. */
  change: { planVersionId: string; due: bigint } | null
  /** In the order of the invoice. */
  totals: readonly UseTotal[]
  /** Whether any credits were drawn in the period. */
  drewCredits: boolean
}

export type DerivedLine = {
  kind: 'plan_fee' | 'discount' | 'plan_change' | 'usage' | 'late_usage' | 'credits_applied'
  operation: string | null
  planVersionId: string | null
  quantity: bigint | null
  unitPrice: bigint | null
  /** Currency, whole minor units. */
  amount: bigint
  /** Currency, before rounding. */
  exact: bigint
}

/** Where a total stands on the invoice: by its plan version's first coming into force, then by the plan's price list. */
export type PlaceOf = (total: {
  planVersionId: string
  operation: string
}) => readonly [string, string, number]

/** Adds records up, onto totals of others where there are: by plan version, operation and lateness; and what they drew of each grant. */
export function totalsOf(
  uses: readonly RawUse[],
  placeOf: PlaceOf,
  others: readonly UseTotal[] = [],
): { totals: UseTotal[]; drawn: Map<string, bigint> } {
  const totals = new Map<string, UseTotal>()
  const drawn = new Map<string, bigint>()
  for (const total of [...others, ...uses.map((use) => ({ ...use, overage: overageOf(use) }))]) {
    const { planVersionId, operation, late, overageUnitPrice } = total
    const id = `${planVersionId} ${operation} ${late}`
    const before = totals.get(id) ?? { quantity: 0n, overage: 0n }
    const quantity = before.quantity + total.quantity
    const overage = before.overage + total.overage
    totals.set(id, { planVersionId, operation, late, overageUnitPrice, quantity, overage })
  }
  for (const { grantId, amount } of uses.flatMap(({ draws }) => draws))
    drawn.set(grantId, (drawn.get(grantId) ?? 0n) + amount)
  const inOrder = [...totals.values()].sort((a, b) => comparePlaces(placeOf(a), placeOf(b)))
  return { totals: inOrder, drawn }
}

/** Uncovered credits × overage unit price ÷ unit price, half away from zero (rule R10). */
export function overageOf(use: RawUse): bigint {
  if (use.unitPrice === 0n) return 0n
  const drawn = use.draws.reduce((sum, { amount }) => sum + amount, 0n)
  const uncovered = use.unitPrice * use.quantity - drawn
  return (2n * uncovered * use.overageUnitPrice + use.unitPrice) / (2n * use.unitPrice)
}

/** The lines before tax. */
export function deriveLines({ currency, fee, change, totals, drewCredits }: Terms): DerivedLine[] {
  const bare = { operation: null, planVersionId: null, quantity: null, unitPrice: null, amount: 0n }
  const lines: DerivedLine[] = []
  if (fee) {
    const { planVersionId } = fee
    lines.push({ ...bare, kind: 'plan_fee', planVersionId, exact: fee.listPrice })
    if (fee.discount !== 0n) lines.push({ ...bare, kind: 'discount', planVersionId, exact: -fee.discount })
  }
  if (change) {
    lines.push({ ...bare, kind: 'plan_change', planVersionId: change.planVersionId, exact: change.due })
  }
  let covered = 0n
  for (const late of [false, true]) {
    for (const total of totals.filter((one) => one.late === late)) {
      const { planVersionId, operation, quantity, overageUnitPrice: unitPrice } = total
      const exact = quantity * unitPrice
      covered += exact - total.overage
      const kind = late ? ('late_usage' as const) : ('usage' as const)
      lines.push({ ...bare, kind, planVersionId, operation, quantity, unitPrice, exact })
    }
  }
  if (drewCredits || covered !== 0n) lines.push({ ...bare, kind: 'credits_applied', exact: -covered })
  return roundLines(lines, currency)
}

/** Rule R9: the sum is rounded once; each line is cut down, and the largest remainders are rounded up until it is reached. */
function roundLines(lines: readonly DerivedLine[], currency: string): DerivedLine[] {
  const unit = minorUnitOf(currency)
  const total = lines.reduce((sum, { exact }) => sum + exact, 0n)
  const cut = lines.map((line) => ({ ...line, amount: line.exact - modulo(line.exact, unit) }))
  let missing = (roundTo(total, unit) - cut.reduce((sum, { amount }) => sum + amount, 0n)) / unit
  const places = lines.map((_, place) => place)
  places.sort((a, b) => Number(modulo(lines[b]!.exact, unit) - modulo(lines[a]!.exact, unit)) || a - b)
  for (const place of places) {
    if (missing <= 0n) break
    cut[place]!.amount += unit
    missing -= 1n
  }
  return cut
}

/** Currencies whose smallest coin is not a hundredth (ISO 4217). */
const DECIMALS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
}

/** Micros in the smallest coin. */
export function minorUnitOf(currency: string): bigint {
  const odd = Object.entries(DECIMALS).find(([, codes]) => codes.split(' ').includes(currency))
  return 10n ** (6n - BigInt(odd?.[0] ?? 2))
}

/** To whole units, half away from zero. */
export function roundTo(amount: bigint, unit: bigint): bigint {
  const size = amount < 0n ? -amount : amount
  const rounded = ((2n * size + unit) / (2n * unit)) * unit
  return amount < 0n ? -rounded : rounded
}

function modulo(amount: bigint, unit: bigint): bigint {
  return ((amount % unit) + unit) % unit
}

function comparePlaces(a: readonly [string, string, number], b: readonly [string, string, number]): number {
  for (const at of [0, 1] as const) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1
  return a[2] - b[2]
}
