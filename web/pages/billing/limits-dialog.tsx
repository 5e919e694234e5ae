/** Setting what to be told of, and the overage at which automations pause. Empty is off. */
import type { Alerts, Pause } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { alertsQuery, forgetAccount, pauseQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { tell } from '../../ui/toast.tsx'
import { readLimits, writeLimits } from './limits.ts'

const route = getRouteApi('/inside/a/$accountId/billing')

export function LimitsDialog({ accountId }: { accountId: string }) {
  const alerts = useQuery(alertsQuery(accountId))
  const pause = useQuery(pauseQuery(accountId))
  if (!alerts.data || !pause.data) return null
  return <LimitsForm accountId={accountId} alerts={alerts.data} pause={pause.data} />
}

type FormProps = { accountId: string; alerts: Alerts; pause: Pause }

function LimitsForm({ accountId, alerts, pause }: FormProps) {
  const queryClient = useQueryClient()
  const navigate = route.useNavigate()
  const [fields, setFields] = useState(() => writeLimits(alerts.rules, pause.overage_limit))
  const read = readLimits(fields)
  const leave = () => navigate({ search: (known) => ({ ...known, dialog: undefined }), resetScroll: false })
  const save = useMutation({
    mutationFn: async () => {
      if (!read.ok) return
      await apiOf(accountId).putAlerts({ body: { rules: read.rules } })
      await apiOf(accountId).putPause({ body: { overage_limit: read.limit } })
    },
    onSuccess: async () => {
      await forgetAccount(queryClient, accountId)
      tell('Saved.')
      await leave()
    },
  })
  const field = (name: keyof typeof fields, label: string, hint: string) => (
    <TextField
      label={label}
      hint={hint}
      value={fields[name]}
      fault={read.ok ? undefined : read.faults[name]}
      onChange={(event) => setFields({ ...fields, [name]: event.target.value })}
    />
  )
  return (
    <Dialog
      title="Alerts and limit"
      onClose={leave}
      footer={
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={leave}>
            Cancel
          </Button>
          <Button
            kind="primary"
            busy={save.isPending}
            disabledReason={read.ok ? undefined : 'Correct the fields that are marked.'}
            onClick={() => save.mutate()}
          >
            Save
          </Button>
        </div>
      }
    >
      <div className="grid gap-5">
        {field('credits', 'Tell me at this percentage of the credits', 'One or more, such as 50, 80, 100.')}
        {field('overage', 'Tell me at this overage', 'One or more amounts a period, such as 25, 100.')}
        {field('forecast', 'Tell me when the period is likely to end with this overage', 'Amounts as above.')}
        {field(
          'limit',
          'Pause my automations at this overage',
          'Empty: they never pause. Usage from outside and photos under way are booked all the same.',
        )}
        {save.isError && <Notice tone="danger">{faultText(save.error)}</Notice>}
      </div>
    </Dialog>
  )
}
