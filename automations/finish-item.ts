/**
 * Makes an item succeed: charges, output and state in one transaction (rule R16).
 *
 * Called by work on an item, once its output is stored.
 *
 *      chargeItem: lock account, book ──▶ endItem ──▶ remember ──▶ commit
 *                         │ refused          │ lease lost
 *                         ╰─── rolled back ──╯ : nothing happened, nothing costs
 */
import type { Database, Transaction } from '../database/connect.ts'
import type { UsageRefusal } from '../ledger/book-usage.ts'
import { ChargeRefused, chargeItem } from './charge-item.ts'
import type { ClaimedItem } from './claim-item.ts'
import { endItem, type ItemOutput, LeaseLost } from './end-item.ts'

export type WorkedItem = {
  item: ClaimedItem
  output: ItemOutput
  /** The content key of each step: what was done to what, in full. */
  contentKeys: string[]
}

export type Finished =
  | { ok: true }
  | { ok: false; refusal: 'lease_lost' }
  /** The books refuse the charge, under the name `code`: the item cannot succeed. `detail` is for the person. */
  | { ok: false; refusal: 'charge_refused'; code: UsageRefusal; detail: string }

/** Throws OutcomeUnknown when the connection breaks at the commit: the lease then decides. */
export async function finishItem(db: Database, worked: WorkedItem): Promise<Finished> {
  try {
    await db.asTenant(worked.item.accountId, (tx) => finishIn(tx, worked), { keepsPlans: true })
    return { ok: true }
  } catch (fault) {
    if (fault instanceof LeaseLost) return { ok: false, refusal: 'lease_lost' }
    if (fault instanceof ChargeRefused) {
      return { ok: false, refusal: 'charge_refused', code: fault.code, detail: fault.message }
    }
    throw fault
  }
}

async function finishIn(tx: Transaction, { item, ...work }: WorkedItem): Promise<void> {
  await chargeItem(tx, item, work, (charge) =>
    endItem(tx, item, {
      status: 'succeeded',
      failure: null,
      output: work.output,
      contentKeys: null,
      ...charge,
    }),
  )
}
