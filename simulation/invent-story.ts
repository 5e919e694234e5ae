/**
 * Makes a story from a seed: first a profile that says which features are on and how wild it gets (swarm testing), then a life for
 * each account, month by month, with everything aimed at the instants where billing breaks.
 *
 * Called by simulate.ts. Knows the rules only as far as it must to aim: where boundaries will probably lie.
 */

import { formatMicros } from '../billing/micros.ts'
import { anchorAt, periodOf } from '../billing/period.ts'
import { type Chance, chanceOf } from './chance.ts'
import { changesOfClocks, offsetAt } from './clock-changes.ts'
import { inventPlans, OPERATIONS } from './invent-plans.ts'
import type { Story, StoryCommand, StoryUse } from './story.ts'

/** Where clocks change in spring and in autumn. */
const TWO_CLOCKS = [
  'Europe/Berlin',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'America/Santiago',
]

const MINUTE = 60_000
const DAY = 86_400_000

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/St_Johns',
  'Asia/Kathmandu',
  'America/Santiago',
  'Pacific/Kiritimati',
  'Africa/Cairo',
  'Europe/London',
]

/** Features that a seed has or has not. */
const FEATURES = [
  'repeats',
  'conflicts',
  'late',
  'bad',
  'batches',
  'changes',
  'cancels',
  'cancelsNow',
  'promotions',
  'jumps',
  'stepsBack',
  'aims',
  'declines',
  'waits',
  'pins',
  'unpaid',
  'extreme',
  'nights',
  'crashes',
] as const

type Feature = (typeof FEATURES)[number]
export type Profile = Record<Feature, boolean> & { months: number; usesAMonth: number; accounts: number }

type Draft = StoryCommand & { order: number }

export function inventStory(seed: number): Story {
  const chance = chanceOf(seed)
  const profile = inventProfile(chance.split('profile'))
  const plans = inventPlans(chance.split('plans'), profile.extreme)
  const zones: string[] = []
  const drafts: Draft[] = []
  for (let account = 0; account < profile.accounts; account++) {
    const life = chance.split(`account ${account}`)
    const zone = life.pick(profile.nights ? TWO_CLOCKS : ZONES)
    zones.push(zone)
    drafts.push(
      ...inventLife({
        account,
        zone,
        chance: life,
        profile,
        plans: plans.length,
        plan: 0,
        order: drafts.length,
      }),
    )
  }
  drafts.sort((a, b) => a.at - b.at || a.order - b.order)
  const commands = joinBatches(drafts, profile, chance.split('batches'))
  const minimum = chance.split('minimum').pick(['0.5', '0', '5', '50'])
  return {
    name: `seed ${seed}`,
    zones,
    plans,
    minimum,
    commands: crash(stepBack(commands, profile, chance.split('clock')), profile, chance.split('crashes')),
  }
}

function inventProfile(chance: Chance): Profile {
  const features = Object.fromEntries(FEATURES.map((feature) => [feature, chance.happens(50)]))
  const [extreme, nights] = [chance.happens(5), chance.happens(25)]
  return {
    ...(features as Record<Feature, boolean>),
    extreme,
    nights,
    months: chance.pick([1, 2, 3, 6, 12, 12, 24, 36]),
    usesAMonth: chance.pick([0, 1, 2, 4, 4, 6, 8, chance.pick([8, 20, 60])]),
    accounts: chance.pick([1, 1, 1, 2, 3]),
  }
}

type Life = {
  account: number
  zone: string
  chance: Chance
  profile: Profile
  /** How many versions there are. */
  plans: number
  /** The version that is probably in force. */
  plan: number
  order: number
}

