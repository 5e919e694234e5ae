/**
 * `book-single`: callers who each book one record and wait for its answer, beside as many clients of pgbench that each insert one
 * row and update another, in one transaction, on the same Postgres.
 *
 * pgbench comes with Postgres itself (Debian: postgresql-contrib, or postgresql-15) and is a peer, so it is asked for only here.
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { alternate, type Round } from './alternate.ts'
import { bookWhole } from './book-whole.ts'
import { measure } from './cpu-time.ts'
import { openAccounts, type Stand } from './stand.ts'
import { inventUsage, numbersFrom } from './usage-batches.ts'

const CALLERS = 64

const TABLES = `
  create schema if not exists beside;
  create table beside.balances (id integer primary key, balance bigint not null) with (fillfactor = 60);
  insert into beside.balances select n, 0 from generate_series(1, 10000) as n;
  create table beside.uses (id bigint generated always as identity primary key, balance_id integer not null,
    amount bigint not null, at timestamptz not null default now());
  grant usage on schema beside to public;
  grant select, insert, update on beside.balances, beside.uses to public`

const SCRIPT = `\\set id random(1, 10000)
\\set amount random(1, 100)
begin;
insert into beside.uses (balance_id, amount) values (:id, :amount);
update beside.balances set balance = balance + :amount where id = :id;
commit;
`

export async function bookSingle(
  stand: Stand,
  size: { accounts: number; seconds: number; rounds: number },
): Promise<Round[] | { missing: string }> {
  const pgbench = findPgbench()
  if (pgbench === null) {
    return {
      missing:
        'It needs pgbench, which Debian has in postgresql-contrib: apt-get install postgresql-contrib.',
    }
  }
  const accountIds = await openAccounts(stand, size.accounts)
  const owner = await stand.owner()
  await owner.query(TABLES)
  const script = join(stand.folder, 'insert-and-update.sql')
  writeFileSync(script, SCRIPT)
  const next = numbersFrom(11)
  return alternate(size.rounds, {
    a: () =>
      measure(stand, null, async () => {
        const until = performance.now() + size.seconds * 1000
        const counts = await Promise.all(
          Array.from({ length: CALLERS }, async () => {
            let count = 0
            for (; performance.now() < until; count++)
              await bookWhole(stand.db, inventUsage(accountIds, 1, next))
            return count
          }),
        )
        return counts.reduce((sum, count) => sum + count, 0)
      }),
    // As many as would take that long at 3,000 a second: by the clock, a busy machine could be still connecting.
    b: () => runPgbench(pgbench, stand, { script, each: Math.ceil((size.seconds * 3000) / CALLERS) }),
  })
}

/** Transactions a second. */
async function runPgbench(
  program: string,
  stand: Stand,
  { script, each }: { script: string; each: number },
): Promise<number> {
  const address = new URL(stand.url)
  const flags = ['-n', '-M', 'prepared', '-c', String(CALLERS), '-j', '2', '-t', String(each), '-f', script]
  const where = [
    '-h',
    address.hostname,
    '-p',
    address.port,
    '-U',
    address.username,
    address.pathname.slice(1),
  ]
  const { stdout } = await promisify(execFile)(program, [...flags, ...where], {
    env: { PATH: '/usr/bin:/bin', PGPASSWORD: address.password },
  })
  const rate = /tps = ([\d.]+)/.exec(stdout)?.[1]
  if (rate === undefined) throw new Error(`pgbench said no rate:\n${stdout}`)
  return Number(rate)
}

/** Where Debian keeps it, or on the path. */
function findPgbench(): string | null {
  const home = '/usr/lib/postgresql'
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : []
  const places = [...versions.map((version) => `${home}/${version}/bin/pgbench`), '/usr/bin/pgbench']
  return places.find((path) => existsSync(path)) ?? null
}
