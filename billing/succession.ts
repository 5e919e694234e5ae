/**
 * Which plan version follows at a boundary where the customer has chosen nothing else (rules R22 and R25).
 *
 * Called at boundaries, for the next invoice, and to tell subscribers beforehand.
 *
 * Invariants:
 *   1. A subscriber stays on the version they have until a boundary after a newer one's notice has run out.
 *   2. What follows a trial is what its plan said when the trial began.
 */
import type { Trial } from './plan.ts'

const DAY_MS = 86_400_000

/** A version as far as it matters who gets it when. */
export type PublishedVersion<Plan> = {
  plan: Plan
  publishedAt: Date
  /** How long subscribers of earlier versions are told before; null: they stay on theirs. */
  noticeDays: number | null
}

type Versioned = { code: string; version: number; trial: Trial | null }

/** The version in force from `boundary` on for who has `current`. `published` is all that is known, in any order. */
export function versionAt<Plan extends Versioned>(
  current: Plan,
  published: readonly PublishedVersion<Plan>[],
  boundary: Date,
): Plan {
  let follows = current
  for (const { plan, publishedAt, noticeDays } of published) {
    if (plan.code !== current.code || plan.version <= follows.version || noticeDays === null) continue
    if (publishedAt.getTime() + noticeDays * DAY_MS <= boundary.getTime()) follows = plan
  }
  return follows
}

/** What follows a trial that began at `startedAt`: its successor as it was then, or else as it was first published. */
export function successorOf<Plan extends Versioned>(
  trial: Trial,
  published: readonly PublishedVersion<Plan>[],
  startedAt: Date,
): Plan | undefined {
  const versions = published
    .filter(({ plan }) => plan.code === trial.successor)
    .sort((a, b) => a.plan.version - b.plan.version)
  const then = versions.findLast(({ publishedAt }) => publishedAt <= startedAt)
  return (then ?? versions[0])?.plan
}
