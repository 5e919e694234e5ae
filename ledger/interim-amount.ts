/**
 * The operator's bound on what an account may come to owe without having been asked for it: an amount of overage on no invoice at which an
 * interim invoice is made (rule R26). Nothing is stopped by it, whether the invoice is paid or not (rule R28).
 *
 * Called by http/ for the operator. The invoice itself is made by whoever opens the account's books next (roll-books.ts).
 */
import { formatAmount } from '../billing/format-amount.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { openBook } from './open-books.ts'
import { saveBooks } from './save-books.ts'

export type InterimAmountRefused = {
  ok: false
  refusal: 'account_not_found' | 'interim_amount_without_currency' | 'interim_amount_too_small'
  detail: string
}

/** Sets the amount, in the account's currency, from now on; null is none. What has reached it already is cut off and drafted at once. */
export async function setInterimAmount(
  tx: Transaction,
  request: { accountId: string; amount: Micros | null; minimumCharge: (currency: string) => Micros },
): Promise<{ ok: true } | InterimAmountRefused> {
  const { accountId, amount } = request
  const books = await openBook(tx, accountId)
  if (!books) return refuse('account_not_found', `No account has the id ${accountId}.`)
  // What was due stays processed, whatever becomes of the amount.
  await saveBooks(tx, [books])
  if (amount !== null && !books.units) {
    return refuse(
      'interim_amount_without_currency',
      'The account has not chosen a plan, so it has no currency yet.',
    )
  }
  if (amount !== null) {
    const { currency } = books.units!
    const least = request.minimumCharge(currency)
    if (amount <= 0n || amount < least) {
      const said = [amount, least].map((one) => formatAmount(one, currency))
      const detail = `${said[0]} is less than can be collected, which is ${said[1]} at least.`
      return refuse('interim_amount_too_small', detail)
    }
  }
  await tx.query('update accounts set interim_at_micros = $2 where account_id = $1', [accountId, amount])
  // Processes what has become due by it.
  await saveBooks(tx, [(await openBook(tx, accountId))!])
  return { ok: true }
}

/** Null where there is none, and where there is no such account. */
export async function readInterimAmount(tx: Transaction, accountId: string): Promise<Micros | null> {
  const [account] = await tx.query<{ amount: Micros | null }>(
    'select interim_at_micros as "amount" from accounts where account_id = $1',
    [accountId],
  )
  return account?.amount ?? null
}

function refuse(refusal: InterimAmountRefused['refusal'], detail: string): InterimAmountRefused {
  return { ok: false, refusal, detail }
}
