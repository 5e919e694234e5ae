/**
 * Writes posted transactions with their entries, in one statement however many there are.
 *
 * Called by save-books.ts and by the booking path (save-booked.ts). Entries are columns of their transaction; the database checks
 * that they sum to zero (`entries_sum_to_zero`).
 *
 * What a transaction moves between which accounts is one of few patterns, so the patterns travel once each, and a row says which
 * is its own. Amounts and grants travel as one long array each, of which a row takes its slice.
 */
import { arrayValue } from '../database/array-value.ts'
import type { Transaction } from '../database/connect.ts'
import type { PostedTransaction } from './books.ts'

/** An account with transactions that are linked. */
type Posting = { accountId: string; changes: { journal: readonly PostedTransaction[] } }

/** Writes the transactions that were posted on the accounts. */
export async function writeJournal(tx: Transaction, accounts: readonly Posting[]): Promise<void> {
  const rows: PostedTransaction[] = []
  const accountIds: string[] = []
  for (const { accountId, changes } of accounts) {
    for (const posted of changes.journal) {
      rows.push(posted)
      accountIds.push(accountId)
    }
  }
  if (rows.length === 0) return
  const { patterns, ofRow, amounts, amountsTo, grants, grantsTo } = layOut(rows)
  const of = (type: string, valueAt: (row: PostedTransaction) => unknown) =>
    arrayValue(type, rows.length, (index) => valueAt(rows[index]!))
  const integers = (values: readonly number[]) =>
    arrayValue('integer', values.length, (index) => values[index])
  await tx.query(WRITE, [
    arrayValue('uuid', accountIds.length, (index) => accountIds[index]),
    of('bigint', ({ sequence }) => sequence),
    of('timestamptz', ({ bookedAt }) => bookedAt),
    of('text', ({ cause }) => cause),
    of('text', ({ causeId }) => causeId),
    of('bytea', ({ detailsDigest }) => detailsDigest),
    of('bytea', ({ link }) => link),
    integers(ofRow),
    integers(amountsTo),
    integers(grantsTo),
    arrayValue('bigint', amounts.length, (index) => amounts[index]),
    arrayValue('uuid', grants.length, (index) => grants[index]),
    patterns.map(({ accounts }) => arrayText(accounts)),
    patterns.map(({ commodities }) => arrayText(commodities)),
    patterns.map(({ places }) => `{${places.join(',')}}`),
  ])
}

// A slice ends where the one of the row before it began; the first begins at 1.
const WRITE = `
  insert into ledger_transactions (account_id, sequence, booked_at, cause, cause_id, details_digest, link, entry_accounts,
    entry_commodities, entry_micros, entry_grant_places, entry_grants)
  select g.account_id, g.sequence, g.booked_at, g.cause, g.cause_id, g.details_digest, g.link, p.accounts, p.commodities,
    ($11::bigint[])[g.amounts_to - p.length + 1 : g.amounts_to], p.places,
    ($12::uuid[])[g.grants_to - p.grants + 1 : g.grants_to]
  from (select unnest($1::uuid[]) as account_id, unnest($2::bigint[]) as sequence, unnest($3::timestamptz[]) as booked_at,
      unnest($4::text[]) as cause, unnest($5::text[]) as cause_id, unnest($6::bytea[]) as details_digest,
      unnest($7::bytea[]) as link, unnest($8::integer[]) as pattern, unnest($9::integer[]) as amounts_to,
      unnest($10::integer[]) as grants_to) g
  join (select ordinality as pattern, accounts::text[], commodities::text[], places::integer[],
      cardinality(places::integer[]) as length,
      coalesce((select max(place) from unnest(places::integer[]) as place), 0) as grants
    from unnest($13::text[], $14::text[], $15::text[]) with ordinality as given (accounts, commodities, places, ordinality)
    offset 0) p using (pattern)`

type Pattern = {
  accounts: string[]
  commodities: string[]
  /** Of each entry: the place of its grant among those of its transaction, counted from 1; 0 for none. */
  places: number[]
}

function layOut(rows: readonly PostedTransaction[]) {
  const numbers = new Map<string, number>()
  const patterns: Pattern[] = []
  const ofRow: number[] = []
  const [amounts, amountsTo]: [bigint[], number[]] = [[], []]
  const [grants, grantsTo]: [string[], number[]] = [[], []]
  for (const { entries } of rows) {
    const first = grants.length
    const places: number[] = []
    let name = ''
    for (const { account, commodity, amount, grantId } of entries) {
      let place = 0
      if (grantId !== null) {
        // An entry and the one before it are mostly of the same grant.
        const known = grants.indexOf(grantId, first)
        place = (known >= 0 ? known : grants.push(grantId) - 1) - first + 1
      }
      places.push(place)
      amounts.push(amount)
      name += `${account}|${commodity}|${place}\n`
    }
    amountsTo.push(amounts.length)
    grantsTo.push(grants.length)
    let number = numbers.get(name)
    if (number === undefined) {
      number = patterns.push({
        accounts: entries.map(({ account }) => account),
        commodities: entries.map(({ commodity }) => commodity),
        places,
      })
      numbers.set(name, number)
    }
    ofRow.push(number)
  }
  return { patterns, ofRow, amounts, amountsTo, grants, grantsTo }
}

/** An array of texts as Postgres reads it from text. */
function arrayText(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`
}
