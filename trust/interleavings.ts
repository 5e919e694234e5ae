/**
 * Pairs of money operations on one account of a real Postgres, interleaved statement by statement (T7).
 *
 * Called by run.ts. Every pair meets, at several moments and in several states of the account. What came of it, answers and all
 * that stands in the books, must be what one of the two does before the other; and the books must verify.
 */
import pg from 'pg'
import { type Chance, chanceOf } from '../simulation/chance.ts'
import { standInPostgres } from '../simulation/compare-with-postgres.ts'
import { type AtStoryTime, atStoryTime, openStoryAccounts } from '../simulation/tell-in-postgres.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { type Interleaved, interleave } from './interleave.ts'
import {
  MOMENTS,
  OPENED_AT,
  OPERATIONS,
  PLANS,
  type Prepared,
  prepare,
  STATES,
  type State,
} from './money-operations.ts'
import { type Check, count } from './scoreboard.ts'
import type { Scratch } from './scratch-database.ts'

/** Experiments under way at a time: what one waits for, another uses. */
const LANES = 3
/** How often one meeting is interleaved, between its two serial orders. */
const ORDERS_EACH = 4
const SHOWN = 5

type Meeting = { names: readonly [string, string]; moment: number; state: State; seed: number }

export const interleavings: Check = {
  ids: ['T7'],
  async run(scale, scratch) {
    const wanted = scale === 'long' ? 10_000 : 1_000
    const opened = await scratch()
    await openStoryAccounts(opened.db, { plans: PLANS, zones: [] }, OPENED_AT)
    const meetings = meetingsOf(wanted / ORDERS_EACH)
    const sum = { done: 0, blocked: 0, orders: new Set<string>() }
    const wrong: string[] = []
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        await withWatcher(opened.url, async (watcher) => {
          for (let meeting = meetings.pop(); meeting; meeting = meetings.pop()) {
            const met = await meet({ ...opened, watcher }, meeting)
            sum.done += met.orders.length
            sum.blocked += met.blocked
            for (const order of met.orders) sum.orders.add(`${meeting.names.join()} ${order}`)
            wrong.push(...met.wrong)
          }
        })
      }),
    )
    return [
      {
        id: 'T7',
        figure: 'statement interleavings of pairs of money operations, neither serial order',
        wanted: `${count(wanted)} / 0`,
        got: `${count(sum.done)} / ${wrong.length}`,
        met: sum.done >= wanted && wrong.length === 0,
        notes: [
          `${Object.keys(OPERATIONS).length} operations, every pair; ${count(sum.orders.size)} different orders; in ${count(sum.blocked)} one waited for the other's lock`,
          ...wrong.slice(0, SHOWN),
        ],
      },
    ]
  },
}

/** Every pair, an operation with itself too, as often as it takes; moments and states by seed. */
function meetingsOf(howMany: number): Meeting[] {
  const names = Object.keys(OPERATIONS)
  const pairs = names.flatMap((name, index) => names.slice(index).map((other) => [name, other] as const))
  const meetings: Meeting[] = []
  for (let seed = 0; meetings.length < howMany || seed % pairs.length !== 0; seed++) {
    const chance = chanceOf(seed)
    const pair = pairs[seed % pairs.length]!
    const isAwaited = pair.some((name) => name.startsWith('the awaited payment'))
    const state = isAwaited ? 'awaiting' : chance.pick(STATES)
    meetings.push({ names: pair, moment: chance.pick(MOMENTS), state, seed })
  }
  return meetings
}

async function withWatcher(url: string, work: (watcher: pg.Client) => Promise<void>): Promise<void> {
  const watcher = new pg.Client({ connectionString: url })
  await watcher.connect()
  try {
    await work(watcher)
  } finally {
    await watcher.end()
  }
}

type Lane = Scratch & { watcher: pg.Client }
type Met = { orders: string[]; blocked: number; wrong: string[] }

