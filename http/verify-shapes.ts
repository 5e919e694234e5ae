/** Bodies of the routes about verified books. */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { instant } from './shapes.ts'

const finding = z
  .object({
    check: z.string(),
    /** Which row is at fault. */
    row: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'Finding' })

export const verifiedAccount = z
  .object({
    account_id: idOf('account'),
    name: z.string(),
    /** When its books were last found in order; null never. */
    verified_at: instant.nullable(),
    /** The same, from the first transaction on. */
    whole_at: instant.nullable(),
    failed_at: instant.nullable(),
    /** Since when finalizing and collecting hold; null where they do not. */
    parked_at: instant.nullable(),
    findings: z.array(finding),
  })
  .meta({ id: 'VerifiedAccount' })

export const verification = z
  .object({
    accounts: z.int(),
    /** Accounts that were in order when they were last verified. */
    verified: z.int(),
    oldest_verified_at: instant.nullable(),
    /** Accounts that fail or are parked; after a verification of one account, that account. */
    data: z.array(verifiedAccount),
  })
  .meta({ id: 'Verification' })

export const verificationRequest = z.object({
  /** Absent: all accounts, in the background. */
  account_id: idOf('account').optional(),
  /** Accept what was last found on this account as it stands, for this reason. */
  accept: z.string().min(1).max(1000).optional(),
})

/** Of a form of its own, told by its first field; ids are plain and amounts whole micros, as they were hashed. */
export const invoiceProof = z
  .looseObject({ form: z.literal('drawdown invoice proof 1'), account_id: z.uuid() })
  .meta({ id: 'InvoiceProof' })
