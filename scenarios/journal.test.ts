import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { micros } from '../billing/micros.ts'
import { advanceTo, book, newCustomer } from './customer.ts'
import { startTestServer, type TestServer } from './start-server.ts'

/** The journal, read by the programs of bookkeepers, says what the product says: to the micro. */

let server: TestServer
let accountId: string

beforeAll(async () => {
  server = await startTestServer()
  const customer = await newCustomer(server, { plan: 'starter', name: '=cmd|"/c calc"!A0' })
  accountId = customer.accountId
  const { api } = customer
  await newCustomer(server, { plan: 'growth' })
  await book(api, 'smart_crop', 123)
  const { period } = await api.getBilling()
  // A share of a term that is no whole number of cents.
  await advanceTo(server, accountId, new Date(Date.parse(period!.end) - 777_777_000))
  await api.changeSubscription({ body: { plan: 'growth' } })
  await book(api, 'remove_background', 777)
  await advanceTo(server, accountId, period!.end)
  await book(api, 'smart_crop', 7)
}, 300_000)
afterAll(() => server?.close())

/** What `drawdown journal export` prints, in a file. */
async function exported(format: string, ...more: string[]): Promise<string> {
  const cli = join(import.meta.dirname, '../cli/drawdown.mjs')
  const environment = {
    PATH: process.env.PATH,
    HOME: server.folder,
    DRAWDOWN_DATA: join(server.folder, 'data'),
  }
  const child = spawn(process.execPath, [cli, 'journal', 'export', '--format', format, ...more], {
    env: environment,
  })
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  child.stderr.pipe(process.stderr)
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code).toBe(0)
  const file = join(server.folder, `journal.${format}`)
  writeFileSync(file, Buffer.concat(pieces))
  return file
}

/** Runs a program that reads journals; answers what it prints. */
function read(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { LC_ALL: 'C.UTF-8' },
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

/** Amounts by account of a report in CSV: `"assets:cash","49.800000 USD"`. */
function amountsOf(report: string): Map<string, bigint> {
  const rows = report.split('\n').flatMap((row) => {
    const [, account, amount] = /^"([^"]+)","(-?[\d.]+)(?: USD)?"$/.exec(row) ?? []
    return account === undefined ? [] : ([[account, micros(amount!)]] as const)
  })
  return new Map(rows)
}

test('hledger reads it without complaint, and its statements agree with ours', async () => {
  const journal = await exported('hledger')
  read('/usr/bin/hledger', '-f', journal, 'check', '--strict')
  const flags = ['-O', 'csv', '--flat', '-f', journal]
  const sheet = amountsOf(read('/usr/bin/hledger', 'balancesheet', ...flags))
  const income = amountsOf(read('/usr/bin/hledger', 'incomestatement', ...flags))

  const { data } = await server.operator.getRevenue()
  const sum = (name: 'recognised' | 'breakage' | 'rounding') =>
    data.reduce((total, month) => total + micros(month[name]), 0n)
  const last = data.at(-1)!
  const earned = ['income:credits', 'income:overage', 'income:plan'].map((name) => income.get(name) ?? 0n)
  expect(earned.reduce((total, one) => total + one, 0n)).toBe(sum('recognised'))
  expect(income.get('income:breakage') ?? 0n).toBe(sum('breakage'))
  expect(income.get('income:rounding') ?? 0n).toBe(sum('rounding'))
  expect(sheet.get('liabilities:deferred')).toBe(micros(last.deferred))
  expect(sheet.get('assets:unbilled') ?? 0n).toBe(micros(last.unbilled))
  expect(sheet.get('assets:receivable') ?? 0n).toBe(micros(last.receivable))
  expect(micros(last.deferred) % 10_000n, 'an amount below a cent is among them').not.toBe(0n)
  expect([...sheet.keys()].filter((name) => name.startsWith('credits:'))).toEqual([])
  // Net assets are what was earned.
  expect(sheet.get('Net:') ?? sheet.get('Net')).toBe(sum('recognised') + sum('breakage') + sum('rounding'))
})

test('beancount reads it without complaint', async () => {
  expect(read('/usr/bin/bean-check', await exported('beancount'))).toBe('')
})

test('as CSV it has a row an entry, of one account where one is named', async () => {
  const journal = await exported('csv', '--account', accountId)
  const rows = read('/bin/cat', journal).trim().split('\r\n')
  expect(rows[0]).toBe(
    'account_id,sequence,booked_at,cause,cause_id,ledger_account,commodity,amount,grant_id',
  )
  expect(rows.length).toBeGreaterThan(20)
  expect(new Set(rows.slice(1).map((row) => row.split(',')[0])).size).toBe(1)
  expect(rows.filter((row) => /(^|,)[=+@]/.test(row))).toEqual([])
})
