/**
 * What the oracle is told and what it remembers: the log of commands, and how an account stands.
 *
 * Part of the oracle (oracle.ts), and read by whoever compares with it. Instants are milliseconds of the epoch, amounts whole micros.
 */

/** Prices stand in the order of the price list; a null overage unit price is unit price × price of a credit (rule R10). */
export type Price = { operation: string; unitPrice: bigint; overageUnitPrice: bigint | null }
type Units = { currency: string; decimals: number; creditUnit: string; creditPrice: bigint }
type Fee = { listPrice: bigint; discount: bigint }
type Rollover = { cap: bigint | null; periods: number } | null
type Trial = { days: number; successor: string } | null
type Terms = { credits: bigint; prices: readonly Price[]; rollover: Rollover; trial: Trial }
/** `plan` is shared by the versions of one plan. */
export type OraclePlan = { id: string; plan: string; version: number } & Units & Fee & Terms
type Body = { operation: string; quantity: number; occurredAt: number | null }
export type OracleUse = { account: number; at: number; key: string; pinned: OraclePlan | null } & Body
type Span = { startsAt: number; expiresAt: number | null }
/** `price`: money that is paid for it. */
export type OracleGrant = { source: string; credits: bigint; priority: number; price: bigint } & Span
/** A rate is a share of one in micros. */
export type Tax = { treatment: string; rates: readonly { name: string; rate: bigint }[] }
/** One transaction, at business time under the account's lock. A plan is published at no account's time. */
export type OracleCommand =
  | { do: 'use'; uses: readonly OracleUse[] }
  | { do: 'publish'; at: number; plan: OraclePlan; noticeDays: number }
  | ({ account: number; at: number } & (
      | { do: 'change'; plan: OraclePlan; pinnedAt: number | null; minimum: bigint }
      | { do: 'settle'; paid: boolean }
      | { do: 'pay'; paid: boolean; minimum: bigint }
      | { do: 'give_up' | 'pay_by_hand' }
      | { do: 'refund'; source: string; amount: bigint | null; paid: boolean }
      | { do: 'dispute'; amount: bigint; outcome: 'open' | 'won' | 'lost' }
      | { do: 'cancel' | 'cancel_now' | 'resume' | 'look' }
      | { do: 'grant'; key: string; grant: OracleGrant }
      | { do: 'void'; key: string }
      | { do: 'tax'; tax: Tax }
      | { do: 'interim'; amount: bigint | null; minimum: bigint }
      | { do: 'credit'; keys: readonly string[]; minimum: bigint }
      | { do: 'finalize'; minimum: bigint }
    ))
export type AccountCommand = Extract<OracleCommand, { account: number }>
/** `offered` are the versions that are there from the beginning, oldest first. */
export type OracleLog = {
  zones: readonly string[]
  offered: readonly OraclePlan[]
  commands: readonly OracleCommand[]
}
export type Calendar = {
  boundary: (civil: number, n: number, zone: string) => number
  civilOf: (instant: number, zone: string) => number
}

/** `moved` lives on in another grant, with what was `movedPaid` for it; `rolled` is how often these credits have done so. */
type Rolled = { rolled: number; moved: bigint; movedPaid: bigint }
/** `passed`: of what was drawn, taken back when the grant could not have it, with what had been earned by drawing it. */
type Returned = { passed: bigint; passedPaid: bigint }
/** `voided`: what was left of it when the operator took it back. */
type Ended = { ended: boolean; isVoid: boolean; voided: bigint }
export type Grant = Omit<OracleGrant, 'price'> & Rolled & Returned & Ended & { drawn: bigint; paid: bigint }
type Head = { kind: string; number: number | null; status: string; from: number; to: number }
/** `exact` is what is billed before rounding, `tax` is within the total. */
type Sums = { total: bigint; tax: bigint; exact: bigint; opening: bigint; credit: bigint; paid: bigint }
/** `failedAt`: when it was tried for the first time in vain; `givenUp`: what it asked for when it was given up. */
type Owed = { failedAt: number | null; givenUp: bigint }
type Taxed = { treatment: string; rates: Tax['rates'] }
/** What credit notes have given back of it: before rounding, and of each rate of its tax. */
type Credited = { creditedExact: bigint; creditedNet: bigint; creditedTax: bigint[] }
/** What was given back of it as such: with tax, and of each rate of its tax. */
type Allowed = { allowed: bigint; allowedTax: bigint[] }
export type Invoice = Head &
  Sums &
  Owed &
  Taxed &
  Credited &
  Allowed & { lines: string[]; takenBy: Invoice | null }