/** Everything that is done to one account. */
function inventLife(life: Life): Draft[] {
  const { account, zone, chance, profile } = life
  const commands: StoryCommand[] = []
  const startedAt = inventStart(chance, profile, zone)
  let anchor = anchorAt(new Date(startedAt - (startedAt % 1000)), zone)
  let [first, month] = [startedAt, 0]
  if (profile.bad) commands.push(usageAt(life, chance, startedAt - MINUTE))
  startPlan(life, commands, startedAt)
  const keys: StoryUse[] = []
  for (let passed = 0; passed < profile.months; passed++, month++) {
    const period = periodOf(anchor, month)
    const [start, end] = [Math.max(period.start.getTime(), first), period.end.getTime()]
    const at = (): number => aim(chance, profile, start, end)
    commands.push(...inventMonth(life, keys, { start, end, at }))
    if (profile.cancelsNow && chance.happens(8)) {
      // Gone, and back under a calendar of its own.
      const leaves = chance.happens(40) ? end : at()
      commands.push({ do: 'cancel_now', account, at: leaves })
      first = leaves + chance.pick([0, 1, 1000, DAY, 40 * DAY])
      startPlan(life, commands, first)
      anchor = anchorAt(new Date(first - (first % 1000)), zone)
      month = -1
    } else if (profile.cancels && chance.happens(8)) {
      commands.push({ do: 'cancel', account, at: at() })
      if (chance.happens(40)) commands.push({ do: 'resume', account, at: at() })
      else {
        first = end + chance.pick([0, 1, 1000, 5 * DAY])
        startPlan(life, commands, first)
        anchor = anchorAt(new Date(first - (first % 1000)), zone)
        month = -1
      }
    }
    if (profile.jumps && chance.happens(20)) {
      const skipped = 1 + chance.whole(5)
      month += skipped
      passed += skipped
    }
  }
  const last = Math.max(...commands.map(({ at }) => at)) + chance.pick([0, 10, 45, 200]) * DAY
  commands.push({ do: 'look', account, at: last }, { do: 'finalize', account, at: last })
  return commands.map((command, index) => ({ ...command, order: life.order + index }))
}

/** Anywhere from 2009 to 2033, with a liking for the ends of months, leap days, and nights in which clocks change. */
function inventStart(chance: Chance, { nights, months }: Profile, zone: string): number {
  const year = chance.between(2009, 2033)
  if (nights && chance.happens(50)) {
    // So that a later boundary falls into the hours that clocks skip or show twice.
    const shown = new Date(chance.pick(changesOfClocks(zone, year)))
    shown.setUTCMonth(shown.getUTCMonth() - 1 - chance.whole(months))
    return shown.getTime() - offsetAt(shown.getTime(), zone)
  }
  const month = chance.pick([0, 1, 2, 9, 10, chance.whole(12)])
  const isNight = nights || chance.happens(20)
  const day = isNight ? chance.between(1, 31) : chance.pick([1, 28, 29, 30, 31, chance.between(1, 31)])
  const hour = isNight ? chance.pick([1, 2, 2, 2, 0]) : chance.pick([0, 0, 23, chance.whole(24)])
  const minute = isNight ? chance.pick([30, 0, 59]) : chance.pick([0, 30, chance.whole(60)])
  const civil = Date.UTC(year, month, day, hour, minute, chance.pick([0, 0, chance.whole(60)]))
  // Civil hours of the zone, nearly always: what matters is that the nights in which clocks change are hit.
  const offset = offsetAt(civil, zone)
  return civil - offset + chance.pick([0, 0, 1, 500, 999])
}

function startPlan(life: Life, commands: StoryCommand[], at: number): void {
  // The last version is of another unit: chosen first by few, and then it is the account's own for ever.
  const { account, chance, profile, plans } = life
  const plan = chance.whole(plans - (chance.happens(10) ? 0 : 1))
  life.plan = plan
  commands.push({ do: 'change', account, at, plan, pinnedAt: null })
  if (profile.declines && chance.happens(30)) {
    commands.push({ do: 'settle', account, at: at + 300, paid: false })
    commands.push({ do: 'change', account, at: at + 700, plan, pinnedAt: null })
  }
  commands.push({ do: 'settle', account, at: at + chance.pick([0, 0, 1, 800, 1500]), paid: true })
}

/** An instant of the month, or one at which billing breaks. */
function aim(chance: Chance, { aims }: Profile, start: number, end: number): number {
  if (aims && chance.happens(35)) {
    const edge = chance.pick([start, end, end, start + DAY, end - 1000])
    return edge + chance.pick([-1000, -1, 0, 0, 1, 999, 1000])
  }
  return start + chance.whole(Math.max(1, end - start))
}

