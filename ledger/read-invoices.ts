/**
 * Invoices as they are shown: the list, one with its lines and payments, and the one that the next boundary would
 * make if it came now.
 */
import { describeLine } from '../billing/describe-line.ts'
import { type InvoiceLine, invoiceLines, settle, taxLines, totalOf } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import { invoicedRates, type TaxTreatment } from '../billing/tax.ts'
import type { Transaction } from '../database/connect.ts'
import { readAccountTax } from './account-tax.ts'
import type { InvoiceKind } from './books.ts'
import { readCarried, readSpendableCredit } from './finalize-invoices.ts'
import { openBook } from './open-books.ts'
import { readPublished, startOfNext } from './plan-succession.ts'
import { boundaryFacts, readPeriodSums } from './roll-books.ts'
import { saveBooks } from './save-books.ts'

export type InvoiceStatus =
  | 'draft'
  | 'open'
  | 'past_due'
  | 'uncollectible'
  | 'paid'
  | 'carried'
  | 'void'
  | 'written_off'

export type InvoiceHead = {
  id: string
  number: string | null
  kind: InvoiceKind
  status: InvoiceStatus
  currency: string
  periodStartsAt: Date
  periodEndsAt: Date
  /** With tax. */
  total: Micros
  tax: Micros
  /** Null while it is a draft. */
  treatment: TaxTreatment | null
  openingBalance: Micros
  customerCreditApplied: Micros
  paid: Micros
  amountDue: Micros
  finalizedAt: Date | null
  paidAt: Date | null
  nextAttemptAt: Date | null
}

export type ShownLine = Pick<
  InvoiceLine,
  'kind' | 'operation' | 'quantity' | 'unitPrice' | 'amount' | 'exactAmount' | 'taxRate'
> & {
  description: string
}

export type ShownPayment = {
  id: string
  status: 'pending' | 'unknown' | 'action_required' | 'succeeded' | 'failed'
  amount: Micros
  /** "Play card ending 4242" */
  method: string
  failure: string | null
  createdAt: Date
}

/** An interim invoice that comes before another of its period. `number` is null while it is a draft. */
export type InterimBefore = { id: string; number: string | null; periodStartsAt: Date; periodEndsAt: Date }

export type Invoice = InvoiceHead & {
  accountName: string
  lines: ShownLine[]
  payments: ShownPayment[]
  interims: InterimBefore[]
}

const SELECT_HEAD = `select i.invoice_id as "id", i.number, i.kind, i.status, i.currency,
    i.period_starts_at as "periodStartsAt", i.period_ends_at as "periodEndsAt", i.total_micros as "total",
    i.tax_micros as "tax", i.tax_treatment as "treatment",
    i.opening_balance_micros as "openingBalance", i.customer_credit_micros as "customerCreditApplied",
    i.paid_micros as "paid",
    case when i.status in ('paid', 'void', 'draft') then 0::bigint
      else i.total_micros + i.opening_balance_micros - i.customer_credit_micros - i.paid_micros - i.written_off_micros end as "amountDue",
    i.finalized_at as "finalizedAt", i.paid_at as "paidAt", i.next_attempt_at as "nextAttemptAt"
  from invoices i`

/** Finalized invoices before the given one, newest first. */
export async function listInvoices(
  tx: Transaction,
  accountId: string,
  page: { limit: number; before: string | null },
): Promise<InvoiceHead[]> {
  return tx.query<InvoiceHead>(
    `${SELECT_HEAD} where i.account_id = $1 and i.finalized_at is not null and ($2::uuid is null
       or (i.finalized_at, i.number) <
          (select finalized_at, number from invoices where account_id = $1 and invoice_id = $2))
     order by i.finalized_at desc, i.number desc limit $3`,
    [accountId, page.before, page.limit],
  )
}

