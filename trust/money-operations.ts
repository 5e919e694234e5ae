/**
 * The operations that move credits or money, each as one transaction on a prepared account, and how the account is prepared.
 *
 * Called by interleavings.ts, which lets pairs of them meet. What they answer holds no id, so that two runs can be compared.
 */

import type { PlanDraft } from '../billing/plan.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { bookUsage } from '../ledger/book-usage.ts'
import { cancelAtBoundary, cancelNow, changePlan, resumePlan } from '../ledger/change-plan.ts'
import { collectDue } from '../ledger/collect-due.ts'
import { settlePayment } from '../ledger/collect-payments.ts'
import { finalizeDrafts } from '../ledger/finalize-invoices.ts'
import { grantCredits, voidCredits } from '../ledger/grant-credits.ts'
import { readBilling } from '../ledger/read-billing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
export const OPENED_AT = Date.UTC(2026, 0, 31, 12)
/** 28 February and 31 March, at noon: the ends of the first two periods. */
const FIRST_BOUNDARY = Date.UTC(2026, 1, 28, 12)
const SECOND_BOUNDARY = Date.UTC(2026, 2, 31, 12)

/** When a pair meets: in the middle of a period, at its very end, and after three boundaries that nobody has seen. */
export const MOMENTS = [FIRST_BOUNDARY + 10 * DAY, SECOND_BOUNDARY, SECOND_BOUNDARY + 70 * DAY] as const
/** What the account is in the middle of. */
export const STATES = ['nothing', 'awaiting', 'downgrading', 'cancelling'] as const
export type State = (typeof STATES)[number]

const terms = { currency: 'USD', creditUnit: 'USD' }
const prices = (crop: string) => [
  { operation: 'crop', unitPrice: crop },
  { operation: 'odd', unitPrice: '0.333333', overageUnitPrice: '0.1' },
]
export const PLANS: PlanDraft[] = [
  { ...terms, code: 'meet_low', name: 'Low', listPrice: '10', credits: '10', prices: prices('0.2') },
  { ...terms, code: 'meet_middle', name: 'Middle', listPrice: '20', credits: '20', prices: prices('0.2') },
  { ...terms, code: 'meet_high', name: 'High', listPrice: '50', credits: '60', prices: prices('0.15') },
]

/** An account as it was prepared. */
export type Prepared = { accountId: string; promotionId: string; awaited: string | null }

/** Sets the clock of the transaction that is under way. */
async function moveTo(tx: Transaction, at: number): Promise<void> {
  await tx.query(`select set_config('story.now', $1, true)`, [new Date(at).toISOString()])
}

/**
 * The middle plan since January, a month closed and its invoice open, overage accrued, a promotion half drawn that expires with
 * the second period. In one transaction, whose clock is moved along.
 */
export async function prepare(tx: Transaction, accountId: string, state: State): Promise<Prepared> {
  const started = await change(tx, accountId, 'meet_middle')
  await settlePayment(tx, accountId, started!, PAID)
  await moveTo(tx, OPENED_AT + DAY)
  await use(tx, accountId, 'early', 130)
  await moveTo(tx, FIRST_BOUNDARY)
  await finalizeDrafts(tx, accountId, () => 500_000n)
  await moveTo(tx, FIRST_BOUNDARY + DAY)
  const promoted = await grant(tx, accountId, 'promotion', new Date(SECOND_BOUNDARY))
  if (!promoted.ok) throw new Error(promoted.detail)
  await use(tx, accountId, 'first', 115)
  let awaited: string | null = null
  if (state === 'awaiting') awaited = await change(tx, accountId, 'meet_high')
  if (state === 'downgrading') await change(tx, accountId, 'meet_low')
  if (state === 'cancelling') await cancelAtBoundary(tx, accountId)
  return { accountId, promotionId: promoted.grant.id, awaited }
}

