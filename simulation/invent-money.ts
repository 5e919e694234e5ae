/**
 * Invents what an operator does to an account: grants, purchases and taking them back, tax, usage taken back.
 *
 * Called by invent-story.ts.
 */
import { formatMicros } from '../billing/micros.ts'
import type { Life } from './invent-story.ts'
import type { DisputeOutcome, StoryCommand, StoryUse } from './story.ts'

const MINUTE = 60_000
const DAY = 86_400_000

export function inventGrant(
  life: Life,
  at: number,
  start: number,
  end: number,
): StoryCommand & { do: 'grant' } {
  const { account, chance } = life
  const startsAt = chance.pick([at, at, start, at + 3 * DAY, end])
  const ends = [startsAt + 1, startsAt + DAY, startsAt + 20 * DAY, startsAt + 50 * DAY]
  if (end > startsAt) ends.push(end, end, end - 1 > startsAt ? end - 1 : end)
  const grant = {
    source: chance.pick(['promotion', 'promotion', 'adjustment'] as const),
    price: '0',
    credits: formatMicros(BigInt(1 + chance.whole(chance.pick([3, 1_000_000, 60_000_000])))),
    priority: chance.pick([0, 50, 50, 50, 100, chance.whole(101)]),
    startsAt,
    expiresAt: chance.happens(20) ? null : Math.max(startsAt + 1, chance.pick(ends)),
  }
  const key = keyOfGrant(life)
  const from = Math.max(at, startsAt)
  life.granted.push({ key, from, until: Math.max(from + 1, grant.expiresAt ?? from + 20 * DAY) })
  return { do: 'grant', account, at, key, grant }
}

/** Few enough that one is met again. */
function keyOfGrant({ account, chance }: Life): string {
  return `grant ${account} ${chance.whole(24)}`
}

/** Takes back what was granted lately, once or twice; now and then what nobody has granted. */
export function inventVoid(life: Life, at: number): StoryCommand[] {
  const { account, chance, granted } = life
  const known = granted.length > 0 && chance.happens(90) ? chance.pick(granted.slice(-3)) : null
  // When some of it has been drawn, mostly.
  const then = known && chance.happens(70) ? known.from + chance.whole(known.until - known.from) : at
  const first = { do: 'void', account, at: then, key: known?.key ?? keyOfGrant(life) } as const
  return chance.happens(20) ? [first, { ...first, at: then + chance.whole(DAY) }] : [first]
}

/** Credits that are sold: for a round price, or for one that their number does not go into. */
export function inventPurchase(life: Life, at: number, start: number, end: number): StoryCommand {
  const command = inventGrant(life, at, start, end)
  const { chance } = life
  const price = String(chance.pick([1, 7, 10, 49, 1 + chance.whole(300)]))
  // Mostly drawn before the plan's own, so that they are drawn at all.
  const first = chance.happens(60)
    ? { priority: 0, startsAt: at, expiresAt: chance.pick([end, at + DAY, end - 1]) }
    : {}
  const grant = { ...command.grant, ...first, source: 'purchase' as const, price }
  return {
    ...command,
    grant: { ...grant, expiresAt: grant.expiresAt && Math.max(grant.startsAt + 1, grant.expiresAt) },
  }
}

/** The card is tried, mostly with success; where accounts do not pay, less so. */
export function inventCollection(life: Life, at: () => number): StoryCommand[] {
  const { account, chance, profile } = life
  const commands: StoryCommand[] = []
  if (chance.happens(profile.unpaid ? 30 : 70))
    commands.push({ do: 'pay', account, at: at(), paid: chance.happens(80) })
  if (profile.unpaid && chance.happens(35)) commands.push(...inventUnpaid(life, at()))
  if (profile.refunds && chance.happens(50)) commands.push(...inventRefunds(life, at()))
  if (profile.refunds && chance.happens(25)) commands.push(...inventDispute(life, at()))
  return commands
}

/** A part or all of a payment goes back to its card, once or more; now and then its bank does not take it, or it is too much. */
function inventRefunds({ account, chance }: Life, at: number): StoryCommand[] {
  return Array.from({ length: chance.pick([1, 1, 2, 4]) }, (_, turn): StoryCommand => {
    const some = chance.pick(['1', '3', '7', '0.5', String(1 + chance.whole(40)), '0.333333', '0', '100000'])
    return {
      do: 'refund',
      account,
      at: at + turn * chance.pick([0, 1, MINUTE, DAY]),
      source: chance.pick(['invoice', 'invoice', 'customer_credit'] as const),
      amount: chance.happens(25) ? null : some,
      paid: chance.happens(80),
    }
  })
}

