/**
 * Which contents this account has paid for and was not credited: doing them again is free (rule R16).
 *
 * Called before an item is charged, under the account's lock, and for quotes, which need none; and where usage is credited,
 * in the same transaction.
 */
import type { Transaction } from '../database/connect.ts'

/** Those of the keys that are paid for. */
export async function readPaidContents(
  tx: Transaction,
  accountId: string,
  keys: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.query<{ contentKey: string }>(
    `select content_key as "contentKey" from charged_contents
     where account_id = $1 and content_key in (select unnest($2::text[]))`,
    [accountId, keys],
  )
  return new Set(rows.map(({ contentKey }) => contentKey))
}

/** What these usage records have paid for is not paid for any more: they were credited. */
export async function forgetPaidContents(
  tx: Transaction,
  accountId: string,
  usageIds: readonly string[],
): Promise<void> {
  await tx.query(
    'delete from charged_contents where account_id = $1 and usage_record_id = any ($2::uuid[])',
    [accountId, usageIds],
  )
}
