/**
 * Writes what booking has changed: the new records with their keys, and of each account its grants, totals, journal and place.
 *
 * Called by book-usage.ts, last. Everything travels as one array a column, read from where it stands; the statements are sent without
 * waiting for one another, and while Postgres works on one, the next is put together.
 *
 * What is not here of save-books.ts does not change by booking: subscriptions, new grants, invoices, when something is next due.
 */
import { setImmediate as otherWork } from 'node:timers/promises'
import { arrayValue } from '../database/array-value.ts'
import type { Transaction } from '../database/connect.ts'
import { type BookingAccount, Changes, type DrawnGrant } from './books.ts'
import type { NewRecord } from './carry-usage.ts'
import { linkJournal } from './chain-links.ts'
import { columns } from './columns.ts'
import { given, insertColumns, valueArrays } from './insert-rows.ts'
import { saveTotals } from './save-totals.ts'
import { saveEvents } from './tell-event.ts'
import { writeJournal } from './write-journal.ts'

/** Records after which this process sees to others: so much takes some milliseconds to put together. */
const MANY = 500

/** Writes the records, and what they changed of the accounts, which then hold no unsaved change. */
export async function saveBooked(
  tx: Transaction,
  accounts: Iterable<BookingAccount>,
  booked: readonly NewRecord[],
): Promise<void> {
  const changed = [...accounts].filter(({ changes }) => changes.journal.length > 0)
  const breathe = async () => {
    if (booked.length >= MANY) await otherWork()
  }
  await makeRoom(tx, booked)
  await writeKeys(tx, booked)
  await breathe()
  await writeRecords(tx, booked)
  await breathe()
  for (const account of changed) linkJournal(account)
  await writeJournal(
    tx,
    changed.flatMap(({ accountId, changes }) => changes.journal.map((posted) => ({ ...posted, accountId }))),
  )
  await breathe()
  await saveTotals(tx, changed)
  await saveDrawn(tx, changed)
  await saveOverage(tx, changed)
  await savePlaces(tx, changed)
  await saveEvents(tx, changed)
  for (const account of changed) account.changes = new Changes()
}

/** Makes the partitions of the months that are booked in, where they are not there. */
async function makeRoom(tx: Transaction, booked: readonly NewRecord[]): Promise<void> {
  const months = new Set<string>()
  let last: Date | undefined
  for (const { bookedAt } of booked) {
    if (bookedAt === last) continue
    last = bookedAt
    months.add(bookedAt.toISOString().slice(0, 7))
  }
  for (const month of months) {
    await tx.query('select ensure_usage_partition($1) where to_regclass($2) is null', [
      `${month}-01`,
      `usage_records_${month.replace('-', '_')}`,
    ])
  }
}

async function writeKeys(tx: Transaction, booked: readonly NewRecord[]): Promise<void> {
  await insertColumns(tx, 'usage_keys', columns.usage_keys, {
    count: booked.length,
    values: {
      account_id: (index) => booked[index]!.request.accountId,
      source: (index) => booked[index]!.request.source,
      key: (index) => booked[index]!.key,
      digest: (index) => booked[index]!.digest,
      usage_record_id: (index) => booked[index]!.usageRecordId,
      booked_at: (index) => booked[index]!.bookedAt,
      cost_micros: (index) => booked[index]!.cost,
      drawn_micros: (index) => booked[index]!.fromCredits,
      overage_micros: (index) => booked[index]!.overage,
      balance_after_micros: (index) => booked[index]!.balanceAfter,
    },
  })
}

const { draw_grant_ids: _ids, draw_micros: _micros, ...RECORD } = columns.usage_records
const SENT = { ...RECORD, first_draw: 'integer', last_draw: 'integer' } as const
const DRAWS = Object.keys(SENT).length

// The draws of all records are one array; each takes its slice.
const WRITE_RECORDS = `
  insert into usage_records (${Object.keys(RECORD).join(', ')}, draw_grant_ids, draw_micros)
  select ${Object.keys(RECORD).join(', ')}, ($${DRAWS + 1}::uuid[])[first_draw : last_draw],
    ($${DRAWS + 2}::bigint[])[first_draw : last_draw]
  from ${given(SENT)}`

