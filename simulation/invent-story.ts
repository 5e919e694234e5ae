/**
 * Makes a story from a seed: first a profile that says which features are on and how wild it gets (swarm testing), then a life for
 * each account, month by month, with everything aimed at the instants where billing breaks.
 *
 * Called by simulate.ts. Knows the rules only as far as it must to aim: where boundaries will probably lie.
 */

import { anchorAt, periodOf } from '../billing/period.ts'
import type { PlanDraft } from '../billing/plan.ts'
import { type Chance, chanceOf } from './chance.ts'
import { changesOfClocks, offsetAt } from './clock-changes.ts'
import { crash, joinBatches, stepBack } from './disturb-story.ts'
import {
  inventCollection,
  inventGrant,
  inventInterim,
  inventNote,
  inventPurchase,
  inventTax,
  inventVoid,
} from './invent-money.ts'
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
  'purchases',
  'voids',
  'taxes',
  'notes',
  'trials',
  'versions',
  'interims',
  'refunds',
] as const

type Feature = (typeof FEATURES)[number]
export type Profile = Record<Feature, boolean> & { months: number; usesAMonth: number; accounts: number }

export type Draft = StoryCommand & { order: number }

export function inventStory(seed: number): Story {
  const chance = chanceOf(seed)
  const profile = inventProfile(chance.split('profile'))
  const plans = inventPlans(chance.split('plans'), {
    isExtreme: profile.extreme,
    hasTrial: profile.trials,
    hasLater: profile.versions,
  })
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
        trial: plans.findIndex(({ trial }) => trial),
        trialDays: plans.find(({ trial }) => trial)?.trial?.days ?? 0,
        first: plans.findIndex(({ code }, index) => plans.findLastIndex((one) => one.code === code) > index),
        granted: [],
        plan: 0,
        order: drafts.length,
      }),
    )
  }
  if (profile.versions) drafts.push(...inventNotices({ plans, zones }, drafts, chance.split('versions')))
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

/** A later version of a plan comes on offer in the middle of everything. */
function inventNotices(
  { plans, zones }: { plans: readonly PlanDraft[]; zones: readonly string[] },
  drafts: readonly Draft[],
  chance: Chance,
): Draft[] {
  const [first, last] = [drafts[0]!.at, Math.max(...drafts.map(({ at }) => at))]
  return plans.flatMap(({ code }, plan): Draft[] => {
    const isLater = plans.findIndex((one) => one.code === code) < plan
    if (!isLater) return []
    const noticeDays = chance.pick([0, 1, 14, 30, 30, 90, 365])
    const starts = drafts.filter((one) => one.do === 'change')
    const own = starts.filter((one) => plans[one.plan]!.code === code)
    const start = chance.pick(own.length > 0 ? own : starts)
    const anchor = anchorAt(new Date(start.at - (start.at % 1000)), zones[start.account]!)
    const boundary = periodOf(anchor, 1 + chance.whole(12)).start.getTime()
    // Often so that the notice is over at the boundary at which somebody renews, or a moment beside it.
    const ending = boundary - noticeDays * DAY + chance.pick([0, 0, -1000, 1000, -1])
    const at = chance.happens(50) ? ending : first + chance.whole(Math.max(1, last - first))
    return [{ do: 'publish', at, plan, noticeDays, order: -1 }]
  })
}

export type Life = {
  account: number
  zone: string
  chance: Chance
  profile: Profile
  /** How many versions there are. */
  plans: number
  /** The version that is a trial, and one that another version follows; −1: none. */
  trial: number
  first: number
  /** How long it lasts. */
  trialDays: number
  /** Keys of grants so far, and when something is probably left of each. */
  granted: { key: string; from: number; until: number }[]
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
  if (profile.purchases && chance.happens(40)) {
    commands.push(inventPurchase(life, startedAt - MINUTE, startedAt, startedAt + 30 * DAY))
  }
  if (profile.interims && chance.happens(20)) commands.push(inventInterim(life, startedAt - MINUTE))
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
  const isTrial = life.trial >= 0 && chance.happens(70)
  const any = chance.whole(plans - (chance.happens(10) ? 0 : 1))
  const isFollowed = profile.versions && life.first >= 0 && chance.happens(50)
  const plan = isTrial ? life.trial : isFollowed ? life.first : any
  life.plan = isTrial ? 0 : plan
  commands.push({ do: 'change', account, at, plan, pinnedAt: null })
  if (isTrial && profile.waits && chance.happens(30)) {
    // Somebody decides in the last minute of a trial, and their bank in the next day.
    const end = at - (at % 1000) + life.trialDays * DAY
    commands.push({ do: 'change', account, at: end - MINUTE, plan: chance.whole(plans - 2), pinnedAt: null })
    commands.push({ do: 'settle', account, at: end + chance.pick([-1, 0, 1, 1000, DAY]), paid: true })
  } else if (isTrial && profile.cancels && chance.happens(25))
    commands.push({ do: 'cancel', account, at: at + DAY / 2 })
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
  if (profile.purchases && chance.happens(40)) commands.push(inventPurchase(life, at(), start, end))
  if (profile.voids && chance.happens(40)) commands.push(...inventVoid(life, at()))
  if (profile.taxes && chance.happens(15)) commands.push(inventTax(life, at()))
  if (profile.interims && chance.happens(25)) commands.push(inventInterim(life, at()))
  if (profile.notes && keys.length > 0 && chance.happens(45)) commands.push(...inventNote(life, keys, at()))
  if (profile.interims && keys.length > 0 && chance.happens(15))
    commands.push(...inventNote(life, keys, at()))
  if (chance.happens(60)) commands.push({ do: 'finalize', account, at: at() })
  commands.push(...inventCollection(life, at))
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
