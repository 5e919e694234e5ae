/**
 * Creates an account: the tenant that owns automations, books and invoices.
 *
 * Called by http for a signed-in user, who becomes its owner, and for the operator, who needs no user.
 *
 * 1. Account, membership and directory rows come in one transaction, or not at all.
 * 2. The invoice prefix is unique in this installation and never changes: invoice numbers begin with it.
 */

import type { Database, Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { recordEvents } from '../outbox/record-event.ts'

export type Account = {
  accountId: string
  name: string
  /** IANA zone of new subscriptions and of display. */
  zone: string
  invoicePrefix: string
  createdAt: Date
}

export type CreateAccount = {
  /** 1 to 200 characters. */
  name: string
  /** UTC when absent. */
  zone?: string | undefined
  ownerUserId?: string | undefined
}

export type CreateAccountResult = { ok: true; account: Account } | { ok: false; refusal: 'zone_unknown' }

export async function createAccount(db: Database, request: CreateAccount): Promise<CreateAccountResult> {
  const zone = zoneNamed(request.zone ?? 'UTC')
  if (zone === undefined) return { ok: false, refusal: 'zone_unknown' }
  const accountId = newId()
  const account = await db.asTenant(accountId, async (tx): Promise<Account> => {
    const invoicePrefix = await claimInvoicePrefix(tx, accountId, request.name)
    const [row] = await tx.query<{ created_at: Date }>(
      `insert into accounts (account_id, name, zone, invoice_prefix)
       values ($1, $2, $3, $4)
       returning created_at`,
      [accountId, request.name, zone, invoicePrefix],
    )
    if (request.ownerUserId !== undefined) await addMember(tx, accountId, request.ownerUserId, 'owner')
    const { name } = request
    await recordEvents(tx, [
      { accountId, type: 'account.created', data: { account_id: accountId, name, zone } },
    ])
    return { accountId, name: request.name, zone, invoicePrefix, createdAt: row!.created_at }
  })
  return { ok: true, account }
}

/** Adds a member and the directory row that finds the account from the user. Answers whether they were no member before. */
export async function addMember(
  tx: Transaction,
  accountId: string,
  userId: string,
  role: string,
): Promise<boolean> {
  const added = await tx.query(
    `insert into memberships (account_id, user_id, role)
     values ($1, $2, $3)
     on conflict do nothing
     returning user_id`,
    [accountId, userId, role],
  )
  if (added.length === 0) return false
  await tx.query('insert into member_directory (user_id, account_id) values ($1, $2)', [userId, accountId])
  return true
}

/**
 * The name as it was given, in the usual case; undefined when this runtime knows no such zone. An offset is no zone. Not the runtime's own
 * name for it, which can be an older one: Kolkata would become Calcutta.
 */
function zoneNamed(zone: string): string | undefined {
  if (!/^[A-Za-z]/.test(zone)) return undefined
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions()
    return timeZone.toLowerCase() === zone.toLowerCase() ? timeZone : zone
  } catch {
    return undefined
  }
}

const PREFIX_LETTERS = 6
const NUMBERED_PREFIXES = 9

/** ACME, then ACME2 … ACME9, then ACME and random digits: a thousand accounts of one name do not try a thousand prefixes. */
async function claimInvoicePrefix(tx: Transaction, accountId: string, name: string): Promise<string> {
  const letters = lettersOf(name)
  for (let attempt = 1; ; attempt++) {
    const prefix = attempt === 1 ? letters : `${letters}${suffixOf(attempt)}`
    const claimed = await tx.query(
      `insert into invoice_prefix_directory (prefix, account_id)
       values ($1, $2)
       on conflict do nothing
       returning prefix`,
      [prefix, accountId],
    )
    if (claimed.length > 0) return prefix
  }
}

function suffixOf(attempt: number): number {
  if (attempt <= NUMBERED_PREFIXES) return attempt
  const digits = Math.min(2 + Math.floor(attempt / 4), 9)
  return Math.floor(10 ** (digits - 1) * (1 + 9 * Math.random()))
}

/** The first word's letters without their accents, at most six; `INV` for a name that has none. */
function lettersOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase()
  return plain.match(/[A-Z]+/)?.[0].slice(0, PREFIX_LETTERS) ?? 'INV'
}
