/**
 * Accepts a run: an automation over images, at prices that are pinned from now on.
 *
 * Called by http, in a transaction of the account.
 *
 * 1. The run keeps its own copy of the steps, with every default filled in, and the plan version whose prices it was accepted
 *    under: that of its quote, or the one in force (rule R17).
 * 2. Neither balance, overage nor debt is a reason to refuse (rule R2). Without a plan there are no prices: `no_subscription`.
 * 3. The run and its items exist from the same moment, and claimers are told with the same commit; a large run has its first
 *    items then, and gets the others from whoever calls unfoldRun next (unfold-run.ts).
 * 4. The same idempotency key with the same request answers the run that is there.
 */

import { createHash } from 'node:crypto'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type CheckedStep, needsModels } from '../images/catalogue.ts'
import { canonicalJson } from '../images/content-key.ts'
import { readPlanVersion } from '../ledger/catalogue.ts'
import { type Pin, pricingVersion } from '../ledger/pinned-version.ts'
import { type BillingState, readBilling } from '../ledger/read-billing.ts'
import { imageDigest, noSubscription, type RunRefused, readImageHashes, readSteps } from './create-quote.ts'
import { countCorrectedSince } from './photo-crops.ts'
import { beginItems } from './unfold-run.ts'
import { wakeClaimers } from './wake-claimers.ts'

export type RunRequest = {
  automationId: string
  /** In the order of the items. The same image twice is two items, of which the second costs nothing. */
  imageIds: readonly string[]
  /** In place of those of the automation. */
  steps?: CheckedStep[]
  quoteId?: string | undefined
  name?: string | undefined
  /** Where the end of the run is told as well. */
  callbackUrl?: string | undefined
  idempotencyKey?: string | null
  /** Who started it, to show: a user's id or a key's. */
  createdBy?: string | null
}

export type StartRefused =
  | RunRefused
  | {
      ok: false
      refusal: 'quote_not_found' | 'quote_expired' | 'quote_mismatch' | 'idempotency_conflict'
      detail: string
    }

/** Answers the run's id; `replayed` when the idempotency key was known. */
export async function startRun(
  tx: Transaction,
  accountId: string,
  request: RunRequest,
): Promise<{ ok: true; runId: string; replayed: boolean } | StartRefused> {
  // Read before the lock, since a hundred thousand images take a while; they do not go away.
  const work = request.steps
    ? { ok: true as const, steps: request.steps, name: '' }
    : await readSteps(tx, accountId, request.automationId)
  const images = work.ok ? await readImageHashes(tx, accountId, request.imageIds) : work
  // From here on under the account's lock: two requests with one key take turns.
  const state = await readBilling(tx, accountId)
  const digest = digestOf(request)
  const earlier = await readByKey(tx, accountId, request.idempotencyKey ?? null)
  if (earlier) return answerAgain(earlier, digest)
  if (!state?.subscription) return noSubscription()

  if (!work.ok) return work
  if (!images.ok) return images
  const pinned = await pinPlan(tx, accountId, { state, request, steps: work.steps, hashes: images.hashes })
  if (!pinned.ok) return pinned
  const missing = work.steps.find(({ operation }) => !pinned.plan.prices.has(operation))
  if (missing) {
    const detail = `Your plan ${pinned.plan.name} does not offer “${missing.operation}”.`
    return { ok: false, refusal: 'operation_not_offered', detail }
  }

  const run = {
    id: newId(),
    ...request,
    steps: work.steps,
    planVersionId: pinned.plan.id,
    pinnedAt: pinned.at,
    digest,
  }
  await insertRun(tx, accountId, { ...run, name: request.name ?? work.name })
  await beginItems(tx, { accountId, runId: run.id }, request.imageIds)
  await wakeClaimers(tx, accountId, run.id)
  return { ok: true, runId: run.id, replayed: false }
}

function digestOf({ automationId, imageIds, quoteId, name, callbackUrl, steps }: RunRequest): string {
  // One without a callback has the digest that it had before there were any.
  const callback = callbackUrl === undefined ? [] : [callbackUrl]
  const own = steps === undefined ? [] : [canonicalJson(steps)]
  return createHash('sha256')
    .update(JSON.stringify([automationId, imageIds, quoteId, name, ...callback, ...own]))
    .digest('hex')
}

type EarlierRun = { runId: string; digest: string | null }

async function readByKey(
  tx: Transaction,
  accountId: string,
  key: string | null,
): Promise<EarlierRun | undefined> {
  if (key === null) return undefined
  const rows = await tx.query<EarlierRun>(
    `select run_id as "runId", request_digest as "digest" from runs where account_id = $1 and idempotency_key = $2`,
    [accountId, key],
  )
  return rows[0]
}

