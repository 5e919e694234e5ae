/**
 * Usage as it comes in from outside: repeated, late, out of order and by several senders at once, into real Postgres (T9).
 *
 * Called by run.ts. What must come of it is added up from the uses themselves, each counted once: it needs no rule but quantity
 * and unit price.
 *
 * A sender takes the next batch, books it, and now and then loses the answer and books it again. Three in ten of what is sent was
 * sent before.
 */
import type { PlanDraft } from '../billing/plan.ts'
import { bookUsage, type UsageRequest, type UsageResult } from '../ledger/book-usage.ts'
import { changePlan } from '../ledger/change-plan.ts'
import { settlePayment } from '../ledger/collect-payments.ts'
import { finalizeDrafts } from '../ledger/finalize-invoices.ts'
import { type Chance, chanceOf } from '../simulation/chance.ts'
import { type AtStoryTime, atStoryTime, openStoryAccounts } from '../simulation/tell-in-postgres.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { type Check, count } from './scoreboard.ts'
import type { Scratch } from './scratch-database.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const STARTS_AT = Date.UTC(2026, 0, 31, 23, 30)
const ENDS_AT = STARTS_AT + 100 * DAY
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC']
const SENDERS = 4
const MOST_IN_BATCH = 150
const SHOWN = 5

/** Unit prices in micros beside the plan that says them. */
const PRICES = { crop: 200_000n, remove: 500_000n, odd: 333_333n, free: 0n }
type Operation = keyof typeof PRICES
const OPERATIONS = Object.keys(PRICES) as Operation[]
const PLAN: PlanDraft = {
  code: 'disordered',
  name: 'Disordered',
  currency: 'USD',
  creditUnit: 'USD',
  listPrice: '50',
  credits: '400',
  prices: [
    { operation: 'crop', unitPrice: '0.2' },
    { operation: 'remove', unitPrice: '0.5' },
    { operation: 'odd', unitPrice: '0.333333', overageUnitPrice: '0.1' },
    { operation: 'free', unitPrice: '0' },
  ],
}

/** `sentAt` is when it is meant to arrive; the batch that it travels in may be later. */
type Sent = {
  account: number
  key: string
  operation: Operation
  quantity: number
  at: number
  sentAt: number
}

export const disorderedUsage: Check = {
  ids: ['T9'],
  async run(scale, scratch) {
    const submissions = scale === 'long' ? 1_000_000 : 50_000
    const { db } = await scratch()
    const at = atStoryTime(db)
    const accountIds = await openStoryAccounts(db, { plans: [PLAN], zones: ZONES }, STARTS_AT)
    for (const id of accountIds) await startPlan(at, id)
    const { unique, sent } = inventUsage(submissions, chanceOf(9))
    const wrong = await sendAll({ at, accountIds }, sent)
    for (const [index, id] of accountIds.entries()) {
      await at(id, ENDS_AT + 200 * DAY, (tx) => finalizeDrafts(tx, id, () => 0n))
      const own = unique.filter(({ account }) => account === index)
      wrong.push(...(await compareTotals(db, id, own)))
      for (const { check, row, detail } of await db.asTenant(id, (tx) => verifyAccount(tx, id))) {
        wrong.push(`${check}: ${row}: ${detail}`)
      }
    }
    const repeated = Math.round((100 * (sent.length - unique.length)) / sent.length)
    return [
      {
        id: 'T9',
        figure: `usage sent with ${repeated} % repeated, disorder and delay; totals that are off`,
        wanted: `${count(submissions)} / 0`,
        got: `${count(sent.length)} / ${wrong.length}`,
        met: sent.length >= submissions && wrong.length === 0,
        notes: [
          `${count(unique.length)} uses of ${accountIds.length} accounts by ${SENDERS} senders at once`,
          ...wrong.slice(0, SHOWN),
        ],
      },
    ]
  },
}

async function startPlan(at: AtStoryTime, accountId: string): Promise<void> {
  await at(accountId, STARTS_AT, async (tx) => {
    const provider = { name: 'story', minimumCharge: () => 0n, chargeStep: () => 1n }
    const change = { accountId, planCode: PLAN.code, previewId: null, provider }
    const asked = await changePlan(tx, change)
    if (!asked.ok || !('attempt' in asked)) throw new Error('the plan does not start')
    const paid = { status: 'succeeded' as const, reference: accountId }
    await settlePayment(tx, accountId, asked.attempt.paymentId, paid)
  })
}