type Month = { start: number; end: number; at: () => number }

function inventMonth(life: Life, keys: StoryUse[], { start, end, at }: Month): StoryCommand[] {
  const { account, chance, profile } = life
  const commands: StoryCommand[] = []
  const wanted = profile.usesAMonth === 0 ? 0 : chance.whole(2 * profile.usesAMonth + 1)
  for (let count = 0; count < wanted; count++) commands.push(inventUse(life, keys, at()))
  if (profile.changes && chance.happens(60)) commands.push(...inventChange(life, at(), end))
  if (profile.changes && chance.happens(30)) commands.push(...inventChange(life, at(), end))
  if (profile.promotions && chance.happens(60)) commands.push(inventGrant(life, at(), start, end))
  if (profile.changes && chance.happens(12)) commands.push(...inventClimb(life, at(), end))
  if (profile.changes && chance.happens(5)) {
    const { plan, plans } = life
    const asked = {
      do: 'change',
      account,
      plan: Math.min(plan + 1, plans - 1),
      pinnedAt: start - 1000,
    } as const
    commands.push({ ...asked, at: start + chance.whole(MINUTE) })
  }
  if (profile.promotions && chance.happens(25)) commands.push(inventGrant(life, at(), start, end))
  if (profile.promotions && chance.happens(10)) {
    const first = inventGrant(life, at(), start, end)
    commands.push(first, { ...first, key: `${first.key} twin` })
  }
  if (chance.happens(60)) commands.push({ do: 'finalize', account, at: at() })
  if (chance.happens(profile.unpaid ? 30 : 70))
    commands.push({ do: 'pay', account, at: at(), paid: chance.happens(80) })
  if (chance.happens(20)) commands.push({ do: 'look', account, at: at() })
  if (chance.happens(3)) commands.push({ do: 'resume', account, at: at() })
  return commands
}

function inventChange(life: Life, at: number, end: number): StoryCommand[] {
  const { account, chance, profile, plans } = life
  const plan = chance.happens(50) ? Math.min(life.plan + 1, plans - 1) : chance.whole(plans)
  life.plan = plan
  // What a preview pinned some time ago, in this period or before it.
  const pinned = chance.happens(25) ? at - chance.pick([1000, 5 * MINUTE, 15 * MINUTE]) : null
  const pinnedAt = pinned === null ? null : pinned - (pinned % 1000)
  const asked: StoryCommand = { do: 'change', account, at, plan, pinnedAt }
  const paid = !(profile.declines && chance.happens(30))
  const toEnd = Math.max(0, end - at)
  const waits = profile.waits ? [0, 1, 5000, 30 * MINUTE, 20 * 60 * MINUTE, toEnd, toEnd + DAY] : [0, 1, 700]
  return [asked, { do: 'settle', account, at: at + chance.pick(waits), paid }]
}

/** Up twice within minutes, and then a use from before: it is priced by the version that was in force. */
function inventClimb(life: Life, at: number, end: number): StoryCommand[] {
  const { account, chance, profile, plans } = life
  if (at + 3 * MINUTE >= end) return []
  const steps = [0, 1].flatMap((step): StoryCommand[] => {
    life.plan = Math.min(life.plan + 1, plans - 2)
    const asked: StoryCommand = {
      do: 'change',
      account,
      at: at + step * MINUTE,
      plan: life.plan,
      pinnedAt: null,
    }
    return [asked, { do: 'settle', account, at: asked.at + 1, paid: true }]
  })
  const use = usageAt(life, chance, at + 2 * MINUTE)
  const before = { ...use.uses[0]!, occurredAt: profile.late ? at - 1 : null, pinned: null }
  return [...steps, { ...use, uses: [before] }]
}

