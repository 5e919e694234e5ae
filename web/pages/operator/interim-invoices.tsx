/** How much overage an account may run up before it is asked for: what that means, and setting it. */
import type { AccountView } from '@drawdown/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { amountText } from '../../format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { tell } from '../../ui/toast.tsx'

export function InterimInvoices({ view }: { view: AccountView }) {
  const [setting, setSetting] = useState(false)
  const { amount, unbilled, currency } = view.interim
  return (
    <Section
      title="Interim invoices"
      action={
        <Button
          onClick={() => setSetting(true)}
          disabledReason={currency ? undefined : 'The account has no currency before its first plan.'}
        >
          {amount === null ? 'Set an amount' : 'Change'}
        </Button>
      }
    >
      <Panel>
        <p className="max-w-prose">
          {amount === null || !currency
            ? 'None: overage is billed when its period ends, however much it is by then.'
            : `As soon as ${amountText(amount, currency)} of overage is on no invoice, it is billed and collected, and the period goes on.`}
        </p>
        {currency && <p className="mt-1 text-ink-2">On no invoice now: {amountText(unbilled, currency)}.</p>}
      </Panel>
      {setting && currency && (
        <AmountDialog view={view} currency={currency} onClose={() => setSetting(false)} />
      )}
    </Section>
  )
}

function AmountDialog({
  view,
  currency,
  onClose,
}: {
  view: AccountView
  currency: string
  onClose: () => void
}) {
  const queryClient = useQueryClient()
  const put = useMutation({
    mutationFn: (amount: string | null) =>
      apiOf('').putInterimInvoicing({ path: { id: view.id }, body: { amount } }),
    onSuccess: async ({ amount }) => {
      onClose()
      tell(amount === null ? 'No interim invoices from now on.' : `Set to ${amountText(amount, currency)}.`)
      await queryClient.invalidateQueries()
    },
  })
  return (
    <Dialog title={`Interim invoices of ${view.name}`} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          put.mutate(String(new FormData(event.currentTarget).get('amount') ?? '').trim() || null)
        }}
      >
        <p className="text-ink-2">
          Bounds what this customer can run up before they are asked for it. What an interim invoice bills is
          not on the period’s own invoice again. Nothing of theirs is stopped, whether they pay it or not.
        </p>
        <TextField
          label={`Bill overage as soon as it reaches, ${currency}`}
          name="amount"
          inputMode="decimal"
          autoComplete="off"
          defaultValue={view.interim.amount ?? ''}
          hint={`Before tax, such as 100. What is on no invoice now (${amountText(view.interim.unbilled, currency)}) counts. Empty: none.`}
        />
        {put.isError && <Notice tone="danger">{faultText(put.error)}</Notice>}
        <Button type="submit" kind="primary" busy={put.isPending}>
          Save
        </Button>
      </form>
    </Dialog>
  )
}
