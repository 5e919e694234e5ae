/**
 * Quotes a run before it is started: what it costs at most, and which prices it binds (rules R13, R17).
 *
 * Called by http. The arithmetic is billing's quoteRun, the very rule that books; here it is told what the account has paid for
 * already and what its purse holds.
 *
 * 1. The cost is a maximum: work that was paid for before counts nothing, and what fails later costs nothing.
 * 2. The quote binds the plan version's unit prices until it expires; the split into credits and overage is at today's balance.
 * 3. Nothing slow happens in a transaction: content keys are worked out between two.
 */

import { createHash } from 'node:crypto'
import { formatAmount } from '../billing/format-amount.ts'
import type { Micros } from '../billing/micros.ts'
import { type QuotedOperation, type QuoteRefused, quoteRun, type RunQuote } from '../billing/quote-run.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import type { CheckedStep } from '../images/catalogue.ts'
import { type CataloguePlan, readOperationNames } from '../ledger/catalogue.ts'
import { type BillingState, readBilling } from '../ledger/read-billing.ts'
import { automationNotFound, checkedStepsOf, readAutomation } from './automations.ts'
import type { ModelState } from './model-state.ts'
import { readPaidContents } from './paid-contents.ts'
import { type PhotoCrops, readCrops } from './photo-crops.ts'
import { contentKeysOf, groupUnpaid, type UnpaidGroup } from './unpaid-work.ts'

export type RunQuoted = {
  id: string
  automationId: string
  images: number
  /** Credits. */
  cost: Micros
  fromCredits: Micros
  uncovered: Micros
  /** Currency. */
  overage: Micros
  /** Credits. */
  balance: Micros
  balanceAfter: Micros
  operations: (QuotedOperation & { name: string })[]
  /** Images whose whole priced work was paid for before. */
  alreadyPaidImages: number
  plan: CataloguePlan
  expiresAt: Date
  /** "40 photos: $28.00 from credits, $0.00 overage, $22.00 left after." */
  summary: string
}

export type RunRefused = {
  ok: false
  refusal:
    | 'no_subscription'
    | 'automation_not_found'
    | 'steps_outdated'
    | 'image_not_found'
    | 'operation_not_offered'
    | 'amount_overflow'
  detail: string
}

/** How long a quote binds the unit prices: long enough to think, upload and ask, short enough to forget. */
const QUOTE_VALID_MINUTES = 60

export type QuoteRequest = {
  automationId: string
  /** The images themselves, or how many there will be. */
  images: readonly string[] | number
  /** In place of those of the automation. */
  steps?: CheckedStep[]
}

export async function createQuote(
  rooms: { db: Database; models: ModelState },
  accountId: string,
  request: QuoteRequest,
): Promise<{ ok: true; quote: RunQuoted } | RunRefused> {
  const { images } = request
  const count = typeof images === 'number' ? images : images.length
  const read = await rooms.db.asTenant(accountId, (tx) => readWork(tx, accountId, request))
  if (!read.ok) return read
  const { steps, hashes, crops } = read
  const work = { steps, crops, modelHash: rooms.models.current()?.hash }
  const contentKeys = hashes && (await contentKeysOf(hashes, work))

  return rooms.db.asTenant(accountId, async (tx) => {
    // Before the account is locked: a hundred thousand images take seconds to look up.
    const paid = contentKeys && (await readPaidContents(tx, accountId, contentKeys.flat()))
    const state = await readBilling(tx, accountId)
    const plan = state?.plan
    if (!state || !plan) return noSubscription()
    const priced = pricedOperations(plan, steps)
    const groups =
      contentKeys && paid
        ? groupUnpaid({ steps, contentKeys, priced, paid })
        : [{ operations: steps.map(({ operation }) => operation), images: count }]
    const { balance } = state
    const total = quoteGroups(groups, plan, state)
    if (!total.ok) return quoteRefused(total, plan)

    const names = await readOperationNames(tx)
    const alreadyPaid = groups.filter(({ operations }) => !operations.some((each) => priced.has(each)))
    const quote: Omit<RunQuoted, 'id' | 'expiresAt' | 'summary'> = {
      automationId: request.automationId,
      images: count,
      cost: total.cost,
      fromCredits: total.fromCredits,
      uncovered: total.uncovered,
      overage: total.overage,
      balance,
      balanceAfter: total.balanceAfter,
      operations: total.operations.map((each) => ({
        ...each,
        name: names.get(each.operation) ?? each.operation,
      })),
      alreadyPaidImages: priced.size > 0 ? alreadyPaid.reduce((sum, group) => sum + group.images, 0) : 0,
      plan,
    }
    const digest = typeof images === 'number' ? null : imageDigest(images)
    const asked = { steps, digest, pinnedAt: state.now }
    return {
      ok: true,
      quote: await storeQuote(tx, accountId, { ...quote, summary: summaryOf(quote) }, asked),
    }
  })
}

/** Of which images a quote or a run is; their order does not matter. */
export function imageDigest(imageIds: readonly string[]): string {
  return createHash('sha256').update(imageIds.toSorted().join()).digest('hex')
}

/** The content hashes of images in the order given, or which of them this account does not have. */
export async function readImageHashes(
  tx: Transaction,
  accountId: string,
  imageIds: readonly string[],
): Promise<{ ok: true; hashes: string[] } | RunRefused> {
  const rows = await tx.query<{ imageId: string; sha256: string }>(
    `select image_id as "imageId", sha256 from images
     where account_id = $1 and image_id in (select unnest($2::uuid[])) and removed_at is null`,
    [accountId, imageIds],
  )
  const known = new Map(rows.map(({ imageId, sha256 }) => [imageId, sha256]))
  const missing = imageIds.filter((id) => !known.has(id)).length
  if (missing > 0) {
    const detail = `${missing} of the ${imageIds.length} images are not in this account. Upload them first.`
    return { ok: false, refusal: 'image_not_found', detail }
  }
  return { ok: true, hashes: imageIds.map((id) => known.get(id)!) }
}

