/** Cancelling the plan: at the boundary, or now. Says what each undoes. */
import type { Billing } from '@drawdown/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { amountText, dateText } from '../../format.ts'
import { forgetAccount } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { tell } from '../../ui/toast.tsx'

const route = getRouteApi('/inside/a/$accountId/billing')

export function CancelDialog({ accountId, billing }: { accountId: string; billing: Billing }) {
  const queryClient = useQueryClient()
  const navigate = route.useNavigate()
  const [at, setAt] = useState<'boundary' | 'now'>('boundary')
  const leave = () => navigate({ search: (known) => ({ ...known, dialog: undefined }), resetScroll: false })
  const { plan, period, zone, credit_unit: unit, currency } = billing
  const cancel = useMutation({
    mutationFn: () => apiOf(accountId).cancelSubscription({ body: { at } }),
    onSuccess: async (result) => {
      await forgetAccount(queryClient, accountId)
      tell(result.status === 'scheduled' ? `${plan?.name} will end.` : `${plan?.name} has ended.`)
      await leave()
    },
  })
  if (!plan || !period || !unit || !currency) return null
  const day = dateText(period.end, zone)
  return (
    <ConfirmDialog
      title={`Cancel ${plan.name}`}
      action={at === 'now' ? 'Cancel plan now' : 'Cancel plan'}
      otherwise={`Keep ${plan.name}`}
      danger
      busy={cancel.isPending}
      fault={cancel.isError ? faultText(cancel.error) : null}
      onConfirm={() => cancel.mutate()}
      onClose={leave}
    >
      <Segmented
        label="When"
        value={at}
        options={[
          { value: 'boundary', label: `On ${day}` },
          { value: 'now', label: 'Now' },
        ]}
        onChange={setAt}
      />
      <p className="mt-4">
        {at === 'boundary'
          ? `Everything runs until ${day} and your ${amountText(billing.balance, unit)} can be used until then; the last invoice carries only what went beyond your credits. You can take this back until that day.`
          : `Unfinished photos are cancelled and cost nothing, your ${amountText(billing.balance, unit)} of credits are lost, the overage of ${amountText(billing.overage, currency)} is billed at once, and the fee is not refunded. This cannot be taken back.`}
      </p>
    </ConfirmDialog>
  )
}
