/**
 * Turns drafts into invoices: tax, number, opening balance, customer credit, and the claim in the books (rules R9, R21, R26).
 *
 * Called by jobs/collect-account.ts after a roll, and by plan-change-effect.ts for an invoice whose payment is what makes it.
 *
 *   draft ──finalizeDrafts──▶ open ──settlePayment──▶ paid
 *                              │ ╰──nothing due──▶ paid
 *                              ╰──under the provider's minimum──▶ carried ──the next one is paid──▶ paid
 *
 * Invariants:
 *   1. Numbers are gapless per account: the counter moves in the transaction that gives the number.
 *   2. Finalized, an invoice never changes but for how it is paid (trigger `never_changes`), nor do the parties that it names.
 *   3. A parked account's drafts wait (rule R31).
 *   4. Customer credit that a waiting start or upgrade counts on is used by no other invoice.
 */
import { minorDecimals, minorUnit } from '../billing/currency.ts'
import { describeLine } from '../billing/describe-line.ts'
import { customerCreditApplied, invoiceFinalized } from '../billing/entries.ts'
import { type InvoiceLine, settle, taxLines, totalOf } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import { type AccountTax, invoicedRates, type TaxTreatment } from '../billing/tax.ts'
import type { Transaction } from '../database/connect.ts'
import { readAccountTax } from './account-tax.ts'
import { type Books, post, unitsOf } from './books.ts'
import { digestInvoiceLines, linkJournal } from './chain-links.ts'
import { openBook } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { tellInvoice } from './tell-event.ts'

/** A draft about to become a claim. */
export type Claim = {
  id: string
  /** With tax. */
  total: Micros
  tax: Micros
  /** The exact sum of what it bills, before rounding and tax. */
  unbilled: Micros
  /** Of its lines, where there are rows of them. */
  linesDigest?: Buffer | null
}

/** What is set off against a claim, and what is too little to collect. */
export type ClaimTerms = { openingBalance: Micros; customerCredit: Micros; minimumCharge: Micros }

/** Finalizes what boundaries have drafted, oldest first. Answers how many. */
export async function finalizeDrafts(
  tx: Transaction,
  accountId: string,
  minimumCharge: (currency: string) => Micros,
): Promise<number> {
  const books = await openBook(tx, accountId)
  if (!books) return 0
  await saveBooks(tx, [books])
  const drafts = await tx.query<Omit<Claim, 'tax'>>(
    `select i.invoice_id as "id", i.total_micros as "total", i.unbilled_micros as "unbilled"
     from invoices i join accounts a using (account_id)
     where i.account_id = $1 and i.status = 'draft' and i.kind in ('boundary', 'cancel', 'purchase') and a.parked_at is null
     order by i.drafted_at, i.invoice_id`,
    [accountId],
  )
  if (drafts.length === 0) return 0
  const tax = await readAccountTax(tx, accountId)
  for (const draft of drafts) {
    await finalizeDraft(tx, books, { ...draft, taxed: tax }, minimumCharge(unitsOf(books).currency))
  }
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
  return drafts.length
}

/** A boundary's draft: its tax is added, what was carried is taken up, free customer credit is used. */
async function finalizeDraft(
  tx: Transaction,
  books: Books,
  { taxed, ...draft }: Omit<Claim, 'tax'> & { taxed: AccountTax },
  minimumCharge: Micros,
): Promise<void> {
  const { accountId } = books
  const taxes = taxLines(draft.total, invoicedRates(taxed), unitsOf(books).currency)
  await writeTaxLines(tx, books, draft.id, taxes)
  const tax = totalOf(taxes)
  const claim = { ...draft, total: draft.total + tax, tax }
  const openingBalance = await readCarried(tx, accountId)
  const customerCredit = await readSpendableCredit(tx, books)
  if (openingBalance > 0n) {
    await tx.query(
      `update invoices set carried_to = $2 where account_id = $1 and status = 'carried' and carried_to is null`,
      [accountId, draft.id],
    )
  }
  const terms = { openingBalance, customerCredit, minimumCharge }
  await finalizeInvoice(tx, books, { ...claim, treatment: taxed.treatment }, terms)
}

