/**
 * Queues mails: for an event, one to each member who is to be told; or one by itself.
 *
 * Called by announce-events.ts, in the transaction that announces; by send-summaries.ts; and by http/ for what a person asks for.
 *
 * 1. Once for each event and recipient: that is the natural key.
 * 2. Owners, admins and the billing role hear of money and alerts; who started a run, of that run. A member may switch kinds off, but
 *    not payments that failed or wait.
 */

import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import type { AnnouncedEvent } from './announce-events.ts'
import { DEFAULT_PREFERENCES, type MailPreferences } from './mail-preferences.ts'
import type { MailFacts, MailName } from './mails/templates.ts'

export type QueuedMail = {
  naturalKey: string
  template: MailName
  aboutAccount: string | null
  toUser: string | null
  recipient: string
  facts: object
}

type Member = MailPreferences & { accountId: string; userId: string; email: string; role: string }

type Audience = 'billing' | 'managers' | 'starter'

/** A mail about an event, before it is known to whom. */
type Draft = {
  [Name in MailName]: {
    template: Name
    facts: Omit<MailFacts<Name>, 'account'>
    audience: Audience
    /** Null: it has to be sent. */
    kind: 'billing' | 'alerts' | 'runs' | null
    /** In place of the event: what is told once. */
    once?: string
  }
}[MailName]

/** A run that took this long tells of its end, unless its starter does not want that. */
const LONG_RUN_MS = 10 * 60_000

/** Queues what these events have to be mailed. */
export async function queueEventMails(tx: Transaction, events: readonly AnnouncedEvent[]): Promise<void> {
  const drafts = events.flatMap((event) => {
    const draft = draftOf(event)
    return draft ? [{ event, draft }] : []
  })
  await queueMails(tx, await invitationsOf(tx, events))
  if (drafts.length === 0) return
  const accountIds = [...new Set(drafts.map(({ event }) => event.accountId))]
  const members = await readMembers(tx, accountIds)
  const accounts = await readAccounts(tx, accountIds)
  const starters = await readStarters(tx, drafts)
  const mails = drafts.flatMap(({ event, draft }): QueuedMail[] =>
    members
      .filter((member) => member.accountId === event.accountId && isTold(member, { event, draft, starters }))
      .map((member) => ({
        naturalKey: `${draft.once ? `${draft.once} of ${event.accountId}` : event.id} to ${member.email}`,
        template: draft.template,
        aboutAccount: event.accountId,
        toUser: member.userId,
        recipient: member.email,
        facts: { ...accounts.get(event.accountId), ...draft.facts },
      })),
  )
  await queueMails(tx, mails)
}

/** Writes mails that are to be sent as soon as this transaction commits. Those that were queued before are left alone. */
export async function queueMails(tx: Transaction, mails: readonly QueuedMail[]): Promise<void> {
  if (mails.length === 0) return
  await tx.query(
    `with queued as (
       insert into mails (mail_id, natural_key, template, about_account, to_user, recipient, facts)
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::jsonb[])
       on conflict (natural_key) do nothing returning 1)
     select enqueue_job('mail', '{}'::jsonb, 'mail') from (select 1 from queued limit 1) as any_mail`,
    [
      mails.map(() => newId()),
      mails.map(({ naturalKey }) => naturalKey),
      mails.map(({ template }) => template),
      mails.map(({ aboutAccount }) => aboutAccount),
      mails.map(({ toUser }) => toUser),
      mails.map(({ recipient }) => recipient),
      mails.map(({ facts }) => JSON.stringify(facts)),
    ],
  )
}

function draftOf({ type, data, at }: AnnouncedEvent): Draft | null {
  // The event's data is as its catalogue says; what a template takes of it has the same names.
  const facts = data as never
  const money = { audience: 'billing', kind: 'billing' } as const
  const { plan, ...fields } = data as { plan?: { name: string } } & Record<string, string>
  const planChange = (what: MailFacts<'plan_change'>['what'], when?: string): Draft => ({
    template: 'plan_change',
    facts: { plan: plan!.name, what, at: when ?? at.toISOString() },
    ...money,
  })
  switch (type) {
    case 'invoice.finalized':
      return fields.total === '0' ? null : { template: 'invoice', facts, ...money }
    case 'invoice.payment_failed':
      return paymentFailed(data, facts)
    case 'invoice.payment_action_required':
      return { template: 'action_required', facts, audience: 'billing', kind: null }
    case 'subscription.started':
      return planChange('started')
    case 'subscription.changed':
      return planChange('changed')
    case 'subscription.change_scheduled':
      return planChange('change_scheduled', fields.effective_at)
    case 'subscription.cancel_scheduled':
      return planChange('cancel_scheduled', fields.effective_at)
    case 'subscription.cancelled':
      return planChange('cancelled')
    case 'subscription.change_declined':
      return planChange('declined')
    case 'alert.raised':
      return { template: 'alert', facts, audience: 'billing', kind: 'alerts' }
    case 'automations.paused':
      return pauseOf(data, at)
    case 'hot_folder.stopped':
      return {
        template: 'hot_folder_stopped',
        facts,
        audience: 'managers',
        kind: 'alerts',
        once: `hot folder ${fields.hot_folder_id} on ${at.toISOString().slice(0, 10)}`,
      }
    case 'webhook_endpoint.disabled':
      return { template: 'endpoint_disabled', facts, audience: 'managers', kind: 'alerts' }
    case 'run.finished':
      return {
        template: 'receipt',
        facts: { ...(data as object), run: fields.name } as never,
        audience: 'starter',
        kind: 'runs',
      }
    default:
      return null
  }
}

