/**
 * `unpaid list`, `unpaid try`, `unpaid paid` and `unpaid write-off` (operator).
 */
import type { DrawdownClient, UnpaidInvoice } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount, showDay, showInstant, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { CommandRefused } from './refusal.ts'
import { asOperator } from './speak.ts'

export type ListUnpaid = Globals & { writtenOff?: boolean }
export type PayInvoice = Globals & { reference: string; received?: string }
export type WriteOff = Globals & { reason: string }

export async function listUnpaid({ writtenOff, json }: ListUnpaid): Promise<void> {
  const invoices = await asOperator((api) => readUnpaid(api, writtenOff ? 'written_off' : undefined))
  if (json) return printJson({ data: invoices, next_cursor: null })
  if (invoices.length === 0)
    return printLines(writtenOff ? 'Nothing was written off.' : 'Everything is paid.')
  printLines(
    ...tableLines(
      [
        ['invoice', 'account', 'from', 'due', 'status', 'next'],
        ...invoices.map((invoice) => [
          invoice.number ?? invoice.id,
          invoice.account.name,
          showDay(invoice.finalized_at, 'UTC'),
          showAmount(invoice.amount_due, invoice.currency),
          invoice.status.replace('_', ' '),
          nextText(invoice),
        ]),
      ],
      [3],
    ),
  )
}

/** `which`: a number or an id. */
export function tryNow(which: string, { json }: Globals): Promise<void> {
  return change(which, json, (api, id, body) => api.collectInvoice({ path: { id }, body }))
}

export function paidOtherwise(which: string, { reference, received, json }: PayInvoice): Promise<void> {
  const at = received === undefined ? {} : { received_at: instantOf(received) }
  return change(which, json, (api, id, body) =>
    api.settleInvoice({ path: { id }, body: { ...body, reference, ...at } }),
  )
}

export function writeOff(which: string, { reason, json }: WriteOff): Promise<void> {
  return change(which, json, (api, id, body) =>
    api.writeOffInvoice({ path: { id }, body: { ...body, reason } }),
  )
}

/** Finds the invoice among those that are unpaid or given up, does it, and says how it then stands. */
async function change(
  which: string,
  json: boolean | undefined,
  act: (api: DrawdownClient, id: string, body: { account_id: string }) => Promise<UnpaidInvoice>,
): Promise<void> {
  const invoice = await asOperator(async (api) => {
    const all = [...(await readUnpaid(api, undefined)), ...(await readUnpaid(api, 'written_off'))]
    const found = all.find(({ id, number }) => id === which || number?.toLowerCase() === which.toLowerCase())
    if (!found)
      throw new CommandRefused(`No unpaid invoice is "${which}".`, 'drawdown unpaid list names them.')
    return act(api, found.id, { account_id: found.account.id })
  })
  if (json) return printJson(invoice)
  const due = showAmount(invoice.amount_due, invoice.currency)
  const { status, last_failure: failure } = invoice
  const last =
    failure === null || status === 'paid' || status === 'written_off' ? '' : `Last try: ${failure} `
  printLines(
    `${invoice.number} is ${status.replace('_', ' ')}. ${due} due. ${last}${nextText(invoice)}`.trim(),
  )
}

function readUnpaid(api: DrawdownClient, status: 'written_off' | undefined): Promise<UnpaidInvoice[]> {
  return readAll((query) => api.listUnpaid({ query: { ...query, ...(status ? { status } : {}) } }))
}

/** "2026-12-02" is the beginning of that day in UTC. */
function instantOf(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text
}

function nextText({ under_way, next_attempt_at, status }: UnpaidInvoice): string {
  if (status === 'paid' || status === 'written_off') return ''
  if (under_way) return 'a payment is under way'
  return next_attempt_at ? `tried again on ${showInstant(next_attempt_at, 'UTC')}` : 'not tried by itself'
}
