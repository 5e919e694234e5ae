/**
 * All that the paper of an invoice is made from: the invoice as it is shown everywhere, the names of its plans, the credits that it
 * used by source, and the parties as they were when it became final.
 *
 * Called by open-papers.ts, in a transaction of the account. The paper is described and set after that transaction.
 */
import type { GrantSource } from '../billing/grant.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { readPlanVersions } from '../ledger/catalogue.ts'
import { type Invoice, readInvoice, type ShownLine } from '../ledger/read-invoices.ts'
import type { Parties } from './describe-parties.ts'
import type { Logo } from './parties.ts'
import { type NamedParties, readNamedParties } from './read-named-parties.ts'

export type InvoiceFactsLine = ShownLine & {
  planName: string | null
  /** Of a tax. */
  name: string | null
}

export type InvoiceFacts = {
  invoice: Invoice
  lines: InvoiceFactsLine[]
  /** What the usage that it bills drew, by source, where the invoice has a line of credits applied. */
  creditsUsed: { source: GrantSource; credits: Micros; unit: string }[]
  /** What went back to its payment methods, and when. */
  refunds: { amount: Micros; paidAt: Date }[]
  /** The term that its plan fee pays for. */
  feePeriod: { start: Date; end: Date } | null
  parties: Parties
  logo: Logo | null
  /** IANA zone of the account. */
  zone: string
}

/** Null where the account has no such invoice, or it is a draft. */
export async function readInvoiceFacts(
  tx: Transaction,
  accountId: string,
  invoiceId: string,
): Promise<InvoiceFacts | null> {
  const invoice = await readInvoice(tx, accountId, invoiceId)
  if (!invoice || invoice.finalizedAt === null) return null
  const [named] = await tx.query<NamedParties>(
    `select i.seller_version as "sellerVersion", i.buyer_version as "buyerVersion", coalesce(i.buyer_name, a.name) as "buyerName",
       a.zone
     from invoices i join accounts a using (account_id) where i.account_id = $1 and i.invoice_id = $2`,
    [accountId, invoiceId],
  )
  const rows = await tx.query<{ planVersionId: string | null; name: string | null }>(
    `select plan_version_id as "planVersionId", name from invoice_lines
     where account_id = $1 and invoice_id = $2 order by line`,
    [accountId, invoiceId],
  )
  const ids = rows.flatMap(({ planVersionId }) => planVersionId ?? [])
  const plans = await readPlanVersions(tx, ids)
  const lines = invoice.lines.map((line, index) => {
    const { planVersionId, name } = rows[index]!
    return { ...line, name, planName: planVersionId === null ? null : plans.get(planVersionId)!.name }
  })
  return {
    invoice,
    lines,
    creditsUsed: await readCreditsUsed(tx, accountId, invoiceId),
    refunds: await tx.query(
      `select r.amount_micros as "amount", r.paid_at as "paidAt"
       from refunds r join payments p using (account_id, payment_id)
       where r.account_id = $1 and p.invoice_id = $2 and r.status = 'succeeded' order by r.paid_at, r.refund_id`,
      [accountId, invoiceId],
    ),
    feePeriod: await readFeePeriod(tx, accountId, invoice),
    ...(await readNamedParties(tx, accountId, named!)),
    zone: named!.zone,
  }
}

function readCreditsUsed(
  tx: Transaction,
  accountId: string,
  invoiceId: string,
): Promise<InvoiceFacts['creditsUsed']> {
  return tx.query<InvoiceFacts['creditsUsed'][number]>(
    `select d.source, d.credits::bigint as "credits", a.credit_unit as "unit"
     from (
       select d.source, d.drawn_micros - coalesce((
         select sum(b.drawn_micros) from invoices n join interim_draws b using (account_id, invoice_id)
         where n.account_id = $1 and n.subscription_id = i.subscription_id and n.period_number = i.period_number
           and b.source = d.source), 0) as credits
       from invoices i join period_draws d using (account_id, subscription_id, period_number)
       where i.account_id = $1 and i.invoice_id = $2 and i.kind in ('boundary', 'cancel')
       union all
       select source, drawn_micros from interim_draws where account_id = $1 and invoice_id = $2) d
     join accounts a on a.account_id = $1
     where d.credits <> 0 order by d.source`,
    [accountId, invoiceId],
  )
}

/** A boundary closes one period and asks for the fee of the next; a start asks for that of its own. */
async function readFeePeriod(
  tx: Transaction,
  accountId: string,
  { kind, periodStartsAt, periodEndsAt }: Invoice,
): Promise<InvoiceFacts['feePeriod']> {
  if (kind === 'interim') return null
  if (kind === 'start') return { start: periodStartsAt, end: periodEndsAt }
  const [period] = await tx.query<{ start: Date; end: Date }>(
    `select starts_at as "start", ends_at as "end" from periods where account_id = $1 and starts_at = $2 limit 1`,
    [accountId, periodEndsAt],
  )
  return period ?? null
}
