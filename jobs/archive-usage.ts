/**
 * Takes old months of usage records out of the database into files, and puts them back.
 *
 * Called by `drawdown archive` (archive-command.ts), beside a running server.
 *
 *   verify what is behind ─▶ write the file ─▶ read it back ─▶ a checkpoint an account ─▶ detach the month and drop it
 *
 * A month is two files: `usage-2026-11.ndjson.gz`, one record a line by account and in the order booked; and `usage-2026-11.json`, its
 * manifest, with how many lines of which hash each account has.
 *
 * Invariants:
 *   1. Nothing is detached before its file was read back from the disk and had the hash that was written.
 *   2. Killed in between, it is begun again and ends as if it had not been: what is there already is there, and the same.
 *   3. Memory is bounded: a page of records at a time, either way.
 */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { open, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Database } from '../database/connect.ts'
import { attachMonth, detachMonth } from '../database/usage-partitions.ts'
import {
  type ArchivedLine,
  checkpointUsage,
  listArchives,
  listUnverified,
  listUsageMonths,
  monthOf,
  noteArchive,
  readArchivedLines,
  type UsageMonth,
  whyNotArchived,
} from '../ledger/archive-usage.ts'
import { keepVerified } from '../verify/keep-verified.ts'

export type Archiving = { db: Database; url: string; folder: string }

export type ArchiveRefused = {
  ok: false
  refusal: 'not_archivable' | 'books_busy' | 'not_an_archive' | 'archive_changed' | 'not_archived'
  detail: string
}

export type ArchivedMonth = { ok: true; month: string; file: string; records: number; accounts: number }

type Manifest = {
  form: 'drawdown usage archive 1'
  month: string
  file: string
  records: number
  /** SHA-256 of the lines, unpacked, each with its line break. */
  sha256: string
  accounts: { account_id: string; records: number; sha256: string }[]
}

const PAGE = 2_000

/** Months before the given one ("2027-01") that are in the database, oldest first. */
export async function listMonthsBefore(db: Database, before: string): Promise<string[]> {
  return (await db.asService(listUsageMonths)).filter((month) => month < before)
}

/** Archives one month. Refused, it changes nothing but what it has verified. */
export async function archiveMonth(
  { db, url, folder }: Archiving,
  name: string,
): Promise<ArchivedMonth | ArchiveRefused> {
  const month = monthOf(name)
  for (const accountId of await db.asService((tx) => listUnverified(tx, month))) {
    await keepVerified(db, accountId, { whole: false })
  }
  const why = await db.asService((tx) => whyNotArchived(tx, month, new Date()))
  if (why !== null) return refuse('not_archivable', why)
  mkdirSync(folder, { recursive: true })
  const manifest = await writeMonth(db, folder, month)
  await readBack(join(folder, manifest.file), manifest)
  const digest = Buffer.from(manifest.sha256, 'hex')
  await db.asService((tx) => noteArchive(tx, month, { records: BigInt(manifest.records), digest }))
  for (const account of manifest.accounts) {
    const { account_id: accountId, records, sha256 } = account
    const own = { month, records: BigInt(records), digest: Buffer.from(sha256, 'hex') }
    await db.asTenant(accountId, (tx) => checkpointUsage(tx, accountId, own))
  }
  if (!(await detachMonth(url, name))) {
    return refuse('books_busy', `Others held the usage of ${name} all the time. Nothing is lost: try again.`)
  }
  const { file, records, accounts } = manifest
  return { ok: true, month: name, file: join(folder, file), records, accounts: accounts.length }
}

/** Puts a month back, from its file with its manifest beside it. */
export async function restoreMonth(
  { db, url }: Omit<Archiving, 'folder'>,
  file: string,
): Promise<ArchivedMonth | ArchiveRefused> {
  const manifest = readManifest(file)
  if (!manifest) {
    if (!existsSync(file)) return refuse('not_an_archive', `There is no file ${file}.`)
    return refuse('not_an_archive', `There is no manifest of usage beside ${file} (${manifestOf(file)}).`)
  }
  const { month, records, accounts } = manifest
  const archive = (await db.asService(listArchives)).find((one) => one.month === month)
  if (!archive?.detached) return refuse('not_archived', `The usage of ${month} is in the database.`)
  if (archive.digest !== manifest.sha256 || (await digestOf(file)).digest !== archive.digest) {
    const detail = `${file} is not the file that was archived: its lines have another hash than the database knows. Nothing was changed; look for another copy.`
    return refuse('archive_changed', detail)
  }
  await attachMonth(url, month, async (add) => {
    for await (const lines of readPages(file)) await add(`[${lines.join(',')}]`)
  })
  return { ok: true, month, file, records, accounts: accounts.length }
}

