/** Bugs in what is granted, sold, taxed, taken back and set off, and in trials and versions. Called by patches.ts. */
import type { Patch } from './patches.ts'

export const MONEY_PATCHES: readonly Patch[] = [
  // Tax.
  {
    name: 'an exempt account pays the tax',
    file: 'billing/tax.ts',
    from: "if (treatment === 'standard') return [...rates]",
    to: "if (treatment !== 'reverse_charge') return [...rates]",
  },
  {
    name: 'tax is charged though its recipient pays it',
    file: 'billing/tax.ts',
    from: "if (treatment === 'standard') return [...rates]",
    to: "if (treatment !== 'exempt') return [...rates]",
  },
  {
    name: 'tax is rounded down',
    file: 'billing/invoice.ts',
    from: 'return divideRounded(base * rate, unit * MICROS_PER_UNIT) * unit',
    to: 'return ((base * rate) / (unit * MICROS_PER_UNIT)) * unit',
  },
  {
    name: 'two taxes of one name are taken',
    file: 'billing/tax.ts',
    from: "return new Set(rates.map(({ name }) => name)).size < rates.length ? 'tax_name_repeated' : null",
    to: 'return null',
  },
  {
    name: 'tax is earned',
    file: 'ledger/finalize-invoices.ts',
    from: '{ net: total - tax, tax, unbilled }',
    to: '{ net: total, tax: 0n, unbilled }',
  },
  // What nobody pays.
  {
    name: 'the last try is left out',
    file: 'billing/dunning.ts',
    from: 'export const RETRY_DAYS = [1, 3, 5, 7] as const',
    to: 'export const RETRY_DAYS = [1, 3, 5] as const',
  },
  {
    name: 'a try that fails at its own instant is tried again at once',
    file: 'billing/dunning.ts',
    from: 'instant > failedAt',
    to: 'instant >= failedAt',
  },
  {
    name: 'days are counted from the last failure',
    file: 'billing/dunning.ts',
    from: 'new Date(firstFailedAt.getTime() + days * DAY_MS)',
    to: 'new Date(failedAt.getTime() + days * DAY_MS)',
  },
  {
    name: 'what is given up is paid',
    file: 'billing/entries.ts',
    from: "move(units.currency, 'assets:receivable', 'expenses:bad_debt', amount, null)",
    to: "move(units.currency, 'assets:receivable', 'assets:cash', amount, null)",
  },
  {
    name: 'what was given up and is paid stays bad debt',
    file: 'billing/entries.ts',
    from: "move(units.currency, 'expenses:bad_debt', 'assets:receivable', amount, null)",
    to: "move(units.currency, 'income:overage', 'assets:receivable', amount, null)",
  },
  // Customer credit.
  {
    name: 'customer credit that is used is still there',
    file: 'ledger/finalize-invoices.ts',
    from: '    books.customerCredit -= credit\n',
    to: '',
  },
  {
    name: 'customer credit is never used',
    file: 'billing/invoice.ts',
    from: 'const customerCreditApplied = lesser(owed, customerCredit)',
    to: 'const customerCreditApplied = 0n * lesser(owed, customerCredit)',
  },
  {
    name: 'customer credit does not pay what was carried',
    file: 'billing/invoice.ts',
    from: 'const customerCreditApplied = lesser(owed, customerCredit)',
    to: 'const customerCreditApplied = lesser(total, customerCredit)',
  },
  {
    name: 'a change of plan forgets its tax',
    file: 'ledger/price-plan-change.ts',
    from: 'const taxes = charge === 0n ? [] :',
    to: 'const taxes = charge >= 0n ? [] :',
  },
  // Grants by the operator's hand.
  {
    name: 'what was paid for a grant that is taken back is kept',
    file: 'ledger/grants.ts',
    from: '  books.customerCredit += deferred\n',
    to: '',
  },
  {
    name: 'credits that are taken back stay in the books',
    file: 'ledger/grants.ts',
    from: 'grantVoided(unitsOf(books), { id: grant.id, credits: grant.remaining, deferred })',
    to: 'grantVoided(unitsOf(books), { id: grant.id, credits: 0n * grant.remaining, deferred })',
  },
  {
    name: 'a purchase is taken away by a cancellation',
    file: 'ledger/books.ts',
    from: "return source === 'plan' || source === 'upgrade'",
    to: "return source !== 'promotion' && source !== 'adjustment'",
  },
  {
    name: 'credits that have ended already are granted',
    file: 'billing/grant.ts',
    from: "if (draft.expiresAt !== null && draft.expiresAt <= now) return 'grant_ends_in_past'",
    to: '',
  },
  // Trials and versions.
  {
    name: 'a trial leads to the plan of today',
    file: 'billing/succession.ts',
    from: 'versions.findLast(({ publishedAt }) => publishedAt <= startedAt)',
    to: 'versions.findLast(() => true)',
  },
  {
    name: 'a trial lasts a month',
    file: 'billing/period.ts',
    from: 'if (trial === null) return periodOf(anchor, 0)',
    to: 'if (trial === null || trial.days > 0) return periodOf(anchor, 0)',
  },
  {
    name: 'the plan after a trial keeps its calendar',
    file: 'ledger/roll-books.ts',
    from: 'else if (subscription.plan.trial) {',
    to: 'else if (subscription.plan.trial && next.plan.trial) {',
  },
  {
    name: 'leaving a trial is an upgrade',
    file: 'billing/change-plan.ts',
    from: "  if (current.trial) return { ok: true, kind: 'leave_trial' }\n",
    to: '',
  },
  {
    name: 'a version whose notice is over at the boundary waits a month more',
    file: 'billing/succession.ts',
    from: '<= boundary.getTime()',
    to: '< boundary.getTime()',
  },
  {
    name: 'a version comes without notice',
    file: 'billing/succession.ts',
    from: 'publishedAt.getTime() + noticeDays * DAY_MS',
    to: 'publishedAt.getTime() + 0 * DAY_MS',
  },
  {
    name: 'a version goes before the plan that the customer has chosen',
    file: 'ledger/plan-succession.ts',
    from: "pending?.kind === 'change' ? pending.plan :",
    to: "pending?.kind === 'change' ? versionAt(pending.plan, published, periodEndsAt) :",
  },
  // Interim invoices.
  {
    name: 'what an interim invoice bills is billed again at the end of the period',
    file: 'ledger/roll-books.ts',
    from: '  changePeriod(books, period)\n  return NOTHING\n',
    to: '  changePeriod(books, period)\n  return sums\n',
  },
  {
    name: 'an interim invoice waits until its amount is passed',
    file: 'ledger/books.ts',
    from: 'period.overage - period.billed >= interimAt',
    to: 'period.overage - period.billed > interimAt',
  },
  {
    name: 'the interim amount is reached by what has been billed, once more',
    file: 'ledger/roll-books.ts',
    from: '{ billed: period.overage, billedThrough',
    to: '{ billed: unbilled, billedThrough',
  },
  {
    name: 'usage on an interim invoice is taken back as if it were on none',
    file: 'ledger/reverse-usage.ts',
    from: 'sequence > period.billedThrough',
    to: 'sequence > 0n * period.billedThrough',
  },
  {
    name: 'each interim invoice begins with the period',
    file: 'ledger/roll-books.ts',
    from: 'period.billedAt ?? period.startsAt',
    to: 'period.startsAt',
  },
  // Usage taken back.
  {
    name: 'the draw that was first comes back first',
    file: 'billing/reverse.ts',
    from: 'const draws = record.draws.map((draw) => ({ ...draw })).reverse()',
    to: 'const draws = record.draws.map((draw) => ({ ...draw }))',
  },
  {
    name: 'credits that come back pay for nothing',
    file: 'billing/reverse.ts',
    from: 'const draws = takeFrom(free, uncovered)',
    to: 'const draws = takeFrom(free, 0n * uncovered)',
  },
  {
    name: 'a use that is paid in part owes nothing more',
    file: 'billing/reverse.ts',
    from: 'overage: overage - overageOf(left, price) })',
    to: 'overage })',
  },
  {
    name: 'credits come back to grants that have ended',
    file: 'billing/reverse.ts',
    from: 'returned: left.filter(({ grantId }) => reversal.usableGrantIds.has(grantId)),',
    to: 'returned: left,',
  },
  {
    name: 'overage of the open period that is taken back is billed all the same',
    file: 'ledger/reverse-usage.ts',
    from: '    openOverage += reversal.overageCancelled\n',
    to: '',
  },
  {
    name: 'a use that is taken back stays on the invoice',
    file: 'ledger/reverse-usage.ts',
    from: '  total.quantity += correction.quantity\n',
    to: '',
  },
  {
    name: 'revenue stays when its credits go home',
    file: 'ledger/reverse-usage.ts',
    from: '  grant.recognised = recognisedNow\n',
    to: '',
  },
  {
    name: 'what was earned by credits that end is earned once more',
    file: 'ledger/reverse-usage.ts',
    from: 'const recognised = recognisedToDate(grant, drawn) - recognisedToDate(grant, drawn - amount)',
    to: 'const recognised = 0n * (recognisedToDate(grant, drawn) - amount)',
  },
  {
    name: 'each credit note rounds for itself',
    file: 'billing/credit-note.ts',
    from: 'const left = before.exact - roundToMinor(before.exact, decimals)',
    to: 'const left = 0n * (before.exact - roundToMinor(before.exact, decimals))',
  },
  {
    name: 'each credit note gives back the tax of all',
    file: 'billing/credit-note.ts',
    from: 'taxOn(before.net + net, rate, currency) - credited',
    to: 'taxOn(before.net + net, rate, currency) - 0n * credited',
  },
  {
    name: 'the tax of what is given back is kept',
    file: 'ledger/issue-credit-note.ts',
    from: 'books.customerCredit += credit.net + credit.tax',
    to: 'books.customerCredit += credit.net',
  },
  {
    name: 'after a cancellation an adjustment ends with the period',
    file: 'ledger/issue-credit-note.ts',
    from: 'return periodOf(anchor, open + 1).end',
    to: 'return periodOf(anchor, open).end',
  },
  // What goes back.
  {
    name: 'the tax of an allowance is rounded down',
    file: 'billing/credit-note.ts',
    from: 'divideRounded((before + gross) * amount, total * unit) * unit - allowed',
    to: '(((before + gross) * amount) / (total * unit)) * unit - allowed',
  },
  {
    name: 'a second allowance gives the tax of the first once more',
    file: 'billing/credit-note.ts',
    from: 'total * unit) * unit - allowed',
    to: 'total * unit) * unit',
  },
  {
    name: 'an allowance takes back overage',
    file: 'billing/entries.ts',
    from: "'liabilities:customer_credit', 'income:allowances', note.net",
    to: "'liabilities:customer_credit', 'income:overage', note.net",
  },
  {
    name: 'a refund is paid out of what is receivable',
    file: 'billing/entries.ts',
    from: "move(units.currency, 'assets:cash', 'liabilities:refunds', amount, null)",
    to: "move(units.currency, 'assets:receivable', 'liabilities:refunds', amount, null)",
  },
  {
    name: 'a refund that no bank takes comes out of cash',
    file: 'billing/entries.ts',
    from: "const from = wasPaid ? 'assets:cash' : 'liabilities:refunds'",
    to: "const from = wasPaid ? 'liabilities:refunds' : 'assets:cash'",
  },
  {
    name: 'what a bank holds is still ours',
    file: 'billing/entries.ts',
    from: "move(units.currency, 'assets:cash', 'assets:disputed', amount, null)",
    to: "move(units.currency, 'assets:receivable', 'assets:disputed', amount, null)",
  },
  {
    name: 'a dispute that is won takes the money once more',
    file: 'billing/entries.ts',
    from: "move(units.currency, 'assets:disputed', 'assets:cash', amount, null)",
    to: "move(units.currency, 'assets:cash', 'assets:disputed', amount, null)",
  },
  {
    name: 'a dispute that is lost is bad debt',
    file: 'billing/entries.ts',
    from: "'assets:disputed', 'assets:receivable', lost.claim",
    to: "'assets:disputed', 'expenses:bad_debt', lost.claim",
  },
]
