/**
 * How a paper names its parties: the lines of an address as its country writes them, and what stands at the foot.
 *
 * Called by the files that describe a paper.
 */
import type { Address, Buyer, Language, Seller } from './parties.ts'
import type { Sheet } from './sheet.ts'
import type { Words } from './words.ts'

/** The parties as a paper takes them: of the versions that it names. */
export type Parties = {
  /** Null where the operator has not said who sells: papers then carry the name of the service alone. */
  seller: Seller | null
  logo: Sheet['logo']
  buyer: Buyer
  language: Language
}

export type PartyParts = Pick<
  Sheet,
  'author' | 'senderLine' | 'buyer' | 'footer' | 'language' | 'size' | 'logo'
>

export function describeParties(words: Words, { seller, logo, buyer, language }: Parties): PartyParts {
  const home = seller?.address.country ?? null
  const taxId = buyer.taxId === null ? [] : [`${words.taxId} ${buyer.taxId}`]
  const sender = seller && [seller.name, ...addressLines(seller.address, null, words)]
  return {
    author: seller?.name ?? 'Drawdown',
    language,
    logo,
    size: isLetterCountry(buyer.address.country ?? home) ? 'us-letter' : 'a4',
    senderLine: sender ? sender.join(' · ') : null,
    buyer: [buyer.name, ...addressLines(buyer.address, home, words), ...taxId],
    footer: seller ? footerColumns(words, seller) : [],
  }
}

/** Countries whose paper is Letter. */
const LETTER = new Set(['US', 'CA', 'MX', 'PH', 'CL', 'CO', 'VE', 'CR', 'GT', 'PA', 'DO', 'PR'])

function isLetterCountry(country: string | null): boolean {
  return country !== null && LETTER.has(country)
}

/** Where the number of the postal district follows the city, and the region stands between: "London E2 8AA", "Austin, TX 78701". */
const CITY_FIRST = new Set(['US', 'CA', 'GB', 'AU', 'IE', 'IN', 'NZ', 'SG', 'ZA'])

/** The country is named where it is not the sender's. */
function addressLines(address: Address, home: string | null, words: Words): string[] {
  const { line1, line2, postalCode, city, region, country } = address
  const place =
    country !== null && CITY_FIRST.has(country)
      ? [[city, region].filter(Boolean).join(', '), postalCode]
      : [postalCode, [city, region].filter(Boolean).join(', ')]
  const lines = [line1, line2, place.filter(Boolean).join(' ')]
  const countryLine = country === null || country === home ? null : countryName(country, words)
  return [...lines, countryLine].filter((line): line is string => line !== null && line !== '')
}

function countryName(country: string, words: Words): string {
  return new Intl.DisplayNames(words.locale, { type: 'region' }).of(country) ?? country
}

function footerColumns(words: Words, seller: Seller): string[][] {
  const { name, address, taxId, registration, email, phone, website, bank, footer } = seller
  const columns = [
    [name, ...addressLines(address, null, words)],
    [
      taxId && `${words.taxId} ${taxId}`,
      registration && `${words.registration} ${registration}`,
      email,
      phone,
      website,
    ],
    bank
      ? [
          bank.name,
          bank.iban && `IBAN ${bank.iban.replaceAll(/(.{4})(?=.)/g, '$1 ')}`,
          bank.bic && `BIC ${bank.bic}`,
        ]
      : [],
    [footer],
  ]
  return columns
    .map((column) => column.filter((line): line is string => line !== null && line !== ''))
    .filter((column) => column.length > 0)
}
