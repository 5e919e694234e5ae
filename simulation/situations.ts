/**
 * The hard situations that a simulation must have reached, each counted by name: proof that the stories still get to the places
 * where billing breaks ("sometimes" assertions).
 *
 * Called by simulate.ts, which watches every command and the oracle's state at the end. A situation that no story reaches is a
 * fault of the simulation, and fails it.
 */
import { minorDecimals } from '../billing/currency.ts'
import { keyOf } from '../ledger/carry-usage.ts'
import type { Shelf, StoredUse } from './memory-books.ts'
import { type Before, lookAtMoney, rememberOf, watchMoney } from './money-situations.ts'
import type { Account } from './oracle-account.ts'
import { civilOf } from './oracle-calendar.ts'
import type { Counts, Note, Situation } from './situation-list.ts'
import type { StoryCommand } from './story.ts'
import { accountIdOf, type Watcher } from './tell-in-memory.ts'

/** Counts what is reached. `watch` goes along with one story; `look` reads the oracle's state at its end. */
export function countSituations(counts: Counts): { watch: () => Watcher; look: (account: Account) => void } {
  const note: Note = (situation) => counts.set(situation, (counts.get(situation) ?? 0) + 1)
  return { watch: () => watchStory(note), look: (account) => lookAtEnd(note, account) }
}

function watchStory(note: Note): Watcher {
  const before = new Map<number, Before>()
  let clock = 0
  return (command, answers, shelves) => {
    if (command.lost === 'transaction') {
      note('a transaction is lost and the command comes again')
      return
    }
    if (command.lost) note('an answer is lost and the command comes again')
    if (command.at < clock) note('the clock steps back')
    clock = command.at
    const touched =
      command.do === 'use'
        ? command.uses.map(({ account }) => account)
        : 'account' in command
          ? [command.account]
          : []
    if (command.do === 'use') watchUses(note, command, answers, shelves)
    for (const index of new Set(touched)) {
      const shelf = shelves[index]!
      watchTerm(note, command, answers, shelf, before.get(index) ?? null)
      watchMoney(note, { command, answer: answers[0]!, shelf, before: before.get(index) ?? null })
      before.set(index, rememberOf(shelf))
    }
  }
}

function watchUses(
  note: Note,
  { at, uses }: StoryCommand & { do: 'use' },
  answers: string[],
  shelves: Shelf[],
): void {
  const isBooked = answers.every((answer) => /^(new|again)/.test(answer))
  if (answers.includes('held')) note('a batch is refused for one of its uses')
  if (isBooked && new Set(uses.map(({ account }) => account)).size > 1)
    note('a batch over several accounts is booked')
  for (const [index, use] of uses.entries()) {
    const answer = answers[index]!
    const { books, known, versions } = shelves[use.account]!
    const first = known.get(keyOf({ accountId: accountIdOf(use.account), source: 'api', key: use.key }))
    const isAhead = use.occurredAt !== null && use.occurredAt > at
    if (answer.startsWith('new') && first) watchBooked(note, first, shelves[use.account]!, isAhead)
    if (answer.startsWith('again') && first) watchAgain(note, first, shelves[use.account]!)
    if (answer.startsWith('again') && uses.slice(0, index).some(({ key }) => key === use.key)) {
      note('a key is repeated within its batch')
    }
    if (answer === 'occurred_before_subscription') {
      const earlier = versions.some(({ startsAt }) => startsAt.getTime() <= use.occurredAt!)
      note(
        earlier
          ? 'a use from between two subscriptions is refused'
          : 'a use from before the first subscription is refused',
      )
    }
    if (answer in REFUSED) note(REFUSED[answer]!)
    if (books.now.getTime() > at) note('business time stands still')
  }
}

const REFUSED: Readonly<Record<string, Situation>> = {
  idempotency_conflict: 'a key comes back with another body',
  occurred_in_future: 'a use from the future is refused',
  operation_not_offered: 'an operation that is not offered',
  quantity_invalid: 'a quantity that is none',
  amount_overflow: 'an amount past the largest',
  no_subscription: 'a use without a subscription',
  tax_name_repeated: 'two taxes of one name are refused',
  plan_not_offered: 'a trial is for those without a plan',
  usage_not_found: 'a use that nobody has sent is taken back',
  usage_credited_already: 'a use is taken back twice',
  nothing_to_credit: 'only free uses are taken back',
  grant_ended: 'a grant that has ended is not taken back',
  grant_ends_in_past: 'a grant that would have ended already',
  account_without_units: 'a grant before the first plan',
  plan_change_awaiting_payment: 'a change meets one that awaits its payment',
  preview_stale: 'a preview is stale',
  unit_mismatch: 'a plan of another unit is refused',
  cancellation_pending: 'a change meets a pending cancellation',
}

