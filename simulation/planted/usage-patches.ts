// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code.
/** Bugs in what one use does: drawn, rated, keyed, dated, added up. Called by patches.ts. */
import type { Patch } from './patches.ts'

export const USAGE_PATCHES: readonly Patch[] = [
  // Drawing: overspent, in the wrong order, at the wrong time.
  {
    name: 'a grant is drawn past what it holds',
    file: 'billing/draw-down.ts',
    from: 'const amount = lesser(grant.remaining, uncovered)',
    to: 'const amount = uncovered',
  },
  {
    name: 'the balance answered is the one before the use',
    file: 'billing/draw-down.ts',
    from: '    purse.balance -= amount\n',
    to: '',
  },
  {
    name: 'the last of a grant is never drawn',
    file: 'billing/draw-down.ts',
    from: 'if (grant.remaining === 0n) purse.next++',
    to: 'if (grant.remaining <= 1n) purse.next++',
  },
  {
    name: 'priority does not matter',
    file: 'billing/grant.ts',
    from: '    a.priority - b.priority ||\n',
    to: '',
  },
  {
    name: 'priority is read the wrong way round',
    file: 'billing/grant.ts',
    from: 'a.priority - b.priority ||',
    to: 'b.priority - a.priority ||',
  },
  {
    name: 'what never expires is drawn first',
    file: 'billing/grant.ts',
    from: 'return Number(a === null) - Number(b === null)',
    to: 'return Number(b === null) - Number(a === null)',
  },
  {
    name: 'the youngest of equal grants is drawn first',
    file: 'billing/grant.ts',
    from: 'a.startsAt.getTime() - b.startsAt.getTime() ||',
    to: 'b.startsAt.getTime() - a.startsAt.getTime() ||',
  },
  {
    name: 'a grant is used before it starts',
    file: 'billing/grant.ts',
    from: 'const started = grant.startsAt <= at',
    to: 'const started = true',
  },
  {
    name: 'a grant is unusable in the instant it starts',
    file: 'billing/grant.ts',
    from: 'const started = grant.startsAt <= at',
    to: 'const started = grant.startsAt < at',
  },
  // Rating.
  {
    name: 'overage is charged for what credits have paid',
    file: 'billing/rate-usage.ts',
    from: 'const overage = overageOf(uncovered, use.price)',
    to: 'const overage = overageOf(cost, use.price)',
  },
  {
    name: 'overage is rounded down',
    file: 'billing/rate-usage.ts',
    from: 'return divideRounded(uncovered * price.overageUnitPrice, price.unitPrice)',
    to: 'return (uncovered * price.overageUnitPrice) / price.unitPrice',
  },
  {
    name: 'overage is priced in credits',
    file: 'billing/rate-usage.ts',
    from: 'return divideRounded(uncovered * price.overageUnitPrice, price.unitPrice)',
    to: 'return uncovered',
  },
  {
    name: 'a quantity of none is booked',
    file: 'billing/rate-usage.ts',
    from: 'use.quantity < 1',
    to: 'use.quantity < 0',
  },
  {
    name: 'a cost past the largest amount is booked',
    file: 'billing/rate-usage.ts',
    from: "if (cost > MAX_MICROS) return refused('amount_overflow')",
    to: '',
  },
  {
    name: 'a default overage price forgets the price of a credit',
    file: 'billing/plan.ts',
    from: 'return { ok: true as const, amount: product / MICROS_PER_UNIT }',
    to: 'return { ok: true as const, amount: unitPrice }',
  },
  // Keys: doubled, lost, mixed up.
  {
    name: 'keys of two accounts are one',
    file: 'ledger/carry-usage.ts',
    from: 'return `${accountId}${source}:${key}`',
    to: 'return `${accountId.length}${source}:${key}`',
  },
  {
    name: 'a retry is charged again',
    file: 'ledger/carry-usage.ts',
    from: 'if (earlier) return answerAgain(request, digest, earlier)',
    to: '',
  },
  {
    name: 'another body under a known key is taken for a repetition',
    file: 'ledger/carry-usage.ts',
    from: 'if (!digest.equals(earlier.digest)) {',
    to: 'if (digest.length === 0) {',
  },
  {
    name: 'the quantity is not part of what a key stands for',
    file: 'ledger/carry-usage.ts',
    from: 'JSON.stringify([operation, quantity, occurredAt?.toISOString() ?? null])',
    to: 'JSON.stringify([operation, occurredAt?.toISOString() ?? null])',
  },
  {
    name: 'a key repeated within a batch is charged twice',
    file: 'ledger/carry-usage.ts',
    from: '    known.set(id, record)\n',
    to: '',
  },
  {
    name: 'a batch is booked although one use is refused',
    file: 'ledger/carry-usage.ts',
    from: 'results.some(({ ok }) => !ok)) return { results, booked: [] }',
    to: 'results.every(({ ok }) => !ok)) return { results, booked: [] }',
  },
  // When it happened.
  {
    name: 'usage of the first instant is late',
    file: 'ledger/carry-usage.ts',
    from: 'late = occurredAt < subscription.periodStartsAt',
    to: 'late = occurredAt <= subscription.periodStartsAt',
  },
  {
    name: 'late usage is priced by the plan of today',
    file: 'ledger/carry-usage.ts',
    from: '    plan = inForce\n',
    to: '',
  },
  {
    name: 'usage may come from the far future',
    file: 'ledger/carry-usage.ts',
    from: 'const FUTURE_TOLERANCE_MS = 5 * 60_000',
    to: 'const FUTURE_TOLERANCE_MS = 5 * 60_000_000',
  },
  {
    name: 'a pin outlives the change of plan',
    file: 'ledger/pinned-version.ts',
    from: 'pin.plan.planId === inForce.plan.planId && pin.at >= inForce.planSince',
    to: 'pin.at >= inForce.planSince',
  },
  {
    name: 'a plan that came into force at this boundary is not seen yet',
    file: 'ledger/carry-usage.ts',
    from: 'if (changes.versions.some(({ startsAt }) => startsAt <= at)) return subscription!.plan',
    to: 'if (changes.versions.some(({ startsAt }) => startsAt < new Date(0) && at)) return subscription!.plan',
  },
  {
    name: 'usage from between two subscriptions is booked',
    file: 'ledger/carry-usage.ts',
    from: 'if (!newest || (newest.endedAt !== null && at >= newest.endedAt)) return null',
    to: 'if (!newest) return null',
  },
  // Adding up.
  {
    name: 'the overage of a batch replaces that of the period',
    file: 'ledger/carry-usage.ts',
    from: 'account.period!.overage += overage',
    to: 'account.period!.overage = overage',
  },
  {
    name: 'credits drawn are forgotten when the source was drawn before',
    file: 'ledger/carry-usage.ts',
    from: 'if (drawn) drawn.drawn += amount',
    to: 'if (drawn) drawn.drawn = amount',
  },
  {
    name: 'revenue is recognised by the last draw alone',
    file: 'ledger/carry-usage.ts',
    from: 'recognisedToDate(grant, grant.granted - grant.remaining)',
    to: 'recognisedToDate(grant, amount)',
  },
  {
    name: 'revenue is rounded up',
    file: 'billing/recognise.ts',
    from: 'return divideFloor(grant.consideration * drawn, grant.granted)',
    to: 'return divideFloor(grant.consideration * drawn + grant.granted - 1n, grant.granted)',
  },
]
