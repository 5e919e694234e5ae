/**
 * All background work, in one list.
 *
 *   remind    every minute   events that were recorded are announced, and endpoints that somebody died over are sent to (deliver-outbox.ts)
 *   summarize on Mondays     what the week has brought, to those who want it
 *   sweep     every minute   accounts that nobody touches: what is due is processed, what is owed is collected (R20)
 *   tidy      every hour     files of uploads whose owner died, and answers kept for longer than their time
 *   provider-events  at once   what the payment provider says has happened, as it is stored; and with each sweep
 *   disputes  three times an hour  payments that their cardholders dispute, also where no event tells of it; those of play cards every minute
 *   sweep-files every night  stored files that no row speaks of
 *   look-ahead every hour    alerts on a forecast (R24)
 *   make-room every day      the partitions of usage for the next months
 *   verify-changed  twice an hour   books that have changed are derived again, from where that last ended (R31)
 *   rehearse        when asked      a draft of a plan over the past terms of all accounts (R25)
 *   verify-all      every day       all books; whole, every thirty days. Then the heads of the chains are kept outside
 *
 * Run by graphile-worker from tables of its own; one server at a time takes a job, whichever is free. Runs' items are
 * not jobs: their lease, state and result are one row's life (automations/).
 */
import { type Logger as JobLogger, Logger, parseCronItems, run, type TaskList } from 'graphile-worker'
import { sweepFiles } from '../automations/sweep-files.ts'
import { unfoldStalledRuns } from '../automations/unfold-run.ts'
import type { Database } from '../database/connect.ts'
import { openPool } from '../database/pool.ts'
import { listDueAccounts, rollAccount } from '../ledger/clock.ts'
import { collectDue } from '../ledger/collect-due.ts'
import type { Attempt } from '../ledger/collect-payments.ts'
import { listForecastAlerts, lookAhead } from '../ledger/read-forecast.ts'
import { runRehearsal } from '../ledger/rehearse-plan.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import type { FileStore } from '../storage/file-store.ts'
import { collectAccount, sendAttempt } from './collect-account.ts'
import { forgetDelivered, type Outbox, remind, startDelivering, summarize } from './deliver-outbox.ts'
import { forgetEvents, handleEvents, lookForDisputes } from './provider-events.ts'
import { verifyAll, verifyChanged } from './verify-books.ts'

export type JobServices = {
  db: Database
  databaseUrl: string
  payments: PaymentProvider
  files: Pick<FileStore, 'sweep' | 'listOlder' | 'deleteOlder'>
  /** How what leaves the house is sent. */
  outbox: Outbox
  /** Where the heads of the chains are kept. */
  dataFolder: string
  log: (event: { event: string; [detail: string]: unknown }) => void
}

/** Accounts swept with one look at the list of what is due. */
const SWEEP_BATCH = 200
/** At once: while one waits for the disk or the provider, others go on. Fewer than a pool has connections, so that requests get theirs. */
const SWEEP_LANES = 2
/** Accounts in one transaction. More would share it a little cheaper, and hold each other's locks for longer than a request notices. */
const SWEPT_TOGETHER = 40
/** Attempts of one lane that are on their way to the provider: each mostly waits. */
const SENT_AT_ONCE = 4
const MONTHS_AHEAD = 3
const ANSWERS_KEPT_DAYS = 30

/** Starts the schedule; answers the function that stops it once the jobs under way have ended. */
export async function startSchedule(services: JobServices): Promise<() => Promise<void>> {
  const pool = openPool(services.databaseUrl, {
    role: 'drawdown_owner',
    // As many as its widest lane has jobs at once (deliver-outbox.ts).
    connections: 12,
    onFault: (fault) => services.log({ event: 'jobs_connection_lost', fault }),
  })
  await makeRoom(services)
  // Nobody waits twenty minutes to see what a play card does.
  const isPlay = services.payments.name === 'sandbox'
  const runner = await run({
    pgPool: pool,
    taskList: taskList(services),
    parsedCronItems: parseCronItems([
      { task: 'remind', match: '* * * * *', options: { backfillPeriod: 0, maxAttempts: 3 } },
      { task: 'sweep', match: '* * * * *', options: { backfillPeriod: 0, maxAttempts: 3 } },
      { task: 'summarize', match: '5 7 * * 1', options: { backfillPeriod: 86_400_000, maxAttempts: 10 } },
      { task: 'tidy', match: '17 * * * *', options: { backfillPeriod: 0, maxAttempts: 3 } },
      { task: 'verify-changed', match: '7,37 * * * *', options: { backfillPeriod: 0, maxAttempts: 3 } },
      { task: 'verify-all', match: '43 2 * * *', options: { backfillPeriod: 86_400_000, maxAttempts: 3 } },
      { task: 'sweep-files', match: '31 4 * * *', options: { backfillPeriod: 0, maxAttempts: 3 } },
      { task: 'look-ahead', match: '41 * * * *', options: { backfillPeriod: 0, maxAttempts: 3 } },
      {
        task: 'disputes',
        match: isPlay ? '* * * * *' : '*/20 * * * *',
        options: { backfillPeriod: 0, maxAttempts: 3 },
      },
      { task: 'make-room', match: '23 3 * * *', options: { backfillPeriod: 86_400_000, maxAttempts: 10 } },
    ]),
    concurrency: 2,
    noHandleSignals: true,
    logger: jobLogger(services),
  })
  const stopDelivering = await startDelivering(services.outbox, { pool, logger: jobLogger(services) })
  return async () => {
    await Promise.all([runner.stop(), stopDelivering()])
    await pool.end()
  }
}

