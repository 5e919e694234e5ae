/**
 * The independent oracle: recomputes all that a log of commands must have led to, from the written rules alone and by the
 * dumbest method there is: scan every grant for each draw, every use for each invoice.
 *
 * Called by the simulator, whose every answer and final state must equal what stands here. It imports nothing: where periods
 * begin is asked of a calendar that comes as an argument. Instants are milliseconds of the epoch, amounts whole micros.
 */

/** Prices stand in the order of the price list; a null overage unit price is unit price × price of a credit (rule R10). */
type Price = { operation: string; unitPrice: bigint; overageUnitPrice: bigint | null }
type Units = { currency: string; decimals: number; creditUnit: string; creditPrice: bigint }
type Fee = { listPrice: bigint; discount: bigint }
type Rollover = { cap: bigint | null; periods: number } | null
type Terms = { credits: bigint; prices: readonly Price[]; rollover: Rollover }
/** `plan` is shared by the versions of one plan. */
export type OraclePlan = { id: string; plan: string } & Units & Fee & Terms
type Body = { operation: string; quantity: number; occurredAt: number | null }
export type OracleUse = { account: number; at: number; key: string; pinned: OraclePlan | null } & Body
type Span = { startsAt: number; expiresAt: number | null }
export type OracleGrant = { source: string; credits: bigint; priority: number } & Span
/** One transaction, at business time under the account's lock. */
export type OracleCommand =
  | { do: 'use'; uses: readonly OracleUse[] }
  | { do: 'change'; account: number; at: number; plan: OraclePlan; pinnedAt: number | null }
  | { do: 'settle' | 'pay'; account: number; at: number; paid: boolean }
  | { do: 'cancel' | 'cancel_now' | 'resume' | 'look'; account: number; at: number }
  | { do: 'grant'; account: number; at: number; key: string; grant: OracleGrant }
  | { do: 'finalize'; account: number; at: number; minimum: bigint }
export type OracleLog = { zones: readonly string[]; commands: readonly OracleCommand[] }
export type Calendar = {
  boundary: (civil: number, n: number, zone: string) => number
  civilOf: (instant: number, zone: string) => number
}

/** `moved` lives on in another grant, with what was `movedPaid` for it; `rolled` is how often these credits have done so. */
type Rolled = { rolled: number; moved: bigint; movedPaid: bigint }
export type Grant = OracleGrant & Rolled & { drawn: bigint; paid: bigint; ended: boolean }
type Head = { kind: string; number: number | null; status: string; from: number; to: number }
type Sums = { total: bigint; exact: bigint; opening: bigint; paid: bigint }
export type Invoice = Head & Sums & { lines: string[]; takenUp: boolean }
type Awaiting = { isUpgrade: boolean; plan: OraclePlan; credits: bigint; invoice: Invoice }
type Plans = { units: OraclePlan | null; term: Term | null; versions: Version[]; awaiting: Awaiting | null }
type Version = { at: number; plan: OraclePlan | null }
type Known = { keys: Map<string, { body: string; answer: string }> }
/** Uses are of the open period; overage is of all, as are grants, as they were issued. `last`: when something was booked. */
type Booked = { grants: Grant[]; uses: Use[]; overage: bigint; invoices: Invoice[]; last: number }
/** Fees that granted no credits: of the open period, and of closed ones. */
type Fees = { deferred: bigint; earned: bigint }
/** How an account stands. */
export type Account = { zone: string; calendar: Calendar } & Plans & Known & Booked & Fees
type Pending = 'cancel' | OraclePlan | null
type Term = { civil: number; n: number; start: number; end: number; plan: OraclePlan; pending: Pending }
type Use = { plan: OraclePlan; price: Price; quantity: bigint; late: boolean; overage: bigint; draws: Draws }
type Draws = { source: string; part: bigint }[]
type Line = { text: string; exact: bigint }
const LARGEST = 2n ** 63n - 1n
const NEW = { drawn: 0n, ended: false, rolled: 0, moved: 0n, movedPaid: 0n }

/** What each command must have answered (uses: one text each), and how each account must stand at the end. */
export function oracle(log: OracleLog, calendar: Calendar): { answers: string[][]; accounts: Account[] } {
  const nothing = { units: null, term: null, awaiting: null, last: 0, deferred: 0n, earned: 0n, overage: 0n }
  const accounts = log.zones.map((zone): Account => {
    const empty = { versions: [], grants: [], keys: new Map(), uses: [], invoices: [] }
    return { zone, calendar, ...nothing, ...empty }
  })
  const answers = log.commands.map((command) => {
    if (command.do === 'use') return useAll(accounts, command.uses)
    passTime(accounts[command.account]!, command.at)
    return [answer(accounts[command.account]!, command)]
  })
  return { answers, accounts }
}

