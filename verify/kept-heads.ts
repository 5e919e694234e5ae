/**
 * The daily checkpoint outside the database: the heads of all chains, in a file that only grows and is itself chained (rule R30).
 *
 * Called by jobs/ once a day and by whoever verifies. Whoever cuts the tail of a journal off, and mends every row of the database
 * to fit, still has this file against them; a copy of it elsewhere is out of their reach altogether.
 *
 *   {"account":"…","sequence":"12","link":"…"}       one line an account whose head has moved since the last day
 *   {"at":"…","accounts":2,"hash":"…"}               hash = SHA-256 of the hash before and of the lines between
 *
 * Invariants:
 *   1. Lines are added and never rewritten. A day that was written in part, by a crash, is cut off and written again.
 *   2. A line that was changed breaks the hash of its day and is told by its number.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Database } from '../database/connect.ts'
import type { KeptHead } from './verify-account.ts'

const FILE = 'chain-heads.jsonl'

export type KeptHeads = {
  heads: Map<string, KeptHead>
  hash: string
  /** Bytes of whole days. */
  bytes: number
  /** Days whose hash is not that of their lines, by the number of their last line. */
  broken: number[]
}

type Line =
  | { account: string; sequence: string; link: string }
  | { at: string; accounts: number; hash: string }

/** The last kept head of each account. Empty where nothing has been kept yet. */
export async function readKeptHeads(folder: string): Promise<KeptHeads> {
  const kept: KeptHeads = { heads: new Map(), hash: '', bytes: 0, broken: [] }
  const day: string[] = []
  let [number, bytes] = [0, 0]
  try {
    for await (const text of createInterface({ input: createReadStream(join(folder, FILE)) })) {
      number += 1
      bytes += Buffer.byteLength(text) + 1
      const line = parseLine(text)
      if (line && 'hash' in line) {
        if (hashOf(kept.hash, day, line) !== line.hash) kept.broken.push(number)
        for (const one of day) takeHead(kept.heads, one)
        Object.assign(kept, { hash: line.hash, bytes })
        day.length = 0
      } else day.push(text)
    }
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault
  }
  return kept
}

/** Writes down the heads that have moved since the last time; answers of how many accounts. */
export async function keepHeads(db: Database, folder: string, at: Date): Promise<number> {
  const kept = await readKeptHeads(folder)
  const rows = await db.asService((tx) =>
    tx.query<{ account: string; sequence: bigint; link: string }>(
      `select account_id as account, entry_sequence as sequence, encode(chain_head, 'hex') as link
       from accounts where chain_head is not null and parked_at is null order by account_id`,
    ),
  )
  const day = rows
    .filter(({ account, sequence }) => (kept.heads.get(account)?.sequence ?? -1n) < sequence)
    .map(({ account, sequence, link }) => JSON.stringify({ account, sequence: String(sequence), link }))
  const end = { at: at.toISOString(), accounts: day.length }
  const last = JSON.stringify({ ...end, hash: hashOf(kept.hash, day, end) })
  const file = await open(join(folder, FILE), 'a', 0o600)
  try {
    await file.truncate(kept.bytes)
    await file.appendFile(`${[...day, last].join('\n')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return day.length
}

function hashOf(
  before: string,
  day: readonly string[],
  { at, accounts }: { at: string; accounts: number },
): string {
  return createHash('sha256')
    .update([before, ...day, at, accounts].join('\n'))
    .digest('hex')
}

function takeHead(heads: Map<string, KeptHead>, text: string): void {
  const line = parseLine(text)
  if (line && 'link' in line) heads.set(line.account, { sequence: BigInt(line.sequence), link: line.link })
}

function parseLine(text: string): Line | null {
  try {
    return JSON.parse(text) as Line
  } catch {
    return null
  }
}