function taskList(services: JobServices): TaskList {
  return {
    remind: () => remind(services.outbox),
    summarize: () => summarize(services.db),
    sweep: async () => {
      // What a crash has left between an event's being stored and its job.
      await handleEvents(services)
      await sweep(services)
      await unfoldStalledRuns(services.db)
    },
    'provider-events': () => handleEvents(services),
    disputes: () => lookForDisputes(services),
    tidy: async () => {
      await services.files.sweep()
      await forgetDelivered(services.db)
      await forgetAnswers(services)
      await forgetEvents(services)
    },
    'sweep-files': async () => {
      await sweepFiles(services)
    },
    'verify-changed': () => verifyChanged(services),
    'verify-all': () => verifyAll(services),
    rehearse: async (payload) => {
      await runRehearsal(services.db, (payload as { id: string }).id)
    },
    'look-ahead': () => lookAheadForAll(services),
    'make-room': () => makeRoom(services),
  }
}

type Sweeping = Pick<JobServices, 'db' | 'payments' | 'log'>

/** Processes every account that has something due. One that fails is reported and stops no other. */
export async function sweep(services: Sweeping): Promise<void> {
  const seen = new Set<string>()
  for (;;) {
    const due = await services.db.asService((tx) => listDueAccounts(tx, SWEEP_BATCH + seen.size))
    const fresh = due.filter(({ id }) => !seen.has(id))
    if (fresh.length === 0) return
    // Whatever is still due after this round is due again at the next, not in this one.
    for (const { id } of fresh) seen.add(id)
    const waiting = [
      ...fresh
        .filter(({ awaits }) => awaits)
        .map(
          ({ id }) =>
            () =>
              sweepAccount(services, id),
        ),
      ...sharesOf(fresh.filter(({ awaits }) => !awaits)).map((ids) => () => sweepTogether(services, ids)),
    ]
    await inLanes(SWEEP_LANES, waiting)
  }
}

/** Those that go together, each share in the order of the ids. */
function sharesOf(due: readonly { id: string }[]): string[][] {
  const ids = due.map(({ id }) => id).sort()
  const count = Math.ceil(ids.length / SWEPT_TOGETHER)
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * SWEPT_TOGETHER, (index + 1) * SWEPT_TOGETHER),
  )
}

/** Takes one piece of work after another, so many at once, until none is left. */
async function inLanes(lanes: number, waiting: readonly (() => Promise<void>)[]): Promise<void> {
  const left = waiting.values()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const work of left) await work()
    }),
  )
}

/** Accounts of which nothing waits for the provider share a transaction. Where one fails, they are done again in halves, down to it alone. */
async function sweepTogether(services: Sweeping, accountIds: readonly string[]): Promise<void> {
  const { db, payments, log } = services
  let attempts: Attempt[]
  try {
    attempts = await db.asService((tx) => collectDue(tx, accountIds, payments))
  } catch (fault) {
    if (accountIds.length === 1) log({ event: 'sweep_failed', account_id: accountIds[0], fault })
    else {
      const half = Math.ceil(accountIds.length / 2)
      await sweepTogether(services, accountIds.slice(0, half))
      await sweepTogether(services, accountIds.slice(half))
    }
    return
  }
  const sending = attempts.map((attempt) => async () => {
    const { accountId } = attempt
    try {
      await sendAttempt({ db, payments }, accountId, attempt)
    } catch (fault) {
      log({ event: 'sweep_failed', account_id: accountId, fault })
    }
  })
  await inLanes(SENT_AT_ONCE, sending)
}

async function sweepAccount({ db, payments, log }: Sweeping, accountId: string): Promise<void> {
  try {
    await db.asTenant(accountId, (tx) => rollAccount(tx, accountId))
    await collectAccount({ db, payments }, accountId)
  } catch (fault) {
    log({ event: 'sweep_failed', account_id: accountId, fault })
  }
}

/** What writes answered under an Idempotency-Key (http/keep-answer.ts). */
async function forgetAnswers({ db }: Pick<JobServices, 'db'>): Promise<void> {
  await db.asService((tx) =>
    tx.query(`delete from kept_answers where started_at < now() - $1 * interval '1 day'`, [
      ANSWERS_KEPT_DAYS,
    ]),
  )
}

/** Looks at the forecast of every account that wants to be told of it. */
async function lookAheadForAll({ db, log }: Pick<JobServices, 'db' | 'log'>): Promise<void> {
  for (const accountId of await db.asService((tx) => listForecastAlerts(tx))) {
    try {
      await lookAhead(db, accountId)
    } catch (fault) {
      log({ event: 'look_ahead_failed', account_id: accountId, fault })
    }
  }
}

async function makeRoom({ db }: Pick<JobServices, 'db'>): Promise<void> {
  await db.asService((tx) =>
    tx.query(
      `select ensure_usage_partition((date_trunc('month', now()) + n * interval '1 month')::date)
       from generate_series(0, $1) as n`,
      [MONTHS_AHEAD],
    ),
  )
}

function jobLogger({ log }: JobServices): JobLogger {
  return new Logger(() => (level, message, details) => {
    if (level === 'error' || level === 'warning') log({ event: 'jobs', level, message, details })
  })
}