async function meet(lane: Lane, meeting: Meeting): Promise<Met> {
  const { names, moment, state, seed } = meeting
  const [a, b] = names
  const serial = [await inTurn(lane, meeting, [0, 1]), await inTurn(lane, meeting, [1, 0])]
  const met: Met = { orders: [], blocked: 0, wrong: [] }
  for (let round = 0; round < ORDERS_EACH; round++) {
    const at = atStoryTime(lane.db)
    const prepared = await prepareAccount(lane, meeting)
    const begin: Parameters<typeof interleave>[1]['begin'] = (work) => at(prepared.accountId, moment, work)
    const chance: Chance = chanceOf(seed).split(`order ${round}`)
    const { outcomes, order, blocked } = await interleave(
      [(tx) => OPERATIONS[a]!(tx, prepared), (tx) => OPERATIONS[b]!(tx, prepared)],
      { begin, chance, watcher: lane.watcher },
    )
    met.orders.push(order)
    met.blocked += blocked > 0 ? 1 : 0
    const came = await cameOf(lane, prepared, meeting, outcomes)
    const about = `${a} and ${b}, ${state}, ${new Date(moment).toISOString()}, ${order}`
    if (!serial.some(({ text }) => text === came.text)) {
      met.wrong.push(
        `${about}: neither order gives\n  ${came.text}\n  but\n  ${serial[0]!.text}\n  or\n  ${serial[1]!.text}`,
      )
    }
    met.wrong.push(...came.findings.map((finding) => `${about}: ${finding}`))
  }
  const found = serial.flatMap(({ findings }) => findings)
  met.wrong.push(...found.map((finding) => `${a}, ${b}, one after the other: ${finding}`))
  return met
}

/** One after the other, in the order given; answers stand in the order of the names. */
async function inTurn(lane: Lane, meeting: Meeting, turns: readonly [0 | 1, 0 | 1]) {
  const at = atStoryTime(lane.db)
  const prepared = await prepareAccount(lane, meeting)
  const answers: [string, string] = ['', '']
  for (const turn of turns) {
    const operation = OPERATIONS[meeting.names[turn]]!
    answers[turn] = await at(prepared.accountId, meeting.moment, (tx) => operation(tx, prepared))
  }
  return cameOf(lane, prepared, meeting, [{ answer: answers[0] }, { answer: answers[1] }])
}

async function prepareAccount({ db }: Lane, { state }: Meeting): Promise<Prepared> {
  const at: AtStoryTime = atStoryTime(db)
  const [accountId] = await openStoryAccounts(db, { plans: [], zones: ['UTC'] }, OPENED_AT)
  return at(accountId!, OPENED_AT, (tx) => prepare(tx, accountId!, state))
}

/** Answers and books as one text, and what verify says of them. */
async function cameOf(
  { db }: Lane,
  { accountId }: Prepared,
  { moment }: Meeting,
  outcomes: Interleaved['outcomes'],
): Promise<{ text: string; findings: string[] }> {
  const answers = outcomes.map((one) => ('answer' in one ? one.answer : `fault: ${String(one.fault)}`))
  const stand = await atStoryTime(db)(accountId, moment, async (tx) => {
    const rows = await tx.query<{ text: string }>(PAYMENTS, [accountId])
    return [...(await standInPostgres(tx, accountId)), ...rows.map(({ text }) => ['payment', text] as const)]
  })
  const findings = await db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))
  const facts = stand.map(([name, text]) => `${name}: ${text}`).sort()
  return {
    text: [`answers ${answers.join(' and ')}`, ...facts].join('; '),
    findings: findings.map(({ check, row, detail }) => `${check}: ${row}: ${detail}`),
  }
}

const PAYMENTS = `
  select concat_ws(' ', i.kind, i.total_micros, p.attempt, p.status, p.amount_micros) as text
  from payments p join invoices i using (account_id, invoice_id) where p.account_id = $1`
