/**
 * Tells a story to real Postgres, through the verbs of ledger/ and under the roles of the product, at the very instants of the
 * story.
 *
 * Called by the sampled comparison. Business time is database time, so the database is given a clock of the story's own: a
 * function `clock_timestamp()` that stands before Postgres' in the search path of each transaction.
 *
 * Nothing here books: what is done is done by the verbs, and what they answer is put into the words of a story.
 */

import { type Micros, micros } from '../billing/micros.ts'
import type { Database, Transaction, TransactionOptions } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { setAccountTax } from '../ledger/account-tax.ts'
import { bookUsage } from '../ledger/book-usage.ts'
import { cancelAtBoundary, cancelNow, changePlan, resumePlan } from '../ledger/change-plan.ts'
import { collectDue } from '../ledger/collect-due.ts'
import {
  type AttemptOutcome,
  makeDueNow,
  readUnresolvedAttempts,
  settlePayment,
} from '../ledger/collect-payments.ts'
import { finalizeDrafts } from '../ledger/finalize-invoices.ts'
import { grantCredits, voidCredits } from '../ledger/grant-credits.ts'
import { installCatalogue } from '../ledger/install-catalogue.ts'
import { setInterimAmount } from '../ledger/interim-amount.ts'
import { issueCreditNote } from '../ledger/issue-credit-note.ts'
import { setPaymentMethod } from '../ledger/payment-method.ts'
import { publishVersion } from '../ledger/publish-plan.ts'
import { readBilling } from '../ledger/read-billing.ts'
import { payByHand, UNPAID, writeOff } from '../ledger/settle-by-hand.ts'
import { dispute, refund } from './refunds-in-postgres.ts'
import { offeredFirst, type Story, type StoryCommand } from './story.ts'
import { answersOf } from './tell-in-memory.ts'

/** The statements that give a database a clock of stories, on every node of a cluster too. For its superuser, once, one after another. */
export const STORY_CLOCK = [
  'create schema story',
  `create function story.clock_timestamp() returns timestamptz language sql volatile
     return current_setting('story.now')::timestamptz`,
  'grant usage on schema story to drawdown_tenant, drawdown_service',
  `do $$ begin
     if exists (select from pg_extension where extname = 'citus') then
       perform create_distributed_function('story.clock_timestamp()');
     end if;
   end $$`,
  'set role drawdown_owner',
  `alter table plan_versions alter column published_at
     set default coalesce(nullif(current_setting('story.now', true), '')::timestamptz, now())`,
  'reset role',
]

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
  const plans = offeredFirst(story).map((index) => story.plans[index]!)
  const openedAt = Math.min(...story.commands.map((command) => command.at))
  const accountIds = await openStoryAccounts(db, { plans, zones: story.zones }, openedAt)
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
      // Said so, it reaches the nodes of a cluster as well.
      await tx.query(`set local story.now to '${new Date(instant).toISOString()}'`)
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
  await atStoryTime(db)('service', openedAt, (tx) => installCatalogue(tx, plans))
  const accountIds: string[] = []
  for (const zone of zones) {
    const id = newId()
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
    await world.at(accountIds[command.account]!, command.at, (tx) =>
      start(tx, accountIds[command.account]!, micros(world.story.minimum)),
    )
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
  if (command.do === 'publish') {
    const { code, name: _, ...draft } = story.plans[command.plan]!
    const { noticeDays } = command
    return [wordOf(await at('service', command.at, (tx) => publishVersion(tx, { code, draft, noticeDays })))]
  }
  const accountId = accountIds[command.account]!
  const minimum = micros(story.minimum)
  if (command.do === 'pay') await at(accountId, command.at, (tx) => start(tx, accountId, minimum))
  const answer = await at(accountId, command.at, async (tx) => {
    switch (command.do) {
      case 'change':
        return change(tx, { accountId, planCode: story.plans[command.plan]!.code, minimum }, payments)
      case 'settle':
        return settle(tx, accountId, payments, command.paid)
      case 'pay':
        return finish(tx, accountId, command.paid)
      case 'refund':
        return refund(tx, accountId, command)
      case 'dispute':
        return dispute(tx, accountId, command)
      case 'give_up':
      case 'pay_by_hand':
        return settleOldest(tx, accountId, command.do)
      case 'grant':
        return grant(tx, accountId, command)
      case 'void':
        return voidOne(tx, accountId, command.key)
      case 'credit':
        return credit(tx, accountId, { keys: command.keys, minimum })
      case 'interim': {
        const amount = command.amount === null ? null : micros(command.amount)
        return wordOf(await setInterimAmount(tx, { accountId, amount, minimumCharge: () => minimum }))
      }
      case 'tax':
        return setTax(tx, accountId, command)
      case 'finalize':
        return `${await finalizeDrafts(tx, accountId, () => minimum)}`
      case 'look':
        return look(tx, accountId)
      default: {
        const verb = { cancel: cancelAtBoundary, cancel_now: cancelNow, resume: resumePlan }[command.do]
        return wordOf(await verb(tx, accountId))
      }
    }
  })
  return [answer]
}

/** `ok`, or the name of the refusal. */
function wordOf(result: { ok: true } | { ok: false; refusal: string }): string {
  return result.ok ? 'ok' : result.refusal
}

async function look(tx: Transaction, accountId: string): Promise<string> {
  const state = await readBilling(tx, accountId)
  const [account] = await tx.query<{ credit: bigint }>(
    'select customer_credit_micros as "credit" from accounts where account_id = $1',
    [accountId],
  )
  return `${state!.balance} ${state!.overage} ${account!.credit}`
}

