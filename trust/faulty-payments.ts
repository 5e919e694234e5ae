/**
 * Payments while everything between the books and the provider goes wrong (T10): the real SDK, a Stripe on this machine, answers that
 * are lost after the money was taken, kept 500s, limits, processes that die between two steps, and events that come twice,
 * late, in any order or before the answer.
 *
 * Called by run.ts. The local Stripe's own ledger of captured money is the judge: what it took for an attempt is beside what the books say.
 *
 * Each account buys credits again and again; each purchase is an invoice, each invoice at least one attempt. When the faults have ended the
 * sweep goes on until it has nothing to do.
 */
import { collectAccount } from '../jobs/collect-account.ts'
import { handleEvents, receiveEvent } from '../jobs/provider-events.ts'
import { collectDue } from '../ledger/collect-due.ts'
import { grantCredits } from '../ledger/grant-credits.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { openStripe } from '../payments/stripe.ts'
import { type Fault, type LocalStripe, openLocalStripe, posted } from '../payments/test-stripe.ts'
import { type Chance, chanceOf } from '../simulation/chance.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { type Check, count } from './scoreboard.ts'
import type { Scratch } from './scratch-database.ts'

/** Few, because what has no outcome yet is read again with each sweep of its account. */
const SWEEPS_AN_ACCOUNT = 2
const PURCHASES_A_SWEEP = 8
/** An attempt mostly waits: the SDK tries again after a pause. */
const ACCOUNTS_AT_ONCE = 16
/** A card that pays, and one that is declined at each charge. */
const CARDS = ['4242424242424242', '4000000000000341']
const FAULTS: Fault[] = [
  ...['cut_after' as const, 'cut_after' as const, 'cut_after' as const, 'error_after' as const],
  ...['error_before' as const, 'rate_limited' as const, 'cut_before' as const, 'cut_before' as const],
]
const MOST_SWEEPS = 20
const SHOWN = 5

type Faulty = {
  books: TestBooks
  local: LocalStripe
  services: Parameters<typeof handleEvents>[0]
  chance: Chance
  /** Events of the local Stripe that were told so far. */
  told: number
}

export const faultyPayments: Check = {
  ids: ['T10'],
  async run(scale, scratch) {
    const wanted = scale === 'long' ? 100_000 : 2_000
    const { db } = await scratch()
    const local = await openLocalStripe()
    try {
      const faulty = await open(db, local)
      const accountIds: string[] = []
      let attempts = 0
      while (attempts < wanted) {
        const opened = await Promise.all(
          Array.from({ length: ACCOUNTS_AT_ONCE }, (_, turn) => buy(faulty, CARDS[turn === 0 ? 1 : 0]!)),
        )
        accountIds.push(...opened)
        attempts = await countAttempts(db)
      }
      const wrong = await settleAll(faulty, accountIds)
      const judged = await judge(faulty, accountIds)
      return [
        {
          id: 'T10',
          figure: 'payments under faults; double captures; unknown left',
          wanted: `${count(wanted)} / 0 / 0`,
          got: `${count(judged.payments)} / ${judged.twice.length} / ${judged.unknown}`,
          met: judged.payments >= wanted && judged.twice.length + judged.unknown + wrong.length === 0,
          notes: [
            `${count(judged.succeeded)} succeeded, ${count(judged.failed)} failed; ${count(faulty.told)} events told; ${count(local.asked.length)} requests at the provider`,
            ...[...judged.twice, ...wrong].slice(0, SHOWN),
          ],
        },
      ]
    } finally {
      await local.close()
    }
  },
}

async function open(db: Scratch['db'], local: LocalStripe): Promise<Faulty> {
  const payments = openStripe({
    secretKey: local.secretKey,
    webhookSecrets: [local.webhookSecret],
    url: local.url,
    retries: 0,
    timeoutMs: 60_000,
  })
  const books = await openTestBooks({ db }, payments)
  const services = { ...books.services, log: () => {} }
  const faulty: Faulty = { books, local, services, chance: chanceOf(10), told: 0 }
  // A fault goes with the request and not with its order: a key that is sent again meets it again, as a kept 500 does.
  local.fault = ({ method, path }) =>
    path.startsWith('/v1/payment_intents') && faulty.chance.happens(method === 'POST' ? 50 : 15)
      ? faulty.chance.pick(FAULTS)
      : null
  local.beforeAnswer = async (events) => {
    if (!faulty.chance.happens(10)) return
    for (const event of events) await receiveEvent(services, posted(event, local.webhookSecret))
    await handleEvents(services)
  }
  return faulty
}

