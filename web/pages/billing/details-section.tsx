/** What invoices say of the account: its name, address, tax id, and the language in which they are written. */
import type { BillingDetails } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { faultText } from '../../api.ts'
import { billingDetailsQuery } from '../../queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useReserved } from '../reserved.ts'
import { languages } from './languages.ts'

export function DetailsSection({ accountId }: { accountId: string }) {
  const details = useQuery(billingDetailsQuery(accountId))
  const reserved = useReserved(accountId, 'billing')
  return (
    <Section
      title="Billing details"
      hint={reserved}
      action={
        reserved ? undefined : (
          <Link
            to="."
            search={(search: object) => ({ ...search, dialog: 'details' as const })}
            resetScroll={false}
            className={buttonClass('quiet')}
          >
            Change
          </Link>
        )
      }
    >
      <Panel>
        {details.isError && <Notice tone="danger">{faultText(details.error)}</Notice>}
        {details.isPending && <Skeleton className="h-20" />}
        {details.data && <Details details={details.data} />}
      </Panel>
    </Section>
  )
}

function Details({ details }: { details: BillingDetails }) {
  const { name, address, tax_id: taxId, email, reference, language } = details
  const place = [address.postal_code, address.city, address.region].filter(Boolean).join(' ')
  const lines = [address.line1, address.line2, place, countryName(address.country)].filter(Boolean)
  const facts = [
    taxId ? `Tax ID ${taxId}` : 'No tax ID',
    email,
    reference && `Reference ${reference}`,
    `Invoices in ${languages[language ?? 'en']}`,
  ].filter(Boolean)
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <address className="grid content-start not-italic">
        <span className="font-medium">{name}</span>
        {lines.length === 0 && <span className="text-ink-2">No address yet.</span>}
        {lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </address>
      <ul className="grid content-start text-ink-2">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
    </div>
  )
}

function countryName(code: string | null | undefined): string | undefined {
  return code ? new Intl.DisplayNames('en', { type: 'region' }).of(code) : undefined
}
