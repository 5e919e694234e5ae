/**
 * Tampers with books on purpose and sees whether it is detected and the right row named (T12).
 *
 * Called by its test with a few and by the scoreboard with many. It acts as the owner of the tables, with triggers, checks and
 * references out of the way, which is all that a superuser could do to them.
 *
 * Invariants:
 *   1. One transaction, rolled back at the end: the books are afterwards as they were.
 *   2. The same seed tampers with the same rows.
 */
import pg from 'pg'
import type { Transaction } from '../database/connect.ts'
import { sessionConfig } from '../database/pool.ts'
import type { Finding } from './finding.ts'
import { TAMPERINGS } from './tampering.ts'
import type { Tampering } from './tampering-kind.ts'
import { type KeptHead, verifyFrom } from './verify-account.ts'

export type Tampered = {
  kind: string
  accountId: string
  /** How the name of the row at fault begins. */
  row: string
  detected: boolean
  /** Whether a finding names that row. */
  named: boolean
  findings: Finding[]
}

export type TamperOrder = {
  databaseUrl: string
  accountIds: readonly string[]
  seed: number
  count: number
  kinds?: readonly Tampering[]
}

/** Tampers `count` times, every kind in turn. Throws when no account has what a kind needs, or an account was at fault before. */
export async function tamper(order: TamperOrder): Promise<Tampered[]> {
  const { databaseUrl, accountIds, seed, count, kinds = TAMPERINGS } = order
  const client = new pg.Client(sessionConfig(databaseUrl, { role: 'drawdown_owner' }))
  await client.connect()
  try {
    await client.query('begin')
    await client.query(UNLOCK)
    const tx: Transaction = {
      isSpread: false,
      query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
        (await client.query<Row>(text, values as unknown[])).rows,
    }
    const tampered: Tampered[] = []
    for (let turn = 0; turn < count; turn++) {
      const one = kinds[turn % kinds.length]!
      await client.query('savepoint books')
      tampered.push(await tamperOnce(tx, one, { accountIds, salt: `${seed}:${turn}` }))
      await client.query('rollback to savepoint books; release savepoint books')
    }
    return tampered
  } finally {
    await client.end()
  }
}

type Picked = { accountId: string; a: string; b: string | null; row: string }

async function tamperOnce(
  tx: Transaction,
  { kind, pick, change }: Tampering,
  among: { accountIds: readonly string[]; salt: string },
): Promise<Tampered> {
  const { accountId, a, b, row } = await pickRow(tx, { kind, pick }, among)
  const [kept] = await tx.query<KeptHead>(
    `select entry_sequence as sequence, encode(chain_head, 'hex') as link from accounts where account_id = $1`,
    [accountId],
  )
  for (const statement of change) await tx.query(statement, [accountId, a, b])
  const { findings } = await verifyFrom(tx, accountId, { kept })
  const named = findings.some((finding) => finding.row === row || finding.row.startsWith(`${row} `))
  return { kind, accountId, row, detected: findings.length > 0, named, findings }
}

async function pickRow(
  tx: Transaction,
  { kind, pick }: Pick<Tampering, 'kind' | 'pick'>,
  { accountIds, salt }: { accountIds: readonly string[]; salt: string },
): Promise<Picked> {
  const rows: Picked[] = []
  for (const accountId of accountIds) {
    const found = await tx.query<Omit<Picked, 'accountId'> & { draw: string }>(
      `select a::text, b::text, row from (${pick}) p order by md5($2 || $1::text || concat(a, b)), 1, 2 limit 1`,
      [accountId, salt],
    )
    rows.push(...found.map((one) => ({ ...one, accountId })))
  }
  const at = Number.parseInt(salt.replace(/\D/g, '').slice(-9), 10)
  const picked = rows[at % rows.length]
  if (!picked) throw new Error(`No account of ${accountIds.length} has a row for "${kind}"`)
  return picked
}

/** Takes every lock off the tables, for this transaction. */
const UNLOCK = `do $$
declare
  item record;
begin
  for item in
    select k.conrelid::regclass as name, k.conname as constraint_name from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and k.contype in ('f', 'c') and k.coninhcount = 0
    order by k.contype desc
  loop
    execute format('alter table %s drop constraint if exists %I', item.name, item.constraint_name);
  end loop;
  for item in
    select c.oid::regclass as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relforcerowsecurity
  loop
    execute format('alter table %s no force row level security', item.name);
    execute format('alter table %s disable trigger user', item.name);
  end loop;
end
$$`
