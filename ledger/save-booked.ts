/**
 * Writes what booking has changed: the new records with their keys, and of each account its grants, totals, journal and place.
 *
 * Called by book-usage.ts, last. Everything travels as one array a column, read from where it stands; the statements are sent without
 * waiting for one another, and while Postgres works on one, the next is put together.
 *
 * 1. What records share is sent once: what their account says for all of them, and each operation's price under each plan version. A
 *    record has the places of the two (`account`, `price`), counted from 1.
 * 2. Records are written in the order of their accounts, so that neighbours in the tables' indexes come one after another.
 * 3. Two statements that send the same column send the same bytes.
 *
 * What is not here of save-books.ts does not change by booking: subscriptions, new grants, invoices; when something is next due only where
 * an interim invoice now is.
 */
import { setImmediate as otherWork } from 'node:timers/promises'
import { type ArrayValue, arrayValue } from '../database/array-value.ts'
import { Beforehand } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import { type BookingAccount, Changes, type DrawnGrant, isInterimDue } from './books.ts'
import type { NewRecord } from './carry-usage.ts'
import { linkJournal } from './chain-links.ts'
import { gatherWrites } from './one-statement.ts'
import { scheduleAccounts } from './save-books.ts'
import { saveTotals } from './save-totals.ts'
import { saveEvents } from './tell-event.ts'
import { writeJournal } from './write-journal.ts'

/** Records after which this process sees to others: so much takes some milliseconds to put together. */
const MANY = 500

let turn: Promise<unknown> = Promise.resolve()

/** Of all bookings of this process one goes on in a turn of the event loop: whoever only reads waits for one piece of work, not for all. */
function nextTurn(): Promise<unknown> {
  turn = turn.then(() => otherWork())
  return turn
}

/** Writes the records, and what they changed of the accounts, which then hold no unsaved change. */
export async function saveBooked(
  tx: Transaction,
  accounts: Iterable<BookingAccount>,
  booked: readonly NewRecord[],
): Promise<void> {
  if (booked.length === 0) return
  const changed = [...accounts].filter(({ changes }) => changes.journal.length > 0)
  const breathe = async () => {
    if (booked.length >= MANY) await nextTurn()
  }
  // The uses have just been carried into the books, which took as long as what follows.
  await breathe()
  if (!tx.isSpread) await makeRoom(tx, booked)
  const batch = layOut(changed)
  // A cluster takes writes one by one.
  const gathered = booked.length < MANY && !tx.isSpread ? gatherWrites(tx) : null
  const writing = gathered ?? tx
  await writeKeys(writing, batch)
  await breathe()
  await writeRecords(writing, batch)
  await breathe()
  let linked = 0
  for (const account of changed) {
    linkJournal(account)
    linked += account.changes.journal.at(-1)!.uses.length
    if (linked < MANY) continue
    linked = 0
    await breathe()
  }
  await writeJournal(writing, changed)
  await breathe()
  await saveTotals(writing, changed)
  await saveDrawn(writing, changed)
  await saveOverage(writing, changed)
  await savePlaces(writing, batch, changed)
  await gathered?.run()
  await saveEvents(tx, changed)
  await markInterims(tx, changed)
  for (const account of changed) account.changes = new Changes()
}

/** Makes the partitions of the months that are booked in, where they are not there. */
async function makeRoom(tx: Transaction, booked: readonly NewRecord[]): Promise<void> {
  for (const month of monthsOf(booked)) {
    await tx.query('select ensure_usage_partition($1) where to_regclass($2) is null', [
      `${month}-01`,
      partitionOf(month),
    ])
  }
}

/** On a cluster they have to be there before a transaction begins: where one is not, this one begins again behind it. */
export async function findRoom(tx: Transaction, booked: readonly NewRecord[]): Promise<void> {
  for (const month of monthsOf(booked)) {
    const [row] = await tx.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      partitionOf(month),
    ])
    if (!row!.there) throw new Beforehand('select ensure_usage_partition($1)', [`${month}-01`])
  }
}

function partitionOf(month: string): string {
  return `usage_records_${month.replace('-', '_')}`
}

function monthsOf(booked: readonly NewRecord[]): Set<string> {
  const months = new Set<string>()
  let last: Date | undefined
  for (const { bookedAt } of booked) {
    if (bookedAt === last) continue
    last = bookedAt
    months.add(`${bookedAt.getUTCFullYear()}-${String(bookedAt.getUTCMonth() + 1).padStart(2, '0')}`)
  }
  return months
}

type Batch = {
  /** In the order of their accounts. */
  records: NewRecord[]
  /** Of each record. */
  places: number[]
  accountIds: ArrayValue
  bookedAts: ArrayValue
  columns: ReturnType<typeof columnsOf>
}

