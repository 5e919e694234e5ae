/**
 * Lets single uses of many callers share a transaction (group commit): while one commits, those that come wait together, and are
 * booked by the next.
 *
 * Called by record-usage.ts, which has made sure that each caller books for its own account.
 *
 *   bookShared ─▶ waiting ──a lane is free──▶ booking ──committed──▶ each caller's own answer
 *                                               ╰──failed──▶ each once more, alone
 *
 * Invariants:
 *   1. Nobody waits for company: with a free lane a use is booked at once.
 *   2. Callers share a transaction and nothing else. A refusal is its caller's own; a fault that one use causes (an amount that no
 *      longer fits its column) is its caller's own as well, because all are then booked alone.
 *   3. A caller is answered after the commit. Where its outcome is unknown or the database is gone, all of its callers learn that,
 *      and may send the same keys again.
 *   4. Uses of one account are booked in the order in which they came; an account is in one lane at a time, so that no lane waits
 *      for another. Other processes are kept apart by the accounts' locks.
 */
import { type Database, OutcomeUnknown } from '../database/connect.ts'
import { bookUsage, type UsageRequest, type UsageResult } from './book-usage.ts'

type Waiting = {
  request: UsageRequest
  resolve: (result: UsageResult) => void
  reject: (fault: unknown) => void
}

/** While one lane waits for the disk, the other computes. */
const LANES = 2
/** Beyond this the callers of a transaction wait longer for each other than for their turn. */
const MOST_TOGETHER = 500

class SharedTransactions {
  private waiting: Waiting[] = []
  private lanes = 0
  private readonly booking = new Set<string>()
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  add(waiting: Waiting): void {
    this.waiting.push(waiting)
    this.fillLanes()
  }

  private fillLanes(): void {
    while (this.lanes < LANES) {
      const taken = this.take()
      if (taken.length === 0) return
      void this.run(taken)
    }
  }

  /** Those whose accounts are in no lane, in the order in which they came. */
  private take(): Waiting[] {
    const taken: Waiting[] = []
    const left: Waiting[] = []
    for (const one of this.waiting) {
      const free = taken.length < MOST_TOGETHER && !this.booking.has(one.request.accountId)
      if (free) taken.push(one)
      else left.push(one)
    }
    this.waiting = left
    return taken
  }

  private async run(callers: readonly Waiting[]): Promise<void> {
    const accountIds = new Set(callers.map(({ request }) => request.accountId))
    this.lanes++
    for (const id of accountIds) this.booking.add(id)
    try {
      await book(this.db, callers)
    } finally {
      this.lanes--
      for (const id of accountIds) this.booking.delete(id)
      this.fillLanes()
    }
  }
}

/** Books the callers' uses in one transaction and answers each. Never throws: a fault is its callers'. */
async function book(db: Database, callers: readonly Waiting[]): Promise<void> {
  try {
    const requests = callers.map(({ request }) => request)
    const results = await db.asService((tx) => bookUsage(tx, requests, 'apart'))
    for (const [index, { resolve }] of callers.entries()) resolve(results[index]!)
  } catch (fault) {
    if (callers.length === 1 || !isOfOneUse(fault)) {
      for (const { reject } of callers) reject(fault)
    } else {
      for (const caller of callers) await book(db, [caller])
    }
  }
}

/** Whether a value was refused, here or by Postgres (classes 22 and 23): all else concerns every caller alike. */
function isOfOneUse(fault: unknown): boolean {
  if (fault instanceof OutcomeUnknown) return false
  return (
    fault instanceof RangeError || /^2[23]/.test(String((fault as { code?: unknown } | null)?.code ?? ''))
  )
}

const shared = new WeakMap<Database, SharedTransactions>()

/** Books one use with those of other callers that come at the same time; answers its own result once it is committed. */
export function bookShared(db: Database, request: UsageRequest): Promise<UsageResult> {
  let transactions = shared.get(db)
  if (!transactions) {
    transactions = new SharedTransactions(db)
    shared.set(db, transactions)
  }
  const queue = transactions
  return new Promise((resolve, reject) => queue.add({ request, resolve, reject }))
}
