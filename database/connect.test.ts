import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, OutcomeUnknown, type Transaction } from './connect.ts'
import { openPool } from './pool.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

const ANNA = '0198c0de-0000-7000-8000-00000000000a'
const BEN = '0198c0de-0000-7000-8000-00000000000b'

let database: TestDatabase
let owner: pg.Pool

beforeAll(async () => {
  database = await createTestDatabase()
  owner = openPool(database.url, { role: 'drawdown_owner', connections: 1 })
  await owner.query(`
    create table notes (
      account_id uuid not null,
      id int8 not null,
      text text not null,
      primary key (account_id, id)
    );
    alter table notes enable row level security;
    alter table notes force row level security;
    create policy tenant on notes to drawdown_tenant
      using (account_id = current_setting('drawdown.account_id', true)::uuid);
    create policy service on notes to drawdown_service using (true);
    grant select, insert, update on notes to drawdown_tenant, drawdown_service;
    create table counters (id int primary key, value int8 not null);
    grant select, update on counters to drawdown_service;
    insert into counters values (1, 0), (2, 0);
  `)
  await database.db.asService((tx) =>
    tx.query('insert into notes values ($1, 1, $3), ($2, 1, $3)', [ANNA, BEN, 'first']),
  )
})

afterAll(async () => {
  await owner?.end()
  await database?.drop()
})

const notes = (tx: Transaction) =>
  tx.query<{ account_id: string; id: bigint }>('select account_id, id from notes')

const count = () => database.db.asService(async (tx) => (await notes(tx)).length)

test('each role is what rule R32 says it is', async () => {
  const { rows } = await owner.query(
    `select rolname, rolsuper, rolbypassrls, rolcanlogin,
            exists (select from pg_class where relowner = pg_roles.oid) as owns,
            exists (select from pg_auth_members where member = pg_roles.oid) as member
       from pg_roles where rolname ~ '^drawdown_(tenant|service)$' order by rolname`,
  )
  const powerless = { rolsuper: false, rolbypassrls: false, rolcanlogin: false, owns: false, member: false }
  expect(rows).toEqual([
    { rolname: 'drawdown_service', ...powerless },
    { rolname: 'drawdown_tenant', ...powerless },
  ])
})

test('an account sees its own rows, the service sees all, and without an account there is no row', async () => {
  expect(await database.db.asTenant(ANNA, notes)).toEqual([{ account_id: ANNA, id: 1n }])
  expect(await database.db.asTenant(BEN, notes)).toEqual([{ account_id: BEN, id: 1n }])
  expect(await database.db.asService(notes)).toHaveLength(2)

  const bare = openPool(database.url, { role: 'drawdown_tenant', connections: 1 })
  expect((await bare.query('select * from notes')).rows).toEqual([])
  await bare.end()
  // The owner is bound as well: the tables force it.
  expect((await owner.query('select * from notes')).rows).toEqual([])
})

test('a session that served one account serves the next without a trace of the first', async () => {
  for (let round = 0; round < 20; round++) {
    const account = round % 2 === 0 ? ANNA : BEN
    expect(await database.db.asTenant(account, notes)).toEqual([{ account_id: account, id: 1n }])
  }
})

test('an account cannot write, take or reset its way to another', async () => {
  const attempts: [string, unknown[]][] = [
    ['insert into notes values ($1, 2, $2)', [BEN, 'planted']],
    ['update notes set account_id = $1', [BEN]],
    ['set session authorization postgres', []],
    ['alter table notes disable row level security', []],
    [`select 1; set local drawdown.account_id to '${BEN}'`, []],
  ]
  for (const [text, values] of attempts) {
    await expect(database.db.asTenant(ANNA, (tx) => tx.query(text, values))).rejects.toThrow()
  }
  // The login may become the roles, so this passes; the owner it becomes sees no row, and the next transaction is a tenant's.
  const become = "select set_config('role', 'drawdown_owner', false)"
  const seen = await database.db.asTenant(ANNA, async (tx) => [await tx.query(become), await notes(tx)][1])
  expect(seen).toEqual([])
  for (let round = 0; round < 20; round++) {
    const attempt = database.db.asTenant(BEN, (tx) =>
      tx.query('alter table notes no force row level security'),
    )
    await expect(attempt).rejects.toThrow('must be owner')
  }
  const reset = await database.db.asTenant(ANNA, async (tx) => {
    await tx.query('reset role')
    return tx.query('select current_user as name')
  })
  expect(reset).toEqual([{ name: 'drawdown_tenant' }])
})

