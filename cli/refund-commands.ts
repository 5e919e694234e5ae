/**
 * `refund create`, `refund list` and `refund payments` (operator).
 */
import type { DrawdownClient, OperatorPayment, Refund } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount, showInstant, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { UsedWrongly } from './refusal.ts'
import { asOperator, findAccount } from './speak.ts'

export type CreateRefund = Globals & {
  payment?: string
  grant?: string
  credit?: boolean
  amount?: string
  reason: string
  key?: string
}

export async function createRefund(options: CreateRefund): Promise<void> {
  const { payment, grant, credit, amount, reason, key, json } = options
  if ((payment === undefined) === (grant === undefined)) {
    throw new UsedWrongly('What is to go back?', 'Give one of --payment and --grant.')
  }
  if (grant !== undefined && (credit || amount !== undefined)) {
    throw new UsedWrongly('Of a grant all that is left goes back.', 'Leave --credit and --amount out.')
  }
  const source = grant !== undefined ? 'grant' : credit ? 'customer_credit' : 'invoice'
  const made = await ofAccount(options, (api, id) =>
    api.createRefund({
      headers: { 'Idempotency-Key': key ?? crypto.randomUUID() },
      body: {
        account_id: id,
        source,
        reason,
        ...(payment === undefined ? {} : { payment_id: payment }),
        ...(grant === undefined ? {} : { grant_id: grant }),
        ...(amount === undefined ? {} : { amount }),
      },
    }),
  )
  if (json) return printJson(made)
  printLines(textOf(made))
}

export async function listRefunds(options: Globals): Promise<void> {
  const refunds = await ofAccount(options, (api, id) =>
    readAll((query) => api.listRefunds({ query: { ...query, account_id: id } })),
  )
  if (options.json) return printJson({ data: refunds, next_cursor: null })
  if (refunds.length === 0) return printLines('Nothing has gone back.')
  printLines(
    ...tableLines(
      [
        ['date', 'amount', 'status', 'invoice', 'reason'],
        ...refunds.map((refund) => [
          showInstant(refund.created_at, 'UTC'),
          showAmount(refund.amount, refund.currency),
          refund.status,
          refund.invoice_number ?? '–',
          refund.reason,
        ]),
      ],
      [1],
    ),
  )
}

export async function listPayments(options: Globals): Promise<void> {
  const payments: OperatorPayment[] = await ofAccount(options, (api, id) =>
    readAll((query) => api.listOperatorPayments({ query: { ...query, account_id: id } })),
  )
  if (options.json) return printJson({ data: payments, next_cursor: null })
  if (payments.length === 0) return printLines('No payment yet.')
  printLines(
    ...tableLines(
      [
        ['payment', 'date', 'amount', 'can go back', 'status', 'invoice'],
        ...payments.map((payment) => [
          payment.id,
          showInstant(payment.created_at, 'UTC'),
          showAmount(payment.amount, payment.currency),
          showAmount(payment.refundable, payment.currency),
          payment.status,
          payment.invoice_number ?? '–',
        ]),
      ],
      [2, 3],
    ),
  )
}

function ofAccount<T>(
  { account }: Globals,
  work: (api: DrawdownClient, accountId: string) => Promise<T>,
): Promise<T> {
  if (account === undefined) throw new UsedWrongly('Which account is meant?', 'Name it with --account.')
  return asOperator(async (api) => work(api, (await findAccount(api, account)).id))
}

function textOf({ status, amount, currency, failure }: Refund): string {
  const shown = showAmount(amount, currency)
  if (status === 'failed') return `The card did not take ${shown}: ${failure}. It is customer credit.`
  return status === 'succeeded' ? `${shown} goes back to the card.` : `${shown} is under way to the card.`
}