/** One account that buys and buys; answers its id. */
async function buy(faulty: Faulty, number: string): Promise<string> {
  const { books, local, services, chance } = faulty
  const { db, payments } = books
  const accountId = await books.account({ card: null })
  const form = { mode: 'setup', client_reference_id: accountId, customer_creation: 'always' }
  const { id } = local.vault.createSession(form)
  local.vault.fillIn(id, number, true)
  await books.putCard(accountId, id)
  for (let turn = 0; turn < SWEEPS_AN_ACCOUNT; turn += 1) {
    await db.asTenant(accountId, async (tx) => {
      for (let one = 0; one < PURCHASES_A_SWEEP; one += 1) await grantCredits(tx, purchaseOf(accountId))
    })
    if (chance.happens(12)) {
      // The process dies after an attempt is stored, or after it was sent and before its answer is booked.
      const attempts = await db.asTenant(accountId, (tx) => collectDue(tx, [accountId], payments))
      if (chance.happens(50)) for (const attempt of attempts) await payments.charge(attempt)
    } else await collectAccount(services, accountId)
    if (chance.happens(15)) await tell(faulty)
  }
  return accountId
}

function purchaseOf(accountId: string): Parameters<typeof grantCredits>[1] {
  return {
    accountId,
    source: 'purchase',
    credits: 10_000_000n,
    consideration: 9_000_000n,
    units: { currency: 'USD', creditUnit: 'USD' },
    startsAt: null,
    expiresAt: null,
    priority: 60,
    reason: 'Pack',
    key: null,
  }
}

/** Some of what has happened, some of it twice, in no order. */
async function tell(faulty: Faulty): Promise<void> {
  const { local, services, chance } = faulty
  const some = Array.from({ length: 6 }, () => chance.pick(local.events))
  for (const event of [...some, some[0]!]) {
    await receiveEvent(services, posted(event, local.webhookSecret))
    faulty.told += 1
  }
  await handleEvents(services)
}

/** The faults end; the sweep goes on until nothing is left to find out. Answers what is left all the same. */
async function settleAll(
  { books, local, services }: Faulty,
  accountIds: readonly string[],
): Promise<string[]> {
  local.fault = () => null
  local.beforeAnswer = async () => {}
  // A day later: what was kept under a key is answered no more.
  local.forgetKeys()
  const wrong: string[] = []
  const waiting = [...accountIds]
  const settle = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const accountId = id
      for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
        await collectAccount(services, accountId)
        if ((await unresolved(books, accountId)) === 0) break
      }
      const findings = await books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))
      for (const { check, row, detail } of findings) wrong.push(`${check}: ${row}: ${detail}`)
    }
  }
  await Promise.all(Array.from({ length: ACCOUNTS_AT_ONCE }, settle))
  await books.db.asService((tx) =>
    tx.query('update provider_events set try_at = now() where handled_at is null'),
  )
  await handleEvents(services)
  return wrong
}

async function unresolved({ db }: TestBooks, accountId: string): Promise<number> {
  const [row] = await db.asTenant(accountId, (tx) =>
    tx.query<{ left: number }>(
      `select count(*)::integer as left from payments where status in ('pending', 'unknown', 'action_required')`,
    ),
  )
  return row!.left
}

async function countAttempts(db: Scratch['db']): Promise<number> {
  const [row] = await db.asService((tx) =>
    tx.query<{ count: number }>(`select count(*)::integer as count from payments where provider = 'stripe'`),
  )
  return row!.count
}

/** What the provider took for each attempt, beside what the books say of it. */
async function judge({ books, local }: Faulty, accountIds: readonly string[]) {
  const captures = new Map<string, number>()
  for (const { paymentKey } of local.vault.captured) {
    captures.set(paymentKey, (captures.get(paymentKey) ?? 0) + 1)
  }
  const judged = { payments: 0, succeeded: 0, failed: 0, unknown: 0, twice: [] as string[] }
  for (const id of accountIds) {
    const rows = await books.db.asTenant(id, (tx) =>
      tx.query<{ key: string; status: string }>('select idempotency_key as key, status from payments'),
    )
    for (const { key, status } of rows) {
      const taken = captures.get(key) ?? 0
      captures.delete(key)
      judged.payments += 1
      if (status === 'succeeded') judged.succeeded += 1
      else if (status === 'failed') judged.failed += 1
      else judged.unknown += 1
      if (taken !== (status === 'succeeded' ? 1 : 0)) {
        judged.twice.push(`payment ${key} is ${status}, and was captured ${taken} times`)
      }
    }
  }
  for (const [key, taken] of captures)
    judged.twice.push(`${taken} captures under ${key}, which the books do not know`)
  return judged
}