function answer(account: Account, command: Exclude<OracleCommand, { do: 'use' }>): string {
  const { term, uses } = account
  if (command.do === 'look') return `${balanceAt(account, command.at)} ${sum(uses, (use) => use.overage)}`
  if (command.do === 'change') return change(account, command.plan, command.at, command.pinnedAt)
  if (command.do === 'settle') return settle(account, command.at, command.paid)
  if (command.do === 'grant') return grantCredits(account, command.key, command.grant, command.at)
  if (command.do === 'finalize') return finalize(account, command.minimum, command.at)
  if (command.do === 'pay') return pay(account, command.paid, command.at)
  if (!term) return 'no_subscription'
  if (command.do === 'resume' && term.pending === null) return 'nothing_pending'
  if (command.do !== 'resume' && account.awaiting) return 'plan_change_awaiting_payment'
  term.pending = command.do === 'resume' ? null : 'cancel'
  if (command.do === 'cancel_now') {
    const ending = account.grants.filter(({ source, ended }) => !ended && /plan|upgrade/.test(source))
    for (const grant of ending) grant.ended = true
    if (ending.length > 0) account.last = command.at
    term.end = Math.max(command.at, term.start + 1)
    closePeriod(account, term)
  }
  return 'ok'
}

/** What is due happens at its own instant, in order; at one instant grants expire before the boundary (rule R20). */
function passTime(account: Account, now: number): void {
  for (;;) {
    const { term, grants } = account
    const ends = grants.map(({ ended, expiresAt }) => (ended ? null : expiresAt) ?? Infinity)
    const at = Math.min(...ends, term?.end ?? Infinity)
    if (at > now) return
    const ending = grants.filter(({ ended, expiresAt }) => !ended && expiresAt === at)
    if (term && term.end <= at && term.pending !== 'cancel') rollOver(account, term, ending)
    for (const grant of ending) grant.ended = true
    if (ending.length > 0) account.last = at
    if (term && term.end <= at) closePeriod(account, term)
  }
}

/** What is left of the plan's own, as far as the version in force lets it live on; where a cap cuts, the youngest (R6). */
function rollOver({ grants, calendar, zone }: Account, term: Term, ending: readonly Grant[]): void {
  const { cap, periods } = term.plan.rollover ?? { cap: 0n, periods: 0 }
  const living = ending.filter(({ source, rolled }) => /plan|upgrade/.test(source) && rolled < periods)
  let room = cap
  for (const grant of [...living].sort((a, b) => a.rolled - b.rolled)) {
    const left = grant.credits - grant.drawn
    grant.moved = room !== null && room < left ? room : left
    if (room !== null) room -= grant.moved
  }
  for (const grant of living.filter(({ moved }) => moved > 0n)) {
    const left = grant.credits - grant.drawn
    const deferred = grant.paid - (grant.paid * grant.drawn) / grant.credits
    const paid = deferred - (deferred * (left - grant.moved)) / left
    const fresh = { moved: 0n, movedPaid: 0n, drawn: 0n, rolled: grant.rolled + 1 }
    const expiresAt = calendar.boundary(term.civil, term.n + 2, zone)
    grants.push({ ...grant, ...fresh, credits: grant.moved, paid, expiresAt })
    grant.movedPaid = paid
  }
}

function closePeriod(account: Account, term: Term): void {
  const next = term.pending === 'cancel' ? null : (term.pending ?? term.plan)
  const lines = [...(next ? feeLines(next) : []), ...usageLines(account)]
  const invoice = draft(next ? 'boundary' : 'cancel', term.start, term.end, lines, term.plan)
  if (lines.some(({ exact }) => exact !== 0n)) account.invoices.push(invoice)
  if (account.deferred > 0n || !next) account.last = term.end
  Object.assign(account, { uses: [], earned: account.earned + account.deferred, deferred: 0n })
  if (next) openPeriod(account, term, next, term.n + 1)
  else Object.assign(account, { term: null, versions: [...account.versions, { at: term.end, plan: null }] })
}

