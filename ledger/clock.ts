/**
 * The sandbox clock and the list of what is due (rules R20 and R33).
 *
 * Called by jobs/: the sweeper asks which accounts are due, the clock walk sets an account's clock step by step.
 */
import type { Transaction } from '../database/connect.ts'
import { openBook } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'

/**
 * Accounts that have something due in wall time, longest overdue first; and whether something was sent for them to the provider whose
 * outcome is not known, which is looked at first. For the service role.
 */
export async function listDueAccounts(
  tx: Transaction,
  limit: number,
): Promise<{ id: string; awaits: boolean }[]> {
  const due = await tx.query<{ id: string }>(
    'select account_id as "id" from due_directory where due_at <= now() order by due_at limit $1',
    [limit],
  )
  if (due.length === 0) return []
  const awaiting = await tx.query<{ id: string }>(
    `select account_id as "id" from payments
     where account_id in (select unnest($1::uuid[])) and status in ('pending', 'unknown', 'action_required')
     union
     select account_id from refunds
     where account_id in (select unnest($1::uuid[])) and status in ('pending', 'unknown')`,
    [due.map(({ id }) => id)],
  )
  const awaits = new Set(awaiting.map(({ id }) => id))
  return due.map(({ id }) => ({ id, awaits: awaits.has(id) }))
}

/** Processes what is due on an account. Every other verb does so too; this is for accounts nobody touches. */
export async function rollAccount(tx: Transaction, accountId: string): Promise<void> {
  const books = await openBook(tx, accountId)
  if (!books) return
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
}

/** Business time of an account, or null where there is none. */
export async function readBusinessTime(tx: Transaction, accountId: string): Promise<Date | null> {
  const [row] = await tx.query<{ now: Date }>(
    `select greatest(date_trunc('milliseconds', clock_timestamp()) + clock_offset_ms * interval '1 millisecond',
       last_booked_at) as now
     from accounts where account_id = $1`,
    [accountId],
  )
  return row?.now ?? null
}

/** The next instant after `after`, in business time, at which the account has something to do; null if none. */
export async function readNextDue(tx: Transaction, accountId: string, after: Date): Promise<Date | null> {
  const [row] = await tx.query<{ next: Date | null }>(
    `select least(case when a.next_event_at > $2 then a.next_event_at end,
       (select min(i.next_attempt_at) from invoices i where i.account_id = a.account_id
          and i.status in ('open', 'past_due') and i.next_attempt_at > $2),
       -- A change of plan that nobody pays lapses after a day.
       (select min(c.requested_at) + interval '24 hours' from plan_changes c where c.account_id = a.account_id
          and c.status = 'awaiting_payment' and c.requested_at + interval '24 hours' > $2)) as next
     from accounts a where a.account_id = $1`,
    [accountId, after],
  )
  return row?.next ?? null
}

/** Moves the clock of an account forward to `to`. Answers false, and changes nothing, where that is in its past. */
export async function setBusinessTime(tx: Transaction, accountId: string, to: Date): Promise<boolean> {
  const moved = await tx.query(
    `update accounts set clock_offset_ms =
       ceil(extract(epoch from $2::timestamptz - date_trunc('milliseconds', clock_timestamp())) * 1000)::bigint
     where account_id = $1
       and extract(epoch from $2 - clock_timestamp()) * 1000 > clock_offset_ms
       and $2 >= coalesce(last_booked_at, '-infinity')
     returning 1`,
    [accountId, to],
  )
  if (moved.length === 0) return false
  await scheduleAccounts(tx, [accountId])
  return true
}
