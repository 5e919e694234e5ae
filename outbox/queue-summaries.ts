/**
 * Queues the summary of the week before, on Mondays, for accounts whose runs have done something in it.
 *
 * Called by jobs/. Again in the same week: nothing more is queued.
 */
import { formatMicros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { MailFacts } from './mails/templates.ts'
import { queueMails, readMembers } from './queue-mails.ts'

type Week = {
  accountId: string
  account: string
  currency: string
  creditUnit: string
  photos: bigint
  runs: bigint
  cost: bigint
  overage: bigint
  balance: bigint
  from: Date
  to: Date
}

/** Answers how many accounts are told. The week that `now` is in is not over. */
export async function queueSummaries(tx: Transaction, now: Date): Promise<number> {
  const weeks = await tx.query<Week>(
    `with week as (
       select date_trunc('week', $1::timestamptz at time zone 'UTC') at time zone 'UTC' - interval '7 days' as "from",
         date_trunc('week', $1::timestamptz at time zone 'UTC') at time zone 'UTC' as "to")
     select r.account_id as "accountId", a.name as "account", a.currency, a.credit_unit as "creditUnit",
       sum(r.succeeded)::bigint as "photos", count(*)::bigint as "runs", sum(r.cost_micros)::bigint as "cost",
       sum(r.overage_micros)::bigint as "overage", week."from", week."to",
       (select coalesce(sum(g.remaining_micros), 0)::bigint from credit_grants g
        where g.account_id = r.account_id and g.ended_at is null and g.starts_at <= now()) as "balance"
     from week join runs r on r.finished_at >= week."from" and r.finished_at < week."to"
     join accounts a using (account_id)
     group by r.account_id, a.name, a.currency, a.credit_unit, week."from", week."to"`,
    [now],
  )
  const members = await readMembers(
    tx,
    weeks.map(({ accountId }) => accountId),
  )
  await queueMails(
    tx,
    weeks.flatMap((week) =>
      members
        .filter((member) => member.accountId === week.accountId && member.weekly && isManager(member))
        .map(({ userId, email }) => ({
          naturalKey: `week ${week.from.toISOString().slice(0, 10)} of ${week.accountId} to ${email}`,
          template: 'weekly_summary' as const,
          aboutAccount: week.accountId,
          toUser: userId,
          recipient: email,
          facts: factsOf(week),
        })),
    ),
  )
  return weeks.length
}

function isManager({ role }: { role: string }): boolean {
  return role === 'owner' || role === 'admin'
}

function factsOf(week: Week): MailFacts<'weekly_summary'> {
  return {
    account: week.account,
    from: week.from.toISOString(),
    to: week.to.toISOString(),
    photos: Number(week.photos),
    runs: Number(week.runs),
    cost: formatMicros(week.cost),
    overage: formatMicros(week.overage),
    balance: formatMicros(week.balance),
    currency: week.currency,
    credit_unit: week.creditUnit,
  }
}
