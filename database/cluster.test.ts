import { afterAll, beforeAll, expect, test } from 'vitest'
import { Beforehand, beginningOnCluster, byNode, onCluster, onItsNode } from './cluster.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test.each([
  ['select 1 from runs where account_id = $1', 'select 1 from runs where account_id = $1'],
  [
    'select 1 from accounts where account_id in (select unnest($1::uuid[])) for update',
    'select 1 from accounts where account_id = any ($1::uuid[]) for update',
  ],
  [
    'insert into t (a) select a from (select unnest($1::uuid[]) as a) g',
    'insert into t (a) select a from (select unnest($1::uuid[]) as a) g returning null',
  ],
  ['insert into t (a) values ($1)', 'insert into t (a) values ($1)'],
  [
    'insert into t (a) select $1 on conflict do nothing',
    'insert into t (a) select $1 on conflict do nothing',
  ],
  ['insert into t (a) select $1 returning a', 'insert into t (a) select $1 returning a'],
  ['select clock_timestamp(), now()', 'select clock_timestamp(), now()'],
  ['update t set at = coalesce(at, now())', 'update t set at = coalesce(at, (select now()))'],
  [
    'update t set at = case when a then clock_timestamp() else at end',
    'update t set at = case when a then (select clock_timestamp()) else at end',
  ],
  [
    'insert into t (at) values (now()) on conflict (a) do update set at = now()',
    'insert into t (at) values (now()) on conflict (a) do update set at = now()',
  ],
  ['update t set at = clock_timestamp()', 'update t set at = statement_timestamp()'],
])('a cluster is sent: %s', (text, sent) => {
  expect(onCluster(text)).toBe(sent)
})

test('a transaction there begins in statements of their own, and its role does not travel', () => {
  expect(
    beginningOnCluster(
      "begin; set local role drawdown_tenant; set local drawdown.account_id to 'x'; set local plan_cache_mode to force_generic_plan",
    ),
  ).toEqual(['begin', 'reset role', "set local drawdown.account_id to 'x'"])
})

test('things of several accounts go together, and on a cluster by account, in order', async () => {
  const sent: string[] = []
  const work = (some: readonly string[]) => {
    sent.push(some.join())
    return Promise.resolve(some.length)
  }
  const accountOf = (thing: string) => thing[0]!
  expect(await byNode({ isSpread: false }, ['b1', 'a1', 'b2'], { accountOf, work })).toEqual([3])
  expect(await byNode({ isSpread: true }, ['b1', 'a1', 'b2'], { accountOf, work })).toEqual([1, 2])
  expect(sent).toEqual(['b1,a1,b2', 'a1', 'b1,b2'])
  expect(onItsNode({ isSpread: false }, 'account_id')).toBe('')
  expect(onItsNode({ isSpread: true }, 'i.account_id')).toBe('and i.account_id = any ($1::uuid[])')
})

test('what has to be committed beforehand is, and the transaction is run again', async () => {
  const [month] = await database.db.asService((tx) =>
    tx.query<{ there: boolean }>("select to_regclass('usage_records_2031_05') is not null as there"),
  )
  expect(month).toEqual({ there: false })
  let runs = 0
  const found = await database.db.asService(async (tx) => {
    runs++
    const [row] = await tx.query<{ there: boolean }>(
      "select to_regclass('usage_records_2031_05') is not null as there",
    )
    if (!row!.there) throw new Beforehand('select ensure_usage_partition($1)', ['2031-05-01'])
    return runs
  })
  expect(found).toBe(2)
})