export async function readInvoice(
  tx: Transaction,
  accountId: string,
  invoiceId: string,
): Promise<Invoice | null> {
  const [head] = await tx.query<InvoiceHead & { accountName: string }>(
    `${SELECT_HEAD.replace(' from invoices i', ', a.name as "accountName" from invoices i join accounts a using (account_id)')}
     where i.account_id = $1 and i.invoice_id = $2`,
    [accountId, invoiceId],
  )
  if (!head) return null
  const lines = await tx.query<ShownLine>(
    `select kind, operation, quantity, unit_price_micros as "unitPrice", amount_micros as "amount",
       exact_micros as "exactAmount", tax_rate_micros as "taxRate", description
     from invoice_lines where account_id = $1 and invoice_id = $2 order by line`,
    [accountId, invoiceId],
  )
  const payments = await tx.query<ShownPayment>(
    `select p.payment_id as "id", p.status, p.amount_micros as "amount",
       coalesce(m.brand || ' ending ' || m.last4, 'By hand: ' || p.provider_reference) as "method",
       p.failure_message as "failure", p.created_at as "createdAt"
     from payments p left join payment_methods m using (account_id, payment_method_id)
     where p.account_id = $1 and p.invoice_id = $2 order by p.attempt`,
    [accountId, invoiceId],
  )
  const interims = await tx.query<InterimBefore>(
    `select b.invoice_id as "id", b.number, b.period_starts_at as "periodStartsAt", b.period_ends_at as "periodEndsAt"
     from invoices i join invoices b using (account_id, subscription_id, period_number)
     where i.account_id = $1 and i.invoice_id = $2 and b.kind = 'interim' and i.kind in ('boundary', 'cancel', 'interim')
       and (i.billed_through is null or b.billed_through < i.billed_through) order by b.billed_through`,
    [accountId, invoiceId],
  )
  return { ...head, lines, payments, interims }
}

export type UpcomingInvoice = {
  accountName: string
  currency: string
  periodStartsAt: Date
  periodEndsAt: Date
  total: Micros
  tax: Micros
  treatment: TaxTreatment
  /** What was too little to collect so far. */
  openingBalance: Micros
  customerCreditApplied: Micros
  amountDue: Micros
  lines: ShownLine[]
  interims: InterimBefore[]
}

/** The invoice that the next boundary makes if nothing more is used; null without a subscription. */
export async function readUpcomingInvoice(
  tx: Transaction,
  accountId: string,
): Promise<UpcomingInvoice | null> {
  const books = await openBook(tx, accountId)
  if (!books?.subscription) return null
  await saveBooks(tx, [books])
  const sums = (await readPeriodSums(tx, [books])).get(accountId)!
  const { subscription } = books
  const next =
    subscription.pending?.kind === 'cancel'
      ? null
      : startOfNext(subscription, await readPublished(tx, [subscription]))
  const { currency } = subscription.plan
  const net = invoiceLines(boundaryFacts(books, sums, next))
  const tax = await readAccountTax(tx, accountId)
  const taxes = taxLines(totalOf(net), invoicedRates(tax), currency)
  const lines = [...net, ...taxes]
  const total = totalOf(lines)
  const openingBalance = await readCarried(tx, accountId)
  const customerCredit = await readSpendableCredit(tx, books)
  const settled = settle({ total, openingBalance, customerCredit, minimumCharge: 0n })
  return {
    accountName: books.name,
    currency,
    periodStartsAt: subscription.periodStartsAt,
    periodEndsAt: subscription.periodEndsAt,
    total,
    tax: totalOf(taxes),
    treatment: tax.treatment,
    openingBalance,
    customerCreditApplied: settled.customerCreditApplied,
    amountDue: settled.amountDue,
    interims: await tx.query<InterimBefore>(
      `select invoice_id as "id", number, period_starts_at as "periodStartsAt", period_ends_at as "periodEndsAt" from invoices
       where account_id = $1 and subscription_id = $2 and period_number = $3 and kind = 'interim' order by billed_through`,
      [accountId, subscription.id, subscription.periodNumber],
    ),
    lines: lines.map((line) => ({ ...line, description: describeLine(line, currency) })),
  }
}
