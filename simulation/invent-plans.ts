/**
 * Invents a story's catalogue: one currency and one credit unit, prices that no shop would have, versions, and a plan that the
 * accounts may never change to.
 *
 * Called by invent-story.ts. Every draft may be published: what the catalogue refuses is tested where it is refused.
 */
import { minorDecimals } from '../billing/currency.ts'
import { formatMicros, micros, parseMicros } from '../billing/micros.ts'
import type { PlanDraft } from '../billing/plan.ts'
import type { Chance } from './chance.ts'

export const OPERATIONS = ['crop', 'remove', 'resize', 'label', 'sharpen']

const CURRENCIES = ['USD', 'EUR', 'USD', 'JPY', 'KWD', 'CLP']

type Price = PlanDraft['prices'][number]

/** Three to seven versions; the last is of another unit, and `crop` is in all of them. */
export function inventPlans(
  chance: Chance,
  { isExtreme, hasTrial, hasLater }: { isExtreme: boolean; hasTrial: boolean; hasLater: boolean },
): PlanDraft[] {
  const currency = chance.pick(CURRENCIES)
  const isMoney = chance.happens(60)
  const creditPrice = isMoney ? undefined : chance.pick(['1', '0.065', '0.5', '2', '10', '0.25'])
  const unit = { currency, creditUnit: isMoney ? currency : 'credits', creditPrice }
  const plans: PlanDraft[] = []
  // Where plans rise one above the other, most changes are upgrades.
  const rises = chance.happens(60)
  const count = 1 + chance.whole(5)
  for (let index = 0; index < count; index++) {
    const below = plans[index - 1]
    const fee = rises && below ? raise(below, chance) : inventFee(chance, currency, isExtreme)
    const prices = inventPrices(chance, creditPrice ?? '1', isExtreme)
    const rollover = inventRollover(chance)
    plans.push({ ...unit, ...fee, code: `plan_${index}`, name: `Plan ${index}`, prices, rollover })
  }
  if (hasLater || chance.happens(40)) {
    // A new version of one of them: dearer, cheaper, or the same fee with other prices.
    const { code, name, ...old } = chance.pick(plans)
    const fee = chance.happens(40) ? {} : inventFee(chance, currency, isExtreme)
    plans.push({ ...old, ...fee, code, name, prices: inventPrices(chance, creditPrice ?? '1', isExtreme) })
  }
  if (hasTrial) plans.push(inventTrial(plans, chance, isExtreme))
  const foreign = chance.happens(50)
    ? { ...unit, currency: currency === 'GBP' ? 'USD' : 'GBP', creditUnit: isMoney ? 'GBP' : 'credits' }
    : { ...unit, creditUnit: 'tokens', creditPrice: '1' }
  const prices = [{ operation: 'crop', unitPrice: '1' }]
  return [...plans, { ...foreign, code: 'foreign', name: 'Foreign', listPrice: '10', credits: '10', prices }]
}

/** A trial of any of the plans, for less than a month or for more; what it grants may roll over into what follows. */
function inventTrial(plans: readonly PlanDraft[], chance: Chance, isExtreme: boolean): PlanDraft {
  const { currency, creditUnit, creditPrice, code: successor } = chance.pick(plans)
  return {
    ...{ currency, creditUnit, creditPrice, code: 'trial', name: 'Trial', listPrice: '0' },
    credits: chance.pick(['0', '5', '20', '7.25']),
    prices: inventPrices(chance, creditPrice ?? '1', isExtreme),
    rollover: inventRollover(chance),
    trial: { days: chance.pick([1, 7, 14, 14, 30, 31, 60]), successor },
  }
}

function inventFee(chance: Chance, currency: string, isExtreme: boolean) {
  const minor = 10n ** BigInt(6 - minorDecimals(currency)!)
  const most = isExtreme ? 1_000_000 : 100
  const whole = BigInt(chance.pick([0, 1, 5, 20, 50, chance.whole(most)])) * 1_000_000n
  const listPrice = whole + (chance.happens(30) ? BigInt(chance.whole(100)) * minor : 0n)
  const discount = chance.happens(25) ? (listPrice / 2n / minor) * minor : 0n
  const odd = chance.happens(30) ? BigInt(chance.whole(1_000_000)) : 0n
  const credits = BigInt(chance.pick([0, 1, 10, 50, 220, chance.whole(most * 3)])) * 1_000_000n + odd
  return {
    listPrice: formatMicros(listPrice),
    discount: formatMicros(discount),
    credits: formatMicros(credits),
  }
}

/** A plan above another: a higher fee, more credits, or both. */
function raise({ listPrice, discount, credits }: PlanDraft, chance: Chance) {
  const [fee, more] = chance.pick([
    [30n, 40n],
    [30n, 40n],
    [1n, 0n],
    [0n, 7n],
    [100n, 0n],
  ] as const)
  return {
    listPrice: formatMicros(micros(listPrice) + fee * 1_000_000n),
    discount: discount ?? '0',
    credits: formatMicros(micros(credits) + more * 1_000_000n),
  }
}

function inventPrices(chance: Chance, creditPrice: string, isExtreme: boolean): Price[] {
  const offered = OPERATIONS.filter((operation) => operation === 'crop' || chance.happens(92))
  return offered.map((operation): Price => {
    if (operation === 'resize') return { operation, unitPrice: '0' }
    const wild = isExtreme ? formatMicros(BigInt(chance.whole(1_000_000)) * 1_000_003n) : '0.000001'
    const odd = formatMicros(BigInt(1 + chance.whole(3_000_000)))
    const unitPrice = chance.pick(['0.2', '0.5', '1.3', '0.333333', odd, odd, wild])
    const isExact = (parseMicros(unitPrice)! * parseMicros(creditPrice)!) % 1_000_000n === 0n
    // A price of a credit that needs a seventh decimal has to be given by hand; some give it for no reason.
    if (creditPrice === '1' && chance.happens(80)) return { operation, unitPrice }
    if (isExact && unitPrice.length < 5) return { operation, unitPrice }
    return {
      operation,
      unitPrice,
      overageUnitPrice: chance.pick(['0', '0.1', '0.0845', odd, '0.000003', unitPrice]),
    }
  })
}

/** Most plans have none, as in shops; caps that cut are as common as those that do not. */
function inventRollover(chance: Chance): PlanDraft['rollover'] {
  if (chance.happens(70)) return null
  const cap = chance.pick([
    undefined,
    '0.000001',
    '7.5',
    '40',
    formatMicros(BigInt(1 + chance.whole(60_000_000))),
  ])
  return { periods: chance.pick([1, 1, 2, 3]), ...(cap !== undefined && { cap }) }
}
