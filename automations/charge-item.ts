/**
 * Makes an item succeed within a transaction: books its steps, has the caller end it, and remembers what was paid (rule R16).
 *
 * Called by finish-item.ts when work has ended, and by decide-held-item.ts when a person accepts what was held.
 *
 *      lock account ──▶ which steps were paid before ──▶ book the others ──▶ the caller ends the item ──▶ remember
 *                                                             │ ChargeRefused       │ LeaseLost
 *                                                             ╰── the transaction is rolled back: nothing costs
 *
 * 1. The key of a charge is `<run>/<item>/<step>` under source `run`: however often an item is done, each step is paid once
 *    (rule R15).
 * 2. A step whose content this account has paid for before is free, wherever it was served from; two items with the same
 *    content that finish at the same time pay once, because the account is locked before anything is read.
 * 3. Free operations are booked at 0, so that they are seen (rule R7); they never count as paid.
 * 4. The item is ended before anything is remembered, so that a claim that came too late is told so.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { type BookedUsage, bookUsage, type UsageRefusal, type UsageRequest } from '../ledger/book-usage.ts'
import type { ClaimedItem } from './claim-item.ts'
import type { ItemOutput } from './end-item.ts'
import { lockAccount } from './lock-account.ts'
import { readPaidContents } from './paid-contents.ts'

export type ChargedItem = Pick<
  ClaimedItem,
  'accountId' | 'runId' | 'itemId' | 'steps' | 'planVersionId' | 'pinnedAt'
>

export type ItemCharge = {
  /** Credits. */
  cost: Micros
  /** Credits. */
  drawn: Micros
  /** Currency. */
  overage: Micros
}

/** Carries a refused booking out of the transaction that it rolls back. */
export class ChargeRefused extends Error {
  override readonly name = 'ChargeRefused'
  readonly code: UsageRefusal

  constructor(code: UsageRefusal, detail: string) {
    super(detail)
    this.code = code
  }
}

/**
 * `end` ends the item at the cost it is given: its row, the counters of its run, the event. Throws ChargeRefused when the
 * books refuse a step.
 */
export async function chargeItem(
  tx: Transaction,
  item: ChargedItem,
  { output, contentKeys }: { output: ItemOutput; contentKeys: readonly string[] },
  end: (charge: ItemCharge) => Promise<void>,
): Promise<void> {
  await lockAccount(tx, item.accountId)
  const paid = await readPaidContents(tx, item.accountId, contentKeys)
  const charged = item.steps.map((_, step) => !paid.has(contentKeys[step]!))
  const records = await bookSteps(tx, item, charged)

  const booked = records.filter((record) => record !== null)
  await end({
    cost: booked.reduce((sum, { cost }) => sum + cost, 0n),
    drawn: booked.reduce((sum, { fromCredits }) => sum + fromCredits, 0n),
    overage: booked.reduce((sum, { overage }) => sum + overage, 0n),
  })
  await rememberSteps(tx, item, records)
  await rememberPaid(tx, item.accountId, contentKeys, records)
  await rememberResult(tx, item.accountId, contentKeys.at(-1)!, output)
}

/** One record a step, in order; null where the step was paid for before. */
async function bookSteps(
  tx: Transaction,
  item: ChargedItem,
  charged: readonly boolean[],
): Promise<(BookedUsage | null)[]> {
  const requests = item.steps.flatMap(({ operation }, step): UsageRequest[] =>
    charged[step]
      ? [
          {
            accountId: item.accountId,
            source: 'run',
            key: `${item.runId}/${item.itemId}/${step}`,
            operation,
            quantity: 1,
            pinnedPlanVersionId: item.planVersionId,
            pinnedAt: item.pinnedAt,
            runId: item.runId,
            itemId: item.itemId,
          },
        ]
      : [],
  )
  if (requests.length === 0) return charged.map(() => null)
  const results = (await bookUsage(tx, requests)).map((result) => {
    if (!result.ok) throw new ChargeRefused(result.refusal, result.detail)
    return result.record
  })
  return charged.map((isCharged) => (isCharged ? results.shift()! : null))
}

async function rememberSteps(
  tx: Transaction,
  item: ChargedItem,
  records: readonly (BookedUsage | null)[],
): Promise<void> {
  await tx.query(
    `insert into item_steps (account_id, item_id, step, operation, usage_record_id, already_paid, cost_micros,
       drawn_micros, overage_micros)
     select $1, $2, ordinality - 1, operation, usage_record_id, usage_record_id is null, cost, drawn, overage
     from unnest($3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[])
       with ordinality as given (operation, usage_record_id, cost, drawn, overage, ordinality)`,
    [
      item.accountId,
      item.itemId,
      item.steps.map(({ operation }) => operation),
      records.map((record) => record?.usageRecordId ?? null),
      records.map((record) => record?.cost ?? 0n),
      records.map((record) => record?.fromCredits ?? 0n),
      records.map((record) => record?.overage ?? 0n),
    ],
  )
}

async function rememberPaid(
  tx: Transaction,
  accountId: string,
  contentKeys: readonly string[],
  records: readonly (BookedUsage | null)[],
): Promise<void> {
  const paid = records.flatMap((record, step) =>
    record && record.cost > 0n ? [{ record, key: contentKeys[step]! }] : [],
  )
  if (paid.length === 0) return
  await tx.query(
    `insert into charged_contents (account_id, content_key, usage_record_id, booked_at)
     select $1, key, usage_record_id, booked_at
     from unnest($2::text[], $3::uuid[], $4::timestamptz[]) as given (key, usage_record_id, booked_at)`,
    [
      accountId,
      paid.map(({ key }) => key),
      paid.map(({ record }) => record.usageRecordId),
      paid.map(({ record }) => record.bookedAt),
    ],
  )
}

/** Found again by its key, the same work is never done twice. A result that was lost from the store and redone replaces it. */
async function rememberResult(
  tx: Transaction,
  accountId: string,
  contentKey: string,
  output: ItemOutput,
): Promise<void> {
  await tx.query(
    `insert into step_results (account_id, content_key, sha256, bytes, format, width, height, preview_sha256, report)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (account_id, content_key) do update
       set sha256 = excluded.sha256, bytes = excluded.bytes, format = excluded.format, width = excluded.width,
         height = excluded.height, preview_sha256 = excluded.preview_sha256, report = excluded.report
       where step_results.sha256 <> excluded.sha256 or step_results.preview_sha256 <> excluded.preview_sha256`,
    [
      accountId,
      contentKey,
      output.sha256,
      output.bytes,
      output.format,
      output.width,
      output.height,
      output.previewSha256,
      JSON.stringify(output.report),
    ],
  )
}
