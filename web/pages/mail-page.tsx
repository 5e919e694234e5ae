/** Which mails this person wants from this account. */
import type { MailPreferences } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { apiOf, faultText } from '../api.ts'
import { mailPreferencesQuery, meQuery } from '../queries.ts'
import { CheckField, SelectField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'

const route = getRouteApi('/inside/a/$accountId/mail')

export function MailPage() {
  const { accountId } = route.useParams()
  const queryClient = useQueryClient()
  const me = useQuery(meQuery())
  const preferences = useQuery(mailPreferencesQuery(accountId))
  const save = useMutation({
    mutationFn: (body: MailPreferences) => apiOf(accountId).putMailPreferences({ body }),
    onSuccess: (saved) => queryClient.setQueryData(mailPreferencesQuery(accountId).queryKey, saved),
  })
  const shown = save.isPending ? save.variables : preferences.data
  const account = me.data?.accounts.find(({ id }) => id === accountId)
  return (
    <>
      <PageHeader title="Mail">
        What {account?.name ?? 'this account'} writes to {me.data?.user?.email ?? 'you'}. Links that you ask
        for, and payments that failed, are sent in any case.
      </PageHeader>
      {preferences.isPending && <SkeletonRows rows={4} className="h-14" />}
      {preferences.isError && <Notice tone="danger">{faultText(preferences.error)}</Notice>}
      {save.isError && (
        <Notice tone="danger" className="mb-4">
          {faultText(save.error)}
        </Notice>
      )}
      {shown && (
        <Panel className="grid max-w-2xl gap-6">
          <CheckField
            label="Invoices and changes of plan"
            hint="For owners, admins and the billing role."
            checked={shown.billing}
            onChange={(event) => save.mutate({ ...shown, billing: event.target.checked })}
          />
          <CheckField
            label="Alerts, pauses and webhooks that were switched off"
            hint="For owners, admins and, where it is about money, the billing role."
            checked={shown.alerts}
            onChange={(event) => save.mutate({ ...shown, alerts: event.target.checked })}
          />
          <CheckField
            label="The week"
            hint="On Mondays, where something has run. For owners and admins."
            checked={shown.weekly}
            onChange={(event) => save.mutate({ ...shown, weekly: event.target.checked })}
          />
          <SelectField
            label="Receipts of runs that I start"
            value={shown.runs}
            onChange={(event) =>
              save.mutate({ ...shown, runs: event.target.value as MailPreferences['runs'] })
            }
          >
            <option value="long">Of runs that take ten minutes or more</option>
            <option value="all">Of every run</option>
            <option value="none">None</option>
          </SelectField>
          <p aria-live="polite" className="text-fine text-ink-3">
            {save.isSuccess ? 'Saved.' : ' '}
          </p>
        </Panel>
      )}
    </>
  )
}
