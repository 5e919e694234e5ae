/**
 * Tells a story to real Postgres, through the verbs of ledger/ and under the roles of the product, at the very instants of the
 * story.
 *
 * Called by the sampled comparison. Business time is database time, so the database is given a clock of the story's own: a
 * function `clock_timestamp()` that stands before Postgres' in the search path of each transaction.
 *
 * Nothing here books but one thing: grants, which are issued in opened books.
 */
import { uuidv7 } from 'uuidv7'
import { type Micros, micros } from '../billing/micros.ts'
import type { Database, Transaction, TransactionOptions } from '../database/connect.ts'
import { bookUsage } from '../ledger/book-usage.ts'
import { cancelAtBoundary, cancelNow, changePlan, resumePlan } from '../ledger/change-plan.ts'
import {
  type AttemptOutcome,
  makeDueNow,
  readUnresolvedAttempts,
  settlePayment,
  startPayments,
} from '../ledger/collect-payments.ts'
import { finalizeDrafts } from '../ledger/finalize-invoices.ts'
import { issueGrant } from '../ledger/grants.ts'
import { installCatalogue } from '../ledger/install-catalogue.ts'
import { openBook } from '../ledger/open-books.ts'
import { setPaymentMethod } from '../ledger/payment-method.ts'
import { readBilling } from '../ledger/read-billing.ts'
import { saveBooks } from '../ledger/save-books.ts'
import type { Story, StoryCommand, StoryGrant } from './story.ts'
import { answersOf } from './tell-in-memory.ts'

/** The statements that give a database a clock of stories. For its superuser, once. */
export const STORY_CLOCK = `
  create schema story;
  create function story.clock_timestamp() returns timestamptz language sql volatile
    return current_setting('story.now')::timestamptz;
  grant usage on schema story to drawdown_tenant, drawdown_service`

/** Runs one transaction of an account, or of all, with the clock standing at `at`. */
export type AtStoryTime = <T>(
  who: string | 'service',
  at: number,
  work: (tx: Transaction) => Promise<T>,
  options?: TransactionOptions,
) => Promise<T>

export type ToldInPostgres = { answers: string[][]; accountIds: string[]; at: AtStoryTime }

export async function tellInPostgres(db: Database, story: Story): Promise<ToldInPostgres> {
  const at = atStoryTime(db)
  const accountIds = await openStoryAccounts(db, story, story.commands[0]?.at ?? 0)
  const payments = new Map<string, string>()
  const answers: string[][] = []
  const world = { story, at, accountIds, payments }
  for (const command of story.commands) {
    if (command.lost === 'transaction') await lose(world, command)
    else answers.push(await tell(world, command))
  }
  return { answers, accountIds, at }
}

/** Transactions of a database that has been given the clock of stories. */
export function atStoryTime(db: Database): AtStoryTime {
  return (who, instant, work, options) => {
    const timed = async (tx: Transaction) => {
      await tx.query(`select set_config('search_path', 'story, pg_catalog, public', true)`)
      await tx.query(`select set_config('story.now', $1, true)`, [new Date(instant).toISOString()])
      return work(tx)
    }
    return who === 'service' ? db.asService(timed, options) : db.asTenant(who, timed, options)
  }
}

/** Publishes the plans, and opens an account with a card in each zone; answers their ids. */
export async function openStoryAccounts(
  db: Database,
  { plans, zones }: Pick<Story, 'plans' | 'zones'>,
  openedAt: number,
): Promise<string[]> {
  await db.asService((tx) => installCatalogue(tx, plans))
  const accountIds: string[] = []
  for (const zone of zones) {
    const id = uuidv7()
    accountIds.push(id)
    await atStoryTime(db)(id, openedAt, (tx) => openAccount(tx, id, zone))
  }
  return accountIds
}

async function openAccount(tx: Transaction, accountId: string, zone: string): Promise<void> {
  await tx.query(
    `insert into accounts (account_id, name, invoice_prefix, zone) values ($1, 'Story', $2, $3)`,
    [accountId, accountId.slice(-8).toUpperCase(), zone],
  )
  const card = { provider: 'story', token: 'card', brand: 'Play card', last4: '4242', expires: '12/2099' }
  await setPaymentMethod(tx, accountId, card)
}

type World = {
  story: Story
  at: AtStoryTime
  accountIds: string[]
  /** By account: the payment that its change of plan waits for. */
  payments: Map<string, string>
}

/** Does what a command does and rolls it back; of a collection, only what comes after its first commit is lost. */
async function lose(world: World, command: StoryCommand): Promise<void> {
  const { accountIds, payments } = world
  if (command.do === 'pay') {
    await world.at(accountIds[command.account]!, command.at, (tx) => start(tx, accountIds[command.account]!))
    return
  }
  const at: AtStoryTime = (who, instant, work) => world.at(who, instant, work, { rollback: true })
  await tell({ ...world, at, payments: new Map(payments) }, command)
}

