/** Setting or removing the payment method. In a sandbox the cards are play money. */
import type { Billing } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { amountText, readAmount } from '../../format.ts'
import { forgetAccount, meQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { tell } from '../../ui/toast.tsx'
import { PlayCards } from '../play-cards.tsx'

const route = getRouteApi('/inside/a/$accountId/billing')

export function PaymentDialog({ accountId, billing }: { accountId: string; billing: Billing }) {
  const queryClient = useQueryClient()
  const navigate = route.useNavigate()
  const search = route.useSearch()
  const { data: me } = useQuery(meQuery())
  const [card, setCard] = useState('sandbox_card_pays')
  const hosted = me?.sandbox === false
  const token = hosted ? search.form : card
  const [removing, setRemoving] = useState(false)
  // Who came here from choosing a plan goes back to it.
  const leave = () =>
    navigate({
      search: (known) => ({ ...known, form: undefined, dialog: search.plan ? 'plan' : undefined }),
      resetScroll: false,
    })
  const after = async (text: string) => {
    await forgetAccount(queryClient, accountId)
    tell(text)
    await leave()
  }
  const put = useMutation({
    mutationFn: () => apiOf(accountId).putPaymentMethod({ body: { token: token ?? '' } }),
    onSuccess: (method) => after(`${method.brand} ending in ${method.last4} is the payment method now.`),
  })
  const open = useMutation({
    mutationFn: () => apiOf(accountId).openCardForm(),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  const remove = useMutation({
    mutationFn: () => apiOf(accountId).deletePaymentMethod(),
    onSuccess: () => after('The payment method is removed.'),
  })
  if (removing) {
    return (
      <ConfirmDialog
        title="Remove payment method"
        action="Remove card"
        otherwise="Keep card"
        danger
        busy={remove.isPending}
        fault={remove.isError ? faultText(remove.error) : null}
        onConfirm={() => remove.mutate()}
        onClose={() => setRemoving(false)}
      >
        The next invoice will stay open until there is a card again. Your automations keep running.
      </ConfirmDialog>
    )
  }
  return (
    <Dialog
      title="Payment method"
      width="medium"
      onClose={leave}
      footer={
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <p className="flex-1 basis-56 text-ink-2">{effectOf(billing)}</p>
          <div className="flex flex-wrap gap-2">
            {billing.payment_method && (
              <Button kind="quiet" onClick={() => setRemoving(true)}>
                Remove card
              </Button>
            )}
            {token === undefined ? (
              <Button kind="primary" busy={open.isPending || open.isSuccess} onClick={() => open.mutate()}>
                Enter a card
              </Button>
            ) : (
              <Button kind="primary" busy={put.isPending} onClick={() => put.mutate()}>
                Use this card
              </Button>
            )}
          </div>
        </div>
      }
    >
      {!hosted && <PlayCards value={card} onChange={setCard} />}
      {hosted && (
        <p className="text-ink-2">
          {search.form === undefined
            ? 'The card is entered on the payment provider’s own page, which leads back here. Its number never passes through this service.'
            : 'The payment provider has stored the card. It becomes the payment method once you use it.'}
        </p>
      )}
      {(put.isError || open.isError) && (
        <Notice tone="danger" className="mt-4">
          {faultText(put.error ?? open.error)}
        </Notice>
      )}
    </Dialog>
  )
}

/** What setting a card does right away. */
function effectOf(billing: Billing): string {
  const due = readAmount(billing.amount_due)
  if (due > 0n && billing.currency) {
    return `${amountText(due, billing.currency)} is open and is collected from this card at once.`
  }
  return 'Nothing is charged now.'
}
