import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatMicros, micros } from '../billing/micros.ts'
import { newId } from '../database/new-id.ts'
import { sessionConfig } from '../database/pool.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { tamper } from '../verify/tamper.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { setAccountTax } from './account-tax.ts'
import { cancelNow } from './change-plan.ts'
import { grantCredits } from './grant-credits.ts'
import { issueCreditNote } from './issue-credit-note.ts'
import { readCreditNote } from './read-credit-notes.ts'
import { readSelected } from './read-reversible-usage.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

const DAY_MS = 86_400_000

async function starter(): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'starter')
  return id
}

/** Books a use; answers its id. */
async function use(id: string, operation: string, quantity: number): Promise<string> {
  const used = await books.use(id, operation, quantity)
  if (!used.ok) throw new Error(used.detail)
  return used.record.usageRecordId
}

function credit(id: string, usageIds: string[], more: { runId?: string } = {}) {
  const selection = { usageIds, runId: more.runId ?? null, itemIds: [] }
  const { minimumCharge } = books.payments
  return database.db.asTenant(id, (tx) =>
    issueCreditNote(tx, { accountId: id, selection, reason: 'The crops were wrong', minimumCharge }),
  )
}

/** Credits the usage; answers what the note says it came to. */
async function credited(id: string, ...usageIds: string[]) {
  const issued = await credit(id, usageIds)
  if (!issued.ok) throw new Error(issued.detail)
  const note = (await database.db.asTenant(id, (tx) => readCreditNote(tx, id, issued.id)))!
  const { number, net, tax, overageCancelled, creditsReturned, creditsAdjusted, lines } = note
  const amounts = { net, tax, overageCancelled, creditsReturned, creditsAdjusted }
  const shown = Object.fromEntries(
    Object.entries(amounts).flatMap(([name, amount]) =>
      amount === 0n ? [] : [[name, formatMicros(amount)]],
    ),
  )
  return {
    number,
    ...shown,
    lines: lines.map((line) => `${line.description} = ${formatMicros(line.amount)}`),
  }
}

async function toBoundary(id: string): Promise<void> {
  await books.moveTo(id, (await books.billing(id)).period!.end)
}

async function lastInvoice(id: string): Promise<string[]> {
  const last = (await books.invoices(id)).at(-1)!
  const shown = last.lines.map(({ description, amount }) => `${description} = ${formatMicros(amount)}`)
  const { total, customerCreditApplied: applied, paid } = last
  return [
    ...shown,
    `total ${formatMicros(total)}, credit ${formatMicros(applied)}, paid ${formatMicros(paid)}`,
  ]
}

async function expectVerified(id: string): Promise<void> {
  expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
}