async function tell(world: World, command: StoryCommand): Promise<string[]> {
  const { story, at, accountIds, payments } = world
  if (command.do === 'use') {
    const requests = command.uses.map(({ account, key, operation, quantity, occurredAt }) => ({
      accountId: accountIds[account]!,
      source: 'api' as const,
      key,
      operation,
      quantity,
      occurredAt: occurredAt === null ? undefined : new Date(occurredAt),
    }))
    return answersOf(await at('service', command.at, (tx) => bookUsage(tx, requests)))
  }
  const accountId = accountIds[command.account]!
  if (command.do === 'pay') await at(accountId, command.at, (tx) => start(tx, accountId))
  const answer = await at(accountId, command.at, async (tx) => {
    switch (command.do) {
      case 'change':
        return change(tx, accountId, story.plans[command.plan]!.code, payments)
      case 'settle':
        return settle(tx, accountId, payments, command.paid)
      case 'pay':
        return finish(tx, accountId, command.paid)
      case 'grant':
        return grantCredits(tx, accountId, command.key, command.grant)
      case 'finalize':
        return `${await finalizeDrafts(tx, accountId, () => micros(story.minimum))}`
      case 'look': {
        const state = await readBilling(tx, accountId)
        return `${state!.balance} ${state!.overage}`
      }
      default: {
        const verb = { cancel: cancelAtBoundary, cancel_now: cancelNow, resume: resumePlan }[command.do]
        const result = await verb(tx, accountId)
        return result.ok ? 'ok' : result.refusal
      }
    }
  })
  return [answer]
}

async function change(
  tx: Transaction,
  accountId: string,
  planCode: string,
  payments: Map<string, string>,
): Promise<string> {
  const provider = { name: 'story', minimumCharge: () => 0n, chargeStep: () => 1n }
  const result = await changePlan(tx, { accountId, planCode, previewId: null, provider })
  if (!result.ok) return result.refusal
  if (result.status === 'scheduled') return `scheduled ${result.effectiveAt.getTime()}`
  if (!('attempt' in result)) return 'effective 0'
  payments.set(accountId, result.attempt.paymentId)
  return `awaiting ${result.attempt.amount}`
}

async function settle(
  tx: Transaction,
  accountId: string,
  payments: Map<string, string>,
  paid: boolean,
): Promise<string> {
  const paymentId = payments.get(accountId)
  payments.delete(accountId)
  if (paymentId === undefined) {
    await readBilling(tx, accountId)
    return 'nothing_awaiting'
  }
  // An upgrade whose period is over is told as one that was not paid: see tell-in-memory.ts.
  const state = await readBilling(tx, accountId)
  const [late] = await tx.query(
    `select 1 from payments p join invoices i using (account_id, invoice_id)
     where p.account_id = $1 and p.payment_id = $2 and i.kind = 'upgrade' and i.period_number is distinct from $3::integer`,
    [accountId, paymentId, state?.subscription?.periodNumber ?? null],
  )
  const isPaid = paid && !late
  await settlePayment(tx, accountId, paymentId, outcomeOf(isPaid))
  return isPaid ? 'effective' : 'declined'
}

function outcomeOf(paid: boolean): AttemptOutcome {
  if (paid) return { status: 'succeeded', reference: uuidv7() }
  return { status: 'failed', reference: uuidv7(), code: 'card_declined', message: 'The card was declined.' }
}

/** The first step of a collection: an attempt is stored for each open invoice, unless one is under way. */
async function start(tx: Transaction, accountId: string): Promise<void> {
  const open = await tx.query<{ id: string }>(
    `select invoice_id as "id" from invoices
     where account_id = $1 and status in ('open', 'past_due', 'uncollectible') order by invoice_id`,
    [accountId],
  )
  for (const { id } of open) await makeDueNow(tx, accountId, id)
  await startPayments(tx, accountId, { name: 'story', chargeStep: () => 1n })
}

/** The second: every attempt of an invoice has its outcome, also one whose first step a crash has cut off from it. */
async function finish(tx: Transaction, accountId: string, paid: boolean): Promise<string> {
  const unresolved = await readUnresolvedAttempts(tx, accountId)
  const attempts = unresolved.filter(({ description }) => description !== 'Plan change')
  for (const { paymentId } of attempts) await settlePayment(tx, accountId, paymentId, outcomeOf(paid))
  return `${attempts.length}`
}

async function grantCredits(
  tx: Transaction,
  accountId: string,
  key: string,
  grant: StoryGrant,
): Promise<string> {
  const books = (await openBook(tx, accountId))!
  await saveBooks(tx, [books])
  if (!books.units) return 'no_subscription'
  const known = await tx.query('select 1 from credit_grants where account_id = $1 and natural_key = $2', [
    accountId,
    key,
  ])
  if (known.length > 0) return 'again'
  const credits: Micros = micros(grant.credits)
  const startsAt = new Date(grant.startsAt)
  const expiresAt = grant.expiresAt === null ? null : new Date(grant.expiresAt)
  const draft = { ...grant, credits, startsAt, expiresAt, consideration: 0n, naturalKey: key }
  issueGrant(books, draft, books.now)
  await saveBooks(tx, [books])
  return 'ok'
}