function openPeriod(account: Account, term: Term, plan: OraclePlan, n: number): void {
  const startsAt = account.calendar.boundary(term.civil, n, account.zone)
  const expiresAt = account.calendar.boundary(term.civil, n + 1, account.zone)
  if (plan !== term.plan) setVersion(account, startsAt, plan)
  Object.assign(term, { plan, n, pending: null, start: startsAt, end: expiresAt })
  grantTerm(account, { source: 'plan', credits: plan.credits, startsAt, expiresAt }, feeOf(plan))
}

/** Credits of the plan for what was paid; a fee without credits is earned when the period ends (rule R30). */
function grantTerm(account: Account, grant: Omit<OracleGrant, 'priority'>, paid: bigint): void {
  if (grant.credits + paid > 0n) account.last = grant.startsAt
  if (grant.credits === 0n) account.deferred += paid
  else account.grants.push({ ...grant, ...NEW, priority: 50, paid })
}

/** Two versions of a term never start at one instant. */
function setVersion({ versions }: Account, at: number, plan: OraclePlan): void {
  versions.push({ at: Math.max(at, versions.at(-1)!.at + 1), plan })
}

function grantCredits(account: Account, key: string, grant: OracleGrant, now: number): string {
  if (!account.units) return 'no_subscription'
  if (account.keys.has(`grant ${key}`)) return 'again'
  account.keys.set(`grant ${key}`, { body: '', answer: '' })
  account.grants.push({ ...grant, ...NEW, paid: 0n })
  account.last = now
  return 'ok'
}

function isUsable({ ended, startsAt, expiresAt, credits, drawn }: Grant, now: number): boolean {
  return !ended && startsAt <= now && now < (expiresAt ?? Infinity) && drawn < credits
}

/** Usable ones are drawn soonest expiry first, then lowest priority, oldest, first issued (rule R12). */
function byDrawing(a: Grant, b: Grant): number {
  const later = (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity)
  return later || a.priority - b.priority || a.startsAt - b.startsAt
}

function balanceAt({ grants }: Account, now: number): bigint {
  return sum(grants, (grant) => (isUsable(grant, now) ? grant.credits - grant.drawn : 0n))
}

/** One key, one charge; all of a batch or nothing, in the order given (rules R11, R15, R18). */
function useAll(accounts: readonly Account[], uses: readonly OracleUse[]): string[] {
  const inBatch = new Map<string, string>()
  for (const use of uses) passTime(accounts[use.account]!, use.at)
  const refusals = uses.map((use) => refusalOf(accounts[use.account]!, use, inBatch))
  if (refusals.some((refusal) => refusal !== null)) return refusals.map((refusal) => refusal ?? 'held')
  return uses.map((use) => book(accounts[use.account]!, use))
}

function bodyOf({ operation, quantity, occurredAt }: OracleUse): string {
  return `${operation} ${quantity} ${occurredAt}`
}

function refusalOf(account: Account, use: OracleUse, inBatch: Map<string, string>): string | null {
  const earlier = account.keys.get(use.key)?.body ?? inBatch.get(`${use.account} ${use.key}`)
  if (earlier !== undefined) return earlier === bodyOf(use) ? null : 'idempotency_conflict'
  if (!account.term) return 'no_subscription'
  if (use.occurredAt !== null && use.occurredAt > use.at + 300_000) return 'occurred_in_future'
  const plan = planOf(account, account.term, use)
  if (!plan) return 'occurred_before_subscription'
  const price = plan.prices.find(({ operation }) => operation === use.operation)
  if (!price) return 'operation_not_offered'
  if (!Number.isSafeInteger(use.quantity) || use.quantity < 1) return 'quantity_invalid'
  const units = [price.unitPrice, overagePrice(plan, price)]
  if (units.some((unit) => unit * BigInt(use.quantity) > LARGEST)) return 'amount_overflow'
  inBatch.set(`${use.account} ${use.key}`, bodyOf(use))
  return null
}

/** The version that prices a use: in force when it happened, or the one that its run was accepted under. */
function planOf({ versions }: Account, term: Term, { occurredAt, pinned }: OracleUse): OraclePlan | null {
  const then = occurredAt === null ? term.plan : versions.findLast(({ at }) => at <= occurredAt)?.plan
  return pinned && pinned.plan === then?.plan ? pinned : (then ?? null)
}

