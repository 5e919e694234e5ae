/**
 * A person's word on a held item: accepted it is paid for and handed out, discarded it costs nothing and is gone.
 *
 * Called by http.
 *
 *      held ──acceptHeldItem──▶ succeeded      charged at the prices of its run, in the same transaction (rules R16, R17)
 *        ╰────discardHeldItem──▶ cancelled      free; its output is forgotten
 *
 * 1. The account is locked before the item is read: of two people who decide at once the second sees what the first did.
 * 2. The same word again changes nothing and answers as the first did. The other word is refused.
 * 3. When the books refuse the charge, the item stays held.
 */
import type { Database, Transaction } from '../database/connect.ts'
import type { CheckedStep } from '../images/catalogue.ts'
import type { UsageRefusal } from '../ledger/book-usage.ts'
import { ChargeRefused, chargeItem, type ItemCharge } from './charge-item.ts'
import type { ItemOutput } from './end-item.ts'
import { tell } from './events.ts'
import { lockAccount } from './lock-account.ts'

export type Decided =
  | { ok: true }
  | { ok: false; refusal: 'item_not_found' | 'item_not_held'; detail: string }

export type Accepted = Decided | { ok: false; refusal: UsageRefusal; detail: string }

type Word = 'succeeded' | 'cancelled'

type HeldItem = {
  accountId: string
  runId: string
  itemId: string
  status: string
  /** Null when the item was never held. */
  contentKeys: string[] | null
  steps: CheckedStep[]
  planVersionId: string
  pinnedAt: Date
}

type HeldOutput = Omit<ItemOutput, 'bytes'> & { bytes: bigint }

const NOTHING: ItemCharge = { cost: 0n, drawn: 0n, overage: 0n }

/** Refuses `item_not_found`, `item_not_held`, and what the books refuse, `no_subscription` for one. */
export async function acceptHeldItem(db: Database, accountId: string, itemId: string): Promise<Accepted> {
  try {
    return await db.asTenant(accountId, async (tx) => {
      const item = await lockItem(tx, accountId, itemId)
      if (item?.status !== 'held') return answerFor(item, 'succeeded')
      const work = { output: await readOutput(tx, item), contentKeys: item.contentKeys! }
      await chargeItem(tx, item, work, (charge) => decide(tx, item, 'succeeded', charge))
      return { ok: true }
    })
  } catch (fault) {
    if (fault instanceof ChargeRefused) return { ok: false, refusal: fault.code, detail: fault.message }
    throw fault
  }
}

/** Refuses `item_not_found` and `item_not_held`. */
export function discardHeldItem(db: Database, accountId: string, itemId: string): Promise<Decided> {
  return db.asTenant(accountId, async (tx) => {
    const item = await lockItem(tx, accountId, itemId)
    if (item?.status !== 'held') return answerFor(item, 'cancelled')
    await decide(tx, item, 'cancelled', NOTHING)
    return { ok: true }
  })
}

async function lockItem(tx: Transaction, accountId: string, itemId: string): Promise<HeldItem | undefined> {
  await lockAccount(tx, accountId)
  const rows = await tx.query<HeldItem>(
    `select i.account_id as "accountId", i.run_id as "runId", i.item_id as "itemId", i.status,
       i.content_keys as "contentKeys", r.steps, r.plan_version_id as "planVersionId", r.pinned_at as "pinnedAt"
     from run_items i join runs r using (account_id, run_id) where i.account_id = $1 and i.item_id = $2`,
    [accountId, itemId],
  )
  return rows[0]
}

/** For an item that is not held, or not any more. */
function answerFor(item: HeldItem | undefined, word: Word): Decided {
  if (!item) return { ok: false, refusal: 'item_not_found', detail: 'There is no such item.' }
  if (item.contentKeys !== null && item.status === word) return { ok: true }
  return { ok: false, refusal: 'item_not_held', detail: whyNotHeld(item) }
}

function whyNotHeld({ contentKeys, status }: HeldItem): string {
  if (contentKeys === null) return `It is ${status}; only what is held waits for a decision.`
  return status === 'succeeded'
    ? 'It was accepted and paid for already.'
    : 'It was discarded already. Run the photo again if you want it after all.'
}

async function readOutput(tx: Transaction, { accountId, itemId }: HeldItem): Promise<ItemOutput> {
  const rows = await tx.query<HeldOutput>(
    `select output_sha256 as "sha256", output_bytes as "bytes", output_format as "format", output_width as "width",
       output_height as "height", preview_sha256 as "previewSha256", report
     from run_items where account_id = $1 and item_id = $2`,
    [accountId, itemId],
  )
  return { ...rows[0]!, bytes: Number(rows[0]!.bytes) }
}

/** The item's row, the counters of its run, and the event that tells of it. What the run ended as stays. */
async function decide(tx: Transaction, item: HeldItem, word: Word, charge: ItemCharge): Promise<void> {
  const { accountId, runId, itemId } = item
  // Without its start it no longer counts for the pace of the run: it waited for a person, not for a machine.
  await tx.query(
    `update run_items i
     set status = $4, finished_at = clock_timestamp(), started_at = null, revision = r.revision + 1,
       failure = $5, failure_message = $6, cost_micros = $7, drawn_micros = $8, overage_micros = $9
     from runs r
     where i.account_id = $1 and i.item_id = $3 and r.account_id = $1 and r.run_id = $2`,
    [
      accountId,
      runId,
      itemId,
      word,
      ...(word === 'succeeded' ? [null, null] : ['discarded', 'It was held for a look, and discarded.']),
      charge.cost,
      charge.drawn,
      charge.overage,
    ],
  )
  if (word === 'cancelled') await forgetOutput(tx, item)
  await tx.query(
    `update runs
     set revision = revision + 1, held = held - 1, ${word} = ${word} + 1, cost_micros = cost_micros + $3,
       drawn_micros = drawn_micros + $4, overage_micros = overage_micros + $5
     where account_id = $1 and run_id = $2`,
    [accountId, runId, charge.cost, charge.drawn, charge.overage],
  )
  await tell(tx, 'progress', runId)
}

async function forgetOutput(tx: Transaction, { accountId, itemId }: HeldItem): Promise<void> {
  await tx.query(
    `update run_items
     set output_sha256 = null, output_bytes = null, output_format = null, output_width = null, output_height = null,
       preview_sha256 = null, report = null
     where account_id = $1 and item_id = $2`,
    [accountId, itemId],
  )
}
