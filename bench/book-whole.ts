/**
 * Books a batch and makes sure that all of it was booked: a bench that measures refusals measures nothing.
 *
 * Called by the benches of booking.
 */
import type { Database } from '../database/connect.ts'
import type { UsageRequest } from '../ledger/book-usage.ts'
import { recordUsage } from '../ledger/record-usage.ts'

/** Throws where a record is refused. */
export async function bookWhole(db: Database, batch: readonly UsageRequest[]): Promise<void> {
  const results = await recordUsage(db, batch, 'operator')
  const refused = results.find(({ ok }) => !ok)
  if (refused) throw new Error(`A record was refused: ${JSON.stringify(refused)}`)
}
