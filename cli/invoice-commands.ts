/**
 * `invoice list` and `invoice show`: invoices as text that reads like the page.
 */
import type { DrawdownClient, Invoice, InvoiceSummary } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount, showDay, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { CommandRefused } from './refusal.ts'
import { asAccount } from './speak.ts'

export async function listInvoices({ account, json }: Globals): Promise<void> {
  const invoices = await asAccount(account, readInvoices)
  if (json) return printJson({ data: invoices, next_cursor: null })
  if (invoices.length === 0) return printLines('No invoice yet.')
  printLines(
    ...tableLines(
      [
        ['number', 'kind', 'status', 'from', 'to', 'total', 'due'],
        ...invoices.map((one) => [
          one.number ?? '–',
          one.kind,
          one.status,
          showDay(one.period.start, 'UTC'),
          showDay(one.period.end, 'UTC'),
          showAmount(one.total, one.currency),
          showAmount(one.amount_due, one.currency),
        ]),
      ],
      [5, 6],
    ),
  )
}

/** `which`: a number, an id, or "upcoming". */
export async function showInvoice(which: string, { account, json }: Globals): Promise<void> {
  const invoice = await asAccount(account, async (api) => {
    if (which === 'upcoming') return api.getUpcomingInvoice()
    return api.getInvoice({ path: { id: await findInvoice(api, which) } })
  })
  if (json) return printJson(invoice)
  printLines(...invoiceLines(invoice))
}

/** The id of an invoice that is named by number or id. */
export async function findInvoice(api: DrawdownClient, which: string): Promise<string> {
  if (which.startsWith('invoice_')) return which
  const invoices = await readInvoices(api)
  const found = invoices.find((one) => one.number?.toLowerCase() === which.toLowerCase())
  if (found) return found.id
  const known = invoices.slice(0, 10).map((one) => one.number ?? one.id)
  throw new CommandRefused(
    `There is no invoice "${which}".`,
    known.length === 0 ? 'There is none yet.' : `There are ${known.join(', ')}.`,
  )
}

function readInvoices(api: DrawdownClient): Promise<InvoiceSummary[]> {
  return readAll((query) => api.listInvoices({ query }))
}

function invoiceLines(invoice: Invoice): string[] {
  const money = (text: string) => showAmount(text, invoice.currency)
  const { start, end } = invoice.period
  const below: [string, string][] = [
    ['Opening balance', invoice.opening_balance],
    ['Customer credit applied', invoice.customer_credit_applied],
    ['Paid', invoice.paid],
  ]
  return [
    titleOf(invoice),
    `${invoice.account.name}, ${showDay(start, 'UTC')} to ${showDay(end, 'UTC')}`,
    '',
    ...tableLines(
      [
        ...invoice.lines.map((line) => [line.description, money(line.amount)]),
        ['Total', money(invoice.total)],
        ...(invoice.tax === '0' ? [] : [['Of it tax', money(invoice.tax)]]),
        ...below.filter(([, amount]) => amount !== '0').map(([name, amount]) => [name, money(amount)]),
        ['Amount due', money(invoice.amount_due)],
      ],
      [1],
    ),
    ...invoice.payments
      .filter((payment) => payment.failure !== null)
      .map((payment) => `${payment.method}: ${payment.failure}`),
  ]
}

/** One that is still to come has neither number nor status to speak of; one that waits for its payment has no number yet. */
function titleOf({ number, status }: Invoice): string {
  if (number !== null) return `Invoice ${number}: ${status}`
  return status === 'upcoming'
    ? 'The next invoice, as it would be now'
    : `Invoice without a number yet: ${status}`
}