/** The first failure, and the last (rule R28). */
function paymentFailed(data: object, facts: never): Draft | null {
  const { failure_message, next_attempt_at, first } = data as Record<string, string | null | boolean>
  if (first !== true && next_attempt_at !== null) return null
  const told = { ...(facts as object), reason: failure_message } as never
  return { template: 'payment_failed', facts: told, audience: 'billing', kind: null }
}

/** Many runs may wait at once: one mail a day says so. */
function pauseOf(data: object, at: Date): Draft {
  const { name, pause_at, currency } = data as { name: string; pause_at: string | null; currency: string }
  return {
    template: 'pause',
    facts: { run: name, pause_at, currency },
    audience: 'billing',
    kind: 'alerts',
    once: `pause on ${at.toISOString().slice(0, 10)}`,
  }
}

function isTold(
  member: Member,
  { event, draft, starters }: { event: AnnouncedEvent; draft: Draft; starters: Map<string, string> },
): boolean {
  const { kind, audience } = draft
  if (audience === 'starter') {
    if (starters.get(event.id) !== member.userId || member.runs === 'none') return false
    const { started_at, finished_at } = event.data as Record<string, string>
    const took = new Date(finished_at!).getTime() - new Date(started_at!).getTime()
    return member.runs === 'all' || took >= LONG_RUN_MS
  }
  if (kind !== null && kind !== 'runs' && !member[kind]) return false
  return ['owner', 'admin', ...(audience === 'billing' ? ['billing'] : [])].includes(member.role)
}

/** Members with their addresses and what they want. */
export async function readMembers(tx: Transaction, accountIds: readonly string[]): Promise<Member[]> {
  const rows = await tx.query<{ [Field in keyof Member]: Member[Field] | null }>(
    `select m.account_id as "accountId", m.user_id as "userId", u.email, m.role, p.billing, p.alerts, p.runs, p.weekly
     from memberships m join auth.users u on u.id = m.user_id
     left join mail_preferences p on p.account_id = m.account_id and p.user_id = m.user_id
     where m.account_id in (select unnest($1::uuid[])) order by m.created_at, m.user_id`,
    [accountIds],
  )
  return rows.map((row) => (row.runs === null ? { ...row, ...DEFAULT_PREFERENCES } : row) as Member)
}

async function readAccounts(tx: Transaction, accountIds: readonly string[]) {
  const rows = await tx.query<{
    id: string
    account: string
    credit_unit: string | null
    currency: string | null
  }>(
    `select account_id as "id", name as "account", credit_unit, currency from accounts
     where account_id in (select unnest($1::uuid[]))`,
    [accountIds],
  )
  return new Map(
    rows.map(({ id, account, credit_unit, currency }) => [
      id,
      { account, currency: currency ?? 'USD', credit_unit: credit_unit ?? currency ?? 'USD' },
    ]),
  )
}

/** Who started the runs that these events tell of, by the event. A key that started one is nobody to write to. */
async function readStarters(
  tx: Transaction,
  drafts: readonly { event: AnnouncedEvent; draft: Draft }[],
): Promise<Map<string, string>> {
  const ids = drafts.filter(({ draft }) => draft.audience === 'starter').map(({ event }) => event.id)
  if (ids.length === 0) return new Map()
  const rows = await tx.query<{ eventId: string; startedBy: string }>(
    `select e.event_id as "eventId", r.created_by as "startedBy"
     from outbox_events e join runs r on r.account_id = e.account_id
       and r.run_id = replace(e.data->>'run_id', 'run_', '')::uuid
     where e.event_id in (select unnest($1::uuid[])) and r.created_by is not null`,
    [ids],
  )
  return new Map(rows.map(({ eventId, startedBy }) => [eventId, startedBy]))
}

/** Those who are invited are no members yet. */
async function invitationsOf(tx: Transaction, events: readonly AnnouncedEvent[]): Promise<QueuedMail[]> {
  const invited = events.filter(({ type }) => type === 'member.invited')
  if (invited.length === 0) return []
  const accounts = await readAccounts(
    tx,
    invited.map(({ accountId }) => accountId),
  )
  return invited.map(({ id, accountId, data }) => {
    const { email, ...facts } = data as { email: string }
    return {
      naturalKey: `${id} to ${email}`,
      template: 'invitation',
      aboutAccount: accountId,
      toUser: null,
      recipient: email,
      facts: { ...facts, account: accounts.get(accountId)!.account },
    }
  })
}