function inventGrant(
  { account, chance }: Life,
  at: number,
  start: number,
  end: number,
): StoryCommand & { do: 'grant' } {
  const startsAt = chance.pick([at, at, start, at + 3 * DAY, end])
  const ends = [startsAt + 1, startsAt + DAY, startsAt + 20 * DAY, startsAt + 50 * DAY]
  if (end > startsAt) ends.push(end, end, end - 1 > startsAt ? end - 1 : end)
  const grant = {
    source: chance.pick(['promotion', 'promotion', 'adjustment'] as const),
    credits: formatMicros(BigInt(1 + chance.whole(chance.pick([3, 1_000_000, 60_000_000])))),
    priority: chance.pick([0, 50, 50, 50, 100, chance.whole(101)]),
    startsAt,
    expiresAt: chance.happens(20) ? null : Math.max(startsAt + 1, chance.pick(ends)),
  }
  return { do: 'grant', account, at, key: `grant ${account} ${chance.whole(40)}`, grant }
}

function inventUse(life: Life, keys: StoryUse[], at: number): StoryCommand {
  const { chance, profile } = life
  if (profile.repeats && keys.length > 0 && chance.happens(30)) {
    return { do: 'use', at, uses: [{ ...chance.pick(keys) }] }
  }
  if (profile.conflicts && keys.length > 0 && chance.happens(6)) {
    const earlier = chance.pick(keys)
    const other = chance.pick([
      { quantity: earlier.quantity + 1 },
      { operation: 'label' },
      { occurredAt: at },
    ])
    return { do: 'use', at, uses: [{ ...earlier, ...other }] }
  }
  const command = usageAt(life, chance, at)
  keys.push(...command.uses)
  return command
}

function usageAt(
  { account, profile, plans }: Life,
  chance: Chance,
  at: number,
): StoryCommand & { do: 'use' } {
  const isLate = profile.late && chance.happens(25)
  const agos = [-6 * MINUTE, -4 * MINUTE, 0, 1, DAY, 12 * DAY, 33 * DAY, 70 * DAY, 400 * DAY]
  const ago = chance.pick([...agos, chance.whole(20 * DAY), chance.whole(9 * DAY)])
  const huge = chance.pick([1, 1_000_000, 1_000_000_000, Number.MAX_SAFE_INTEGER])
  const most = profile.extreme ? huge : chance.pick([1, 1, 3, 10, 40, 300])
  const isBad = profile.bad && chance.happens(10)
  const use: StoryUse = {
    account,
    // Customers count their uses as they like: the same key comes up in two accounts.
    key: chance.happens(10) ? `use ${chance.whole(300)}` : `${account} ${chance.whole(2 ** 31)}`,
    operation: isBad && chance.happens(40) ? 'unknown' : chance.pick([...OPERATIONS, 'crop', 'crop', 'crop']),
    quantity: isBad ? chance.pick([0, -1, 1.5, 2 ** 53]) : 1 + chance.whole(most),
    occurredAt: isLate ? at - ago : null,
    pinned: profile.pins && !isLate && chance.happens(25) ? chance.whole(plans) : null,
  }
  return { do: 'use', at, uses: [use] }
}

/** Neighbouring uses travel together: of one account, or of several. */
function joinBatches(drafts: readonly Draft[], { batches }: Profile, chance: Chance): StoryCommand[] {
  const commands: StoryCommand[] = []
  for (const { order: _, ...command } of drafts) {
    const before = commands.at(-1)
    if (batches && command.do === 'use' && before?.do === 'use' && chance.happens(40)) {
      before.uses.push(...command.uses)
      before.at = command.at
      // A key that is repeated within its own batch.
      if (chance.happens(10)) before.uses.push({ ...chance.pick(before.uses) })
    } else commands.push(command)
  }
  return commands
}

/** Whoever gets no answer asks again, at once or after a while. */
function crash(commands: StoryCommand[], { crashes }: Profile, chance: Chance): StoryCommand[] {
  if (!crashes) return commands
  return commands.flatMap((command) => {
    if (!chance.happens(8)) return [command]
    const lost = chance.pick(['transaction', 'answer'] as const)
    return [
      { ...command, lost },
      { ...command, at: command.at + chance.pick([0, 0, 1, 2000]) },
    ]
  })
}

/** Clocks are set back now and then, by a second or an hour. */
function stepBack(commands: StoryCommand[], { stepsBack }: Profile, chance: Chance): StoryCommand[] {
  if (!stepsBack) return commands
  return commands.map((command) =>
    chance.happens(5) ? { ...command, at: command.at - chance.pick([1, 1000, 60 * MINUTE]) } : command,
  )
}
