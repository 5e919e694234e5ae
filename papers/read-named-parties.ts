/**
 * The parties of one paper: the versions of seller and buyer that it names.
 *
 * Called by the readers of invoices, credit notes and receipts.
 */
import type { Transaction } from '../database/connect.ts'
import type { Parties } from './describe-parties.ts'
import { type Logo, readBillingDetails, readSeller } from './parties.ts'

/** The versions that a paper names. */
export type NamedParties = {
  sellerVersion: number | null
  buyerVersion: number | null
  buyerName: string
  zone: string
}

/**
 * What a paper does not name was not said by then: it takes the first that was ever said, so that what was forgotten at the start can be
 * made good once, and never again.
 */
export async function readNamedParties(
  tx: Transaction,
  accountId: string,
  { sellerVersion, buyerVersion, buyerName }: NamedParties,
): Promise<{ parties: Parties; logo: Logo | null }> {
  const seller = await readSeller(tx, sellerVersion ?? 1)
  const said = await readBillingDetails(tx, accountId, buyerVersion ?? 1)
  return namedAs({ seller, said, buyerName })
}

/** As both are called today: for what is no bill. Null where there is no such account. */
export async function readPartiesOfToday(
  tx: Transaction,
  accountId: string,
): Promise<{ parties: Parties; logo: Logo | null; zone: string } | null> {
  const [account] = await tx.query<{ name: string; zone: string }>(
    'select name, zone from accounts where account_id = $1',
    [accountId],
  )
  if (!account) return null
  const seller = await readSeller(tx, null)
  const said = await readBillingDetails(tx, accountId, null)
  return { ...namedAs({ seller, said, buyerName: account.name }), zone: account.zone }
}

function namedAs({
  seller,
  said,
  buyerName,
}: {
  seller: Awaited<ReturnType<typeof readSeller>>
  said: Awaited<ReturnType<typeof readBillingDetails>>
  buyerName: string
}): { parties: Parties; logo: Logo | null } {
  const logo = seller?.logo ?? null
  return {
    parties: {
      seller: seller?.seller ?? null,
      logo: logo?.type ?? null,
      buyer: said?.buyer ?? nameAlone(buyerName),
      language: said?.language ?? 'en',
    },
    logo,
  }
}

/** A buyer of whom nothing is known but the name of the account. */
function nameAlone(name: string): Parties['buyer'] {
  const address = { line1: null, line2: null, postalCode: null, city: null, region: null, country: null }
  return { name, address, taxId: null, email: null, reference: null }
}