function book(account: Account, use: OracleUse): string {
  const earlier = account.keys.get(use.key)
  if (earlier) return earlier.answer.replace('new', 'again')
  const plan = planOf(account, account.term!, use)!
  const price = plan.prices.find(({ operation }) => operation === use.operation)!
  const cost = price.unitPrice * BigInt(use.quantity)
  const draws: Draws = []
  let left = cost
  while (left > 0n) {
    const [first] = account.grants.filter((grant) => isUsable(grant, use.at)).sort(byDrawing)
    if (!first) break
    const room = first.credits - first.drawn
    const part = room < left ? room : left
    first.drawn += part
    left -= part
    draws.push({ source: first.source, part })
  }
  const overage = left === 0n ? 0n : halfAway(left * overagePrice(plan, price), price.unitPrice)
  const late = use.occurredAt !== null && use.occurredAt < account.term!.start
  account.uses.push({ plan, price, quantity: BigInt(use.quantity), late, overage, draws })
  account.overage += overage
  account.last = use.at
  const text = `new ${cost} ${cost - left} ${left} ${overage} ${balanceAt(account, use.at)}`
  account.keys.set(use.key, { body: bodyOf(use), answer: text })
  return text
}

function overagePrice({ creditPrice }: OraclePlan, { unitPrice, overageUnitPrice }: Price): bigint {
  return overageUnitPrice ?? (unitPrice * creditPrice) / 1_000_000n
}

function feeOf({ listPrice, discount }: OraclePlan): bigint {
  return listPrice - discount
}

/** A start or an upgrade takes effect when it is paid, everything else at the boundary (rule R22). */
function change(account: Account, plan: OraclePlan, now: number, pinnedAt: number | null): string {
  const { term, units, zone, calendar } = account
  if (account.awaiting) return 'plan_change_awaiting_payment'
  if (term?.pending === 'cancel') return 'cancellation_pending'
  const unitOf = ({ currency, creditUnit }: OraclePlan) => `${currency} ${creditUnit}`
  if (units && unitOf(units) !== unitOf(plan)) return 'unit_mismatch'
  if (term?.plan === plan) return 'same_plan'
  const second = now - (now % 1000)
  let [exact, credits] = [feeOf(plan), plan.credits]
  if (term) {
    const at = pinnedAt ?? second
    const [more, moreCredits] = [exact - feeOf(term.plan), credits - term.plan.credits]
    if (more < 0n || moreCredits < 0n || more + moreCredits === 0n) {
      term.pending = plan
      return `scheduled ${term.end}`
    }
    if (at < term.start || at >= term.end) return 'preview_stale'
    const [left, whole] = [at, term.start].map((from) => BigInt(Math.floor((term.end - from) / 1000)))
    exact = halfAway(more * left!, whole!)
    credits = halfAway(moreCredits * left!, whole!)
  }
  const lines = term ? [{ text: `plan_change ${plan.id} - - -`, exact }] : feeLines(plan)
  const end = term?.end ?? calendar.boundary(calendar.civilOf(second, zone), 1, zone)
  const invoice = draft(term ? 'upgrade' : 'start', second, end, lines, plan)
  invoice.exact = invoice.total
  account.awaiting = { isUpgrade: term !== null, plan, credits, invoice }
  if (invoice.total > 0n) account.invoices.push(invoice)
  else takeEffect(account, now)
  return `${invoice.total > 0n ? 'awaiting' : 'effective'} ${invoice.total} ${credits}`
}

function takeEffect(account: Account, now: number): void {
  const { isUpgrade, plan, credits, invoice } = account.awaiting!
  const { term, zone, calendar } = account
  account.awaiting = null
  if (isUpgrade && term) {
    grantTerm(account, { source: 'upgrade', credits, startsAt: now, expiresAt: term.end }, invoice.total)
    Object.assign(term, { plan, pending: null })
    setVersion(account, now, plan)
    return
  }
  // A calendar counts from a whole second, but never from before the last thing booked.
  const start = now - (now % 1000) < account.last ? now : now - (now % 1000)
  account.units ??= plan
  account.term = { civil: calendar.civilOf(start, zone), n: 0, start: 0, end: 0, plan, pending: null }
  account.versions.push({ at: start, plan })
  openPeriod(account, account.term, plan, 0)
}

function settle(account: Account, now: number, paid: boolean): string {
  if (!account.awaiting) return 'nothing_awaiting'
  const { invoice } = account.awaiting
  if (paid) takeEffect(account, now)
  else invoice.status = 'void'
  account.awaiting = null
  if (!paid) return 'declined'
  claim(account, invoice, 'paid', now)
  invoice.paid = invoice.total
  return 'effective'
}