const PAID = { status: 'succeeded' as const, reference: 'paid' }
const DECLINED = {
  status: 'failed' as const,
  reference: 'declined',
  code: 'card_declined',
  message: 'Declined.',
}

type MoneyOperation = (tx: Transaction, prepared: Prepared) => Promise<string>

export const OPERATIONS: Readonly<Record<string, MoneyOperation>> = {
  'a use': (tx, { accountId }) => use(tx, accountId, 'new', 40),
  'the same use': (tx, { accountId }) => use(tx, accountId, 'first', 115),
  'another body under its key': (tx, { accountId }) => use(tx, accountId, 'first', 116),
  'an upgrade': async (tx, { accountId }) => ((await change(tx, accountId, 'meet_high')) ? 'awaits' : 'no'),
  'a downgrade': async (tx, { accountId }) => ((await change(tx, accountId, 'meet_low')) ? 'awaits' : 'no'),
  'a cancellation': async (tx, { accountId }) => refusalOf(await cancelAtBoundary(tx, accountId)),
  'a cancellation at once': async (tx, { accountId }) => refusalOf(await cancelNow(tx, accountId)),
  'a resumption': async (tx, { accountId }) => refusalOf(await resumePlan(tx, accountId)),
  'a promotion': async (tx, { accountId }) => refusalOf(await grant(tx, accountId, 'promotion', null)),
  'a purchase': async (tx, { accountId }) => refusalOf(await grant(tx, accountId, 'purchase', null)),
  'credits taken back': async (tx, { accountId, promotionId: grantId }) =>
    refusalOf(await voidCredits(tx, { accountId, grantId, reason: 'a mistake' })),
  'invoices finalized': async (tx, { accountId }) => `${await finalizeDrafts(tx, accountId, () => 500_000n)}`,
  'a collection started': async (tx, { accountId }) =>
    (
      await collectDue(tx, [accountId], {
        name: 'story',
        chargeStep: () => 1n,
        minimumCharge: () => 500_000n,
      })
    )
      .map(({ amount }) => amount)
      .join(),
  'the awaited payment': async (tx, { accountId, awaited }) =>
    awaited ? `${await settlePayment(tx, accountId, awaited, PAID)}` : 'none',
  'the awaited payment declined': async (tx, { accountId, awaited }) =>
    awaited ? `${await settlePayment(tx, accountId, awaited, DECLINED)}` : 'none',
  'a look at the balance': async (tx, { accountId }) => {
    const state = (await readBilling(tx, accountId))!
    return `${state.balance} ${state.overage}`
  },
}

async function use(tx: Transaction, accountId: string, key: string, quantity: number): Promise<string> {
  const request = { accountId, source: 'api' as const, key, operation: 'crop', quantity }
  const [result] = await bookUsage(tx, [request])
  if (!result!.ok) return result!.refusal
  const { cost, fromCredits, overage, balanceAfter } = result!.record
  return [result!.replayed, cost, fromCredits, overage, balanceAfter].join(' ')
}

/** The payment that a change waits for, or null where it waits for none. */
async function change(tx: Transaction, accountId: string, planCode: string): Promise<string | null> {
  const provider = { name: 'story', minimumCharge: () => 0n, chargeStep: () => 1n }
  const changed = await changePlan(tx, { accountId, planCode, previewId: null, provider })
  return changed.ok && 'attempt' in changed ? changed.attempt.paymentId : null
}

function grant(tx: Transaction, accountId: string, source: 'promotion' | 'purchase', expiresAt: Date | null) {
  return grantCredits(tx, {
    accountId,
    source,
    credits: 7_000_000n,
    consideration: source === 'purchase' ? 6_000_000n : 0n,
    priority: 50,
    startsAt: null,
    expiresAt,
    reason: 'to meet others',
    units: null,
    key: expiresAt === null ? source : newId(),
  })
}

function refusalOf(result: { ok: true } | { ok: false; refusal: string }): string {
  return result.ok ? 'ok' : result.refusal
}
