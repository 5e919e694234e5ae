/**
 * What comes after a charge of the sandbox: the bank that asks its payer, refunds, disputes.
 *
 * Called by sandbox.ts, and by http/ for the page that stands for the bank and for the operator, who plays the bank in a dispute.
 */

import type { Micros } from '../billing/micros.ts'
import type { Database } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import type { Dispute, RefundOutcome, RefundRequest, SentRefund } from './provider.ts'

export type AskedCharge = { amount: Micros; currency: string; status: string; returnUrl: string }

/** The charge that the bank's page is about, if it was opened; null where there is none. */
export async function readAskedCharge(db: Database, reference: string): Promise<AskedCharge | null> {
  const [charge] = await db.asService((tx) =>
    tx.query<AskedCharge>(
      `select amount_micros as "amount", currency, status, return_url as "returnUrl" from sandbox.charges
       where reference = $1 and return_url is not null`,
      [reference],
    ),
  )
  return charge ?? null
}

/** What the payer tells the bank. Told before: changes nothing. */
export async function answerBank(db: Database, reference: string, confirms: boolean): Promise<void> {
  await db.asService((tx) =>
    tx.query(
      `update sandbox.charges set status = case when $2 then 'succeeded' else 'failed' end,
         failure_code = case when not $2 then 'authentication_failed' end
       where reference = $1 and status = 'action_required'`,
      [reference, confirms],
    ),
  )
}

/** Opens the bank's page for a charge that waits; answers its reference, or null where it does not wait. */
export async function askBank(db: Database, key: string, returnUrl: string): Promise<string | null> {
  const [asked] = await db.asService((tx) =>
    tx.query<{ reference: string }>(
      `update sandbox.charges set return_url = $2 where idempotency_key = $1 and status = 'action_required'
       returning reference`,
      [key, returnUrl],
    ),
  )
  return asked?.reference ?? null
}

/** Gives back, once for each key; a card that takes nothing back fails. */
export async function giveBack(
  db: Database,
  request: RefundRequest,
  refusesRefunds: (token: string) => boolean,
): Promise<RefundOutcome> {
  return db.asService(async (tx) => {
    const [charge] = await tx.query<{ token: string }>(
      'select token from sandbox.charges where reference = $1 for update',
      [request.charge],
    )
    if (!charge) throw new Error(`the sandbox knows no charge ${request.charge}`)
    await tx.query(
      `insert into sandbox.refunds (idempotency_key, reference, charge, status, amount_micros)
       select $1, $2, $3, $4, $5 on conflict (idempotency_key) do nothing`,
      [
        request.idempotencyKey,
        `refund_${newId().replaceAll('-', '')}`,
        request.charge,
        refusesRefunds(charge.token) ? 'failed' : 'succeeded',
        request.amount,
      ],
    )
    const [row] = await tx.query<RefundRow>(SELECT_REFUND, [request.idempotencyKey])
    return toOutcome(row!)
  })
}

export async function readGivenBack(
  db: Database,
  { idempotencyKey }: SentRefund,
): Promise<RefundOutcome | { status: 'none' }> {
  const [row] = await db.asService((tx) => tx.query<RefundRow>(SELECT_REFUND, [idempotencyKey]))
  return row ? toOutcome(row) : { status: 'none' }
}

type RefundRow = { reference: string; status: 'succeeded' | 'failed' }
const SELECT_REFUND = 'select reference, status from sandbox.refunds where idempotency_key = $1'

function toOutcome({ status, reference }: RefundRow): RefundOutcome {
  if (status === 'succeeded') return { status, reference }
  return { status, reference, code: 'card_closed', message: 'The card takes nothing back.' }
}

/** Disputes of play cards, newest first. */
export function readDisputes(db: Database, since: Date): Promise<Dispute[]> {
  return db.asService((tx) =>
    tx.query<Dispute>(
      `select c.account_id as "accountId", d.reference, d.charge, d.amount_micros as "amount", 'play' as "reason", d.status
       from sandbox.disputes d join sandbox.charges c on c.reference = d.charge
       where d.created_at >= $1 and c.account_id is not null order by d.created_at desc`,
      [since],
    ),
  )
}

/** The bank decides. Answers the dispute as it stands then, or null where there is none. */
export async function decideDispute(db: Database, reference: string, won: boolean): Promise<Dispute | null> {
  await db.asService((tx) =>
    tx.query(`update sandbox.disputes set status = $2 where reference = $1 and status = 'open'`, [
      reference,
      won ? 'won' : 'lost',
    ]),
  )
  return (await readDisputes(db, new Date(0))).find((one) => one.reference === reference) ?? null
}
