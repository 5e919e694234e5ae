/**
 * Ends an item: its row, the counters of its run, and the event that tells of it, in the caller's transaction.
 *
 * Called by finish-item.ts and fail-item.ts.
 *
 * 1. Only the claim that holds the item ends it: the fencing number stands in the `where`. Otherwise LeaseLost is thrown, which
 *    rolls back everything the caller did beside it, charges included.
 * 2. The run is finished by the transaction that ends its last item.
 *
 * The caller has locked the account.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { ClaimedItem } from './claim-item.ts'
import { tell } from './events.ts'
import { tellItemHeld, tellRunFinished } from './tell-run.ts'
import { wakeClaimers } from './wake-claimers.ts'

/** The item was cancelled or taken over meanwhile. Expected: the work is dropped and costs nothing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export type ItemOutput = {
  sha256: string
  bytes: number
  format: string
  width: number
  height: number
  previewSha256: string
  /** One a step: what it found out, how long it took. */
  report: Record<string, unknown>[]
}

export type ItemEnd = {
  status: 'succeeded' | 'failed' | 'held' | 'cancelled'
  failure: { code: string; message: string } | null
  output: ItemOutput | null
  /** Of a held item: what accepting it pays for, one a step. */
  contentKeys: string[] | null
  /** Credits. */
  cost: Micros
  /** Credits. */
  drawn: Micros
  /** Currency. */
  overage: Micros
}

/** Throws LeaseLost when this claim no longer holds the item. */
export async function endItem(
  tx: Transaction,
  item: Pick<ClaimedItem, 'accountId' | 'runId' | 'itemId' | 'lease'>,
  end: ItemEnd,
): Promise<void> {
  const { output } = end
  const ended = await tx.query<{ budgeted: boolean }>(
    `update run_items i
     set status = $5, lease_expires_at = null, finished_at = clock_timestamp(), revision = r.revision + 1,
       failure = $6, failure_message = $7, output_sha256 = $8, output_bytes = $9, output_format = $10,
       output_width = $11, output_height = $12, preview_sha256 = $13, report = $14, cost_micros = $15,
       drawn_micros = $16, overage_micros = $17, content_keys = $18
     from runs r
     where i.account_id = $1 and i.item_id = $3 and i.lease = $4 and i.status = 'working'
       and r.account_id = $1 and r.run_id = $2 and i.run_id = r.run_id
     returning i.budgeted`,
    [
      item.accountId,
      item.runId,
      item.itemId,
      item.lease,
      end.status,
      end.failure?.code ?? null,
      end.failure?.message ?? null,
      output?.sha256 ?? null,
      output?.bytes ?? null,
      output?.format ?? null,
      output?.width ?? null,
      output?.height ?? null,
      output?.previewSha256 ?? null,
      output ? JSON.stringify(output.report) : null,
      end.cost,
      end.drawn,
      end.overage,
      end.contentKeys,
    ],
  )
  if (!ended[0]) throw new LeaseLost(`item ${item.itemId} is no longer held under lease ${item.lease}`)
  const [run] = await tx.query<{ finished: boolean }>(
    `update runs
     set revision = revision + 1, ${end.status} = ${end.status} + 1, cost_micros = cost_micros + $3,
       drawn_micros = drawn_micros + $4, overage_micros = overage_micros + $5,
       status = case when ${LAST_ITEM} then 'finished' else status end,
       finished_at = case when ${LAST_ITEM} then clock_timestamp() else finished_at end
     where account_id = $1 and run_id = $2 returning status = 'finished' as finished`,
    [item.accountId, item.runId, end.cost, end.drawn, end.overage],
  )
  await tell(tx, 'progress', item.runId)
  if (end.status === 'held') await tellItemHeld(tx, item, end.failure!)
  if (run!.finished) await tellRunFinished(tx, item)
  // What it could have cost at most is free for others of its account.
  if (ended[0].budgeted) await wakeClaimers(tx, item.accountId, item.runId)
}

const LAST_ITEM = `status in ('running', 'paused_by_budget') and succeeded + failed + held + cancelled + 1 = item_count`