describe('in the open period', () => {
  test('overage falls away first, then credits return to their grant', async () => {
    const id = await starter()
    await use(id, 'smart_crop', 240)
    const split = await use(id, 'remove_background', 10)
    expect(await books.billing(id)).toMatchObject({ balance: 0n, overage: 3_000_000n })
    expect(await credited(id, split)).toMatchObject({
      overageCancelled: '3',
      creditsReturned: '2',
      lines: [],
    })
    expect(await books.billing(id)).toMatchObject({ balance: 2_000_000n, overage: 0n, customerCredit: 0n })
    await expectVerified(id)
    await toBoundary(id)
    expect(await lastInvoice(id)).toEqual([
      'Starter plan = 50',
      'Smart crop on Starter, 240 × $0.20 = 48',
      'Credits applied: $48.00 from the plan = -48',
      'total 50, credit 0, paid 50',
    ])
    await expectVerified(id)
  })

  test('returned credits cover overage of later records, newest first', async () => {
    const id = await starter()
    const first = await use(id, 'smart_crop', 250)
    await use(id, 'smart_crop', 10)
    await use(id, 'remove_background', 100)
    expect((await books.billing(id)).overage).toBe(52_000_000n)
    // 50 of credits come back: all of them pay for the newest record, whose overage falls by 50.
    expect(await credited(id, first)).toMatchObject({ overageCancelled: '50' })
    expect(await books.billing(id)).toMatchObject({ balance: 0n, overage: 2_000_000n })
    await expectVerified(id)
    await toBoundary(id)
    expect((await books.invoices(id)).at(-1)!.total).toBe(52_000_000n)
    await expectVerified(id)
  })

  test('what a later credit note takes back includes the credits that an earlier one brought', async () => {
    const id = await starter()
    const first = await use(id, 'smart_crop', 250)
    const second = await use(id, 'remove_background', 10)
    await credited(id, first)
    expect(await books.billing(id)).toMatchObject({ balance: 45_000_000n, overage: 0n })
    expect(await credited(id, second)).toMatchObject({ creditsReturned: '5' })
    expect(await books.billing(id)).toMatchObject({ balance: 50_000_000n, overage: 0n })
    await expectVerified(id)
    await toBoundary(id)
    expect(await lastInvoice(id)).toEqual(['Starter plan = 50', 'total 50, credit 0, paid 50'])
    await expectVerified(id)
  })

  test('records that are credited together pay for nothing that is credited with them', async () => {
    const id = await starter()
    const ids = [await use(id, 'smart_crop', 250), await use(id, 'remove_background', 10)]
    expect(await credited(id, ...ids)).toMatchObject({ overageCancelled: '5', creditsReturned: '50' })
    expect(await books.billing(id)).toMatchObject({ balance: 50_000_000n, overage: 0n })
    await expectVerified(id)
  })

  test('draws on a grant that has ended become an adjustment that ends with the next period', async () => {
    const id = await starter()
    const { now, period } = await books.billing(id)
    const expiresAt = new Date(now.getTime() + 5 * DAY_MS)
    await database.db.asTenant(id, (tx) =>
      grantCredits(tx, {
        accountId: id,
        source: 'promotion',
        credits: micros('20'),
        consideration: 0n,
        priority: 0,
        startsAt: null,
        expiresAt,
        reason: 'Welcome',
        units: null,
        key: null,
      }),
    )
    const used = await use(id, 'smart_crop', 50)
    await books.moveTo(id, new Date(expiresAt.getTime() + DAY_MS))
    expect(await credited(id, used)).toMatchObject({ creditsAdjusted: '10' })
    const [, adjustment] = (await books.billing(id)).grants
    expect(adjustment).toMatchObject({ source: 'adjustment', remaining: 10_000_000n })
    expect(adjustment!.expiresAt!.getTime()).toBeGreaterThan(period!.end.getTime() + 27 * DAY_MS)
    await expectVerified(id)
    await toBoundary(id)
    expect((await books.billing(id)).balance).toBe(60_000_000n)
    await expectVerified(id)
  })
})