function refuse(refusal: ArchiveRefused['refusal'], detail: string): ArchiveRefused {
  return { ok: false, refusal, detail }
}

/** Writes the file and its manifest; each has its name only when it is whole and on the disk. */
async function writeMonth(db: Database, folder: string, month: UsageMonth): Promise<Manifest> {
  const file = `usage-${month.name}.ndjson.gz`
  const all = createHash('sha256')
  const accounts: (Manifest['accounts'][number] & { hash: Hash })[] = []
  async function* lines() {
    let after: ArchivedLine | null = null
    for (;;) {
      const page: ArchivedLine[] = await db.asService((tx) =>
        readArchivedLines(tx, month, { after, limit: PAGE }),
      )
      for (const { accountId, line } of page) {
        if (accounts.at(-1)?.account_id !== accountId) {
          accounts.push({ account_id: accountId, records: 0, sha256: '', hash: createHash('sha256') })
        }
        const own = accounts.at(-1)!
        own.records += 1
        own.hash.update(`${line}\n`)
        all.update(`${line}\n`)
      }
      if (page.length > 0) yield `${page.map(({ line }) => line).join('\n')}\n`
      if (page.length < PAGE) return
      after = page.at(-1)!
    }
  }
  const path = join(folder, file)
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(`${path}.part`))
  await settle(`${path}.part`, path)
  const manifest: Manifest = {
    form: 'drawdown usage archive 1',
    month: month.name,
    file,
    records: accounts.reduce((sum, { records }) => sum + records, 0),
    sha256: all.digest('hex'),
    accounts: accounts.map(({ hash, ...own }) => ({ ...own, sha256: hash.digest('hex') })),
  }
  await writeFile(`${manifestOf(path)}.part`, `${JSON.stringify(manifest, null, 2)}\n`)
  await settle(`${manifestOf(path)}.part`, manifestOf(path))
  return manifest
}

async function settle(from: string, to: string): Promise<void> {
  const handle = await open(from, 'r+')
  await handle.sync()
  await handle.close()
  await rename(from, to)
}

/** Throws where the file does not say what was written to it. */
async function readBack(file: string, { sha256, records }: Manifest): Promise<void> {
  const read = await digestOf(file)
  if (read.digest === sha256 && read.records === records) return
  throw new Error(`${file} does not read back as it was written. Nothing was detached.`)
}

/** Of a file that cannot be unpacked, the digest of nothing. */
async function digestOf(file: string): Promise<{ digest: string; records: number }> {
  const hash = createHash('sha256')
  let records = 0
  try {
    for await (const lines of readPages(file)) {
      records += lines.length
      for (const line of lines) hash.update(`${line}\n`)
    }
  } catch (fault) {
    if (!String((fault as { code?: unknown }).code).startsWith('Z_')) throw fault
    return { digest: '', records: 0 }
  }
  return { digest: hash.digest('hex'), records }
}

/** The lines as they come, some at a time. Not by node:readline, which also ends a line at U+2028, and keys may hold that. */
async function* readPages(file: string): AsyncGenerator<string[]> {
  const unpacked = createReadStream(file).pipe(createGunzip()).setEncoding('utf8')
  let rest = ''
  for await (const piece of unpacked) {
    const lines = `${rest}${piece as string}`.split('\n')
    rest = lines.pop()!
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}

const manifestOf = (file: string) => join(dirname(file), basename(file).replace(/\.ndjson\.gz$/, '.json'))

function readManifest(file: string): Manifest | null {
  if (!file.endsWith('.ndjson.gz') || !existsSync(file) || !existsSync(manifestOf(file))) return null
  const manifest = JSON.parse(readFileSync(manifestOf(file), 'utf8')) as Manifest
  return manifest.form === 'drawdown usage archive 1' ? manifest : null
}