async function writeRecords(tx: Transaction, booked: readonly NewRecord[]): Promise<void> {
  const count = booked.length
  if (count === 0) return
  const draws = booked.flatMap((record) => record.draws)
  const drawnTo: number[] = []
  for (const { draws } of booked) drawnTo.push((drawnTo.at(-1) ?? 0) + draws.length)
  const sent = valueArrays(SENT, count, {
    account_id: (index) => booked[index]!.request.accountId,
    usage_record_id: (index) => booked[index]!.usageRecordId,
    booked_at: (index) => booked[index]!.bookedAt,
    occurred_at: (index) => booked[index]!.request.occurredAt ?? booked[index]!.bookedAt,
    source: (index) => booked[index]!.request.source,
    key: (index) => booked[index]!.key,
    operation: (index) => booked[index]!.operation,
    quantity: (index) => booked[index]!.quantity,
    plan_version_id: (index) => booked[index]!.plan.id,
    unit_price_micros: (index) => booked[index]!.price.unitPrice,
    overage_unit_price_micros: (index) => booked[index]!.price.overageUnitPrice,
    cost_micros: (index) => booked[index]!.cost,
    drawn_micros: (index) => booked[index]!.fromCredits,
    overage_micros: (index) => booked[index]!.overage,
    subscription_id: (index) => booked[index]!.subscriptionId,
    period_number: (index) => booked[index]!.periodNumber,
    late: (index) => booked[index]!.late,
    run_id: (index) => booked[index]!.request.runId ?? null,
    item_id: (index) => booked[index]!.request.itemId ?? null,
    ledger_sequence: (index) => booked[index]!.sequence,
    first_draw: (index) => drawnTo[index]! - booked[index]!.draws.length + 1,
    last_draw: (index) => drawnTo[index]!,
  })
  await tx.query(WRITE_RECORDS, [
    ...sent,
    arrayValue('uuid', draws.length, (index) => draws[index]!.grantId),
    arrayValue('bigint', draws.length, (index) => draws[index]!.amount),
  ])
}

const DRAWN = {
  account_id: 'uuid',
  grant_id: 'uuid',
  remaining_micros: 'bigint',
  recognised_micros: 'bigint',
} as const

/** What the grants hold now. */
async function saveDrawn(tx: Transaction, changed: readonly BookingAccount[]): Promise<void> {
  const accountIds: string[] = []
  const grants: DrawnGrant[] = []
  for (const { accountId, changes } of changed) {
    for (const grant of changes.changedGrants) {
      accountIds.push(accountId)
      grants.push(grant)
    }
  }
  if (grants.length === 0) return
  await tx.query(
    `update credit_grants g
     set remaining_micros = given.remaining_micros, recognised_micros = given.recognised_micros
     from ${given(DRAWN)} where g.account_id = given.account_id and g.grant_id = given.grant_id`,
    valueArrays(DRAWN, grants.length, {
      account_id: (index) => accountIds[index],
      grant_id: (index) => grants[index]!.id,
      remaining_micros: (index) => grants[index]!.remaining,
      recognised_micros: (index) => grants[index]!.recognised,
    }),
  )
}

const OVERAGE = {
  account_id: 'uuid',
  subscription_id: 'uuid',
  period_number: 'integer',
  overage_micros: 'bigint',
} as const

async function saveOverage(tx: Transaction, changed: readonly BookingAccount[]): Promise<void> {
  const periods = changed.flatMap(({ accountId, changes }) =>
    [...changes.periods.values()].map((period) => ({ ...period, accountId })),
  )
  if (periods.length === 0) return
  await tx.query(
    `update periods p set overage_micros = given.overage_micros
     from ${given(OVERAGE)} where p.account_id = given.account_id and p.subscription_id = given.subscription_id
       and p.period_number = given.period_number`,
    valueArrays(OVERAGE, periods.length, {
      account_id: (index) => periods[index]!.accountId,
      subscription_id: (index) => periods[index]!.subscriptionId,
      period_number: (index) => periods[index]!.number,
      overage_micros: (index) => periods[index]!.overage,
    }),
  )
}

const PLACES = {
  account_id: 'uuid',
  last_booked_at: 'timestamptz',
  entry_sequence: 'bigint',
  chain_head: 'bytea',
} as const

/** How far each account's journal has come. */
async function savePlaces(tx: Transaction, changed: readonly BookingAccount[]): Promise<void> {
  if (changed.length === 0) return
  await tx.query(
    `update accounts a set last_booked_at = given.last_booked_at, entry_sequence = given.entry_sequence,
       chain_head = given.chain_head
     from ${given(PLACES)} where a.account_id = given.account_id`,
    valueArrays(PLACES, changed.length, {
      account_id: (index) => changed[index]!.accountId,
      last_booked_at: (index) => changed[index]!.lastBookedAt,
      entry_sequence: (index) => changed[index]!.entrySequence,
      chain_head: (index) => changed[index]!.chainHead,
    }),
  )
}