type Awaiting = { term: Term | null; n: number; plan: OraclePlan; credits: bigint; invoice: Invoice }
/** `lastTerm` is the one that began last, ended or not. */
type Plans = {
  units: OraclePlan | null
  term: Term | null
  lastTerm: Term | null
  versions: Version[]
  awaiting: Awaiting | null
}
type Version = { at: number; plan: OraclePlan | null }
type Known = { keys: Map<string, { body: string; answer: string }>; granted: Map<string, Granted> }
export type Granted = { body: string; grant: Grant }
/** Uses are of all periods; overage is of all, as are grants, as they were issued. `last`: when something was booked. */
type Booked = { grants: Grant[]; uses: Use[]; overage: bigint; invoices: Invoice[]; last: number }
/** Fees that granted no credits: of the open period, and of closed ones. */
type Fees = { deferred: bigint; earned: bigint }
/** Customer credit that is left, and money that came for nothing. */
type Credit = { tax: Tax; credit: bigint; kept: bigint; notes: CreditNote[]; interimAt: bigint | null }
/** `exact` is the overage of closed periods before rounding. */
export type CreditNote = {
  returned: bigint
  adjusted: bigint
  openOverage: bigint
  net: bigint
  tax: bigint
  exact: bigint
}
/** Money that a card has paid for an invoice; `returned` went back to it; a dispute holds or has taken `disputed`. */
export type Payment = {
  invoice: Invoice
  amount: bigint
  returned: bigint
  dispute: 'open' | 'won' | 'lost' | null
  disputed: bigint
}
type Paid = { payments: Payment[] }
/** How an account stands. */
export type Account = { zone: string; world: World } & Plans & Known & Booked & Fees & Credit & Paid
/** What all accounts share. */
export type World = {
  calendar: Calendar
  published: { at: number; plan: OraclePlan; noticeDays: number | null }[]
}
type Pending = 'cancel' | OraclePlan | null
/** `civil` is where its calendar is anchored, `started` the instant; period n is [start, end). */
export type Term = {
  civil: number
  started: number
  n: number
  start: number
  end: number
  plan: OraclePlan
  pending: Pending
}
export type Use = {
  key: string
  term: Term
  n: number
  plan: OraclePlan
  price: Price
  quantity: bigint
  late: boolean
  cost: bigint
  overage: bigint
  draws: Draw[]
  /** What bills it: an interim one, or that of its period once that is closed. */
  invoice: Invoice | null
  /** Taken back by a credit note. */
  reversed: boolean
}
export type Draw = { grant: Grant; part: bigint }
export const NEW = {
  drawn: 0n,
  ended: false,
  isVoid: false,
  voided: 0n,
  rolled: 0,
  moved: 0n,
  movedPaid: 0n,
  passed: 0n,
  passedPaid: 0n,
}

export function feeOf({ listPrice, discount }: OraclePlan): bigint {
  return listPrice - discount
}

export function overagePrice({ creditPrice }: OraclePlan, { unitPrice, overageUnitPrice }: Price): bigint {
  return overageUnitPrice ?? (unitPrice * creditPrice) / 1_000_000n
}

/** What credits that are missing cost. */
export function overageOf(left: bigint, plan: OraclePlan, price: Price): bigint {
  return left === 0n ? 0n : halfAway(left * overagePrice(plan, price), price.unitPrice)
}

/** The smallest amount of money: a cent, a yen, a fils. */
export function minorUnit({ decimals }: OraclePlan): bigint {
  return 10n ** BigInt(6 - decimals)
}

export function sum<Value>(values: readonly Value[], of: (value: Value) => bigint): bigint {
  return values.reduce((total, value) => total + of(value), 0n)
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

/** The quotient, half away from zero. The divisor is positive. */
export function halfAway(amount: bigint, divisor: bigint): bigint {
  return (2n * amount + (amount < 0n ? -divisor : divisor)) / (2n * divisor)
}
