/** Changing what invoices say of the account, from the next one on. */
import type { BillingDetails } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useId } from 'react'
import { apiOf, faultText, fieldFaults } from '../../api.ts'
import { billingDetailsQuery, forgetAccount } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { tell } from '../../ui/toast.tsx'
import { PartyFields, readParty } from '../party-fields.tsx'
import { languages } from './languages.ts'

const route = getRouteApi('/inside/a/$accountId/billing')

export function DetailsDialog({ accountId }: { accountId: string }) {
  const { data } = useQuery(billingDetailsQuery(accountId))
  return data ? <DetailsForm accountId={accountId} details={data} /> : null
}

function DetailsForm({ accountId, details }: { accountId: string; details: BillingDetails }) {
  const formId = useId()
  const queryClient = useQueryClient()
  const navigate = route.useNavigate()
  const leave = () => navigate({ search: (known) => ({ ...known, dialog: undefined }), resetScroll: false })
  const save = useMutation({
    mutationFn: (body: BillingDetails) => apiOf(accountId).putBillingDetails({ body }),
    onSuccess: async () => {
      await forgetAccount(queryClient, accountId)
      tell('Saved. Your next invoice has it.')
      await leave()
    },
  })
  const faults = fieldFaults(save.error)
  return (
    <Dialog
      title="Billing details"
      width="medium"
      onClose={leave}
      footer={
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <p className="text-ink-2">Invoices that are final stay as they are.</p>
          <div className="flex gap-2 max-sm:ml-auto">
            <Button kind="quiet" onClick={leave}>
              Cancel
            </Button>
            <Button kind="primary" type="submit" form={formId} busy={save.isPending}>
              Save
            </Button>
          </div>
        </div>
      }
    >
      <form
        id={formId}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          const language = String(form.get('language')) as NonNullable<BillingDetails['language']>
          const reference = String(form.get('reference')).trim() || null
          save.mutate({ ...readParty(form), reference, language })
        }}
      >
        <PartyFields party={details} faults={faults} />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Your reference"
            name="reference"
            defaultValue={details.reference ?? ''}
            fault={faults.reference}
            hint="Printed on every invoice: an order, a cost centre."
          />
          <SelectField label="Language of invoices" name="language" defaultValue={details.language ?? 'en'}>
            {Object.entries(languages).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </SelectField>
        </div>
        {save.isError && Object.keys(faults).length === 0 && (
          <Notice tone="danger">{faultText(save.error)}</Notice>
        )}
      </form>
    </Dialog>
  )
}
