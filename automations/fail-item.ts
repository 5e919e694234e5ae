/**
 * Ends a claimed item that did not succeed, or gives it back to be tried again.
 *
 * Called by work on an item when images/ says no, and by claimers that stop.
 *
 * Neither costs anything (rule R16).
 */
import type { Database } from '../database/connect.ts'
import type { ClaimedItem } from './claim-item.ts'
import { endItem, type ItemOutput, LeaseLost } from './end-item.ts'
import { lockAccount } from './lock-account.ts'
import { wakeClaimers } from './wake-claimers.ts'

type Claim = Pick<ClaimedItem, 'accountId' | 'runId' | 'itemId' | 'lease'>

const NO_COST = { cost: 0n, drawn: 0n, overage: 0n }
const NO_OUTPUT = { output: null, contentKeys: null }

/** The reason is shown to the person who sent the photo. False when the claim no longer holds. */
export function failItem(
  db: Database,
  item: Claim,
  failure: { code: string; message: string },
): Promise<boolean> {
  return end(db, item, { status: 'failed', failure, ...NO_OUTPUT })
}

/** The output waits uncharged for a person's word (decide-held-item.ts). False when the claim no longer holds. */
export function holdItem(
  db: Database,
  item: Claim,
  held: { output: ItemOutput; contentKeys: string[]; reason: string; message: string },
): Promise<boolean> {
  const failure = { code: held.reason, message: held.message }
  const { output, contentKeys } = held
  return end(db, item, { status: 'held', failure, output, contentKeys })
}

/** The account no longer has a plan that could pay for it (rule R22). False when the claim no longer holds. */
export function dropItem(db: Database, item: Claim): Promise<boolean> {
  return end(db, item, { status: 'cancelled', failure: null, ...NO_OUTPUT })
}

/**
 * Puts the item back into the queue at its place; `interrupted` counts it as an attempt that went wrong. Does nothing when the
 * claim no longer holds.
 */
export async function releaseItem(
  db: Database,
  item: Claim,
  { interrupted }: { interrupted: boolean },
): Promise<void> {
  await db.asTenant(item.accountId, async (tx) => {
    const released = await tx.query(
      `update run_items
       set status = 'queued', lease_expires_at = null, interrupted = interrupted + $4
       where account_id = $1 and item_id = $2 and lease = $3 and status = 'working' returning 1`,
      [item.accountId, item.itemId, item.lease, interrupted ? 1 : 0],
    )
    if (released.length > 0) await wakeClaimers(tx, item.accountId, item.runId)
  })
}

async function end(
  db: Database,
  item: Claim,
  outcome: {
    status: 'failed' | 'held' | 'cancelled'
    failure: { code: string; message: string } | null
    output: ItemOutput | null
    contentKeys: string[] | null
  },
): Promise<boolean> {
  try {
    await db.asTenant(item.accountId, async (tx) => {
      await lockAccount(tx, item.accountId)
      await endItem(tx, item, { ...outcome, ...NO_COST })
    })
    return true
  } catch (fault) {
    if (fault instanceof LeaseLost) return false
    throw fault
  }
}
