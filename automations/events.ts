/**
 * Tells this process what changed in the database, whoever changed it: one LISTEN, handed on to whoever follows a run and to
 * the claimers.
 *
 * Called by server.ts (opens it), http (streams of a run) and workers.ts; `tell` by every verb that changes a run.
 *
 * 1. An event is a hint to look, never the news itself: it may come twice, late or, while the connection was down, not at all.
 *    After such a gap everybody is told to look.
 * 2. An event leaves with its transaction: what was rolled back was never told.
 */
import type { Database, Transaction } from '../database/connect.ts'

/**
 * progress: items of the run ended or were queued again. cancelled: those working on it should stop. work: there is something
 * to claim.
 */
export type EventKind = 'progress' | 'cancelled' | 'work'

export type EventHub = {
  /** Calls back after every change to the run, until the returned function is called. */
  followRun(runId: string, look: () => void): () => void
  /** Calls back when there may be something to claim. */
  onWork(look: () => void): () => void
  /** Calls back when items may have been cancelled. */
  onCancelled(look: () => void): () => void
  close(): void
}

const CHANNEL = 'drawdown_events'

/** Sends an event with the transaction's commit. */
export async function tell(tx: Transaction, kind: EventKind, runId: string): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [CHANNEL, `${kind} ${runId}`])
}

/** Answers once it listens. */
export async function openEventHub(db: Database): Promise<EventHub> {
  const followers = new Map<string, Set<() => void>>()
  const workLookers = new Set<() => void>()
  const cancelLookers = new Set<() => void>()
  const all = (looks: Iterable<() => void>) => {
    for (const look of [...looks]) look()
  }

  const leave = await db.listen(
    CHANNEL,
    (payload) => {
      const [kind, runId = ''] = payload.split(' ')
      if (kind === 'work') all(workLookers)
      if (kind === 'cancelled') all(cancelLookers)
      if (kind !== 'work') all(followers.get(runId) ?? [])
    },
    () => {
      all(workLookers)
      all(cancelLookers)
      for (const looks of followers.values()) all(looks)
    },
  )

  const join = (looks: Set<() => void>, look: () => void) => {
    looks.add(look)
    return () => void looks.delete(look)
  }
  return {
    followRun(runId, look) {
      const looks = followers.get(runId) ?? new Set()
      followers.set(runId, looks.add(look))
      return () => {
        looks.delete(look)
        if (looks.size === 0 && followers.get(runId) === looks) followers.delete(runId)
      }
    },
    onWork: (look) => join(workLookers, look),
    onCancelled: (look) => join(cancelLookers, look),
    close: leave,
  }
}
