/**
 * What the oracle knows of time: grants expire, periods close and open, terms begin and end (rules R6, R19, R20, R22, R25).
 *
 * Part of the oracle (oracle.ts).
 */
import type { Account, Grant, OracleGrant, OraclePlan, Term } from './oracle-account.ts'
import { feeOf, NEW } from './oracle-account.ts'
import { draft, feeLines, isInterimDue, unbilledOf, usageLines, usesOf } from './oracle-invoices.ts'

const DAY = 86_400_000

/** The plan's own credits end here, and the period with them; a period is never empty. */
export function closeNow(account: Account, term: Term, at: number): void {
  const ending = account.grants.filter(({ source, ended }) => !ended && /plan|upgrade/.test(source))
  for (const grant of ending) grant.ended = true
  if (ending.length > 0) account.last = at
  term.end = Math.max(at, term.start + 1)
  term.pending = 'cancel'
  closePeriod(account, term)
}

/** What is due happens at its own instant, in order; at one instant grants expire before the boundary (rule R20). */
export function passTime(account: Account, now: number): void {
  for (;;) {
    if (isInterimDue(account)) cutOff(account)
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
function rollOver(account: Account, term: Term, ending: readonly Grant[]): void {
  const { cap, periods } = term.plan.rollover ?? { cap: 0n, periods: 0 }
  const living = ending.filter(({ source, rolled }) => /plan|upgrade/.test(source) && rolled < periods)
  const expiresAt = endOfNext(account, term)
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
    account.grants.push({ ...grant, ...NEW, rolled: grant.rolled + 1, credits: grant.moved, paid, expiresAt })
    grant.movedPaid = paid
  }
}

/** After a trial a calendar of its own begins. */
function endOfNext({ world, zone }: Account, { civil, n, end, plan }: Term): number {
  const { boundary, civilOf } = world.calendar
  return plan.trial ? boundary(civilOf(end, zone), 1, zone) : boundary(civil, n + 2, zone)
}

/** So much is on no invoice that it is billed now, with the credits that were drawn beside it; the period goes on. */
function cutOff(account: Account): void {
  const term = account.term!
  const earlier = usesOf(account).map(({ invoice }) => invoice?.to ?? term.start)
  const from = Math.max(...earlier)
  const to = Math.max(account.last, from + 1)
  const invoice = draft({ kind: 'interim', from, to, lines: usageLines(account), plan: term.plan })
  account.invoices.push(invoice)
  for (const use of unbilledOf(account)) use.invoice = invoice
}

function closePeriod(account: Account, term: Term): void {
  const next = term.pending === 'cancel' ? null : (term.pending ?? successorOf(account, term))
  const lines = [...(next ? feeLines(next) : []), ...usageLines(account)]
  const { start: from, end: to, plan } = term
  const invoice = draft({ kind: next ? 'boundary' : 'cancel', from, to, lines, plan })
  if (lines.some(({ exact }) => exact !== 0n)) account.invoices.push(invoice)
  for (const use of unbilledOf(account)) use.invoice = invoice
  if (account.deferred > 0n || !next || plan.trial) account.last = term.end
  Object.assign(account, { earned: account.earned + account.deferred, deferred: 0n })
  if (next && plan.trial) begin(account, next, term.end)
  else if (next) openPeriod(account, term, next, term.n + 1)
  else Object.assign(account, { term: null, versions: [...account.versions, { at: term.end, plan: null }] })
}

/** What the operator lets follow: the newest version whose notice is over (R25), or what a trial was to lead to (R22). */
function successorOf({ world: { published } }: Account, { plan, started, end }: Term): OraclePlan {
  if (plan.trial) {
    const versions = published.filter((one) => one.plan.plan === plan.trial!.successor)
    return (versions.findLast(({ at }) => at <= started) ?? versions[0]!).plan
  }
  const own = published.filter((one) => one.plan.plan === plan.plan)
  const newer = own.filter((one) => one.plan.version > plan.version && one.noticeDays !== null)
  return newer.findLast(({ at, noticeDays }) => at + noticeDays! * DAY <= end)?.plan ?? plan
}

export function begin(account: Account, plan: OraclePlan, started: number): void {
  const civil = account.world.calendar.civilOf(started, account.zone)
  account.term = { civil, started, n: 0, start: 0, end: 0, plan, pending: null }
  account.lastTerm = account.term
  account.versions.push({ at: started, plan })
  openPeriod(account, account.term, plan, 0)
}

function openPeriod(account: Account, term: Term, plan: OraclePlan, n: number): void {
  const { world, zone } = account
  const startsAt = world.calendar.boundary(term.civil, n, zone)
  const expiresAt = plan.trial
    ? world.calendar.boundary(term.civil + plan.trial.days * DAY, 0, zone)
    : world.calendar.boundary(term.civil, n + 1, zone)
  if (plan !== term.plan) setVersion(account, startsAt, plan)
  Object.assign(term, { plan, n, pending: null, start: startsAt, end: expiresAt })
  grantTerm(account, { source: 'plan', credits: plan.credits, startsAt, expiresAt }, feeOf(plan))
}

/** Credits of the plan for what was paid; a fee without credits is earned when the period ends (rule R30). */
export function grantTerm(
  account: Account,
  grant: Omit<OracleGrant, 'priority' | 'price'>,
  paid: bigint,
): void {
  if (grant.credits + paid > 0n) account.last = grant.startsAt
  if (grant.credits === 0n) account.deferred += paid
  else account.grants.push({ ...grant, ...NEW, priority: 50, paid })
}

/** Two versions of a term never start at one instant. */
export function setVersion({ versions }: Account, at: number, plan: OraclePlan): void {
  versions.push({ at: Math.max(at, versions.at(-1)!.at + 1), plan })
}