test('what is no id of an account is refused before it reaches the database', async () => {
  for (const id of ['', 'acme', `${ANNA}'; drop table notes; --`, ANNA.slice(1)]) {
    await expect(database.db.asTenant(id, notes)).rejects.toThrow('Not the id of an account')
  }
})

test('a thrown error and a preview both leave nothing behind', async () => {
  const insert = (tx: Transaction) =>
    tx.query('insert into notes values ($1, 7, $2) returning id', [ANNA, 'x'])
  await expect(
    database.db.asTenant(ANNA, async (tx) => {
      await insert(tx)
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect(await database.db.asTenant(ANNA, insert, { rollback: true })).toEqual([{ id: 7n }])
  expect(await count()).toBe(2)
})

test('work that forgets to await is rolled back and told, whenever its query would have run', async () => {
  const insert = 'insert into notes values ($1, 8, $2)'
  await expect(
    database.db.asTenant(ANNA, async (tx) => {
      tx.query(insert, [ANNA, 'forgotten'])
    }),
  ).rejects.toThrow('an await is missing')
  await expect(
    database.db.asTenant(ANNA, async (tx) => {
      tx.query('select 1 / 0')
    }),
  ).rejects.toThrow('an await is missing')

  let leaked: Transaction | undefined
  await database.db.asTenant(ANNA, async (tx) => {
    leaked = tx
  })
  await expect(async () => leaked!.query(insert, [ANNA, 'late'])).rejects.toThrow('had ended')
  expect(await count()).toBe(2)
})

test('a failure that work swallows is not reported as committed', async () => {
  await expect(
    database.db.asTenant(ANNA, async (tx) => {
      await tx.query('insert into notes values ($1, 9, $2)', [ANNA, 'lost'])
      await tx.query('select 1 / 0').catch(() => {})
    }),
  ).rejects.toThrow('nothing was committed')
  const fault = await database.db
    .asTenant(ANNA, async (tx) => {
      await tx.query('select 1 / 0').catch(() => {})
      await tx.query('select 1')
    })
    .catch((thrown: { code: string }) => thrown.code)
  expect(fault).toBe('22012')
  expect(await count()).toBe(2)
})

test('what a snapshot shows is answered without waiting for its end, but not what failed in it', async () => {
  const one = connect(database.url, { connections: 1 })
  const show = () =>
    one.asTenant(ANNA, (tx) => tx.query('select pg_backend_pid() as pid'), { snapshot: true })
  const [first] = await show()
  // The only connection comes back by itself, in order, to whoever waits for it.
  expect(await Promise.all([show(), show()])).toEqual([[first], [first]])
  const swallowed = one.asTenant(
    ANNA,
    async (tx) => {
      await tx.query('select 1 / 0').catch(() => {})
      return 'shown'
    },
    { snapshot: true },
  )
  await expect(swallowed).rejects.toThrow(/nothing was committed/)
  expect(await show()).toEqual([first])
  await one.close()
})

test('who keeps plans has one for all values, and the next transaction of the session is as it was', async () => {
  const one = connect(database.url, { connections: 1 })
  const find = async (keepsPlans: boolean, times: number) => {
    for (let time = 0; time < times; time++) {
      await one.asTenant(ANNA, (tx) => tx.query('select id from notes where id = any ($1::int8[])', [[1n]]), {
        keepsPlans,
      })
    }
    const [row] = await one.asTenant(ANNA, (tx) =>
      tx.query<{ plans: string; mode: string }>(
        `select generic_plans || ' kept, ' || custom_plans || ' made' as plans, current_setting('plan_cache_mode') as mode
         from pg_prepared_statements where statement like 'select id from notes where id = any%'`,
      ),
    )
    return row
  }
  // The first run of a text is not named yet.
  expect(await find(false, 3)).toEqual({ plans: '0 kept, 2 made', mode: 'auto' })
  expect(await find(true, 3)).toEqual({ plans: '3 kept, 2 made', mode: 'auto' })
  await one.close()
})

test('statements issued together run one after another', async () => {
  const answers = await database.db.asService((tx) =>
    Promise.all([1, 2, 3].map((value) => tx.query('select $1::int as value', [value]))),
  )
  expect(answers).toEqual([[{ value: 1 }], [{ value: 2 }], [{ value: 3 }]])
})

test('undefined is not a value', async () => {
  const attempt = database.db.asService((tx) => tx.query('select $1::int', [undefined]))
  await expect(attempt).rejects.toThrow('Parameter $1 is undefined')
})

test('values keep their kind on the way in and out', async () => {
  const at = new Date('2026-11-02T00:00:00.123Z')
  const largest = 2n ** 63n - 1n
  const [row] = await database.db.asService((tx) =>
    tx.query(
      `select $1::int8 as amount, $2::int8[] as amounts, '{{1,2},{3,null}}'::int8[] as nested, '{}'::int8[] as none,
              0.10::numeric as price, '{1.10,2}'::numeric[] as prices, $3::timestamptz as at,
              '2026-03-29'::date as day, count(*) as rows
         from notes`,
      [-largest, [largest, 0n], at],
    ),
  )
  expect(row).toEqual({
    amount: -largest,
    amounts: [largest, 0n],
    nested: [
      [1n, 2n],
      [3n, null],
    ],
    none: [],
    price: '0.10',
    prices: ['1.10', '2'],
    at,
    day: '2026-03-29',
    rows: 2n,
  })
})

test('of two that wait for each other, the one Postgres ends is run again', async () => {
  let runs = 0
  const bump = (first: number, second: number, meet: () => Promise<void>) =>
    database.db.asService(async (tx) => {
      runs++
      await tx.query('update counters set value = value + 1 where id = $1', [first])
      await meet()
      await tx.query('update counters set value = value + 1 where id = $1', [second])
    })
  let waiting = 2
  let open: () => void
  const bothHoldOne = new Promise<void>((resolve) => {
    open = resolve
  })
  const meet = () => {
    if (--waiting <= 0) open()
    return bothHoldOne
  }
  await Promise.all([bump(1, 2, meet), bump(2, 1, meet)])
  expect(runs).toBe(3)
  const rows = await database.db.asService((tx) => tx.query('select value from counters order by id'))
  expect(rows).toEqual([{ value: 2n }, { value: 2n }])
})

test('a statement that a migration changed under a running process is planned anew', async () => {
  const read = () => database.db.asService((tx) => tx.query('select * from counters where id = $1', [1]))
  for (let round = 0; round < 8; round++) expect(Object.keys((await read())[0]!)).toEqual(['id', 'value'])
  await owner.query('alter table counters add column note text')
  for (let round = 0; round < 8; round++)
    expect(Object.keys((await read())[0]!)).toEqual(['id', 'value', 'note'])
})

test('a text of which there are always new ones does not fill the connections', async () => {
  const one = async (number: number) => {
    const text = `select $1::int as value -- ${number}`
    for (let use = 0; use < 2; use++) {
      expect(await database.db.asService((tx) => tx.query(text, [number]))).toEqual([{ value: number }])
    }
  }
  for (let number = 0; number < 600; number++) await one(number)
  const prepared = await database.db.asService((tx) =>
    tx.query('select count(*) from pg_prepared_statements'),
  )
  expect(prepared).toEqual([{ count: expect.toSatisfy((count: bigint) => count < 550n) }])
})

test('a connection that is cut while idle is replaced, inside a transaction it is an outage', async () => {
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and application_name = 'drawdown drawdown_service' and pid <> pg_backend_pid()`
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(cut)
  expect(await count()).toBe(2)
  const inside = database.db.asService(async (tx) => {
    await admin.query(cut)
    await tx.query('select 1')
  })
  await expect(inside).rejects.toThrow()
  const atCommit = database.db.asService(async () => {
    await admin.query(cut)
  })
  await expect(atCommit).rejects.toThrow(OutcomeUnknown)
  expect(await count()).toBe(2)
  await admin.end()
})

test('a listener hears every payload, and hears that it was cut off', async () => {
  const heard: string[] = []
  let reconnects = 0
  const stop = await database.db.listen(
    'notes',
    (payload) => heard.push(payload),
    () => reconnects++,
  )
  const other: string[] = []
  const stopOther = await database.db.listen('notes', (payload) => other.push(payload))
  const notify = (payload: string) =>
    database.db.asService((tx) => tx.query('select pg_notify($1, $2)', ['notes', payload]))

  await notify('one')
  await expect.poll(() => [heard, other]).toEqual([['one'], ['one']])
  stopOther()

  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ~ '^(un)?listen|^select 1'`,
  )
  await admin.end()
  await expect.poll(() => reconnects).toBe(1)
  await notify('two')
  await expect.poll(() => heard).toEqual(['one', 'two'])
  expect(other).toEqual(['one'])
  stop()
})