function watchBooked(note: Note, record: StoredUse, { books, grants }: Shelf, isAhead: boolean): void {
  const { cost, fromCredits, uncovered, balanceAfter, bookedAt, request, plan, late, draws } = record
  const at = bookedAt.getTime()
  const { subscription } = books
  if (cost === 0n) note('a free use')
  if (fromCredits > 0n && uncovered > 0n) note('a use is split between credits and overage')
  if (fromCredits > 0n && uncovered === 0n && balanceAfter === 0n)
    note('a use takes the last credit and no more')
  if (fromCredits === 0n && uncovered > 0n) note('a use finds no credits')
  if (cost > 10n ** 15n) note('a cost of more than a billion')
  if (draws.length >= 3) note('a use draws from three grants')
  const drawn = draws.map(({ grantId }) => grants.get(grantId)!)
  for (const [index, grant] of drawn.entries()) {
    if (grant.startsAt > grant.createdAt) note('a grant that was to start later is drawn')
    const next = drawn[index + 1]
    if (!next || grant.expiresAt?.getTime() !== next.expiresAt?.getTime()) continue
    if (grant.priority !== next.priority) note('grants that expire together go by priority')
    else if (grant.startsAt < next.startsAt) note('grants of one priority go by age')
    else note('grants that are alike go by id')
  }
  if (subscription?.periodStartsAt.getTime() === at) note('a use at the very boundary')
  if (subscription?.periodEndsAt.getTime() === at + 1) note('a use one millisecond before the boundary')
  for (const { expiresAt, source } of grants.values()) {
    if (source !== 'promotion' || expiresAt === null) continue
    if (expiresAt.getTime() === at) note('a use at the instant a grant expires')
    if (expiresAt.getTime() === at + 1) note('a use one millisecond before a grant expires')
  }
  if (late) note('late usage is booked')
  if (isAhead) note('a use from within the tolerated future')
  if (request.occurredAt && plan.id !== subscription?.plan.id) {
    note(
      late
        ? 'late usage is priced by an earlier version'
        : 'an earlier version of the open period prices a use',
    )
  }
  if (!request.pinnedPlanVersionId || !subscription) return
  if (plan.id !== subscription.plan.id) note('a pinned version prices a use')
  else if (request.pinnedPlanVersionId !== plan.id) note('a pin has ended with a change of plan')
}

function watchAgain(note: Note, first: StoredUse, { books, corrected }: Shelf): void {
  const { subscription } = books
  if (corrected.get(first.usageRecordId)?.isReversed) note('a use that is taken back is repeated')
  if (!subscription) note('a key is repeated after the subscription ended')
  else if (subscription.id === first.subscriptionId && subscription.periodNumber === first.periodNumber) {
    note('a key is repeated in the same period')
  } else note('a key is repeated in a later period')
}

function watchTerm(
  note: Note,
  command: StoryCommand,
  answers: string[],
  shelf: Shelf,
  before: Before | null,
): void {
  const { books, invoices } = shelf
  const { subscription } = books
  const [answer] = answers
  if (command.do === 'grant' && answer === 'idempotency_conflict') {
    note('a key of a grant comes back with other terms')
  } else if (command.do !== 'use' && answer! in REFUSED) note(REFUSED[answer!]!)
  if (command.do === 'grant' && answer === 'again') note('a grant is issued twice under one key')
  if (command.do === 'resume' && answer === 'ok') note('a cancellation is taken back')
  if (command.do === 'settle' && answer === 'declined') note('a change is declined')
  if (command.do === 'change' || command.do === 'settle') watchChange(note, command, answer!, shelf, before)
  if (command.do === 'cancel_now' && answer === 'ok') {
    const last = invoices.at(-1)
    if (last?.kind === 'cancel' && last.total > 0n) note('cancelled at once with overage')
    if (before?.at === command.at) note('cancelled at the very start of a period')
  }
  if (!before || command.do === 'cancel_now') return
  if (before.term !== null && !subscription) note('a cancellation takes effect')
  if (!subscription || subscription.id !== before.term) return
  const passed = subscription.periodNumber - before.periodNumber
  if (passed >= 5) note('five periods close at once')
  if (passed > 0) watchBoundary(note, shelf)
  if (passed > 0 && before.pending === 'change') note('a downgrade takes effect')
}