describe('in a closed period', () => {
  test('overage with its tax becomes customer credit, used before the card', async () => {
    const id = await books.account()
    const rates = [{ name: 'VAT', rate: micros('0.2') }]
    await database.db.asTenant(id, (tx) => setAccountTax(tx, id, { treatment: 'standard', rates }))
    await books.choose(id, 'starter')
    await use(id, 'smart_crop', 250)
    const over = await use(id, 'smart_crop', 40)
    await toBoundary(id)
    const number = (await books.invoices(id)).at(-1)!.number
    expect(await credited(id, over)).toMatchObject({
      number: expect.stringMatching(/-CN-0001$/),
      net: '8',
      tax: '1.6',
      lines: [
        `Overage of 40 × Smart crop on Starter of invoice ${number} = 8`,
        `VAT 20 % of invoice ${number} = 1.6`,
      ],
    })
    expect((await books.billing(id)).customerCredit).toBe(9_600_000n)
    await expectVerified(id)
    await toBoundary(id)
    expect(await lastInvoice(id)).toEqual([
      'Starter plan = 50',
      'VAT 20 % = 10',
      'total 60, credit 9.6, paid 50.4',
    ])
    expect((await books.billing(id)).customerCredit).toBe(0n)
    await expectVerified(id)
  })

  test('draws become an adjustment grant, never money', async () => {
    const id = await starter()
    const drawn = await use(id, 'smart_crop', 100)
    await toBoundary(id)
    expect(await credited(id, drawn)).toMatchObject({ creditsAdjusted: '20', lines: [] })
    expect(await books.billing(id)).toMatchObject({ balance: 70_000_000n, customerCredit: 0n })
    await expectVerified(id)
  })

  test('customer credit pays for an upgrade, and what is left of it for the next invoice', async () => {
    const id = await starter()
    await use(id, 'smart_crop', 250)
    const over = await use(id, 'remove_background', 400)
    await toBoundary(id)
    await credited(id, over)
    expect((await books.billing(id)).customerCredit).toBe(200_000_000n)
    await books.putCard(id, 'sandbox_card_declines')
    // The whole upgrade is paid by credit: no card is asked.
    expect(await books.choose(id, 'growth')).toMatchObject({ kind: 'upgrade', status: 'effective' })
    const upgrade = (await books.invoices(id)).at(-1)!
    expect(upgrade).toMatchObject({ status: 'paid', paid: 0n, customerCreditApplied: upgrade.total })
    expect((await books.billing(id)).customerCredit).toBe(200_000_000n - upgrade.total)
    await expectVerified(id)
  })

  test('after the subscription has ended, all the same', async () => {
    const id = await starter()
    const first = await use(id, 'smart_crop', 250)
    const over = await use(id, 'smart_crop', 50)
    await database.db.asTenant(id, (tx) => cancelNow(tx, id))
    expect(await credited(id, first, over)).toMatchObject({ net: '10', creditsAdjusted: '50' })
    expect(await books.billing(id)).toMatchObject({ customerCredit: 10_000_000n, balance: 50_000_000n })
    await expectVerified(id)
  })

  test('a tenth of it at a time is the same as all at once', async () => {
    const id = await books.account()
    const rates = [{ name: 'VAT', rate: micros('0.19') }]
    await database.db.asTenant(id, (tx) => setAccountTax(tx, id, { treatment: 'standard', rates }))
    await books.choose(id, 'starter')
    await use(id, 'smart_crop', 250)
    const overs = []
    for (let n = 0; n < 5; n++) overs.push(await use(id, 'smart_crop', 1))
    await toBoundary(id)
    const given = []
    for (const over of overs) given.push(await credited(id, over))
    expect(given.map((note) => (note as { tax?: string }).tax)).toEqual([
      '0.04',
      '0.04',
      '0.03',
      '0.04',
      '0.04',
    ])
    expect((await books.billing(id)).customerCredit).toBe(1_190_000n)
    await expectVerified(id)
  })
})

describe('a credit note', () => {
  test('is refused for usage that is not there, was free, or was credited already, and changes nothing', async () => {
    const id = await starter()
    const [paid, free] = [await use(id, 'smart_crop', 1), await use(id, 'resize', 1)]
    const others = await use(await starter(), 'smart_crop', 1)
    expect(await credit(id, [others])).toMatchObject({ refusal: 'usage_not_found' })
    expect(await credit(id, [], { runId: others })).toMatchObject({ refusal: 'usage_not_found' })
    expect(await credit(id, [free])).toMatchObject({ refusal: 'nothing_to_credit' })
    await credited(id, paid)
    expect(await credit(id, [paid])).toMatchObject({ refusal: 'usage_credited_already' })
    expect(await books.billing(id)).toMatchObject({ balance: 50_000_000n })
    expect((await credited(id, await use(id, 'smart_crop', 2))).number).toMatch(/-CN-0002$/)
    await expectVerified(id)
  })

  test('two at once take the same record back once', async () => {
    const id = await starter()
    const used = await use(id, 'smart_crop', 10)
    const results = await Promise.all([credit(id, [used]), credit(id, [used])])
    expect(results.map((result) => (result.ok ? 'issued' : result.refusal)).sort()).toEqual([
      'issued',
      'usage_credited_already',
    ])
    expect((await books.billing(id)).balance).toBe(50_000_000n)
    await expectVerified(id)
  })

  test('waits for the invoice of a parked account', async () => {
    const id = await starter()
    await use(id, 'smart_crop', 250)
    const over = await use(id, 'smart_crop', 10)
    const run = (sql: string) => database.db.asService((tx) => tx.query(sql, [id]))
    await run('update accounts set parked_at = now() where account_id = $1')
    await toBoundary(id)
    expect(await credit(id, [over])).toMatchObject({ refusal: 'invoice_not_final' })
    await run('update accounts set parked_at = null where account_id = $1')
    expect(await credited(id, over)).toMatchObject({ net: '2' })
    await expectVerified(id)
  })

  test('is never changed, and what it says is checked', async () => {
    const id = await starter()
    await credited(id, await use(id, 'smart_crop', 10))
    const change = (table: string, set: string) =>
      database.db.asTenant(id, (tx) => tx.query(`update ${table} set ${set} where account_id = $1`, [id]))
    await expect(change('credit_notes', `reason = 'none'`)).rejects.toThrow('permission denied')
    await expect(change('usage_corrections', 'drawn_micros = 0')).rejects.toThrow('permission denied')
  })
})