/** Gathers the records by account, and encodes what both of their tables are sent. */
function layOut(changed: readonly BookingAccount[]): Batch {
  const records: NewRecord[] = []
  const places: number[] = []
  for (const [index, { changes }] of changed.entries()) {
    for (const { uses } of changes.journal) {
      for (const use of uses) {
        records.push(use as NewRecord)
        places.push(index + 1)
      }
    }
  }
  return {
    records,
    places,
    accountIds: array('uuid', changed, (account) => account.accountId),
    bookedAts: array('timestamptz', changed, (account) => account.now),
    columns: columnsOf(records, places),
  }
}

function columnsOf(records: readonly NewRecord[], places: readonly number[]) {
  return {
    account: array('integer', places, (place) => place),
    ids: array('uuid', records, (record) => record.usageRecordId),
    sources: array('text', records, (record) => record.request.source),
    keys: array('text', records, (record) => record.key),
    costs: array('bigint', records, (record) => record.cost),
    drawn: array('bigint', records, (record) => record.fromCredits),
    overages: array('bigint', records, (record) => record.overage),
  }
}

/** One parameter of what each of some things says. */
function array<Thing>(type: string, things: readonly Thing[], of: (thing: Thing) => unknown): ArrayValue {
  return arrayValue(type, things.length, (index) => of(things[index] as Thing)) as ArrayValue
}

/** A column that is null throughout is no array at all: beside longer ones, unnesting nothing gives nulls. */
function arrayIfAny<Thing>(
  type: string,
  things: readonly Thing[],
  of: (thing: Thing) => unknown,
): ArrayValue {
  return array(type, things.some((thing) => of(thing) !== null) ? things : [], of)
}

const WRITE_KEYS = `
  insert into usage_keys (account_id, source, key, digest, usage_record_id, booked_at, cost_micros, drawn_micros,
    overage_micros, balance_after_micros)
  select ($1::uuid[])[account], source, key, digest, id, ($2::timestamptz[])[account], cost, drawn, overage, balance_after
  from (select unnest($3::integer[]) as account, unnest($4::uuid[]) as id, unnest($5::text[]) as source,
    unnest($6::text[]) as key, unnest($7::bigint[]) as cost, unnest($8::bigint[]) as drawn, unnest($9::bigint[]) as overage,
    unnest($10::bytea[]) as digest, unnest($11::bigint[]) as balance_after) as given`

async function writeKeys(tx: Transaction, { records, accountIds, bookedAts, columns }: Batch): Promise<void> {
  const { account, ids, sources, keys, costs, drawn, overages } = columns
  const digests = array('bytea', records, (record) => record.digest)
  const balances = array('bigint', records, (record) => record.balanceAfter)
  const both = [accountIds, bookedAts, account, ids, sources, keys, costs, drawn, overages]
  await tx.query(WRITE_KEYS, [...both, digests, balances])
}

// The draws of all records are one array; each takes its slice.
const WRITE_RECORDS = `
  insert into usage_records (account_id, usage_record_id, booked_at, occurred_at, source, key, operation, quantity,
    plan_version_id, unit_price_micros, overage_unit_price_micros, cost_micros, drawn_micros, overage_micros, draw_grant_ids,
    draw_micros, subscription_id, period_number, late, run_id, item_id, ledger_sequence)
  select ($1::uuid[])[account], id, ($2::timestamptz[])[account], coalesce(occurred_at, ($2::timestamptz[])[account]), source,
    key, ($10::text[])[price], quantity, ($11::uuid[])[price], ($12::bigint[])[price], ($13::bigint[])[price], cost, drawn,
    overage, ($14::uuid[])[drawn_to - draws + 1 : drawn_to], ($15::bigint[])[drawn_to - draws + 1 : drawn_to],
    ($16::uuid[])[account], ($17::integer[])[account], coalesce(late, false), run_id, item_id, ($18::bigint[])[account]
  from (select unnest($3::integer[]) as account, unnest($4::uuid[]) as id, unnest($5::text[]) as source,
    unnest($6::text[]) as key, unnest($7::bigint[]) as cost, unnest($8::bigint[]) as drawn, unnest($9::bigint[]) as overage,
    unnest($19::integer[]) as price, unnest($20::bigint[]) as quantity, unnest($21::timestamptz[]) as occurred_at,
    unnest($22::integer[]) as draws, unnest($23::integer[]) as drawn_to, unnest($24::boolean[]) as late,
    unnest($25::uuid[]) as run_id, unnest($26::uuid[]) as item_id) as given`

