/** The fields with which an invoice names a party: the buyer's details and the operator's are the same. */
import type { BillingDetails, Seller } from '@drawdown/client'
import { SelectField, TextField } from '../ui/field.tsx'

type Party = Pick<BillingDetails | Seller, 'name' | 'address' | 'tax_id' | 'email'>

/** Faults of the server's answer by the path of their field. */
export type PartyFaults = Readonly<Record<string, string>>

export function PartyFields({ party, faults }: { party: Party; faults: PartyFaults }) {
  const { address } = party
  const field = (name: string, label: string, value: string | null | undefined, more = {}) => (
    <TextField label={label} name={name} defaultValue={value ?? ''} fault={faults[name]} {...more} />
  )
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {field('name', 'Name', party.name, {
        required: true,
        maxLength: 200,
        autoComplete: 'organization',
        className: 'sm:col-span-2',
        hint: 'Of the company or the person, as contracts have it.',
      })}
      {field('address.line1', 'Street and number', address?.line1, { autoComplete: 'address-line1' })}
      {field('address.line2', 'Second line', address?.line2, { autoComplete: 'address-line2' })}
      {field('address.postal_code', 'Postal code', address?.postal_code, { autoComplete: 'postal-code' })}
      {field('address.city', 'City', address?.city, { autoComplete: 'address-level2' })}
      {field('address.region', 'State or region', address?.region, { autoComplete: 'address-level1' })}
      <CountryField value={address?.country ?? ''} fault={faults['address.country']} />
      {field('tax_id', 'Tax ID', party.tax_id, { hint: 'A VAT ID begins with its country: DE123456789.' })}
      {field('email', 'E-mail for invoices', party.email, { type: 'email', autoComplete: 'email' })}
    </div>
  )
}

/** What is in the fields of a form that holds them. */
export function readParty(form: FormData): Party {
  const text = (name: string) => String(form.get(name) ?? '').trim() || null
  return {
    name: text('name') ?? '',
    address: {
      line1: text('address.line1'),
      line2: text('address.line2'),
      postal_code: text('address.postal_code'),
      city: text('address.city'),
      region: text('address.region'),
      country: text('address.country'),
    },
    tax_id: text('tax_id'),
    email: text('email'),
  }
}

function CountryField({ value, fault }: { value: string; fault: string | undefined }) {
  return (
    <SelectField
      label="Country"
      name="address.country"
      defaultValue={value}
      fault={fault}
      autoComplete="country"
    >
      <option value="">Not said</option>
      {countries().map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </SelectField>
  )
}

let known: { code: string; name: string }[] | undefined

/** Every code of two letters that is the name of a country today, by name. */
function countries(): { code: string; name: string }[] {
  if (known) return known
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const found = letters.flatMap((first) =>
    letters.flatMap((second) => {
      const code = `${first}${second}`
      const name = NO_COUNTRY.has(code) ? undefined : names.of(code)
      return name === undefined ? [] : [{ code, name }]
    }),
  )
  known = found.sort((a, b) => a.name.localeCompare(b.name, 'en'))
  return known
}

/** Codes that have a name and are no country of today: unions, private use, and states that are gone. */
const NO_COUNTRY = new Set(
  'EU EZ UN QO XA XB ZZ AC CP CQ DG EA IC TA AN BU CS DD DY FX HV NH NT RH SU TP UK VD YD YU ZR FQ JT MI NQ PC PU PZ WK CT'.split(
    ' ',
  ),
)
