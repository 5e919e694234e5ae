/**
 * Grants come into being and end: the two events of a grant's life other than being drawn.
 *
 * Called by roll-books.ts at boundaries and by the verbs that grant credits or take them back.
 *
 * Invariants:
 *   1. A grant is issued once for its natural key, whichever path issues it (unique in the database).
 *   2. What a grant held at its end is expired exactly once, and what was deferred for it becomes breakage (R30).
 */

import { assert } from '../billing/assert.ts'
import {
  creditsRevoked,
  grantExpired,
  grantIssued,
  grantRolledOver,
  grantVoided,
} from '../billing/entries.ts'
import { type GrantDraft, refuseGrant } from '../billing/grant.ts'
import type { Micros } from '../billing/micros.ts'
import type { Rollover } from '../billing/plan.ts'
import { recognisedToDate } from '../billing/recognise.ts'
import { deferredOfRolled, rollOver } from '../billing/rollover.ts'
import { newId } from '../database/new-id.ts'
import { type BookedGrant, type Books, isOfPlan, post, unitsOf } from './books.ts'
import { grantFacts, tellEvent } from './tell-event.ts'

/** Issues a grant at `at`. Throws if the draft breaks a rule: whoever takes one from outside checks it first. */
export function issueGrant(
  books: Books,
  draft: GrantDraft & { naturalKey: string; reason?: string | null },
  at: Date,
): BookedGrant {
  assert(refuseGrant(draft) === null, 'a grant is checked before it is issued')
  const grant: BookedGrant = {
    id: newId(),
    source: draft.source,
    granted: draft.credits,
    remaining: draft.credits,
    consideration: draft.consideration,
    recognised: 0n,
    rolled: 0,
    priority: draft.priority,
    startsAt: draft.startsAt,
    expiresAt: draft.expiresAt,
    naturalKey: draft.naturalKey,
    reason: draft.reason ?? null,
    createdAt: at,
    endedAt: null,
  }
  books.grants.push(grant)
  books.changes.newGrants.add(grant)
  post(books, {
    cause: 'grant_issued',
    causeId: grant.id,
    bookedAt: at,
    entries: grantIssued(unitsOf(books), { ...grant, credits: grant.granted }),
    grant,
  })
  if (!isOfPlan(grant)) {
    tellEvent(books, 'grant.created', { data: { ...grantFacts(books, grant), reason: grant.reason }, at })
  }
  return grant
}

/** Ends a grant at `at`; what it still holds expires. */
export function expireGrant(books: Books, grant: BookedGrant, at: Date): void {
  assert(grant.endedAt === null, 'a grant ends once')
  post(books, {
    cause: 'grant_expired',
    causeId: grant.id,
    bookedAt: at,
    entries: grantExpired(unitsOf(books), {
      id: grant.id,
      remaining: grant.remaining,
      breakage: grant.consideration - grant.recognised,
    }),
  })
  if (!isOfPlan(grant) && grant.remaining > 0n) {
    tellEvent(books, 'grant.expired', {
      data: { ...grantFacts(books, grant), credits_expired: grant.remaining },
      at,
    })
  }
  endGrant(books, grant, at)
}

/**
 * Ends what a plan granted at its boundary `at`: as much as the rollover allows lives on until `until`, the rest expires
 * (rule R6).
 */
export function rollGrantsOver(
  books: Books,
  ending: readonly BookedGrant[],
  { rollover, at, until }: { rollover: Rollover; at: Date; until: Date },
): void {
  const split = rollOver(ending, rollover)
  for (const [index, grant] of ending.entries()) {
    const { credits, expired } = split[index]!
    if (credits > 0n) rollGrant(books, grant, { credits, at, until })
    if (expired > 0n || credits === 0n) expireGrant(books, grant, at)
    else endGrant(books, grant, at)
  }
}

/** Moves credits of a grant, with what is deferred for them, into a grant that lives on. It stays as old as it was. */
function rollGrant(
  books: Books,
  from: BookedGrant,
  { credits, at, until }: { credits: Micros; at: Date; until: Date },
): void {
  const deferred = deferredOfRolled(from, credits)
  const grant: BookedGrant = {
    ...from,
    id: newId(),
    granted: credits,
    remaining: credits,
    consideration: deferred,
    recognised: 0n,
    rolled: from.rolled + 1,
    expiresAt: until,
    naturalKey: `rollover:${from.id}`,
    createdAt: at,
  }
  books.grants.push(grant)
  books.changes.newGrants.add(grant)
  post(books, {
    cause: 'grant_rolled_over',
    causeId: grant.id,
    bookedAt: at,
    entries: grantRolledOver(unitsOf(books), { fromId: from.id, toId: grant.id, credits, deferred }),
    grant,
  })
  from.remaining -= credits
  from.recognised += deferred
}

/** Ends a grant at `at` because the operator takes the rest back; what was still deferred becomes customer credit. */
export function voidGrant(books: Books, grant: BookedGrant, at: Date): void {
  assert(grant.endedAt === null, 'a grant ends once')
  const deferred = grant.consideration - grant.recognised
  books.customerCredit += deferred
  post(books, {
    cause: 'grant_voided',
    causeId: grant.id,
    bookedAt: at,
    entries: grantVoided(unitsOf(books), { id: grant.id, credits: grant.remaining, deferred }),
  })
  tellEvent(books, 'grant.voided', {
    data: { ...grantFacts(books, grant), credits_voided: grant.remaining },
    at,
  })
  endGrant(books, grant, at)
}

/** Ends a grant at `at` whose rest was refunded: the refund has posted what became of it. */
export function endRefundedGrant(books: Books, grant: BookedGrant, at: Date): void {
  assert(grant.endedAt === null, 'a grant ends once')
  tellVoided(books, grant, grant.remaining)
  endGrant(books, grant, at)
}

/** Takes credits back whose payment was lost; what was deferred for them is breakage. With none left, the grant has ended. */
export function revokeCredits(
  books: Books,
  grant: BookedGrant,
  { credits, causeId }: { credits: Micros; causeId: string },
): void {
  assert(credits > 0n && credits <= grant.remaining, 'no more is revoked than is left')
  const isAll = credits === grant.remaining
  const after = isAll
    ? grant.consideration
    : recognisedToDate(grant, grant.granted - grant.remaining + credits)
  post(books, {
    cause: 'credits_revoked',
    causeId,
    bookedAt: books.now,
    entries: creditsRevoked(unitsOf(books), { id: grant.id, credits, earned: after - grant.recognised }),
  })
  tellVoided(books, grant, credits)
  if (isAll) {
    endGrant(books, grant, books.now)
    return
  }
  grant.remaining -= credits
  grant.recognised = after
  if (!books.changes.newGrants.has(grant)) books.changes.changedGrants.add(grant)
}

function tellVoided(books: Books, grant: BookedGrant, credits: Micros): void {
  tellEvent(books, 'grant.voided', { data: { ...grantFacts(books, grant), credits_voided: credits } })
}

/** Nothing is left, and nothing is deferred for it any more. */
function endGrant(books: Books, grant: BookedGrant, at: Date): void {
  grant.remaining = 0n
  grant.recognised = grant.consideration
  grant.endedAt = at
  if (!books.changes.newGrants.has(grant)) books.changes.changedGrants.add(grant)
}
