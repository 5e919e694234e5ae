/**
 * How an account is taxed: set by the operator, read where money is asked for (rule R9).
 *
 * Drafts of boundaries are taxed as the account is taxed when they are finalized; a start or an upgrade as it was when it was
 * asked for, since that is what is charged. What is on a finalized invoice never changes.
 */
import { type AccountTax, refuseTax, type TaxRate, type TaxRefusal } from '../billing/tax.ts'
import type { Transaction } from '../database/connect.ts'

export async function readAccountTax(tx: Transaction, accountId: string): Promise<AccountTax> {
  return (await readAccountTaxes(tx, [accountId])).get(accountId) ?? { treatment: 'standard', rates: [] }
}

/** How each of the accounts is taxed. */
export async function readAccountTaxes(
  tx: Transaction,
  accountIds: readonly string[],
): Promise<Map<string, AccountTax>> {
  const [accounts, rates] = await Promise.all([
    tx.query<Pick<AccountTax, 'treatment'> & { id: string }>(
      'select account_id as "id", tax_treatment as "treatment" from accounts where account_id in (select unnest($1::uuid[]))',
      [accountIds],
    ),
    tx.query<TaxRate & { accountId: string }>(
      `select account_id as "accountId", name, rate_micros as "rate" from tax_rates
       where account_id in (select unnest($1::uuid[])) order by account_id, position`,
      [accountIds],
    ),
  ])
  const taxes = new Map(accounts.map(({ id, treatment }) => [id, { treatment, rates: [] as TaxRate[] }]))
  for (const { accountId, ...rate } of rates) taxes.get(accountId)?.rates.push(rate)
  return taxes
}

const DETAILS: Readonly<Record<TaxRefusal, string>> = {
  tax_rate_invalid: 'A rate is a share of one, from 0 to 1: 19 % is "0.19".',
  tax_name_repeated: 'Each tax has a name of its own.',
  too_many_taxes: 'An account has at most five taxes.',
}

/** Replaces how an account is taxed, from its next invoice on. */
export async function setAccountTax(
  tx: Transaction,
  accountId: string,
  tax: AccountTax,
): Promise<{ ok: true } | { ok: false; refusal: TaxRefusal | 'account_not_found'; detail?: string }> {
  const refusal = refuseTax(tax)
  if (refusal) return { ok: false, refusal, detail: DETAILS[refusal] }
  // The account's row is locked first, as by every verb (ARCHITECTURE, "Locks").
  const changed = await tx.query('update accounts set tax_treatment = $2 where account_id = $1 returning 1', [
    accountId,
    tax.treatment,
  ])
  if (changed.length === 0) return { ok: false, refusal: 'account_not_found' }
  await tx.query('delete from tax_rates where account_id = $1', [accountId])
  await tx.query(
    `insert into tax_rates (account_id, position, name, rate_micros)
     select $1, position, name, rate from unnest($2::text[], $3::bigint[]) with ordinality as given (name, rate, position)`,
    [accountId, tax.rates.map(({ name }) => name), tax.rates.map(({ rate }) => rate)],
  )
  return { ok: true }
}
