/**
 * The physical limit beside which booking is measured: COPY of the very rows that were booked, into the same tables with the same
 * indexes, without row-level security, each batch durable.
 *
 * Called by the benches of booking.
 *
 * 1. The rows are read back from the books once they are booked, so both sides write the same bytes in the same order.
 * 2. Text is made before the clock starts: nothing but COPY and commit is timed.
 */
import type pg from 'pg'
import type { Stand } from './stand.ts'

/** One batch of rows as COPY takes them, for each of the two tables. */
export type CopyBatch = { keys: Buffer; records: Buffer }

const TABLES = `
  create schema if not exists beside;
  create table if not exists beside.usage_keys (like public.usage_keys including all);
  create table if not exists beside.usage_records (like public.usage_records including all) partition by range (booked_at);
  create table if not exists beside.usage_records_all partition of beside.usage_records default`

export type CopySide = {
  /** What was booked since the last call, in batches of the size. */
  takeBooked(batchSize: number): Promise<CopyBatch[]>
  /** Copies the batches over this many connections, each batch in a transaction of its own. */
  copy(batches: readonly CopyBatch[], connections: number): Promise<void>
}

export async function openCopySide(stand: Stand): Promise<CopySide> {
  const owner = await stand.owner()
  await owner.query(TABLES)
  const reader = await serviceSession(stand)
  const writers = [owner, await stand.owner(), await stand.owner(), await stand.owner()]
  let last = '00000000-0000-0000-0000-000000000000'
  return {
    async takeBooked(batchSize) {
      const keys = await copyOut(
        reader,
        `select * from usage_keys where usage_record_id > '${last}' order by usage_record_id`,
      )
      const records = await copyOut(
        reader,
        `select * from usage_records where usage_record_id > '${last}' order by usage_record_id`,
      )
      last = records.at(-1)!.toString().split('\t')[1]!
      const batches: CopyBatch[] = []
      for (let first = 0; first < keys.length; first += batchSize) {
        const upTo = first + batchSize
        batches.push({
          keys: Buffer.concat(keys.slice(first, upTo)),
          records: Buffer.concat(records.slice(first, upTo)),
        })
      }
      return batches
    },
    async copy(batches, connections) {
      const waiting = [...batches]
      await Promise.all(
        writers.slice(0, connections).map(async (client) => {
          for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
            await client.query('begin')
            await copyIn(client, 'beside.usage_keys', batch.keys)
            await copyIn(client, 'beside.usage_records', batch.records)
            await client.query('commit')
          }
        }),
      )
    },
  }
}

/** Reads as the product does; only the owner's session may make tables. */
async function serviceSession(stand: Stand): Promise<pg.Client> {
  const client = await stand.owner()
  await client.query('reset role')
  await client.query('set role drawdown_service')
  return client
}

type Wire = {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sync(): void
}

/** The driver speaks COPY and leaves to others what goes through it: a query of its own kind does. */
class CopyQuery {
  private fault: Error | undefined
  readonly rows: Buffer[] = []
  private readonly text: string
  private readonly data: Buffer | null
  private readonly done: (fault: Error | undefined) => void

  constructor(text: string, data: Buffer | null, done: (fault: Error | undefined) => void) {
    this.text = text
    this.data = data
    this.done = done
  }
  submit(wire: Wire) {
    wire.query(this.text)
  }
  handleCopyInResponse(wire: Wire) {
    wire.sendCopyFromChunk(this.data!)
    wire.endCopyFrom()
  }
  handleCopyData({ chunk }: { chunk: Buffer }) {
    this.rows.push(Buffer.from(chunk))
  }
  handleError(fault: Error) {
    this.fault ??= fault
  }
  handleCommandComplete() {}
  handleReadyForQuery() {
    this.done(this.fault)
  }
}

function copyIn(client: pg.Client, table: string, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new CopyQuery(`copy ${table} from stdin`, data, (fault) =>
        fault ? reject(fault) : resolve(),
      ) as never,
    )
  })
}

function copyOut(client: pg.Client, select: string): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const query = new CopyQuery(`copy (${select}) to stdout`, null, (fault) =>
      fault ? reject(fault) : resolve(query.rows),
    )
    client.query(query as never)
  })
}
