/**
 * Turns drafts into invoices: number, opening balance, and the claim in the books (rules R9, R21, R26).
 *
 * Called by jobs/collect-account.ts after a roll, and by plan-change-effect.ts for an invoice whose payment is what makes it.
 *
 *   draft ──finalizeDrafts──▶ open ──settlePayment──▶ paid
 *                              │ ╰──nothing due──▶ paid
 *                              ╰──under the provider's minimum──▶ carried ──the next one is paid──▶ paid
 *
 * Invariants:
 *   1. Numbers are gapless per account: the counter moves in the transaction that gives the number.
 *   2. Finalized, an invoice never changes but for how it is paid (trigger `never_changes`).
 *   3. A parked account's drafts wait (rule R31).
 */
import { customerCreditApplied, invoiceFinalized } from '../billing/entries.ts'
import { settle } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { type Books, post, unitsOf } from './books.ts'
import { digestInvoiceLines, linkJournal } from './chain-links.ts'
import { openBook } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'

type Draft = { id: string; total: bigint; unbilled: bigint; draftedAt: Date }
/** Of its lines, where there are rows of them. */
type DigestedDraft = Draft & { linesDigest?: Buffer | null }

/** Finalizes what boundaries have drafted, oldest first. Answers how many. */
export async function finalizeDrafts(
  tx: Transaction,
  accountId: string,
  minimumCharge: (currency: string) => Micros,
): Promise<number> {
  const books = await openBook(tx, accountId)
  if (!books) return 0
  await saveBooks(tx, [books])
  const drafts = await tx.query<Draft>(
    `select i.invoice_id as "id", i.total_micros as "total", i.unbilled_micros as "unbilled",
       i.drafted_at as "draftedAt"
     from invoices i join accounts a using (account_id)
     where i.account_id = $1 and i.status = 'draft' and i.kind in ('boundary', 'cancel', 'purchase') and a.parked_at is null
     order by i.drafted_at, i.invoice_id`,
    [accountId],
  )
  if (drafts.length === 0) return 0
  for (const draft of drafts) {
    await finalizeInvoice(tx, books, draft, minimumCharge(unitsOf(books).currency))
  }
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
  return drafts.length
}

/** Finalizes one draft in opened books, which the caller saves. A start or upgrade carries nothing over. */
export async function finalizeInvoice(
  tx: Transaction,
  books: Books,
  draft: Draft,
  minimumCharge: Micros,
): Promise<void> {
  const { accountId } = books
  const takesUp = minimumCharge > 0n
  const [carried] = takesUp
    ? await tx.query<{ sum: bigint }>(
        `select coalesce(sum(total_micros + opening_balance_micros - customer_credit_micros - paid_micros), 0)::bigint as sum
         from invoices where account_id = $1 and status = 'carried' and carried_to is null`,
        [accountId],
      )
    : []
  const openingBalance = carried?.sum ?? 0n
  const linesDigest = await digestInvoiceLines(tx, accountId, draft.id)
  const { status, customerCreditApplied: credit } = claimInvoice(
    books,
    { ...draft, linesDigest },
    {
      openingBalance,
      customerCredit: 0n,
      minimumCharge,
    },
  )
  linkJournal(books)
  if (openingBalance > 0n) {
    await tx.query(
      `update invoices set carried_to = $2 where account_id = $1 and status = 'carried' and carried_to is null`,
      [accountId, draft.id],
    )
  }
  await tx.query(
    `with numbered as (
       update accounts set invoice_count = invoice_count + 1 where account_id = $1
       returning invoice_prefix || '-' || lpad(invoice_count::text, greatest(4, length(invoice_count::text)), '0') as number)
     update invoices set number = (select number from numbered), status = $3, finalized_at = $4::timestamptz,
       opening_balance_micros = $5, customer_credit_micros = $6,
       paid_at = case when $3 = 'paid' then $4::timestamptz end,
       next_attempt_at = case when $3 = 'open' then $4::timestamptz end, chain_sequence = $7, chain_head = $8
     where account_id = $1 and invoice_id = $2`,
    [accountId, draft.id, status, books.now, openingBalance, credit, books.entrySequence, books.chainHead],
  )
}

/** Books a draft as a claim; answers how it then stands. The rest of finalizing is writing that down. */
export function claimInvoice(
  books: Books,
  draft: DigestedDraft,
  terms: { openingBalance: Micros; customerCredit: Micros; minimumCharge: Micros },
): { status: 'open' | 'paid' | 'carried'; customerCreditApplied: Micros; amountDue: Micros } {
  const { customerCreditApplied: credit, amountDue, carried } = settle({ ...terms, total: draft.total })
  post(books, {
    cause: 'invoice_finalized',
    causeId: draft.id,
    bookedAt: books.now,
    entries: invoiceFinalized(unitsOf(books), { net: draft.total, tax: 0n, unbilled: draft.unbilled }),
    detailsDigest: draft.linesDigest ?? null,
  })
  if (credit > 0n) {
    post(books, {
      cause: 'customer_credit_applied',
      causeId: draft.id,
      bookedAt: books.now,
      entries: customerCreditApplied(unitsOf(books), credit),
    })
  }
  const status = amountDue === 0n ? 'paid' : carried ? 'carried' : 'open'
  return { status, customerCreditApplied: credit, amountDue }
}
