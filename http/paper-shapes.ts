/** Bodies of the routes about papers: who sells, who buys, and in which language. */
import { z } from 'zod'
import {
  type Address,
  type Buyer,
  LANGUAGES,
  type Language,
  type Logo,
  type Seller,
} from '../papers/parties.ts'

/** Of one line; empty is nothing. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^[^\p{Cc}]*$/u, 'one line')
    .nullable()
    .default(null)

const country = z
  .string()
  .trim()
  .toUpperCase()
  .refine((code) => code === '' || isCountry(code), 'an ISO 3166 code of two letters, such as "DE"')
  .nullable()
  .default(null)

/** Two letters that Intl knows by a name of their own. */
function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ') return false
  return new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined
}

const address = z.object({
  line1: line(200),
  line2: line(200),
  postal_code: line(20),
  city: line(100),
  region: line(100),
  country,
})

const party = {
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}]*$/u, 'one line'),
  address,
  tax_id: line(50),
  email: z
    .union([z.email().max(254), z.literal('')])
    .nullable()
    .default(null),
}

export const billingDetails = z
  .object({
    ...party,
    /** Printed on every invoice: an order, a cost centre. */
    reference: line(100),
    /** Of invoices, credit notes and receipts. */
    language: z.enum(LANGUAGES).default('en'),
  })
  .meta({ id: 'BillingDetails' })

export const seller = z
  .object({
    ...party,
    registration: line(100),
    phone: line(50),
    website: line(200),
    bank: z
      .object({
        name: line(100),
        iban: line(42).refine(
          (text) => text === null || isIban(text),
          'an IBAN whose check digits are right',
        ),
        bic: line(11),
      })
      .nullable()
      .default(null),
    footer: line(300),
    /** `data:image/png;base64,…`, also jpeg and svg+xml. At most 500,000 bytes. */
    logo: z
      .string()
      .max(670_000)
      .regex(
        /^data:image\/(png|jpeg|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/,
        'a data URL of a PNG, JPEG or SVG',
      )
      .nullable()
      .default(null),
  })
  .meta({ id: 'Seller' })

/** ISO 13616: as a number, with the first four characters last and letters as two digits, it leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  const plain = text.replaceAll(/\s/g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(plain)) return plain === ''
  const digits = (plain.slice(4) + plain.slice(0, 4)).replaceAll(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  )
  return BigInt(digits) % 97n === 1n
}

type BillingDetails = z.output<typeof billingDetails>
type ShownSeller = z.output<typeof seller>

const orNull = (text: string | null) => (text === '' ? null : text)

export function readBillingDetails(body: BillingDetails): { buyer: Buyer; language: Language } {
  const { language, reference } = body
  return { buyer: { ...readParty(body), reference: orNull(reference) }, language }
}

export function shownBillingDetails(buyer: Buyer, language: Language): BillingDetails {
  return { ...shownParty(buyer), reference: buyer.reference, language }
}

export function readSeller(body: ShownSeller): { seller: Seller; logo: Logo | null } {
  const { registration, phone, website, bank, footer, logo } = body
  const iban = orNull(bank?.iban?.replaceAll(/\s/g, '').toUpperCase() ?? null)
  return {
    seller: {
      ...readParty(body),
      registration: orNull(registration),
      phone: orNull(phone),
      website: orNull(website),
      bank: bank && { name: orNull(bank.name), iban, bic: orNull(bank.bic) },
      footer: orNull(footer),
    },
    logo: logo === null ? null : logoOf(logo),
  }
}

export function shownSeller(seller: Seller, logo: Logo | null): ShownSeller {
  const { registration, phone, website, bank, footer } = seller
  return {
    ...shownParty(seller),
    registration,
    phone,
    website,
    bank,
    footer,
    logo: logo && `data:image/${SUBTYPES[logo.type]};base64,${Buffer.from(logo.bytes).toString('base64')}`,
  }
}

const SUBTYPES: Readonly<Record<Logo['type'], string>> = { png: 'png', jpeg: 'jpeg', svg: 'svg+xml' }

function logoOf(dataUrl: string): Logo {
  const [, subtype, base64] = /^data:image\/([a-z+]+);base64,(.*)$/.exec(dataUrl)!
  const type = subtype === 'svg+xml' ? 'svg' : (subtype as 'png' | 'jpeg')
  return { type, bytes: Buffer.from(base64!, 'base64') }
}

function readParty({ name, address: given, tax_id: taxId, email }: BillingDetails | ShownSeller) {
  const { line1, line2, postal_code: postalCode, city, region, country: code } = given
  const read: Address = {
    line1: orNull(line1),
    line2: orNull(line2),
    postalCode: orNull(postalCode),
    city: orNull(city),
    region: orNull(region),
    country: orNull(code),
  }
  return { name, address: read, taxId: orNull(taxId), email: orNull(email) }
}

function shownParty({ name, address: given, taxId, email }: Buyer | Seller) {
  const { postalCode: postal_code, ...others } = given
  return { name, address: { ...others, postal_code }, tax_id: taxId, email }
}
