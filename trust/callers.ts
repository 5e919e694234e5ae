/**
 * A customer's programs, as they stand before a server that may die at any moment: whoever gets no answer asks again under the same
 * key, until there is one.
 *
 * Called by the checks that kill. What was sent and what was answered is written down, and compared with the books at the end.
 */
import type { Database } from '../database/connect.ts'
import { verifyAccount } from '../verify/verify-account.ts'

/** Micros by operation, of the plan that the checks publish. */
const PRICES = { resize: 300_000n, convert: 200_000n, rotate: 333_333n } as const
export type Operation = keyof typeof PRICES
export const OPERATIONS = Object.keys(PRICES) as Operation[]

/** A plan whose credits are soon used up, so that most uses are overage and some are split. */
const PLAN = {
  code: 'killed',
  name: 'Killed',
  currency: 'USD',
  credit_unit: 'USD',
  list_price: '10',
  credits: '20',
  prices: [
    { operation: 'resize', unit_price: '0.3' },
    { operation: 'convert', unit_price: '0.2' },
    { operation: 'rotate', unit_price: '0.333333' },
  ],
}

export type Answer = { status: number; body: Record<string, unknown> }

export type Request = {
  path: string
  apiKey: string
  method?: 'GET' | 'POST'
  body?: unknown
  /** Sent as Idempotency-Key. */
  key?: string
  signal?: AbortSignal
}

/** One attempt. A status of 0: no answer came, or one that says that nobody knows; `body.why` says more. */
export async function ask(url: string, request: Request): Promise<Answer> {
  const { path, apiKey, method = 'POST', body, key, signal } = request
  const isForm = body instanceof FormData
  try {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.any([AbortSignal.timeout(30_000), ...(signal ? [signal] : [])]),
    })
    const told = (await answer.json()) as Answer['body']
    const isAnswered = answer.status < 500 && answer.status !== 429
    return isAnswered ? { status: answer.status, body: told } : { status: 0, body: { why: told.detail } }
  } catch (fault) {
    const { cause } = fault as Error
    return { status: 0, body: { why: `${fault}${cause ? ` (${cause})` : ''}` } }
  }
}

/** Asks until there is an answer; `url` may be another one each time. Throws when there is none for two minutes. */
export async function askUntilAnswered(
  url: () => string,
  request: Request,
): Promise<{ answer: Answer; attempts: number }> {
  const giveUpAt = performance.now() + 120_000
  for (let attempts = 1; ; attempts++) {
    const answer = await ask(url(), request)
    if (answer.status !== 0) return { answer, attempts }
    if (performance.now() > giveUpAt) {
      throw new Error(`${request.path} was not answered for two minutes: ${answer.body.why}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export type Customer = {
  /** As the database has it. */
  accountId: string
  apiKey: string
}

/** Publishes the plan where it is not on offer yet, and opens accounts on it. */
export async function openCustomers(
  server: { url: string; operatorToken: string },
  names: readonly string[],
): Promise<Customer[]> {
  const apiKey = server.operatorToken
  const published = await ask(server.url, { path: '/v1/operator/plans', apiKey, body: PLAN })
  const isThere = published.status === 201 || String(published.body.type).endsWith('/plan_exists')
  if (!isThere) throw new Error(`The plan could not be published: ${JSON.stringify(published)}`)
  const customers: Customer[] = []
  for (const name of names) {
    const body = { name, plan: PLAN.code }
    const opened = await ask(server.url, { path: '/v1/operator/accounts', apiKey, body })
    if (opened.status !== 201) throw new Error(`No account: ${JSON.stringify(opened)}`)
    customers.push({ accountId: uuidOf(opened.body.account_id), apiKey: String(opened.body.api_key) })
  }
  return customers
}

/** `run_` and 32 hexadecimal digits, as a UUID. */
export function uuidOf(id: unknown): string {
  return String(id)
    .slice(-32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** A use, and the id and the amounts that were answered for it. */
export type SentUse = { key: string; operation: Operation; quantity: number; told: string }

/** What is answered for a use. */
export function toldOf(usage: Record<string, unknown>): string {
  return ['id', 'cost', 'from_credits', 'overage', 'balance_after'].map((field) => usage[field]).join(' ')
}

type Stored = { key: string; id: string; operation: string; quantity: bigint; cost: bigint; times: bigint }

/** Where the books differ from what callers sent and were told; empty when every use was booked exactly once. */
export async function compareUses(
  db: Database,
  accountId: string,
  sent: readonly SentUse[],
): Promise<string[]> {
  const stored = await db.asTenant(accountId, (tx) =>
    tx.query<Stored>(
      `select key, min(usage_record_id::text) as id, min(operation) as operation, sum(quantity)::bigint as quantity,
         sum(cost_micros)::bigint as cost, count(*) as times
       from usage_records where account_id = $1 and source = 'api' group by key`,
      [accountId],
    ),
  )
  return judgeUses(stored, sent)
}

/** The same of rows that were read. */
export function judgeUses(stored: readonly Stored[], sent: readonly SentUse[]): string[] {
  const byKey = new Map(stored.map((row) => [row.key, row]))
  const expected = new Set(sent.map(({ key }) => key))
  const wrong = sent.flatMap(({ key, operation, quantity, told }) => {
    const row = byKey.get(key)
    if (!row) return [`${key} was answered and is lost`]
    if (row.times !== 1n) return [`${key} was booked ${row.times} times`]
    const cost = PRICES[operation] * BigInt(quantity)
    const isSame = row.operation === operation && row.quantity === BigInt(quantity) && row.cost === cost
    if (!isSame) return [`${key}: ${row.quantity} × ${row.operation} for ${row.cost} instead of ${cost}`]
    return told.includes(row.id.replaceAll('-', ''))
      ? []
      : [`${key}: ${told} was answered, ${row.id} was booked`]
  })
  const unknown = stored.filter(({ key }) => !expected.has(key))
  return [...wrong, ...unknown.map(({ key }) => `${key} was booked and never sent`)]
}

/** What the verify pack finds in these accounts. */
export async function verifyBooks(db: Database, accountIds: readonly string[]): Promise<string[]> {
  const findings: string[] = []
  for (const id of accountIds) {
    for (const { check, row, detail } of await db.asTenant(id, (tx) => verifyAccount(tx, id))) {
      findings.push(`${check}: ${row}: ${detail}`)
    }
  }
  return findings
}
