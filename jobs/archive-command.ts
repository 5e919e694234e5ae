/**
 * `drawdown archive usage|list|restore`: old usage records to files and back, in the database that the server uses, whether or not a
 * server is running.
 *
 * Run by cli/archive.ts in a process of its own. Ends with 1 where it is refused.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { describeFaults, readConfig } from '../config.ts'
import { connect, type Database } from '../database/connect.ts'
import { openEmbedded } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { listArchives } from '../ledger/archive-usage.ts'
import { type ArchiveRefused, archiveMonth, listMonthsBefore, restoreMonth } from './archive-usage.ts'

type Order = { db: Database; url: string; json: boolean }

async function main(): Promise<number> {
  const reading = readConfig()
  if (!reading.ok) {
    console.error(describeFaults(reading.faults))
    return 2
  }
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      before: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const { config } = reading
  const embedded = config.databaseUrl === null ? await openEmbedded(config.dataFolder) : null
  const url = config.databaseUrl ?? embedded!.url
  await migrate(url)
  const order = { db: connect(url), url, json: values.json }
  try {
    const [what, ...files] = positionals
    if (what === 'usage') return await archive(order, values.before!, resolve(values.out!))
    return what === 'restore' ? await restore(order, files) : await list(order)
  } finally {
    await order.db.close()
    await embedded?.close()
  }
}

async function archive({ db, url, json }: Order, before: string, folder: string): Promise<number> {
  const months = await listMonthsBefore(db, before)
  const done: unknown[] = []
  for (const month of months) {
    const answer = await archiveMonth({ db, url, folder }, month)
    if (!answer.ok) return refused(answer, json)
    const { records, accounts, file } = answer
    done.push({ month, records, accounts, file })
    if (!json) console.log(`${month}: ${records} records of ${accounts} accounts are in ${file}.`)
  }
  if (json) console.log(JSON.stringify({ archived: done }, null, 2))
  else if (done.length === 0) console.log(`The database has no usage before ${before}.`)
  return 0
}

async function restore({ db, url, json }: Order, files: readonly string[]): Promise<number> {
  const done: unknown[] = []
  for (const file of files.map((name) => resolve(name))) {
    const answer = await restoreMonth({ db, url }, file)
    if (!answer.ok) return refused(answer, json)
    const { month, records, accounts } = answer
    done.push({ month, records, accounts, file })
    if (!json) console.log(`${month}: ${records} records of ${accounts} accounts are in the database again.`)
  }
  if (json) console.log(JSON.stringify({ restored: done }, null, 2))
  return 0
}

async function list({ db, json }: Order): Promise<number> {
  const archives = await db.asService(listArchives)
  const shown = archives.map(({ month, records, digest, archivedAt, detached }) => ({
    month,
    records: String(records),
    sha256: digest,
    archived_at: archivedAt.toISOString(),
    in_file_alone: detached,
  }))
  if (json) console.log(JSON.stringify({ archives: shown }, null, 2))
  else if (shown.length === 0) console.log('Nothing was archived.')
  else {
    for (const { month, records, sha256, in_file_alone: alone } of shown) {
      console.log(
        `${month}  ${records} records  ${alone ? 'in its file alone' : 'in the database'}  ${sha256}`,
      )
    }
  }
  return 0
}

function refused(answer: ArchiveRefused, json: boolean): number {
  if (json) console.log(JSON.stringify(answer, null, 2))
  else console.error(answer.detail)
  return 1
}

process.exitCode = await main()
