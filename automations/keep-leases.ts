/**
 * The heartbeat of a process: extends the leases of all items it is working on, and finds out which it no longer holds.
 *
 * Called by workers.ts about once a second, and at once when something was cancelled.
 *
 * 1. One statement a beat, however many items; on a cluster one an account.
 * 2. A row that somebody is changing at this moment is passed over, not waited for: it counts as held until the next beat.
 */
import { byNode, onItsNode } from '../database/cluster.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { LEASE_MS } from './claim-item.ts'

export type HeldItem = { accountId: string; itemId: string; lease: number }

/** The ids of those items that are still held. The others were cancelled or taken over: stop working on them. */
export async function keepLeases(
  db: Database,
  items: readonly HeldItem[],
  leaseMs = LEASE_MS,
): Promise<Set<string>> {
  if (items.length === 0) return new Set()
  const kept = await db.asService((tx) =>
    byNode(tx, items, {
      accountOf: ({ accountId }) => accountId,
      work: (some) => extend(tx, some, leaseMs),
    }),
  )
  return new Set(kept.flat().map(({ itemId }) => itemId))
}

function extend(tx: Transaction, items: readonly HeldItem[], leaseMs: number): Promise<{ itemId: string }[]> {
  const here = onItsNode(tx, 'i.account_id')
  return tx.query<{ itemId: string }>(
    `with held as (
       select i.account_id, i.item_id
       from unnest($1::uuid[], $2::uuid[], $3::integer[]) as mine (account_id, item_id, lease)
       join run_items i on i.account_id = mine.account_id and i.item_id = mine.item_id
         and i.lease = mine.lease and i.status = 'working' ${here}),
     free as (
       select i.account_id, i.item_id
       from run_items i join held using (account_id, item_id)
       where i.status = 'working' ${here}
       for update of i skip locked),
     extended as (
       update run_items i set lease_expires_at = clock_timestamp() + $4 * interval '1 millisecond'
       from free where i.account_id = free.account_id and i.item_id = free.item_id ${here})
     select item_id as "itemId" from held`,
    [
      items.map(({ accountId }) => accountId),
      items.map(({ itemId }) => itemId),
      items.map(({ lease }) => lease),
      leaseMs,
    ],
  )
}