async function writeRecords(tx: Transaction, { records, places, ...batch }: Batch): Promise<void> {
  const { account, ids, sources, keys, costs, drawn, overages } = batch.columns
  const { priced, prices } = pricesOf(records)
  const draws = records.flatMap((record) => record.draws)
  const drawnTo: number[] = []
  let count = 0
  for (const record of records) {
    count += record.draws.length
    drawnTo.push(count)
  }
  // The first record of each account says what all of them do.
  const firsts = records.filter((_, index) => places[index] !== places[index - 1])
  await tx.query(WRITE_RECORDS, [
    batch.accountIds,
    batch.bookedAts,
    ...[account, ids, sources, keys, costs, drawn, overages],
    array('text', priced, (record) => record.operation),
    array('uuid', priced, (record) => record.plan.id),
    array('bigint', priced, (record) => record.price.unitPrice),
    array('bigint', priced, (record) => record.price.overageUnitPrice),
    array('uuid', draws, (draw) => draw.grantId),
    array('bigint', draws, (draw) => draw.amount),
    array('uuid', firsts, (record) => record.subscriptionId),
    array('integer', firsts, (record) => record.periodNumber),
    array('bigint', firsts, (record) => record.sequence),
    array('integer', prices, (place) => place),
    array('bigint', records, (record) => record.quantity),
    arrayIfAny('timestamptz', records, (record) => record.request.occurredAt ?? null),
    array('integer', records, (record) => record.draws.length),
    array('integer', drawnTo, (end) => end),
    arrayIfAny('boolean', records, (record) => record.late || null),
    arrayIfAny('uuid', records, (record) => record.request.runId ?? null),
    arrayIfAny('uuid', records, (record) => record.request.itemId ?? null),
  ])
}

/** A record of each operation under each plan version that there is, and the place of its like for each record. */
function pricesOf(records: readonly NewRecord[]): { priced: NewRecord[]; prices: number[] } {
  const priced: NewRecord[] = []
  const prices = records.map((record) => {
    const known = priced.findIndex((one) => one.price === record.price && one.operation === record.operation)
    return known < 0 ? priced.push(record) : known + 1
  })
  return { priced, prices }
}

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
    `update credit_grants g set remaining_micros = given.remaining, recognised_micros = given.recognised
     from (select unnest($1::uuid[]) as account_id, unnest($2::uuid[]) as grant_id, unnest($3::bigint[]) as remaining,
       unnest($4::bigint[]) as recognised) as given
     where g.account_id = given.account_id and g.grant_id = given.grant_id`,
    [
      array('uuid', accountIds, (accountId) => accountId),
      array('uuid', grants, (grant) => grant.id),
      array('bigint', grants, (grant) => grant.remaining),
      array('bigint', grants, (grant) => grant.recognised),
    ],
  )
}

async function saveOverage(tx: Transaction, changed: readonly BookingAccount[]): Promise<void> {
  const periods = changed.flatMap(({ accountId, changes }) =>
    [...changes.periods.values()].map((period) => ({ period, accountId })),
  )
  if (periods.length === 0) return
  await tx.query(
    `update periods p set overage_micros = given.overage
     from (select unnest($1::uuid[]) as account_id, unnest($2::uuid[]) as subscription_id, unnest($3::integer[]) as number,
       unnest($4::bigint[]) as overage) as given
     where p.account_id = given.account_id and p.subscription_id = given.subscription_id and p.period_number = given.number`,
    [
      array('uuid', periods, ({ accountId }) => accountId),
      array('uuid', periods, ({ period }) => period.subscriptionId),
      array('integer', periods, ({ period }) => period.number),
      array('bigint', periods, ({ period }) => period.overage),
    ],
  )
}

/** How far each account's journal has come. */
async function savePlaces(
  tx: Transaction,
  { accountIds }: Batch,
  changed: readonly BookingAccount[],
): Promise<void> {
  await tx.query(
    `update accounts a set last_booked_at = given.last_booked_at, entry_sequence = given.entry_sequence,
       chain_head = given.chain_head
     from (select unnest($1::uuid[]) as account_id, unnest($2::timestamptz[]) as last_booked_at,
       unnest($3::bigint[]) as entry_sequence, unnest($4::bytea[]) as chain_head) as given
     where a.account_id = given.account_id`,
    [
      accountIds,
      array('timestamptz', changed, (account) => account.lastBookedAt),
      array('bigint', changed, (account) => account.entrySequence),
      array('bytea', changed, (account) => account.chainHead),
    ],
  )
}

/**
 * Where overage on no invoice has reached the operator's amount, the interim invoice is due: whoever opens the account next makes it, at the
 * latest the sweeper. Booking itself makes none, so that it reads and writes no more than it did.
 */
async function markInterims(tx: Transaction, changed: readonly BookingAccount[]): Promise<void> {
  const due = changed.filter(isInterimDue).map(({ accountId }) => accountId)
  if (due.length === 0) return
  await tx.query(
    'update accounts set next_event_at = last_booked_at where account_id in (select unnest($1::uuid[]))',
    [due],
  )
  await scheduleAccounts(tx, due)
}
