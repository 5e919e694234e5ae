/**
 * The chart of accounts with what each account is to a bookkeeper: the accounts of billing/entries.ts, all of them.
 *
 * Called by export-journal.ts. A test compares it with what is booked.
 */
import type { LedgerAccount } from '../billing/entries.ts'

/** hledger's letters: cash, asset, liability, revenue, expense; null for credits, which are no money. */
type AccountType = 'C' | 'A' | 'L' | 'R' | 'X' | null

const TYPES: Readonly<Record<LedgerAccount, AccountType>> = {
  'assets:cash': 'C',
  'assets:disputed': 'A',
  'assets:receivable': 'A',
  'assets:unbilled': 'A',
  'liabilities:customer_credit': 'L',
  'liabilities:deferred': 'L',
  'liabilities:refunds': 'L',
  'liabilities:tax': 'L',
  'income:allowances': 'R',
  'income:breakage': 'R',
  'income:credits': 'R',
  'income:overage': 'R',
  'income:plan': 'R',
  'income:rounding': 'R',
  'expenses:bad_debt': 'X',
  'credits:available': null,
  'credits:drawn': null,
  'credits:expired': null,
  'credits:issued:adjustment': null,
  'credits:issued:plan': null,
  'credits:issued:promotion': null,
  'credits:issued:purchase': null,
  'credits:issued:upgrade': null,
  'credits:voided': null,
}

export const CHART = Object.entries(TYPES).map(([name, type]) => ({ name, type }))
