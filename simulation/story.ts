/**
 * A story: a catalogue, a few accounts and everything that is done to them, as plain data. One seed makes one story; a story can
 * be cut shorter, stored as a file, and told to the books in memory, to the books in Postgres and to the oracle alike.
 *
 * Invariants:
 *   1. A story says what is asked and when, never what comes of it.
 *   2. Commands stand in the order in which they reach the books. Their clock readings may step back: clocks do.
 */
import { micros } from '../billing/micros.ts'
import { type PlanDraft, publishPlan } from '../billing/plan.ts'
import type { TaxTreatment } from '../billing/tax.ts'
import type { CataloguePlan } from '../ledger/catalogue.ts'
import type { OraclePlan } from './oracle-account.ts'

export type StoryUse = {
  account: number
  key: string
  operation: string
  quantity: number
  /** Milliseconds; null: not said. */
  occurredAt: number | null
  /** Index of the version that its run was accepted under. */
  pinned: number | null
}

export type StoryGrant = {
  source: 'promotion' | 'adjustment' | 'purchase'
  /** Decimal string of credits. */
  credits: string
  /** Decimal string of money: what a purchase costs. */
  price: string
  priority: number
  startsAt: number
  expiresAt: number | null
}

export type DisputeOutcome = 'open' | 'won' | 'lost'

/**
 * `at` is what the clock shows when the command reaches the books. `lost`: a crash before the commit, so that nothing has
 * happened, or after it, so that nobody knows the answer. Either way the command comes again.
 */
export type StoryCommand = { at: number; lost?: 'transaction' | 'answer' } & (
  | { do: 'use'; uses: StoryUse[] }
  /** To a version of the story's plans; `pinnedAt` is the second that an earlier preview has fixed. */
  | { do: 'change'; account: number; plan: number; pinnedAt: number | null }
  | { do: 'settle' | 'pay'; account: number; paid: boolean }
  /** The oldest invoice that asks for money is given up; the oldest that asks for some or was given up is paid past the provider. */
  | { do: 'give_up' | 'pay_by_hand'; account: number }
  /** Of the card payment of the last invoice that has one. Decimal string, null: all of it that can be; `paid`: whether the bank takes it. */
  | {
      do: 'refund'
      account: number
      source: 'customer_credit' | 'invoice'
      amount: string | null
      paid: boolean
    }
  /** The same payment is disputed for so much, or its dispute, if there is one, is decided. Decimal string. */
  | { do: 'dispute'; account: number; amount: string; outcome: DisputeOutcome }
  | { do: 'cancel' | 'cancel_now' | 'resume' | 'look' | 'finalize'; account: number }
  | { do: 'grant'; account: number; key: string; grant: StoryGrant }
  | { do: 'void'; account: number; key: string }
  /** Takes the uses of these keys back. */
  | { do: 'credit'; account: number; keys: readonly string[] }
  /** Overage on no invoice at which it is billed before the period ends; decimal string of money, null: never. */
  | { do: 'interim'; account: number; amount: string | null }
  /** Rates as decimal strings: 19 % is `0.19`. */
  | {
      do: 'tax'
      account: number
      treatment: TaxTreatment
      rates: { name: string; rate: string }[]
    }
  /** Puts a later version of a plan on offer. Versions for which no story says so are on offer from the beginning. */
  | { do: 'publish'; plan: number; noticeDays: number }
)

export type Story = {
  /** What made it, or a sentence on what it shows. */
  name: string
  /** Zone of each account. */
  zones: string[]
  /** Published versions. Those with the same code are versions of one plan, oldest first. */
  plans: PlanDraft[]
  /** Decimal string: what the payment provider takes at least. */
  minimum: string
  commands: StoryCommand[]
}

/** A version as the books know it and as the oracle does. */
export type StoryPlan = { booked: CataloguePlan; told: OraclePlan }

/** Of the currencies that stories use: said here again, so that the oracle does not take them from the rules. */
const DECIMALS: Readonly<Record<string, number>> = { USD: 2, EUR: 2, GBP: 2, JPY: 0, CLP: 0, KWD: 3 }

/** The versions of a story. Throws when the story holds a draft that may not be published. */
export function publishAll(story: Story): StoryPlan[] {
  return story.plans.map((draft, index) => {
    const published = publishPlan(draft)
    if (!published.ok) throw new Error(`${story.name}: plan ${index}: ${published.refusal}`)
    const version = story.plans.slice(0, index).filter(({ code }) => code === draft.code).length + 1
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    const booked = { ...published.terms, id, planId: draft.code, version }
    const told: OraclePlan = {
      id,
      plan: draft.code,
      version,
      currency: draft.currency,
      decimals: DECIMALS[draft.currency]!,
      creditUnit: draft.creditUnit,
      creditPrice: micros(draft.creditPrice ?? '1'),
      listPrice: micros(draft.listPrice),
      discount: micros(draft.discount ?? '0'),
      credits: micros(draft.credits),
      rollover: toldRollover(draft),
      trial: draft.trial ?? null,
      prices: draft.prices.map(({ operation, unitPrice, overageUnitPrice }) => ({
        operation,
        unitPrice: micros(unitPrice),
        overageUnitPrice: overageUnitPrice === undefined ? null : micros(overageUnitPrice),
      })),
    }
    return { booked, told }
  })
}

function toldRollover({ rollover }: PlanDraft): OraclePlan['rollover'] {
  if (!rollover) return null
  return { periods: rollover.periods, cap: rollover.cap === undefined ? null : micros(rollover.cap) }
}

/** The versions that are on offer from the beginning. */
export function offeredFirst(story: Story): number[] {
  const later = new Set(story.commands.flatMap((command) => (command.do === 'publish' ? [command.plan] : [])))
  return story.plans.map((_, index) => index).filter((index) => !later.has(index))
}