function feeLines({ id, listPrice, discount }: OraclePlan): Line[] {
  const fee = { text: `plan_fee ${id} - - -`, exact: listPrice }
  return discount === 0n ? [fee] : [fee, { text: `discount ${id} - - -`, exact: -discount }]
}

function usageLines({ uses, versions }: Account): Line[] {
  const inForce = versions.flatMap(({ plan }) => plan ?? [])
  const onlyPinned = uses.map(({ plan }) => plan).filter((plan) => !inForce.includes(plan))
  const lines: Line[] = []
  for (const kind of ['usage', 'late_usage']) {
    const ofKind = uses.filter(({ late }) => late === (kind === 'late_usage'))
    for (const plan of new Set([...onlyPinned.sort((a, b) => (a.id < b.id ? -1 : 1)), ...inForce])) {
      for (const price of plan.prices) {
        const quantity = sum(ofKind, (use) => (use.plan === plan && use.price === price ? use.quantity : 0n))
        const unit = overagePrice(plan, price)
        const text = `${kind} ${plan.id} ${price.operation} ${quantity} ${unit}`
        if (quantity > 0n) lines.push({ text, exact: quantity * unit })
      }
    }
  }
  const bySource: Record<string, bigint> = {}
  const draws = uses.flatMap((use) => use.draws)
  for (const { source, part } of draws) bySource[source] = (bySource[source] ?? 0n) + part
  const used = Object.entries(bySource).map(([source, part]) => `${source}:${part}`)
  const exact = sum(uses, ({ overage }) => overage) - sum(lines, (line) => line.exact)
  if (used.length === 0 && exact === 0n) return lines
  return [...lines, { text: `credits_applied - - - - ${used.sort().join(',')}`, exact }]
}

/** Rounded once: what is missing goes where most was cut off (rules R9, R21). */
function draft(kind: string, from: number, to: number, lines: readonly Line[], plan: OraclePlan): Invoice {
  const unit = 10n ** BigInt(6 - plan.decimals)
  const exact = sum(lines, (line) => line.exact)
  const total = halfAway(exact, unit) * unit
  const amounts = lines.map((line) => line.exact - (((line.exact % unit) + unit) % unit))
  for (let missing = total - sum(amounts, (amount) => amount); missing > 0n; missing -= unit) {
    const short = lines.map((line, index) => line.exact - amounts[index]!)
    amounts[short.reduce((best, size, index) => (size > short[best]! ? index : best), 0)]! += unit
  }
  const texts = lines.map((line, index) => `${line.text} ${line.exact} ${amounts[index]}`)
  const open = { number: null, status: 'draft', opening: 0n, paid: 0n, takenUp: false }
  return { kind, from, to, lines: texts, total, exact, ...open }
}

function finalize(account: Account, minimum: bigint, now: number): string {
  const due = account.invoices.filter((one) => one.status === 'draft' && /boundary|cancel/.test(one.kind))
  for (const invoice of due) {
    const carried = account.invoices.filter(({ status, takenUp }) => status === 'carried' && !takenUp)
    invoice.opening = sum(carried, ({ total, opening }) => total + opening)
    for (const one of carried) one.takenUp = true
    const owed = invoice.total + invoice.opening
    claim(account, invoice, owed === 0n ? 'paid' : owed < minimum ? 'carried' : 'open', now)
  }
  return `${due.length}`
}

function claim(account: Account, invoice: Invoice, status: string, now: number): void {
  invoice.status = status
  account.last = now
  invoice.number = 1 + account.invoices.filter(({ number }) => number !== null).length
}

function pay(account: Account, paid: boolean, now: number): string {
  const due = account.invoices.filter(({ status }) => status === 'open')
  for (const invoice of paid ? due : []) {
    Object.assign(invoice, { status: 'paid', paid: invoice.total + invoice.opening })
    account.last = now
    // What it took up is paid with it, and so is what that had taken up.
    const before = account.invoices.filter(({ takenUp, number }) => takenUp && number! < invoice.number!)
    for (const one of before) one.status = 'paid'
  }
  return `${due.length}`
}

function sum<Value>(values: readonly Value[], of: (value: Value) => bigint): bigint {
  return values.reduce((total, value) => total + of(value), 0n)
}

/** The quotient, half away from zero. The divisor is positive. */
function halfAway(amount: bigint, divisor: bigint): bigint {
  return (2n * amount + (amount < 0n ? -divisor : divisor)) / (2n * divisor)
}