describe('a credit note is chained', () => {
  const note = `select credit_note_id as a, null as b, 'credit note ' || number as row from credit_notes where account_id = $1`
  const lineOf = (table: string) =>
    `select t.credit_note_id as a, t.line as b, 'credit note ' || n.number as row
     from ${table} t join credit_notes n using (account_id, credit_note_id) where account_id = $1`
  const change = (table: string, set: string) =>
    `update ${table} set ${set} where account_id = $1 and credit_note_id = $2::uuid
     and ${table === 'credit_notes' ? '$3::text is null' : 'line = $3::integer'}`
  const kinds = [
    { kind: 'its reason', pick: note, change: [change('credit_notes', `reason = reason || '.'`)] },
    { kind: 'its number', pick: note, change: [change('credit_notes', 'number = number')] },
    {
      kind: 'the words of a line',
      pick: lineOf('credit_note_lines'),
      change: [change('credit_note_lines', `description = description || '.'`)],
    },
    {
      kind: 'the record of a correction',
      pick: lineOf('usage_corrections'),
      change: [change('usage_corrections', `record_booked_at = record_booked_at + interval '1 millisecond'`)],
    },
  ]

  test('so that no word of it can be changed without showing', async () => {
    const id = await starter()
    const cropped = await use(id, 'smart_crop', 300)
    const { period } = await books.billing(id)
    await books.moveTo(id, new Date(period!.end.getTime() + 1000))
    await credited(id, cropped)
    await credited(id, await use(id, 'smart_crop', 10))
    const order = { databaseUrl: database.url, accountIds: [id], seed: 1, count: kinds.length, kinds }
    const tampered = await tamper(order)
    // Nothing was changed by the one that sets what is there.
    const changed = tampered.map(({ kind, named }) => [kind, named])
    expect(changed).toEqual(kinds.map(({ kind }) => [kind, kind !== 'its number']))
    expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  })
})

test('usage is found by run, item and id through an index, never by reading all of it', async () => {
  const id = await starter()
  const plans: string[] = []
  await database.db.asTenant(id, async (tx) => {
    await tx.query('set local enable_seqscan = off')
    const explained = {
      isSpread: tx.isSpread,
      query: async <Row extends object>(text: string, values: readonly unknown[] = []) => {
        const rows = await tx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values)
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
        return [] as Row[]
      },
    }
    const none = { usageIds: [], runId: null, itemIds: [] }
    await readSelected(explained, id, { ...none, runId: newId() }, 10)
    await readSelected(explained, id, { ...none, itemIds: [newId()] }, 10)
    await readSelected(explained, id, { ...none, usageIds: [newId()] }, 10)
  })
  const [ofRun, ofItems, ofIds] = plans
  for (const plan of [ofRun, ofItems]) expect(plan).toMatch(/_account_id_run_id_idx|usage_of_a_run/)
  expect(ofIds).toMatch(/Index Cond: .*booked_at >=.*booked_at <=/)
})

test('usage whose id was made by a clock far away is found all the same', async () => {
  const id = await starter()
  const cropped = await use(id, 'smart_crop', 10)
  await asOwner(
    `update usage_records set booked_at = booked_at - interval '3 days' where usage_record_id = '${cropped}'`,
  )
  const found = await database.db.asTenant(id, (tx) =>
    readSelected(tx, id, { usageIds: [cropped], runId: null, itemIds: [] }, 10),
  )
  expect(found.map((record) => record.id)).toEqual([cropped])
})

/** As whoever owns the machine, past the walls. */
async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client(sessionConfig(database.url, { role: 'drawdown_owner' }))
  await client.connect()
  const walls = (force: string) => `alter table usage_records ${force} row level security`
  for (const one of ['begin', walls('no force'), statement, walls('force'), 'commit']) await client.query(one)
  await client.end()
}
