/** The command itself, against a server and a Postgres: what it records, what it says, and that it may be repeated. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../http/test-app.ts'
import { handlers } from '../http/usage-routes.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { importUsage } from './import-usage.ts'

let here: TestApp
let books: TestBooks
let accountId: string
let env: NodeJS.ProcessEnv
const folder = mkdtempSync(join(tmpdir(), 'drawdown-import-'))

beforeAll(async () => {
  here = await createTestApp({ handlers })
  books = await openTestBooks(here.database)
  accountId = await books.account()
  await books.choose(accountId, 'starter')
  await here.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = here.app.server.address() as AddressInfo
  const { key } = await here.createKey(accountId, ['usage:write'])
  env = { ...process.env, DRAWDOWN_URL: `http://127.0.0.1:${port}`, DRAWDOWN_API_KEY: key }
})
afterAll(async () => {
  await here?.close()
  rmSync(folder, { recursive: true })
})

function drawdown(
  args: string[],
  input?: string,
): Promise<{ code: number | null; out: string; err: string }> {
  const program = join(import.meta.dirname, 'drawdown.mjs')
  const child = spawn(process.execPath, [program, ...args], { env })
  let [out, err] = ['', '']
  child.stdout.on('data', (piece) => {
    out += piece
  })
  child.stderr.on('data', (piece) => {
    err += piece
  })
  child.stdin.end(input)
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

test('a file is recorded line by line, and again for nothing', async () => {
  const file = join(folder, 'usage.csv')
  const rows = Array.from({ length: 1200 }, (_, n) => `img-${n},smart_crop,${n === 700 ? 'many' : 1}`)
  writeFileSync(file, ['key,operation,quantity', ...rows, 'img-0,resize,1', ''].join('\n'))
  const results = join(folder, 'results.ndjson')
  const first = await drawdown(['usage', 'import', file, '--results', results, '--json'])
  expect([first.code, JSON.parse(first.out)]).toMatchObject([
    1,
    {
      lines: 1201,
      booked: 1199,
      known: 0,
      refused: 2,
      refusals: [
        { line: 702, refusal: 'invalid_input', detail: 'quantity: expected number, got "many"' },
        { line: 1202, refusal: 'idempotency_conflict' },
      ],
    },
  ])
  const written = readFileSync(results, 'utf8').trim().split('\n')
  expect(written.map((line) => (JSON.parse(line) as { line: number }).line)).toEqual(
    rows.map((_, n) => n + 2).concat(1202),
  )

  const again = await drawdown(['usage', 'import', file, '--from', '1100'])
  expect([again.code, again.out.split('\n')[0]]).toEqual([
    1,
    '103 lines: 0 booked, 102 known already, 1 refused.',
  ])
  const [sum] = await books.db.asTenant(accountId, (tx) =>
    tx.query<{ n: bigint }>('select count(*) as n from usage_records where account_id = $1', [accountId]),
  )
  expect(sum!.n).toBe(1199n)
  expect(await books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
})

test('lines come from standard input too, as the operator for any account', async () => {
  env = { ...env, DRAWDOWN_API_KEY: here.services.operatorToken }
  const account = `account_${accountId.replaceAll('-', '')}`
  const line = JSON.stringify({ key: 'piped', operation: 'smart_crop', account_id: account })
  const { code, out } = await drawdown(
    ['usage', 'import', '-', '--format', 'ndjson', '--operator'],
    `${line}\n${line}`,
  )
  expect([code, out]).toEqual([0, '2 lines: 1 booked, 1 known already, 0 refused.\n'])
})

test('what is wrong with the command is said before anything is sent', async () => {
  await expect(importUsage(join(folder, 'none.csv'), {})).rejects.toThrow('There is no file')
  const file = join(folder, 'usage.txt')
  writeFileSync(file, 'a')
  await expect(importUsage(file, {})).rejects.toThrow('does not say of what kind it is')
})
