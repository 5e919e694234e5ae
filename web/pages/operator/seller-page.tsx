/** Who sells: what every invoice says of the operator, from the next one on. */
import type { Seller } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText, fieldFaults } from '../../api.ts'
import { sellerQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { tell } from '../../ui/toast.tsx'
import { PartyFields, readParty } from '../party-fields.tsx'

export function SellerPage() {
  const seller = useQuery(sellerQuery())
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="Seller">
        What invoices and credit notes say of you, from the next one on. Those that are final stay as they
        are.
      </PageHeader>
      {seller.isPending && <Skeleton className="h-[40rem]" />}
      {seller.isError && <Notice tone="danger">{faultText(seller.error)}</Notice>}
      {seller.data && <SellerForm seller={seller.data} />}
    </div>
  )
}

function SellerForm({ seller }: { seller: Seller }) {
  const queryClient = useQueryClient()
  const [logo, setLogo] = useState(seller.logo ?? null)
  const save = useMutation({
    mutationFn: (body: Seller) => apiOf('').putSeller({ body }),
    onSuccess: async (saved) => {
      queryClient.setQueryData(sellerQuery().queryKey, saved)
      tell('Saved. The next invoice has it.')
    },
  })
  const faults = fieldFaults(save.error)
  const field = (name: string, label: string, value: string | null | undefined, hint?: string) => (
    <TextField label={label} name={name} defaultValue={value ?? ''} fault={faults[name]} hint={hint} />
  )
  return (
    <form
      className="grid gap-10"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ ...readSeller(new FormData(event.currentTarget)), logo })
      }}
    >
      <Section title="Name and address">
        <Panel>
          <PartyFields party={seller} faults={faults} />
        </Panel>
      </Section>
      <Section title="At the foot of every page">
        <Panel className="grid gap-4 sm:grid-cols-2">
          {field('registration', 'Register of companies', seller.registration)}
          {field('phone', 'Phone', seller.phone)}
          {field('website', 'Website', seller.website)}
          {field('footer', 'A sentence', seller.footer)}
          {field('bank.name', 'Bank', seller.bank?.name)}
          {field(
            'bank.iban',
            'IBAN',
            seller.bank?.iban,
            'Where money can be sent. Empty: it is only collected.',
          )}
          {field('bank.bic', 'BIC', seller.bank?.bic)}
        </Panel>
      </Section>
      <Section title="Logo">
        <LogoPanel logo={logo} onChange={setLogo} />
      </Section>
      {save.isError && Object.keys(faults).length === 0 && (
        <Notice tone="danger">{faultText(save.error)}</Notice>
      )}
      <div className="flex justify-end">
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}

function readSeller(form: FormData): Omit<Seller, 'logo'> {
  const text = (name: string) => String(form.get(name) ?? '').trim() || null
  const bank = { name: text('bank.name'), iban: text('bank.iban'), bic: text('bank.bic') }
  return {
    ...readParty(form),
    registration: text('registration'),
    phone: text('phone'),
    website: text('website'),
    footer: text('footer'),
    bank: bank.name || bank.iban || bank.bic ? bank : null,
  }
}

/** Mirrors what the server takes, so that a large file is refused before it is read. */
const MOST_BYTES = 500_000

function LogoPanel({ logo, onChange }: { logo: string | null; onChange: (logo: string | null) => void }) {
  const [fault, setFault] = useState<string>()
  const choose = (file: File | undefined) => {
    setFault(undefined)
    if (!file) return
    if (file.size > MOST_BYTES) return setFault('The file is larger than 500 kB. Choose a smaller one.')
    const reader = new FileReader()
    reader.onload = () => onChange(String(reader.result))
    reader.readAsDataURL(file)
  }
  return (
    <Panel className="grid gap-4">
      {logo ? (
        <div className="flex flex-wrap items-center justify-between gap-4">
          <img
            src={logo}
            alt="The logo as it is"
            className="h-12 max-w-60 rounded-control bg-white object-contain p-1"
          />
          <Button kind="quiet" onClick={() => onChange(null)}>
            Remove
          </Button>
        </div>
      ) : (
        <p className="text-ink-2">Without a logo the name stands at the top.</p>
      )}
      <TextField
        label={logo ? 'Another file' : 'File'}
        type="file"
        accept="image/png,image/jpeg,image/svg+xml"
        hint="PNG, JPEG or SVG, up to 500 kB. It is printed 11 mm high."
        fault={fault}
        onChange={(event) => choose(event.target.files?.[0])}
      />
    </Panel>
  )
}