export function noSubscription(): RunRefused {
  const detail = 'This account has no plan. Start one on the billing page, then run this.'
  return { ok: false, refusal: 'no_subscription', detail }
}

/** The steps of an automation as a run would take them today. */
export async function readSteps(
  tx: Transaction,
  accountId: string,
  automationId: string,
): Promise<{ ok: true; steps: CheckedStep[]; name: string } | RunRefused> {
  const automation = await readAutomation(tx, accountId, automationId)
  if (!automation) return automationNotFound()
  const checked = checkedStepsOf(automation)
  if (checked.ok) return { ok: true, steps: checked.steps, name: automation.name }
  const detail = `Step ${checked.step + 1} of “${automation.name}” no longer works as it is. ${checked.detail}`
  return { ok: false, refusal: 'steps_outdated', detail }
}

type WorkRead = { ok: true; steps: CheckedStep[]; hashes: string[] | null; crops: PhotoCrops }

async function readWork(
  tx: Transaction,
  accountId: string,
  { automationId, images, steps: given }: QuoteRequest,
): Promise<WorkRead | RunRefused> {
  const read = given ? { ok: true as const, steps: given } : await readSteps(tx, accountId, automationId)
  if (!read.ok) return read
  const { steps } = read
  if (typeof images === 'number') return { ok: true, steps, hashes: null, crops: new Map() }
  const found = await readImageHashes(tx, accountId, images)
  if (!found.ok) return found
  const { hashes } = found
  return { ok: true, steps, hashes, crops: await readCrops(tx, accountId, { steps, hashes }) }
}

function pricedOperations(plan: CataloguePlan, steps: readonly CheckedStep[]): Set<string> {
  const operations = steps.map(({ operation }) => operation)
  return new Set(operations.filter((operation) => plan.prices.get(operation)?.unitPrice !== 0n))
}

type Total = Omit<RunQuote, 'images'>

/** Each group is quoted from what the one before has left in the purse. */
function quoteGroups(
  groups: readonly UnpaidGroup[],
  plan: CataloguePlan,
  { purse }: BillingState,
): Total | QuoteRefused {
  const operations = new Map<string, QuotedOperation>()
  const total: Total = {
    ok: true,
    cost: 0n,
    fromCredits: 0n,
    uncovered: 0n,
    overage: 0n,
    balanceAfter: purse.balance,
    operations: [],
  }
  for (const group of groups) {
    const quoted = quoteRun({ perImage: group.operations, images: group.images, prices: plan.prices, purse })
    if (!quoted.ok) return quoted
    addTo(total, quoted)
    total.balanceAfter = quoted.balanceAfter
    for (const each of quoted.operations) {
      const known = operations.get(each.operation)
      if (!known) operations.set(each.operation, { ...each })
      else {
        addTo(known, each)
        known.quantity += each.quantity
      }
    }
  }
  return { ...total, operations: [...operations.values()] }
}

function addTo(
  sum: { cost: Micros; fromCredits: Micros; uncovered: Micros; overage: Micros },
  more: { cost: Micros; fromCredits: Micros; uncovered: Micros; overage: Micros },
): void {
  sum.cost += more.cost
  sum.fromCredits += more.fromCredits
  sum.uncovered += more.uncovered
  sum.overage += more.overage
}

function quoteRefused({ refusal, operation }: QuoteRefused, plan: CataloguePlan): RunRefused {
  if (refusal !== 'operation_not_offered') {
    return { ok: false, refusal: 'amount_overflow', detail: 'So many images at once cannot be quoted.' }
  }
  return { ok: false, refusal, detail: `Your plan ${plan.name} does not offer “${operation}”.` }
}

function summaryOf(
  quote: Pick<RunQuoted, 'images' | 'fromCredits' | 'overage' | 'balanceAfter' | 'plan'>,
): string {
  const { currency, creditUnit } = quote.plan
  const photos = quote.images === 1 ? '1 photo' : `${quote.images.toLocaleString('en')} photos`
  const credits = formatAmount(quote.fromCredits, creditUnit)
  const overage = formatAmount(quote.overage, currency)
  const left = formatAmount(quote.balanceAfter, creditUnit)
  return `${photos}: ${credits} from credits, ${overage} overage, ${left} left after.`
}

async function storeQuote(
  tx: Transaction,
  accountId: string,
  quote: Omit<RunQuoted, 'id' | 'expiresAt'>,
  { steps, digest, pinnedAt }: { steps: readonly CheckedStep[]; digest: string | null; pinnedAt: Date },
): Promise<RunQuoted> {
  const id = newId()
  const { plan, ...answer } = quote
  // A number in json would lose digits of an amount: texts.
  const text = JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
  const rows = await tx.query<{ expiresAt: Date }>(
    `insert into quotes (account_id, quote_id, automation_id, steps, image_count, image_digest, plan_version_id, pinned_at,
       answer, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 minute')
     returning expires_at as "expiresAt"`,
    [
      accountId,
      id,
      quote.automationId,
      JSON.stringify(steps),
      quote.images,
      digest,
      plan.id,
      pinnedAt,
      text,
      QUOTE_VALID_MINUTES,
    ],
  )
  return { ...quote, id, expiresAt: rows[0]!.expiresAt }
}
