/**
 * Who sells and who buys: what papers say of the operator and of the account, in versions that never change.
 *
 * Called by http/ for the operator and for billing members, and by this room, which asks for the versions that a paper names.
 *
 * Invariants:
 *   1. A change is a new version; a version is never edited, so a final paper keeps the parties of its day.
 *   2. What is empty is null, so that nobody prints an empty line.
 */
import type { Transaction } from '../database/connect.ts'

/** Languages of papers, by their ISO 639-1 codes. The screens are English (decision 011). */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja'] as const
export type Language = (typeof LANGUAGES)[number]

export type Address = {
  line1: string | null
  line2: string | null
  postalCode: string | null
  city: string | null
  /** State, province or prefecture. */
  region: string | null
  /** ISO 3166, two letters. */
  country: string | null
}

export type Party = {
  /** Of the company or the person, as it stands in contracts. */
  name: string
  address: Address
  /** With its country's letters where it has any: "DE123456789". */
  taxId: string | null
  email: string | null
}

export type Seller = Party & {
  /** Number in a register of companies. */
  registration: string | null
  phone: string | null
  website: string | null
  /** Where money can be sent; null where it is only collected. */
  bank: { name: string | null; iban: string | null; bic: string | null } | null
  /** A sentence at the foot of every paper. */
  footer: string | null
}

export type Logo = { type: 'png' | 'jpeg' | 'svg'; bytes: Uint8Array }

export type Buyer = Party & {
  /** What the buyer wants to see on its invoices: an order, a cost centre. */
  reference: string | null
}

/** `version` null: what was said last. Answers null where there is none. */
export async function readSeller(
  tx: Transaction,
  version: number | null,
): Promise<{ version: number; seller: Seller; logo: Logo | null } | null> {
  const [row] = await tx.query<{
    version: number
    details: Seller
    logo: Uint8Array | null
    logoType: Logo['type'] | null
  }>(
    `select version, details, logo, logo_type as "logoType" from seller_versions
     where $1::integer is null or version = $1 order by version desc limit 1`,
    [version],
  )
  if (!row) return null
  const { details: seller, logo, logoType } = row
  return { version: row.version, seller, logo: logo && { type: logoType!, bytes: logo } }
}

/** From now on papers name this seller. In a transaction of the service role, since no account owns it. */
export async function setSeller(tx: Transaction, seller: Seller, logo: Logo | null): Promise<void> {
  // Two who save at once must not both take the next number.
  await tx.query(`select pg_advisory_xact_lock(hashtext('seller_versions'))`)
  await tx.query(
    `insert into seller_versions (version, details, logo, logo_type)
     select coalesce(max(version), 0) + 1, $1::jsonb, $2, $3 from seller_versions`,
    [JSON.stringify(seller), logo?.bytes ?? null, logo?.type ?? null],
  )
}

/** `version` null: what was said last. Answers null where there is none. */
export async function readBillingDetails(
  tx: Transaction,
  accountId: string,
  version: number | null,
): Promise<{ version: number; buyer: Buyer; language: Language } | null> {
  const [row] = await tx.query<{ version: number; details: Buyer; language: Language }>(
    `select version, details, language from billing_details
     where account_id = $1 and ($2::integer is null or version = $2) order by version desc limit 1`,
    [accountId, version],
  )
  return row ? { version: row.version, buyer: row.details, language: row.language } : null
}

/** From its next invoice on the account is named like this. False where there is no such account. */
export async function setBillingDetails(
  tx: Transaction,
  accountId: string,
  { buyer, language }: { buyer: Buyer; language: Language },
): Promise<boolean> {
  // The account's row is locked first, as by every verb (ARCHITECTURE, "Locks").
  const found = await tx.query('select 1 from accounts where account_id = $1 for update', [accountId])
  if (found.length === 0) return false
  await tx.query(
    `insert into billing_details (account_id, version, details, language)
     select $1, coalesce(max(version), 0) + 1, $2::jsonb, $3 from billing_details where account_id = $1`,
    [accountId, JSON.stringify(buyer), language],
  )
  return true
}
