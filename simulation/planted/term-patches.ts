// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code.
/** Bugs in what time and plans do: periods, changes of plan, invoices, the books behind them. Called by patches.ts. */
import type { Patch } from './patches.ts'

export const TERM_PATCHES: readonly Patch[] = [
  // Time.
  {
    name: 'each boundary is a month after the one before',
    file: 'billing/period.ts',
    from: 'Temporal.PlainDateTime.from(anchor.civil).add({ months: n })',
    to: 'Array.from({ length: n }).reduce<Temporal.PlainDateTime>((one) => one.add({ months: 1 }), Temporal.PlainDateTime.from(anchor.civil))',
  },
  {
    name: 'boundaries are in UTC',
    file: 'billing/period.ts',
    from: 'civil.toZonedDateTime(anchor.zone).epochMilliseconds',
    to: "civil.toZonedDateTime('UTC').epochMilliseconds",
  },
  {
    name: 'of two hours that look alike the second counts',
    file: 'billing/period.ts',
    from: 'civil.toZonedDateTime(anchor.zone).epochMilliseconds',
    to: "civil.toZonedDateTime(anchor.zone, { disambiguation: 'later' }).epochMilliseconds",
  },
  {
    name: 'an hour that clocks skip is looked for before them',
    file: 'billing/period.ts',
    from: 'civil.toZonedDateTime(anchor.zone).epochMilliseconds',
    to: "civil.toZonedDateTime(anchor.zone, { disambiguation: 'earlier' }).epochMilliseconds",
  },
  {
    name: 'boundaries of two zones are remembered as one',
    file: 'billing/period.ts',
    from: '`${anchor.zone} ${anchor.civil} ${n}`',
    to: '`${anchor.civil} ${n}`',
  },
  {
    name: 'the last day of the month rolls over into the next',
    file: 'billing/period.ts',
    from: 'Temporal.PlainDateTime.from(anchor.civil).add({ months: n })',
    to: 'Temporal.PlainDateTime.from(anchor.civil).with({ day: 1 }).add({ months: n }).add({ days: Number(anchor.civil.slice(8, 10)) - 1 })',
  },
  {
    name: 'an instant equal to a boundary belongs to the earlier period',
    file: 'ledger/roll-books.ts',
    from: 'at !== null && at <= books.now; at = nextEventOf(books, at)',
    to: 'at !== null && at < books.now; at = nextEventOf(books, at)',
  },
  {
    name: 'five missed months leave one invoice',
    file: 'ledger/plan-succession.ts',
    from: 'return { plan, number, period: periodOf(subscription.anchor, number) }',
    to: 'return { plan, number: number + 1, period: periodOf(subscription.anchor, number + 1) }',
  },
  {
    name: 'the usage of a period is billed in each missed one',
    file: 'ledger/roll-books.ts',
    from: '      open = NOTHING\n',
    to: '',
  },
  {
    name: 'only the nearest of two dates is remembered',
    file: 'ledger/books.ts',
    from: '(next === null || expiresAt < next)) next = expiresAt',
    to: '(next === null || expiresAt > next)) next = expiresAt',
  },
  {
    name: 'a promotion ends with the period',
    file: 'ledger/roll-books.ts',
    from: '({ endedAt, expiresAt }) => endedAt === null && expiresAt !== null && expiresAt <= at',
    to: "({ endedAt, expiresAt, source }) => endedAt === null && expiresAt !== null && (expiresAt <= at || source === 'promotion')",
  },
  // What lives on past a boundary.
  {
    name: 'credits roll over for ever',
    file: 'billing/rollover.ts',
    from: 'grant.rolled >= rollover.periods',
    to: 'grant.rolled > rollover.periods',
  },
  {
    name: 'each grant has the whole cap for itself',
    file: 'billing/rollover.ts',
    from: '    if (room !== null) room -= credits\n',
    to: '',
  },
  {
    name: 'where the cap cuts, the oldest credits are kept',
    file: 'billing/rollover.ts',
    from: 'return a.rolled - b.rolled',
    to: 'return b.rolled - a.rolled',
  },
  {
    name: 'what was paid for credits that roll over is earned twice',
    file: 'ledger/grants.ts',
    from: '  from.recognised += deferred\n',
    to: '',
  },
  // Changing the plan.
  {
    name: 'an upgrade is charged in full',
    file: 'billing/change-plan.ts',
    from: 'divideRounded(amount * wholeSeconds(at, period.end), wholeSeconds(period.start, period.end))',
    to: 'divideRounded(amount * 1n, 1n)',
  },
  {
    name: 'an upgrade is charged for the time that has passed',
    file: 'billing/change-plan.ts',
    from: 'amount * wholeSeconds(at, period.end)',
    to: 'amount * wholeSeconds(period.start, at)',
  },
  {
    name: 'an upgrade forgets the discount',
    file: 'billing/change-plan.ts',
    from: 'prorate(feeOf(next) - feeOf(current), period, at)',
    to: 'prorate(next.listPrice - current.listPrice, period, at)',
  },
  {
    name: 'an upgrade grants a whole month of credits',
    file: 'billing/change-plan.ts',
    from: 'const credits = prorate(next.credits - current.credits, period, at)',
    to: 'const credits = next.credits - current.credits',
  },
  {
    name: 'a plan with fewer credits passes for an upgrade',
    file: 'billing/change-plan.ts',
    from: 'if (nextFee < fee || next.credits < current.credits) return false',
    to: 'if (nextFee < fee) return false',
  },
  {
    name: 'going up leaves a pending downgrade in place',
    file: 'ledger/plan-change-effect.ts',
    from: '  subscription.plan = change.next\n  subscription.pending = null\n',
    to: '  subscription.plan = change.next\n',
  },
  {
    name: 'a downgrade comes back every month',
    file: 'ledger/start-period.ts',
    from: '  subscription.plan = next.plan\n  subscription.pending = null\n',
    to: '  subscription.plan = next.plan\n',
  },
  {
    name: 'a cancelled subscription renews',
    file: 'ledger/roll-books.ts',
    from: "return subscription.pending?.kind === 'cancel' ? null : startOfNext(subscription, published)",
    to: 'return startOfNext(subscription, published)',
  },
  {
    name: 'the credits of an upgrade outlive a cancellation',
    file: 'ledger/roll-books.ts',
    from: 'if (isOfPlan(grant)) expireGrant(books, grant, now)',
    to: "if (grant.source === 'plan') expireGrant(books, grant, now)",
  },
  {
    name: 'a promotion is taken away by a cancellation',
    file: 'ledger/roll-books.ts',
    from: 'if (isOfPlan(grant)) expireGrant(books, grant, now)',
    to: "if (grant.source !== 'purchase') expireGrant(books, grant, now)",
  },
  {
    name: 'credits are granted once for all periods',
    file: 'ledger/start-period.ts',
    from: 'naturalKey: `plan:${subscriptionId}:${next.number}`',
    to: 'naturalKey: `plan:${subscriptionId}`',
  },
  // Invoices.
  {
    name: 'each line is rounded on its own',
    file: 'billing/invoice.ts',
    from: 'const rounded = spreadRounding(exact, decimalsOf(facts.currency))',
    to: 'const rounded = exact.map((one) => spreadRounding([one], decimalsOf(facts.currency))[0]!)',
  },
  {
    name: 'the smallest remainder gets the unit that is missing',
    file: 'billing/spread-rounding.ts',
    from: '(a.size < b.size ? 1 : a.size > b.size ? -1 : 0)',
    to: '((a.size || 10n ** 9n) > (b.size || 10n ** 9n) ? 1 : -1)',
  },
  {
    name: 'the discount is shown and not taken off',
    file: 'billing/invoice.ts',
    from: 'exactAmount: -fee.discount',
    to: 'exactAmount: 0n',
  },
  {
    name: 'usage that credits have paid is billed again',
    file: 'billing/invoice.ts',
    from: 'const exactAmount = accrued - atFullPrice',
    to: 'const exactAmount = 0n * (accrued - atFullPrice)',
  },
  {
    name: 'late usage is left off the invoice',
    file: 'ledger/roll-books.ts',
    from: 'lateUsage: sums.totals.filter(({ late, quantity }) => late && quantity > 0n).map(toUsageTotal)',
    to: 'lateUsage: []',
  },
  {
    name: 'the invoice bills the plan that has ended',
    file: 'ledger/plan-succession.ts',
    from: "const plan = pending?.kind === 'change' ? pending.plan : versionAt(current, published, periodEndsAt)",
    to: 'const plan = versionAt(current, published, periodEndsAt)',
  },
  {
    name: 'three decimals are treated as two',
    file: 'billing/currency.ts',
    from: 'return THREE_DECIMALS.includes(currency) ? 3 : 2',
    to: 'return 2',
  },
  {
    name: 'an invoice of exactly the minimum is carried for ever',
    file: 'billing/invoice.ts',
    from: 'amountDue < minimumCharge }',
    to: 'amountDue <= minimumCharge }',
  },
  {
    name: 'what was carried is forgotten',
    file: 'billing/invoice.ts',
    from: 'const owed = total + openingBalance',
    to: 'const owed = total + 0n * openingBalance',
  },
  // The books.
  {
    name: 'what expires unused is never earned',
    file: 'ledger/grants.ts',
    from: 'breakage: grant.consideration - grant.recognised',
    to: 'breakage: 0n',
  },
  {
    name: 'an upgrade is given away in the books',
    file: 'ledger/plan-change-effect.ts',
    from: 'consideration: change.charge',
    to: 'consideration: 0n',
  },
  {
    name: 'the fee of a plan without credits is never earned',
    file: 'ledger/roll-books.ts',
    from: 'if (period.deferred > 0n) {',
    to: 'if (period.deferred < 0n) {',
  },
  {
    name: 'rounding is lost',
    file: 'billing/entries.ts',
    from: 'const rounding = net - unbilled',
    to: 'const rounding = 0n * (net - unbilled)',
  },
]
