/**
 * Writes booked usage as the API answers it, where thousands of records are answered: as text, without a schema between.
 *
 * Called by usage-routes.ts. Encoding by the schema took a third of the server's time of booking, and held up everyone else for as long
 * as an array had records. That both say the same is a law of write-usage.test.ts.
 */
import { formatMicros } from '../billing/micros.ts'
import type { BookedUsage } from '../ledger/book-usage.ts'
import { encodeId } from './ids.ts'

/** An answer that is JSON already. bind-route.ts sends it as it is. */
export class WrittenAnswer {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }
}

/** One record, as `usageRecord` of shapes.ts encodes it. */
export function writeUsage(record: BookedUsage): string {
  const { usageRecordId, key, operation, quantity } = record
  const what = `"id":"${encodeId('usage', usageRecordId)}","key":${JSON.stringify(key)},"operation":${JSON.stringify(operation)}`
  const paid = `"cost":"${formatMicros(record.cost)}","from_credits":"${formatMicros(record.fromCredits)}"`
  const over = `"overage":"${formatMicros(record.overage)}","overage_credits":"${formatMicros(record.uncovered)}"`
  return `{${what},"quantity":${quantity},${paid},${over},"balance_after":"${formatMicros(record.balanceAfter)}"}`
}
