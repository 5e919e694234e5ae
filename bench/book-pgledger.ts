/**
 * `book-pgledger`: booking beside pgledger, a double-entry ledger as functions in Postgres, in the same Postgres.
 *
 * pgledger is no part of this repository: `PGLEDGER_SQL` names the file that installs it. It books a transfer between two accounts in
 * batches of 1,000; it rates nothing, remembers no key and knows no grants. We book records in batches of 5,000.
 */
import { existsSync, readFileSync } from 'node:fs'
import type pg from 'pg'
import { alternate, type Round } from './alternate.ts'
import { bookWhole } from './book-whole.ts'
import { measure } from './cpu-time.ts'
import { openAccounts, type Stand } from './stand.ts'
import { inventUsage, numbersFrom } from './usage-batches.ts'

const BATCH = 5000
const TRANSFERS = 1000
const CONNECTIONS = 2

export async function bookPgledger(
  stand: Stand,
  size: { accounts: number; records: number; transfers: number; rounds: number; file: string | undefined },
): Promise<Round[] | { missing: string }> {
  const { file } = size
  if (file === undefined || !existsSync(file)) {
    return {
      missing: `PGLEDGER_SQL names the file that installs pgledger (pgledger.sql of its repository, behind the two functions of its vendor folder); it ${file === undefined ? 'is not set' : `names ${file}, which is not there`}.`,
    }
  }
  const accountIds = await openAccounts(stand, size.accounts)
  const peers = [await stand.owner(), await stand.owner()]
  const theirs = await installPgledger(peers, readFileSync(file, 'utf8'), size.accounts)
  const next = numbersFrom(13)
  return alternate(size.rounds, {
    a: async () => {
      const half = Math.ceil(accountIds.length / CONNECTIONS)
      const shares = [accountIds.slice(0, half), accountIds.slice(half)].map((own) =>
        Array.from({ length: size.records / BATCH / CONNECTIONS }, () => inventUsage(own, BATCH, next)),
      )
      return measure(stand, size.records, async () => {
        await Promise.all(
          shares.map(async (batches) => {
            for (const batch of batches) await bookWhole(stand.db, batch)
          }),
        )
      })
    },
    b: () =>
      measure(stand, size.transfers, async () => {
        const half = Math.ceil(theirs.length / CONNECTIONS)
        await Promise.all(
          peers.map(async (peer, index) => {
            const own = theirs.slice(index * half, (index + 1) * half)
            for (let left = size.transfers / CONNECTIONS; left > 0; left -= TRANSFERS) {
              await transfer(peer, own, next)
            }
          }),
        )
      }),
  })
}

/** As many accounts as ours; their ids. */
async function installPgledger(peers: readonly pg.Client[], sql: string, count: number): Promise<string[]> {
  await peers[0]!.query('create schema pgledger; grant usage on schema pgledger to public')
  for (const peer of peers) await peer.query('set search_path = pgledger, public')
  await peers[0]!.query(sql)
  const { rows } = await peers[0]!.query<{ id: string }>(
    `select (pgledger_create_account('bench ' || n, 'USD')).id from generate_series(1, $1::integer) as n`,
    [count],
  )
  return rows.map(({ id }) => id)
}

async function transfer(
  peer: pg.Client,
  accountIds: readonly string[],
  next: (below: number) => number,
): Promise<void> {
  const from = Array.from({ length: TRANSFERS }, () => next(accountIds.length))
  const to = from.map((index) => (index + 1 + next(accountIds.length - 1)) % accountIds.length)
  await peer.query(
    `select count(*) from pgledger_create_transfers(
       array(select row(g.payer, g.payee, 0.5)::transfer_request from unnest($1::text[], $2::text[]) as g (payer, payee)))`,
    [from.map((index) => accountIds[index]), to.map((index) => accountIds[index])],
  )
}