/** Uses over a hundred days, and the order in which they are sent: some days late, and three in ten once more. */
function inventUsage(submissions: number, chance: Chance): { unique: Sent[]; sent: Sent[] } {
  const unique: Sent[] = []
  const sent: Sent[] = []
  const delay = () => chance.pick([0, 0, chance.whole(MINUTE), chance.whole(3 * DAY), chance.whole(40 * DAY)])
  while (sent.length < submissions) {
    if (unique.length > 0 && chance.happens(30)) {
      const earlier = chance.pick(unique)
      sent.push({ ...earlier, sentAt: earlier.sentAt + delay() })
      continue
    }
    const at = STARTS_AT + 1000 + chance.whole(ENDS_AT - STARTS_AT - 1000)
    const use: Sent = {
      account: chance.whole(ZONES.length),
      // Customers count their uses as they like: the same key comes up in other accounts.
      key: `use ${unique.length % 30_000} ${Math.floor(unique.length / 30_000)}`,
      operation: chance.pick(OPERATIONS),
      quantity: 1 + chance.whole(chance.pick([1, 5, 200])),
      at,
      sentAt: at + delay(),
    }
    unique.push(use)
    sent.push(use)
  }
  return { unique, sent: sent.sort((a, b) => a.sentAt - b.sentAt) }
}

type World = { at: AtStoryTime; accountIds: string[] }

/** Books everything in batches, several at a time; answers what was answered wrongly. */
async function sendAll(world: World, sent: readonly Sent[]): Promise<string[]> {
  const chance = chanceOf(10)
  const wrong: string[] = []
  const answers = new Map<string, string>()
  let next = 0
  async function send(): Promise<void> {
    while (next < sent.length) {
      const size = 1 + chance.whole(MOST_IN_BATCH)
      const batch = shuffled(sent.slice(next, next + size), chance)
      next += size
      const times = chance.happens(3) ? 2 : 1
      for (let time = 0; time < times; time++) wrong.push(...judge(batch, await book(world, batch), answers))
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, send))
  return wrong
}

function shuffled<Value>(values: readonly Value[], chance: Chance): Value[] {
  const rest = [...values]
  return values.map(() => rest.splice(chance.whole(rest.length), 1)[0]!)
}

function book({ at, accountIds }: World, batch: readonly Sent[]): Promise<UsageResult[]> {
  const requests = batch.map(
    ({ account, key, operation, quantity, at: occurredAt }): UsageRequest => ({
      accountId: accountIds[account]!,
      source: 'api',
      key,
      operation,
      quantity,
      occurredAt: new Date(occurredAt),
    }),
  )
  const arrivesAt = Math.max(...batch.map(({ sentAt }) => sentAt))
  return at('service', arrivesAt, (tx) => bookUsage(tx, requests))
}

/** Every use is booked, and whoever asks again is told what was told first. */
function judge(
  batch: readonly Sent[],
  results: readonly UsageResult[],
  answers: Map<string, string>,
): string[] {
  return results.flatMap((result, index) => {
    const { account, key } = batch[index]!
    if (!result.ok) return [`${key} of account ${account} was refused: ${result.refusal}`]
    const { usageRecordId, cost, fromCredits, overage, balanceAfter } = result.record
    const answer = [usageRecordId, cost, fromCredits, overage, balanceAfter].join(' ')
    const first = answers.get(`${account} ${key}`)
    answers.set(`${account} ${key}`, answer)
    return first === undefined || first === answer ? [] : [`${key}: first ${first}, then ${answer}`]
  })
}

type Totals = { operation: Operation; records: bigint; quantity: bigint; cost: bigint; billed: bigint }

/** What stands in records and on invoices, beside the uses counted once each. */
async function compareTotals(db: Scratch['db'], accountId: string, own: readonly Sent[]): Promise<string[]> {
  const found = await db.asTenant(accountId, (tx) =>
    tx.query<Totals>(
      `select u.operation, count(*) as records, sum(u.quantity)::bigint as quantity,
         sum(u.cost_micros)::bigint as cost,
         (select coalesce(sum(l.quantity), 0)::bigint from invoice_lines l where l.account_id = $1
          and l.operation = u.operation and l.kind in ('usage', 'late_usage')) as billed
       from usage_records u where u.account_id = $1 group by u.operation`,
      [accountId],
    ),
  )
  const wrong = OPERATIONS.flatMap((operation) => {
    const uses = own.filter((use) => use.operation === operation)
    const quantity = uses.reduce((sum, use) => sum + BigInt(use.quantity), 0n)
    const expected = [uses.length, quantity, quantity * PRICES[operation], quantity].join(' ')
    const row = found.find((one) => one.operation === operation)
    const stands = row ? [row.records, row.quantity, row.cost, row.billed].join(' ') : 'nothing'
    return expected === stands ? [] : [`${operation}: expected ${expected}, found ${stands}`]
  })
  const [overage] = await db.asTenant(accountId, (tx) =>
    tx.query<{ accrued: bigint; billed: bigint }>(
      `select (select sum(overage_micros)::bigint from usage_records where account_id = $1) as accrued,
         (select sum(exact_micros)::bigint from invoice_lines
          where account_id = $1 and kind in ('usage', 'late_usage', 'credits_applied')) as billed`,
      [accountId],
    ),
  )
  const isBilled = overage!.accrued === overage!.billed
  return isBilled ? wrong : [...wrong, `overage: ${overage!.accrued} accrued, ${overage!.billed} billed`]
}
