/** The payment method in force. */
import type { Billing } from '@drawdown/client'
import { Link } from '@tanstack/react-router'
import { readAmount } from '../../format.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Money } from '../../ui/money.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { useReserved } from '../reserved.ts'

export function PaymentCard({ accountId, billing }: { accountId: string; billing: Billing }) {
  const reserved = useReserved(accountId, 'billing')
  const card = billing.payment_method
  return (
    <Section title="Payment method">
      <Panel>
        {card ? (
          <div className="grid aspect-[1.7] content-between rounded-control bg-sunken p-5 max-lg:aspect-[2.6]">
            <p className="font-medium">{card.brand}</p>
            <div>
              <p className="figures subheading tracking-wider">•••• {card.last4}</p>
              <p className="figures text-ink-2">until {card.expires}</p>
            </div>
          </div>
        ) : (
          <p className="text-ink-2">
            A card to collect the monthly invoice from. Its number goes to the payment provider and never
            comes here.
          </p>
        )}
        {billing.currency && readAmount(billing.customer_credit) > 0n && (
          <p className="mt-4">
            <Money amount={billing.customer_credit} unit={billing.currency} className="font-medium" /> of
            customer credit is used before the card.
          </p>
        )}
        {reserved ? (
          <p className="mt-4 text-ink-2">
            {reserved}: {card ? 'change the payment method' : 'add a payment method'}.
          </p>
        ) : (
          <Link
            to="."
            search={(search: object) => ({ ...search, dialog: 'card' as const })}
            resetScroll={false}
            className={buttonClass(card ? 'plain' : 'primary', 'mt-4 w-full')}
          >
            {card ? 'Change payment method' : 'Add payment method'}
          </Link>
        )}
      </Panel>
    </Section>
  )
}