async function change(
  tx: Transaction,
  { accountId, planCode, minimum }: { accountId: string; planCode: string; minimum: Micros },
  payments: Map<string, string>,
): Promise<string> {
  const provider = { name: 'story', minimumCharge: () => minimum, chargeStep: () => 1n }
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
  await settlePayment(tx, accountId, paymentId, outcomeOf(paid))
  const [change] = await tx.query<{ status: string }>(
    `select c.status from plan_changes c join payments p using (account_id, invoice_id)
     where c.account_id = $1 and p.payment_id = $2`,
    [accountId, paymentId],
  )
  return change!.status
}

function outcomeOf(paid: boolean): AttemptOutcome {
  if (paid) return { status: 'succeeded', reference: newId() }
  return { status: 'failed', reference: newId(), code: 'card_declined', message: 'The card was declined.' }
}

/** The first step of a collection: drafts become invoices, and an attempt is stored for each open one, unless one is under way. */
async function start(tx: Transaction, accountId: string, minimum: Micros): Promise<void> {
  const open = await tx.query<{ id: string }>(
    `select invoice_id as "id" from invoices
     where account_id = $1 and status in ('open', 'past_due', 'uncollectible') order by invoice_id`,
    [accountId],
  )
  for (const { id } of open) await makeDueNow(tx, accountId, id)
  await collectDue(tx, [accountId], { name: 'story', chargeStep: () => 1n, minimumCharge: () => minimum })
}

/** The second: every attempt of an invoice has its outcome, also one whose first step a crash has cut off from it. */
async function finish(tx: Transaction, accountId: string, paid: boolean): Promise<string> {
  const unresolved = await readUnresolvedAttempts(tx, accountId)
  const attempts = unresolved.filter(({ description }) => description !== 'Plan change')
  for (const { paymentId } of attempts) await settlePayment(tx, accountId, paymentId, outcomeOf(paid))
  const [row] = await tx.query<{ late: bigint }>(
    `select count(*) as late from invoices where account_id = $1 and status = 'past_due'`,
    [accountId],
  )
  return `${attempts.length} ${row!.late}`
}

/** Of the invoice with the lowest number that can be given up, or paid past the provider. */
async function settleOldest(
  tx: Transaction,
  accountId: string,
  how: 'give_up' | 'pay_by_hand',
): Promise<string> {
  await readBilling(tx, accountId)
  const givesUp = how === 'give_up'
  const [invoice] = await tx.query<{ id: string; due: bigint }>(
    `select invoice_id as "id", total_micros + opening_balance_micros - customer_credit_micros - paid_micros as "due"
     from invoices where account_id = $1 and carried_to is null and status = any ($2)
     order by substring(number from '-(\\d+)$')::integer limit 1`,
    [accountId, givesUp ? UNPAID : [...UNPAID, 'written_off']],
  )
  if (!invoice) return 'none'
  const asked = { accountId, invoiceId: invoice.id }
  const result = givesUp
    ? await writeOff(tx, { ...asked, reason: 'A story' })
    : await payByHand(tx, { ...asked, reference: 'A story', receivedAt: null })
  return result.ok ? `${invoice.due}` : result.refusal
}

async function grant(
  tx: Transaction,
  accountId: string,
  { key, grant: { credits, price, startsAt, expiresAt, ...granted } }: StoryCommand & { do: 'grant' },
): Promise<string> {
  const result = await grantCredits(tx, {
    ...granted,
    accountId,
    key,
    credits: micros(credits),
    consideration: micros(price),
    startsAt: new Date(startsAt),
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    units: null,
    reason: 'A story',
  })
  return result.ok && result.replayed ? 'again' : wordOf(result)
}

async function voidOne(tx: Transaction, accountId: string, key: string): Promise<string> {
  const [known] = await tx.query<{ id: string; reason: string | null }>(
    'select grant_id as "id", void_reason as "reason" from credit_grants where account_id = $1 and natural_key = $2',
    [accountId, `operator:${key}`],
  )
  const result = await voidCredits(tx, { accountId, grantId: known?.id ?? newId(), reason: 'A story' })
  return result.ok && known?.reason != null ? 'again' : wordOf(result)
}

async function setTax(
  tx: Transaction,
  accountId: string,
  { treatment, rates }: StoryCommand & { do: 'tax' },
): Promise<string> {
  const exact = rates.map(({ name, rate }) => ({ name, rate: micros(rate) }))
  return wordOf(await setAccountTax(tx, accountId, { treatment, rates: exact }))
}

async function credit(
  tx: Transaction,
  accountId: string,
  { keys, minimum }: { keys: readonly string[]; minimum: Micros },
): Promise<string> {
  const known = await tx.query<{ key: string; id: string }>(
    `select key, usage_record_id as "id" from usage_records where account_id = $1 and key in (select unnest($2::text[]))`,
    [accountId, keys],
  )
  const usageIds = keys.map((key) => known.find((one) => one.key === key)?.id ?? newId())
  const result = await issueCreditNote(tx, {
    accountId,
    selection: { usageIds, runId: null, itemIds: [] },
    reason: 'A story',
    minimumCharge: () => minimum,
  })
  if (!result.ok) return result.refusal
  const [note] = await tx.query<{ text: string }>(
    `select concat_ws(' ', 'note', substring(number from '-CN-(\\d+)$')::integer, net_micros, tax_micros,
       overage_cancelled_micros, credits_returned_micros, credits_adjusted_micros) as text
     from credit_notes where account_id = $1 and credit_note_id = $2`,
    [accountId, result.id],
  )
  return note!.text
}
