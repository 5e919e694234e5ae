/**
 * Turns drafts into invoices: tax, number, opening balance, customer credit, and the claim in the books (rules R9, R21, R26).
 *
 * Called by collect-due.ts for accounts that were rolled, one or many, and by plan-change-effect.ts for an invoice whose payment is
 * what makes it.
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
 *   5. Of an account one draft after another, since what one carries the next takes up; of many accounts together, in statements
 *      that do not become more.
 */
import { minorDecimals, minorUnit } from '../billing/currency.ts'
import { describeLine } from '../billing/describe-line.ts'
import { customerCreditApplied, invoiceFinalized } from '../billing/entries.ts'
import { type InvoiceLine, settle, taxLines, totalOf } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import { type AccountTax, invoicedRates, type TaxTreatment } from '../billing/tax.ts'
import { onItsNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import { readAccountTaxes } from './account-tax.ts'
import { type Books, post, unitsOf } from './books.ts'
import { digestInvoiceLines, linkJournal } from './chain-links.ts'
import { openBook } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { INVOICE_FACTS, type InvoiceRow, tellOfInvoice } from './tell-event.ts'

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

/** A claim in opened books, with what it is settled by. */
type OpenClaim = { books: Books; claim: Claim & { treatment: TaxTreatment }; terms: ClaimTerms }

/** Finalizes what boundaries have drafted, oldest first. Answers how many. */
export async function finalizeDrafts(
  tx: Transaction,
  accountId: string,
  minimumCharge: (currency: string) => Micros,
): Promise<number> {
  const books = await openBook(tx, accountId)
  if (!books) return 0
  await saveBooks(tx, [books])
  const count = await finalizeAll(tx, [books], minimumCharge)
  if (count === 0) return 0
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
  return count
}

/** The same in opened books with no unsaved change, which the caller saves and schedules. */
export async function finalizeAll(
  tx: Transaction,
  opened: readonly Books[],
  minimumCharge: (currency: string) => Micros,
): Promise<number> {
  const drafts = await tx.query<Omit<Claim, 'tax'> & { accountId: string }>(
    `select i.account_id as "accountId", i.invoice_id as "id", i.total_micros as "total", i.unbilled_micros as "unbilled"
     from invoices i join accounts a using (account_id)
     where i.account_id in (select unnest($1::uuid[])) and i.status = 'draft'
       and i.kind in ('boundary', 'cancel', 'purchase', 'interim') and a.parked_at is null
     order by i.drafted_at, i.invoice_id`,
    [opened.map(({ accountId }) => accountId)],
  )
  if (drafts.length === 0) return 0
  const taxes = await readAccountTaxes(
    tx,
    drafts.map(({ accountId }) => accountId),
  )
  const booksOf = new Map(opened.map((books) => [books.accountId, books]))
  for (let left = drafts; left.length > 0; ) {
    const round = new Map(left.map((draft) => [draft.accountId, draft] as const).reverse())
    left = left.filter((draft) => round.get(draft.accountId) !== draft)
    const firsts = [...round.values()].map(({ accountId, ...draft }) => ({
      books: booksOf.get(accountId)!,
      draft: { ...draft, taxed: taxes.get(accountId)! },
    }))
    await finalizeRound(tx, firsts, minimumCharge)
  }
  return drafts.length
}

type OpenDraft = { books: Books; draft: Omit<Claim, 'tax'> & { taxed: AccountTax } }

/** A draft of each account: its tax is added, what was carried is taken up, free customer credit is used. */
async function finalizeRound(
  tx: Transaction,
  drafts: readonly OpenDraft[],
  minimumCharge: (currency: string) => Micros,
): Promise<void> {
  const taxed = drafts.map(({ books, draft: { taxed, ...draft } }) => {
    const taxes = taxLines(draft.total, invoicedRates(taxed), unitsOf(books).currency)
    const tax = totalOf(taxes)
    return { books, taxes, claim: { ...draft, total: draft.total + tax, tax, treatment: taxed.treatment } }
  })
  await writeTaxLines(tx, taxed)
  const carried = await readCarriedOf(
    tx,
    drafts.map(({ books }) => books.accountId),
  )
  const claims: OpenClaim[] = []
  for (const { books, claim } of taxed) {
    const openingBalance = carried.get(books.accountId) ?? 0n
    const customerCredit = await readSpendableCredit(tx, books)
    if (openingBalance > 0n) {
      await tx.query(
        `update invoices set carried_to = $2 where account_id = $1 and status = 'carried' and carried_to is null`,
        [books.accountId, claim.id],
      )
    }
    const terms = { openingBalance, customerCredit, minimumCharge: minimumCharge(unitsOf(books).currency) }
    claims.push({ books, claim, terms })
  }
  await finalizeInvoices(tx, claims)
}

/** Finalizes drafts in opened books, which the caller saves: one of each account. */
export async function finalizeInvoices(tx: Transaction, claims: readonly OpenClaim[]): Promise<void> {
  const digests = await digestInvoiceLines(
    tx,
    claims.map(({ books, claim }) => ({ accountId: books.accountId, invoiceId: claim.id })),
  )
  const claimed = claims.map(({ books, claim, terms }) => {
    const linesDigest = digests.get(claim.id) ?? null
    const { status, customerCreditApplied } = claimInvoice(books, { ...claim, linesDigest }, terms)
    linkJournal(books)
    return { books, claim, terms, status, customerCreditApplied }
  })
  const rows = await writeClaims(tx, claimed)
  for (const { books, claim, terms, status } of claimed) {
    const row = rows.get(claim.id)!
    tellOfInvoice(books, row, { type: 'invoice.finalized', more: {} })
    if (status !== 'paid') continue
    tellOfInvoice(books, row, { type: 'invoice.paid', more: { payment_id: null } })
    if (terms.openingBalance > 0n) await settleTakenUp(tx, books, { invoiceId: claim.id, as: 'paid' })
  }
}

type Claimed = OpenClaim & ReturnType<typeof claimInvoice>

/** Numbers the invoices and writes how they stand; answers them by id. */
async function writeClaims(
  tx: Transaction,
  claimed: readonly Omit<Claimed, 'amountDue'>[],
): Promise<Map<string, InvoiceRow & { id: string }>> {
  const of = (read: (one: Omit<Claimed, 'amountDue'>) => unknown) => claimed.map(read)
  const rows = await tx.query<InvoiceRow & { id: string }>(
    `with given as (
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[], $6::bigint[], $7::bigint[],
           $8::bigint[], $9::text[], $10::bigint[], $11::bytea[], $12::text[])
         as given (account_id, invoice_id, status, now, opening_balance, customer_credit, total, tax, treatment, chain_sequence,
           chain_head, buyer_name)),
     numbered as (
       update accounts a set invoice_count = invoice_count + 1 from given
       where a.account_id = given.account_id ${onItsNode(tx, 'a.account_id')}
       returning a.account_id,
         invoice_prefix || '-' || lpad(invoice_count::text, greatest(4, length(invoice_count::text)), '0') as number)
     update invoices i set number = numbered.number, status = given.status, finalized_at = given.now,
       opening_balance_micros = given.opening_balance, customer_credit_micros = given.customer_credit,
       total_micros = given.total, tax_micros = given.tax, tax_treatment = given.treatment,
       paid_at = case when given.status = 'paid' then given.now end,
       next_attempt_at = case when given.status = 'open' then given.now end, chain_sequence = given.chain_sequence,
       chain_head = given.chain_head, seller_version = (select max(version) from seller_versions),
       buyer_version = (select max(version) from billing_details d
         where d.account_id = given.account_id ${onItsNode(tx, 'd.account_id')}),
       buyer_name = given.buyer_name
     from given join numbered using (account_id)
     where i.account_id = given.account_id and i.invoice_id = given.invoice_id ${onItsNode(tx, 'i.account_id')}
     returning i.invoice_id as "id", ${INVOICE_FACTS}`,
    [
      of(({ books }) => books.accountId),
      of(({ claim }) => claim.id),
      of(({ status }) => status),
      of(({ books }) => books.now),
      of(({ terms }) => terms.openingBalance),
      of(({ customerCreditApplied }) => customerCreditApplied),
      of(({ claim }) => claim.total),
      of(({ claim }) => claim.tax),
      of(({ claim }) => claim.treatment),
      of(({ books }) => books.entrySequence),
      of(({ books }) => books.chainHead),
      of(({ books }) => books.name),
    ],
  )
  return new Map(rows.map((row) => [row.id, row]))
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
  return (await readCarriedOf(tx, [accountId])).get(accountId) ?? 0n
}

/** The same of several accounts; those of which nothing is carried are absent. */
async function readCarriedOf(tx: Transaction, accountIds: readonly string[]): Promise<Map<string, Micros>> {
  const rows = await tx.query<{ id: string; sum: bigint }>(
    `select account_id as "id",
       sum(total_micros + opening_balance_micros - customer_credit_micros - paid_micros)::bigint as sum
     from invoices
     where account_id in (select unnest($1::uuid[])) and status = 'carried' and carried_to is null group by account_id`,
    [accountIds],
  )
  return new Map(rows.map(({ id, sum }) => [id, sum]))
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
  taxed: readonly { books: Books; claim: { id: string }; taxes: readonly InvoiceLine[] }[],
): Promise<void> {
  const lines = taxed.flatMap(({ books, claim, taxes }) =>
    taxes.map((line, index) => ({ ...line, books, invoiceId: claim.id, after: index + 1 })),
  )
  if (lines.length === 0) return
  await tx.query(
    `insert into invoice_lines (account_id, invoice_id, line, kind, amount_micros, exact_micros, description, name,
       tax_rate_micros)
     select account_id, invoice_id, after + (select count(*) from invoice_lines l
         where l.account_id = given.account_id and l.invoice_id = given.invoice_id ${onItsNode(tx, 'l.account_id')}),
       'tax', amount, amount, description, name, rate
     from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::bigint[])
       as given (account_id, invoice_id, after, amount, description, name, rate)`,
    [
      lines.map(({ books }) => books.accountId),
      lines.map(({ invoiceId }) => invoiceId),
      lines.map(({ after }) => after),
      lines.map(({ amount }) => amount),
      lines.map(({ books, ...line }) => describeLine(line, unitsOf(books).currency)),
      lines.map(({ name }) => name),
      lines.map(({ taxRate }) => taxRate),
    ],
  )
}