/** Finalizes one draft in opened books, which the caller saves. */
export async function finalizeInvoice(
  tx: Transaction,
  books: Books,
  claim: Claim & { treatment: TaxTreatment },
  terms: ClaimTerms,
): Promise<void> {
  const { accountId } = books
  const linesDigest = await digestInvoiceLines(tx, accountId, claim.id)
  const { status, customerCreditApplied: credit } = claimInvoice(books, { ...claim, linesDigest }, terms)
  linkJournal(books)
  await tx.query(
    `with numbered as (
       update accounts set invoice_count = invoice_count + 1 where account_id = $1
       returning invoice_prefix || '-' || lpad(invoice_count::text, greatest(4, length(invoice_count::text)), '0') as number)
     update invoices set number = (select number from numbered), status = $3, finalized_at = $4::timestamptz,
       opening_balance_micros = $5, customer_credit_micros = $6, total_micros = $7, tax_micros = $8, tax_treatment = $9,
       paid_at = case when $3 = 'paid' then $4::timestamptz end,
       next_attempt_at = case when $3 = 'open' then $4::timestamptz end, chain_sequence = $10,
       chain_head = $11, seller_version = (select max(version) from seller_versions),
       buyer_version = (select max(version) from billing_details where account_id = $1), buyer_name = $12
     where account_id = $1 and invoice_id = $2`,
    [
      accountId,
      claim.id,
      status,
      books.now,
      terms.openingBalance,
      credit,
      claim.total,
      claim.tax,
      claim.treatment,
      books.entrySequence,
      books.chainHead,
      books.name,
    ],
  )
  await tellInvoice(tx, books, claim.id, { type: 'invoice.finalized', more: {} })
  if (status !== 'paid') return
  await tellInvoice(tx, books, claim.id, { type: 'invoice.paid', more: { payment_id: null } })
  await settleTakenUp(tx, books, { invoiceId: claim.id, as: 'paid' })
}

/** Books a draft as a claim; answers how it then stands. The rest of finalizing is writing that down. */
export function claimInvoice(
  books: Books,
  claim: Claim,
  terms: ClaimTerms,
): { status: 'open' | 'paid' | 'carried'; customerCreditApplied: Micros; amountDue: Micros } {
  const { id, total, tax, unbilled } = claim
  const { customerCreditApplied: credit, amountDue, carried } = settle({ ...terms, total })
  post(books, {
    cause: 'invoice_finalized',
    causeId: id,
    bookedAt: books.now,
    entries: invoiceFinalized(unitsOf(books), { net: total - tax, tax, unbilled }),
    detailsDigest: claim.linesDigest ?? null,
  })
  if (credit > 0n) {
    books.customerCredit -= credit
    post(books, {
      cause: 'customer_credit_applied',
      causeId: id,
      bookedAt: books.now,
      entries: customerCreditApplied(unitsOf(books), credit),
    })
  }
  const status = amountDue === 0n ? 'paid' : carried ? 'carried' : 'open'
  return { status, customerCreditApplied: credit, amountDue }
}

/** The invoices that this one took up, and those that they had taken up, are settled as it is, or carried again. */
export async function settleTakenUp(
  tx: Transaction,
  { accountId, now }: Books,
  settled: { invoiceId: string; as: 'paid' | 'written_off' | 'carried' },
): Promise<void> {
  await tx.query(
    `with recursive taken_up as (
       select invoice_id from invoices where account_id = $1 and carried_to = $2
       union
       select i.invoice_id from invoices i join taken_up t on i.carried_to = t.invoice_id where i.account_id = $1)
     update invoices set status = $3, paid_at = case when $3 = 'paid' then $4::timestamptz end
     where account_id = $1 and invoice_id in (select invoice_id from taken_up)`,
    [accountId, settled.invoiceId, settled.as, now],
  )
}

/** What earlier invoices ask for that were too small to collect, and that no later one has taken up. */
export async function readCarried(tx: Transaction, accountId: string): Promise<Micros> {
  const [carried] = await tx.query<{ sum: bigint }>(
    `select coalesce(sum(total_micros + opening_balance_micros - customer_credit_micros - paid_micros), 0)::bigint as sum
     from invoices where account_id = $1 and status = 'carried' and carried_to is null`,
    [accountId],
  )
  return carried!.sum
}

/**
 * Customer credit that an invoice may use, in whole minor units: not what a start or an upgrade counts on whose payment is
 * under way. 0 before the first plan.
 */
export async function readSpendableCredit(tx: Transaction, books: Books): Promise<Micros> {
  const { accountId, units, customerCredit } = books
  if (!units || customerCredit === 0n) return 0n
  const [reserved] = await tx.query<{ sum: bigint }>(
    `select coalesce(sum(customer_credit_micros), 0)::bigint as sum from invoices
     where account_id = $1 and status = 'draft'`,
    [accountId],
  )
  const free = customerCredit - reserved!.sum
  return free - (free % minorUnit(minorDecimals(units.currency)!))
}

async function writeTaxLines(
  tx: Transaction,
  books: Books,
  invoiceId: string,
  taxes: readonly InvoiceLine[],
): Promise<void> {
  if (taxes.length === 0) return
  const { currency } = unitsOf(books)
  await tx.query(
    `insert into invoice_lines (account_id, invoice_id, line, kind, amount_micros, exact_micros, description, name,
       tax_rate_micros)
     select $1, $2, ordinality + (select count(*) from invoice_lines where account_id = $1 and invoice_id = $2), 'tax',
       amount, amount, description, name, rate
     from unnest($3::bigint[], $4::text[], $5::text[], $6::bigint[])
       with ordinality as given (amount, description, name, rate, ordinality)`,
    [
      books.accountId,
      invoiceId,
      taxes.map(({ amount }) => amount),
      taxes.map((line) => describeLine(line, currency)),
      taxes.map(({ name }) => name),
      taxes.map(({ taxRate }) => taxRate),
    ],
  )
}