function answerAgain(earlier: EarlierRun, digest: string) {
  if (earlier.digest === digest) return { ok: true as const, runId: earlier.runId, replayed: true }
  const detail = 'This Idempotency-Key started another run. Use a key of its own for each run.'
  return { ok: false as const, refusal: 'idempotency_conflict' as const, detail }
}

/** The plan version of the quote if there is one and it still speaks of this run, else the one in force. */
async function pinPlan(
  tx: Transaction,
  accountId: string,
  run: { state: BillingState; request: RunRequest; steps: readonly CheckedStep[]; hashes: readonly string[] },
): Promise<({ ok: true } & Pin) | StartRefused> {
  const { state, request, steps, hashes } = run
  const inForce = state.subscription!
  if (request.quoteId === undefined) return { ok: true, plan: inForce.plan, at: state.now }
  const quote = await readQuote(tx, accountId, request.quoteId)
  if (!quote) {
    return { ok: false, refusal: 'quote_not_found', detail: 'There is no such quote in this account.' }
  }
  if (quote.expired) {
    const detail = `The quote was good until ${quote.expiresAt.toISOString()}. Ask for a new one.`
    return { ok: false, refusal: 'quote_expired', detail }
  }
  const plan = await readPlanVersion(tx, quote.planVersionId)
  const pin: Pin = { plan, at: quote.pinnedAt }
  const mismatch =
    mismatchOf(quote, request, steps) ??
    (pricingVersion(inForce, pin).id === plan.id ? null : 'the plan has changed since') ??
    (await correctedSince(tx, accountId, { quote, steps, hashes }))
  if (mismatch === null) return { ok: true, ...pin }
  const detail = `The quote is not for this run: ${mismatch}. Ask for a new one.`
  return { ok: false, refusal: 'quote_mismatch', detail }
}

/** A crop that was corrected is other work than what was quoted, and costs anew. */
async function correctedSince(
  tx: Transaction,
  accountId: string,
  { quote, steps, hashes }: { quote: QuoteRow; steps: readonly CheckedStep[]; hashes: readonly string[] },
): Promise<string | null> {
  if (quote.imageDigest === null) return null
  const count = await countCorrectedSince(tx, accountId, { steps, hashes, since: quote.createdAt })
  return count === 0 ? null : `the crop of ${count === 1 ? 'a photo' : `${count} photos`} was corrected since`
}

type QuoteRow = {
  automationId: string
  steps: CheckedStep[]
  imageCount: number
  imageDigest: string | null
  planVersionId: string
  pinnedAt: Date
  createdAt: Date
  expiresAt: Date
  expired: boolean
}

async function readQuote(tx: Transaction, accountId: string, quoteId: string): Promise<QuoteRow | undefined> {
  const rows = await tx.query<QuoteRow>(
    `select automation_id as "automationId", steps, image_count as "imageCount", image_digest as "imageDigest",
       plan_version_id as "planVersionId", pinned_at as "pinnedAt", created_at as "createdAt", expires_at as "expiresAt", expires_at <= now() as "expired"
     from quotes where account_id = $1 and quote_id = $2`,
    [accountId, quoteId],
  )
  return rows[0]
}

function mismatchOf(quote: QuoteRow, request: RunRequest, steps: readonly CheckedStep[]): string | null {
  if (quote.automationId !== request.automationId) return 'it is for another automation'
  if (canonicalJson(quote.steps) !== canonicalJson(steps))
    return 'the steps of the automation have changed since'
  if (request.imageIds.length > quote.imageCount) return `it is for ${quote.imageCount} images`
  if (quote.imageDigest !== null && quote.imageDigest !== imageDigest(request.imageIds)) {
    return 'it is for other images'
  }
  return null
}

async function insertRun(
  tx: Transaction,
  accountId: string,
  run: RunRequest & {
    id: string
    name: string
    steps: CheckedStep[]
    planVersionId: string
    pinnedAt: Date
    digest: string
  },
): Promise<void> {
  await tx.query(
    `insert into runs (account_id, run_id, automation_id, name, steps, needs_models, plan_version_id, pinned_at, quote_id,
       status, item_count, idempotency_key, request_digest, created_by, callback_url)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'running', $10, $11, $12, $13, $14)`,
    [
      accountId,
      run.id,
      run.automationId,
      run.name,
      JSON.stringify(run.steps),
      needsModels(run.steps),
      run.planVersionId,
      run.pinnedAt,
      run.quoteId ?? null,
      run.imageIds.length,
      run.idempotencyKey ?? null,
      run.digest,
      run.createdBy ?? null,
      run.callbackUrl ?? null,
    ],
  )
}
