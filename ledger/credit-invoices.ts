/**
 * What a credit note gives back of final invoices: overage by operation and plan, and its tax at the rates of the invoice.
 *
 * Called by issue-credit-note.ts. Rounding is kept over all credit notes of an invoice (billing/credit-note.ts).
 */
import { creditInvoice } from '../billing/credit-note.ts'
import { operationName } from '../billing/describe-line.ts'
import { formatPercentage } from '../billing/format-amount.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { readPlanVersions } from './catalogue.ts'
import type { StandingRecord } from './reverse-usage.ts'

export type NoteLine = {
  /** allowance: a part of an invoice given back as such; grant: what was left of a purchased grant. */
  kind: 'overage' | 'tax' | 'allowance' | 'grant' | 'allowance_tax'
  invoiceId: string
  operation: string | null
  planVersionId: string | null
  quantity: bigint | null
  /** Of a tax. */
  name: string | null
  taxRate: Micros | null
  /** Currency, whole minor units, and before rounding. */
  amount: Micros
  exact: Micros
  description: string
}

export type InvoiceCreditRefused = {
  ok: false
  refusal: 'invoice_not_final' | 'invoice_written_off'
  detail: string
}

type Given = { record: StandingRecord; overage: Micros }

type InvoiceRow = {
  id: string
  number: string | null
  status: string
  exactBefore: bigint
  netBefore: bigint
}

/** The lines for what is given back of closed periods. `overage` is the exact sum, `net` and `tax` what becomes customer credit. */
export async function creditInvoices(
  tx: Transaction,
  accountId: string,
  currency: string,
  closed: readonly Given[],
): Promise<
  { ok: true; lines: NoteLine[]; net: Micros; tax: Micros; overage: Micros } | InvoiceCreditRefused
> {
  const credit = { ok: true as const, lines: [] as NoteLine[], net: 0n, tax: 0n, overage: 0n }
  for (const given of await byInvoice(tx, accountId, closed)) {
    const invoice = await readInvoiceOf(tx, accountId, given.invoiceId)
    if (!invoice || invoice.number === null) {
      const detail = 'The invoice of that period is not final yet. Try again when it is.'
      return { ok: false, refusal: 'invoice_not_final', detail }
    }
    if (invoice.status === 'written_off') {
      const detail = `Invoice ${invoice.number} was written off: nobody has paid what would be given back.`
      return { ok: false, refusal: 'invoice_written_off', detail }
    }
    const groups = await groupLines(tx, given.records)
    const taxes = await readTaxes(tx, accountId, invoice.id)
    const {
      amounts,
      net,
      taxes: given_,
    } = creditInvoice({
      currency,
      exact: groups.map(({ exact }) => exact),
      before: { exact: invoice.exactBefore, net: invoice.netBefore },
      taxes,
    })
    const of = ` of invoice ${invoice.number}`
    const base = { invoiceId: invoice.id, name: null, taxRate: null }
    for (const [index, group] of groups.entries()) {
      credit.lines.push({
        ...base,
        ...group,
        kind: 'overage',
        amount: amounts[index]!,
        description: group.description + of,
      })
      credit.overage += group.exact
    }
    for (const [index, { name, rate }] of taxes.entries()) {
      const amount = given_[index]!
      const none = { operation: null, planVersionId: null, quantity: null }
      const description = `${name} ${formatPercentage(rate)}${of}`
      credit.lines.push({
        ...base,
        ...none,
        kind: 'tax',
        name,
        taxRate: rate,
        amount,
        exact: amount,
        description,
      })
      credit.tax += amount
    }
    credit.net += net
  }
  return credit
}

/** What is given back, by the invoice that billed it: the interim one that was cut after it, else that of the period's end. */
async function byInvoice(
  tx: Transaction,
  accountId: string,
  closed: readonly Given[],
): Promise<{ invoiceId: string | null; records: Given[] }[]> {
  const rows = await tx.query<{ invoiceId: string | null }>(
    `select (
       select i.invoice_id from invoices i
       where i.account_id = $1 and i.subscription_id = given.subscription_id and i.period_number = given.period_number
         and (i.kind in ('boundary', 'cancel') or (i.kind = 'interim' and i.billed_through >= given.sequence))
       order by i.billed_through nulls last limit 1) as "invoiceId"
     from unnest($2::uuid[], $3::integer[], $4::bigint[]) with ordinality
       as given (subscription_id, period_number, sequence, place) order by place`,
    [
      accountId,
      closed.map(({ record }) => record.subscriptionId),
      closed.map(({ record }) => record.periodNumber),
      closed.map(({ record }) => record.sequence),
    ],
  )
  const invoices = new Map<string | null, Given[]>()
  for (const [index, { invoiceId }] of rows.entries()) {
    const records = invoices.get(invoiceId)
    if (records) records.push(closed[index]!)
    else invoices.set(invoiceId, [closed[index]!])
  }
  return [...invoices].map(([invoiceId, records]) => ({ invoiceId, records }))
}

/** One line for each operation under each plan version. */
async function groupLines(tx: Transaction, given: readonly Given[]) {
  const plans = await readPlanVersions(
    tx,
    given.map(({ record }) => record.planVersionId),
  )
  const lines = new Map<
    string,
    { operation: string; planVersionId: string; quantity: bigint; exact: Micros }
  >()
  for (const { record, overage } of given) {
    const { operation, planVersionId, quantity } = record
    const key = `${planVersionId} ${operation}`
    const line = lines.get(key) ?? { operation, planVersionId, quantity: 0n, exact: 0n }
    lines.set(key, { ...line, quantity: line.quantity + quantity, exact: line.exact + overage })
  }
  return [...lines.values()].map((line) => {
    const plan = plans.get(line.planVersionId)!.name
    const uses = `${line.quantity.toLocaleString('en')} × ${operationName(line.operation)}`
    return { ...line, description: `Overage of ${uses} on ${plan}` }
  })
}

async function readInvoiceOf(
  tx: Transaction,
  accountId: string,
  invoiceId: string | null,
): Promise<InvoiceRow | null> {
  const [invoice] = await tx.query<InvoiceRow>(
    `select i.invoice_id as "id", i.number, i.status,
       coalesce(sum(l.exact_micros) filter (where l.kind = 'overage'), 0)::bigint as "exactBefore",
       coalesce(sum(l.amount_micros) filter (where l.kind = 'overage'), 0)::bigint as "netBefore"
     from invoices i left join credit_note_lines l using (account_id, invoice_id)
     where i.account_id = $1 and i.invoice_id = $2 group by i.invoice_id, i.number, i.status`,
    [accountId, invoiceId],
  )
  return invoice ?? null
}

/** The taxes of an invoice that are not nothing, and what credit notes have given back of each. */
function readTaxes(tx: Transaction, accountId: string, invoiceId: string) {
  return tx.query<{ name: string; rate: bigint; credited: bigint }>(
    `select l.name, l.tax_rate_micros as "rate", (
       select coalesce(sum(c.amount_micros), 0)::bigint from credit_note_lines c
       where c.account_id = l.account_id and c.invoice_id = l.invoice_id and c.kind = 'tax' and c.name = l.name) as "credited"
     from invoice_lines l
     where l.account_id = $1 and l.invoice_id = $2 and l.kind = 'tax' and l.tax_rate_micros > 0 order by l.line`,
    [accountId, invoiceId],
  )
}
