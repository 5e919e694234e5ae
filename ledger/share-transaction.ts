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
 *   1. Nobody waits for company: with a free lane a use is booked at the next turn of the event loop, with those that came in this one. A
 *      lane takes its share of all callers and no more, so that the others find as many in the other lane.
 *   2. Callers share a transaction and nothing else. A refusal is its caller's own; a fault that one use causes (an amount that no
 *      longer fits its column) is its caller's own as well, because all are then booked alone.
 *   3. A caller is answered after the commit. Where its outcome is unknown or the database is gone, all of its callers learn that,
 *      and may send the same keys again.
 *   4. Uses of one account are booked in the order in which they came; an account is in one lane at a time, so that no lane waits
 *      for another. Other processes are kept apart by the accounts' locks.
 */
import type { Database } from '../database/connect.ts'
import type { UsageRequest, UsageResult } from './book-usage.ts'
import { bookHopefully, isOfValues } from './hope-for-new-keys.ts'

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
  /** Callers that are being booked. */
  private underWay = 0
  private isFilling = false
  private readonly booking = new Set<string>()
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  add(waiting: Waiting): void {
    this.waiting.push(waiting)
    this.fillSoon()
  }

  /**
   * Callers that were answered together come again together, one after another. Had the first of them a transaction to itself, the
   * others would find a lane that is taken, and what a transaction costs would be shared by a third of those who could.
   */
  private fillSoon(): void {
    if (this.isFilling) return
    this.isFilling = true
    setImmediate(() => {
      this.isFilling = false
      this.fillLanes()
    })
  }

  private fillLanes(): void {
    while (this.lanes < LANES) {
      const taken = this.take()
      if (taken.length === 0) return
      void this.run(taken)
    }
  }

  /** A lane's share of those whose accounts are in no lane, in the order in which they came; of an account all who wait. */
  private take(): Waiting[] {
    const taken: Waiting[] = []
    const left: Waiting[] = []
    const accountIds = new Set<string>()
    const share = Math.ceil((this.waiting.length + this.underWay) / LANES)
    for (const one of this.waiting) {
      const { accountId } = one.request
      const isFree = !this.booking.has(accountId) && (taken.length < share || accountIds.has(accountId))
      if (isFree && taken.length < MOST_TOGETHER) {
        taken.push(one)
        accountIds.add(accountId)
      } else left.push(one)
    }
    this.waiting = left
    return taken
  }

  private async run(callers: readonly Waiting[]): Promise<void> {
    const accountIds = new Set(callers.map(({ request }) => request.accountId))
    this.lanes++
    this.underWay += callers.length
    for (const id of accountIds) this.booking.add(id)
    try {
      await book(this.db, callers)
    } finally {
      this.lanes--
      this.underWay -= callers.length
      for (const id of accountIds) this.booking.delete(id)
      this.fillSoon()
    }
  }
}

/** Books the callers' uses in one transaction and answers each. Never throws: a fault is its callers'. */
async function book(db: Database, callers: readonly Waiting[]): Promise<void> {
  try {
    const requests = callers.map(({ request }) => request)
    const results = await bookHopefully(db, {
      requests,
      standing: 'apart',
      transact: (work) => db.asService(work, { keepsPlans: true }),
    })
    for (const [index, { resolve }] of callers.entries()) resolve(results[index]!)
  } catch (fault) {
    if (callers.length === 1 || !isOfValues(fault)) {
      for (const { reject } of callers) reject(fault)
    } else {
      for (const caller of callers) await book(db, [caller])
    }
  }
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