/** A payment is disputed, and its bank decides at once, some days later or never; a lost one is tried again or given up. */
function inventDispute({ account, chance }: Life, at: number): StoryCommand[] {
  const amount = chance.pick(['1', '10', String(1 + chance.whole(60)), '1000000'])
  const told = (after: number, outcome: DisputeOutcome) =>
    ({ do: 'dispute', account, at: at + after, amount, outcome }) as const
  const after = chance.pick([0, 1, DAY, 20 * DAY])
  const decided = told(after, chance.pick(['won', 'lost', 'lost'] as const))
  const ends: StoryCommand[][] = [
    [],
    [{ do: 'pay', account, at: at + after + DAY, paid: chance.happens(60) }],
    [{ do: 'give_up', account, at: at + after + DAY }],
    [told(after + 1, 'won')],
  ]
  if (chance.happens(15)) return [told(0, 'open')]
  return [...(chance.happens(70) ? [told(0, 'open')] : []), decided, ...chance.pick(ends)]
}

/** Invoices that nobody pays: tried again at the days and around them, given up, and paid past the provider, before that or after. */
function inventUnpaid({ account, chance }: Life, at: number): StoryCommand[] {
  const failed = (after: number) => ({ do: 'pay', account, at: at + after, paid: false }) as const
  const days = chance.pick([[], [1], [1, 3], [1, 3, 5, 7], [7], [8]]).map((day) => day * DAY)
  const tries = days.map((after) => failed(after + chance.pick([-1, 0, 0, 1])))
  const end = at + (days.at(-1) ?? 0) + 1 + chance.whole(2 * DAY)
  const giveUp = { do: 'give_up', account, at: end } as const
  const byHand = { do: 'pay_by_hand', account, at: end + 1 + chance.whole(20 * DAY) } as const
  const ends = chance.pick([[], [giveUp], [giveUp, byHand], [byHand]])
  return [{ do: 'finalize', account, at }, failed(0), ...tries, ...ends]
}

export function inventTax({ account, chance }: Life, at: number): StoryCommand {
  const rates = chance.pick([
    [],
    [{ name: 'VAT', rate: chance.pick(['0.19', '0.2', '0.077', '0']) }],
    [{ name: 'VAT', rate: '1' }],
    [
      { name: 'GST', rate: '0.05' },
      { name: 'QST', rate: '0.09975' },
    ],
    [
      { name: 'VAT', rate: '0.19' },
      { name: 'VAT', rate: '0.07' },
    ],
  ])
  const treatment = chance.pick(['standard', 'standard', 'standard', 'exempt', 'reverse_charge'] as const)
  return { do: 'tax', account, at, treatment, rates }
}

/** How much overage may be on no invoice: little enough to be reached, mostly. */
export function inventInterim({ account, chance }: Life, at: number): StoryCommand {
  const reached = chance.pick(['0.000001', '1', '5', '20', String(1 + chance.whole(60)), '0.5'])
  return { do: 'interim', account, at, amount: chance.happens(15) ? null : reached }
}

/** Takes back what was used lately or long ago, once or twice; now and then what nobody has used. */
export function inventNote({ account, chance }: Life, keys: readonly StoryUse[], at: number): StoryCommand[] {
  const recent = keys.slice(-chance.pick([1, 2, 4, 10, keys.length]))
  const wanted = Array.from({ length: chance.pick([1, 1, 2, 5]) }, () => chance.pick(recent).key)
  const unknown = chance.happens(4) ? ['never used'] : []
  const note = { do: 'credit', account, at, keys: [...new Set([...wanted, ...unknown])] } as const
  // Another, of the neighbours of the first.
  const place = keys.findIndex(({ key }) => key === wanted[0])
  const near = keys.slice(Math.max(0, place - 3), place + 4).map(({ key }) => key)
  const rest = [...new Set(near)].filter((key) => !wanted.includes(key))
  if (rest.length === 0 || chance.happens(50)) return [note]
  return [note, { ...note, at: at + 1000, keys: rest.slice(0, 1 + chance.whole(3)) }]
}
