/**
 * The checks that need no database: simulated months (T1, T3), planted bugs (T2), calendars (T8).
 *
 * Listed in run.ts. Spread over the cores.
 */
import { PATCHES } from '../simulation/planted/patches.ts'
import { simulate, unreached } from '../simulation/simulate.ts'
import { SITUATIONS, type Situation } from '../simulation/situation-list.ts'
import { MONTHS } from './periods.ts'
import { type Check, count, type Row, type Scale } from './scoreboard.ts'
import { type Share, spread } from './spread.ts'

const SEEDS_A_SHARE = 50
/** How many of what was wrong are shown. */
const SHOWN = 5

/** T1 and T3: stories from seed 1 on, told to the books in memory and to the oracle, with what they have reached. */
export const simulatedMonths: Check = {
  ids: ['T1', 'T3'],
  async run(scale) {
    const wanted = scale === 'long' ? 1_000_000 : 100_000
    const atLeast = scale === 'long' ? 1_000 : 1
    const sum = { seeds: 0, months: 0, uses: 0, invoices: 0 }
    const wrong: string[] = []
    const situations = new Map<Situation, number>()
    await spread(seedShares(), (done) => {
      sum.seeds += done.seeds
      sum.months += done.accountMonths
      sum.uses += done.uses
      sum.invoices += done.invoices
      wrong.push(...done.violations.map(({ seed, violation }) => `seed ${seed}: ${violation.text}`))
      for (const [name, times] of done.situations) situations.set(name, (situations.get(name) ?? 0) + times)
      const isEnough = sum.months >= wanted && unreached(situations, atLeast).length === 0
      // A situation that is not reached in half as many months again is not reached.
      return isEnough || sum.months >= 1.5 * wanted || wrong.length > SHOWN ? 'enough' : undefined
    })
    const missing = unreached(situations, atLeast)
    return [
      {
        id: 'T1',
        figure: 'simulated account-months against the independent oracle, violations',
        wanted: `${count(wanted)} / 0`,
        got: `${count(sum.months)} / ${wrong.length}`,
        met: sum.months >= wanted && wrong.length === 0,
        notes: [
          `${count(sum.seeds)} stories, ${count(sum.uses)} uses, ${count(sum.invoices)} invoices`,
          ...wrong.slice(0, SHOWN),
        ],
      },
      reachedRow({ situations, missing, scale }),
    ]
  },
}

function* seedShares(): Generator<Share<'months'>> {
  for (let first = 1; ; first += SEEDS_A_SHARE) yield { of: 'months', given: { first, seeds: SEEDS_A_SHARE } }
}

type Reached = { situations: ReadonlyMap<Situation, number>; missing: Situation[]; scale: Scale }

function reachedRow({ situations, missing, scale }: Reached): Row {
  const rarest = [...situations].sort(([, a], [, b]) => a - b)[0]
  return {
    id: 'T3',
    figure: 'hard situations that the simulation has reached',
    wanted: scale === 'long' ? `all ${SITUATIONS.length}, ≥ 1,000 times` : `all ${SITUATIONS.length}`,
    got: `${SITUATIONS.length - missing.length} of ${SITUATIONS.length}`,
    met: missing.length === 0,
    notes: [
      ...(rarest ? [`the rarest ${count(rarest[1])} times: ${rarest[0]}`] : []),
      ...missing.map((name) => `reached ${count(situations.get(name) ?? 0)} times: ${name}`),
    ],
  }
}

/** T2: each bug alone, in a simulator of its own that stops at its first violation. */
export const plantedBugs: Check = {
  ids: ['T2'],
  async run(scale) {
    const accountMonths = scale === 'long' ? 100_000 : 20_000
    const missed: string[] = []
    const given = PATCHES.map((_, index) => ({ of: 'planted' as const, given: { index, accountMonths } }))
    // A simulator that finds something in sound books catches everything.
    const sound = simulate({ first: 1, accountMonths: 2_000 }).violations.length === 0
    await spread(given, ({ patch, caught }) => {
      if (!caught) missed.push(`not caught within ${count(accountMonths)} account-months: ${patch.name}`)
      return undefined
    })
    const caught = PATCHES.length - missed.length
    return [
      {
        id: 'T2',
        figure: 'planted bugs caught by the simulator',
        wanted: `${PATCHES.length} / ${PATCHES.length}`,
        got: `${caught} / ${PATCHES.length}`,
        met: sound && missed.length === 0 && PATCHES.length >= (scale === 'long' ? 60 : 20),
        notes: [...(sound ? [] : ['the simulator finds fault with sound books']), ...missed],
      },
    ]
  },
}

/** T8: every zone and every anchor day; months by turns on a push, all of twenty years in the long run. */
export const calendars: Check = {
  ids: ['T8'],
  async run(scale) {
    const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
    const monthsEach = scale === 'long' ? MONTHS : 5
    const shares = zones.map((zone) => ({ of: 'periods' as const, given: { zones: [zone], monthsEach } }))
    const wrong: string[] = []
    let periods = 0
    await spread(shares, (checked) => {
      periods += checked.periods
      wrong.push(...checked.wrong)
      return undefined
    })
    return [
      {
        id: 'T8',
        figure: `periods checked: ${zones.length} zones × 31 anchor days × ${monthsEach} of ${MONTHS} months, wrong`,
        wanted: scale === 'long' ? 'all / 0' : '60,000 / 0',
        got: `${count(periods)} / ${wrong.length}`,
        met: periods >= Math.min(60_000, zones.length * 31 * monthsEach) && wrong.length === 0,
        notes: wrong.slice(0, SHOWN),
      },
    ]
  },
}