function watchChange(
  note: Note,
  command: StoryCommand,
  answer: string,
  shelf: Shelf,
  before: Before | null,
): void {
  const { subscription } = shelf.books
  if (!subscription) return
  if (subscription.plan.credits === 0n) note('a plan without credits')
  if (subscription.plan.listPrice === subscription.plan.discount) note('a plan without a fee')
  if (subscription.plan.version > 1) note('a new version of the same plan')
  if (before?.term == null && shelf.versions.some(({ endedAt }) => endedAt !== null)) {
    note('back after the end, under a new calendar')
  }
  if (answer !== 'effective' && !answer.startsWith('effective 0')) return
  const upgrades = shelf.invoices.filter(({ kind, number }) => kind === 'upgrade' && number !== null)
  const isUpgrade =
    command.do === 'change' ? before?.term === subscription.id : upgrades.at(-1)?.paid !== undefined
  if (!isUpgrade || before?.term !== subscription.id) return
  note(command.do === 'change' ? 'an upgrade costs nothing' : 'an upgrade is paid')
  const sameTerm = upgrades.filter(
    (one) => one.periodNumber === subscription.periodNumber && one.subscriptionId === subscription.id,
  )
  if (sameTerm.length > 1) note('two upgrades in one period')
  if ([...shelf.grants.values()].at(-1)?.source !== 'upgrade') note('an upgrade grants no credits')
  if (command.at - subscription.periodStartsAt.getTime() < 1000)
    note('an upgrade in the first second of a period')
  if (subscription.periodEndsAt.getTime() - command.at <= 1000)
    note('an upgrade in the last second of a period')
  if (before.pending === 'change') note('an upgrade takes the place of a pending downgrade')
}

function watchBoundary(note: Note, { books, invoices }: Shelf): void {
  const { anchor, periodStartsAt } = books.subscription!
  const [start, zone] = [periodStartsAt.getTime(), anchor.zone]
  const shown = new Date(civilOf(start, zone))
  const wanted = new Date(Date.parse(`${anchor.civil}Z`))
  if (
    shown.getUTCHours() * 60 + shown.getUTCMinutes() !==
    wanted.getUTCHours() * 60 + wanted.getUTCMinutes()
  ) {
    note('a boundary in hours that clocks skip')
  }
  const later = [1_800_000, 3_600_000].map((step) => civilOf(start + step, zone))
  if (later.includes(civilOf(start, zone))) note('a boundary in hours that clocks show twice')
  if (shown.getUTCDate() < wanted.getUTCDate()) note('a boundary is clamped to the end of a month')
  if (wanted.getUTCMonth() === 1 && wanted.getUTCDate() === 29) note('the anchor is a leap day')
  const last = invoices.findLast(({ kind }) => kind === 'boundary')
  if (last?.periodEndsAt.getTime() !== start) note('a period without an invoice')
}

function lookAtEnd(note: Note, account: Account): void {
  const { grants, invoices, units } = account
  lookAtMoney(note, account)
  const boundaries = new Set(
    grants.filter(({ source }) => source === 'plan').map(({ expiresAt }) => expiresAt),
  )
  for (const { source, ended, drawn, credits, expiresAt, rolled, moved } of grants) {
    if (rolled > 0) note(rolled === 1 ? 'credits roll over' : 'credits roll over once more')
    if (moved > 0n && moved < credits - drawn) note('a cap cuts what rolls over')
    if (source !== 'promotion' || !ended) continue
    if (drawn > 0n && drawn < credits) note('a promotion expires half drawn')
    if (boundaries.has(expiresAt)) note('a promotion expires at the very boundary')
  }
  if (units && minorDecimals(units.currency) === 0) note('a currency without decimals')
  if (units && minorDecimals(units.currency) === 3) note('a currency of three decimals')
  for (const { kind, status, total, exact, takenBy, opening, lines, paid } of invoices) {
    if (total !== exact) note('an invoice is rounded')
    if (lines.some(isRoundedAgainstItsHalf)) note('a line is rounded against its own half')
    if (status === 'paid' && total === 0n && kind === 'boundary') note('an invoice of nothing')
    if (takenBy || status === 'carried')
      note(opening > 0n ? 'a carried invoice is carried again' : 'an invoice is carried')
    if (paid > 0n && kind === 'boundary') note('an unpaid invoice is paid later')
  }
}

/** A unit that largest remainder gave to another line than nearest rounding would have. */
function isRoundedAgainstItsHalf(line: string): boolean {
  const [exact, amount] = line.split(' ').slice(-2).map(BigInt)
  const off = amount! - exact!
  return off > 5_000n || off < -5_000n
}
