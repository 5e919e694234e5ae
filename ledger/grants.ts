/**
 * Grants come into being and end: the two events of a grant's life other than being drawn.
 *
 * Called by roll-books.ts at boundaries and by the verbs that grant credits or take them back.
 *
 * Invariants:
 *   1. A grant is issued once for its natural key, whichever path issues it (unique in the database).
 *   2. What a grant held at its end is expired exactly once, and what was deferred for it becomes breakage (R30).
 */
import { uuidv7 } from 'uuidv7'
import { assert } from '../billing/assert.ts'
import { grantExpired, grantIssued, grantVoided } from '../billing/entries.ts'
import { type GrantDraft, refuseGrant } from '../billing/grant.ts'
import { type BookedGrant, type Books, post, unitsOf } from './books.ts'

/** Plan credits are drawn in the middle of the scale, so that a promotion can be put before or after them. */
export const PLAN_PRIORITY = 50

/** Issues a grant at `at`. Throws if the draft breaks a rule: whoever takes one from outside checks it first. */
export function issueGrant(
  books: Books,
  draft: GrantDraft & { naturalKey: string; reason?: string | null },
  at: Date,
): BookedGrant {
  assert(refuseGrant(draft) === null, 'a grant is checked before it is issued')
  const grant: BookedGrant = {
    id: uuidv7(),
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
  endGrant(books, grant, at)
}

/** Ends a grant at `at` because the operator takes the rest back; what was still deferred becomes customer credit. */
export function voidGrant(books: Books, grant: BookedGrant, at: Date): void {
  assert(grant.endedAt === null, 'a grant ends once')
  post(books, {
    cause: 'grant_voided',
    causeId: grant.id,
    bookedAt: at,
    entries: grantVoided(unitsOf(books), {
      id: grant.id,
      credits: grant.remaining,
      deferred: grant.consideration - grant.recognised,
    }),
  })
  endGrant(books, grant, at)
}

/** Nothing is left, and nothing is deferred for it any more. */
function endGrant(books: Books, grant: BookedGrant, at: Date): void {
  grant.remaining = 0n
  grant.recognised = grant.consideration
  grant.endedAt = at
  if (!books.changes.newGrants.has(grant)) books.changes.changedGrants.add(grant)
}
