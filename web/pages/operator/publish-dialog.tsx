/** Publishing a draft: who gets it and when, in one sentence, and the button that does it. */
import type { CataloguePlan } from '@drawdown/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { countOf } from '../../format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { tell } from '../../ui/toast.tsx'
import { type Draft, requestOf } from './draft.ts'

type PublishProps = { draft: Draft; plan: CataloguePlan | undefined; onClose: () => void }

const NOTICE_DAYS = '30'

export function PublishDialog({ draft, plan, onClose }: PublishProps) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [who, setWho] = useState<'stay' | 'follow'>('stay')
  const [days, setDays] = useState(NOTICE_DAYS)
  const notice = plan && who === 'follow' ? Number(days) : null
  const publish = useMutation({
    mutationFn: () => {
      const { code, name, ...terms } = requestOf(draft)
      if (!plan) return apiOf('').publishPlan({ body: { ...terms, code, name } })
      return apiOf('').publishPlanVersion({ path: { code }, body: { ...terms, notice_days: notice } })
    },
    onSuccess: async (published) => {
      tell(`Version ${published.version} of ${published.name} is published.`)
      await navigate({ to: '/operator/plans' })
      await queryClient.invalidateQueries()
    },
  })
  const isNotice = /^\d{1,3}$/.test(days) && Number(days) <= 366
  const reason = who === 'follow' && !isNotice ? 'A notice is 0 to 366 whole days.' : undefined
  return (
    <Dialog
      title={
        plan ? `Publish version ${plan.versions[0]!.version + 1} of ${plan.name}` : `Publish ${draft.name}`
      }
      onClose={onClose}
      footer={
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Not yet</Button>
          <Button
            kind="primary"
            busy={publish.isPending}
            disabledReason={reason}
            onClick={() => publish.mutate()}
          >
            Publish
          </Button>
        </div>
      }
    >
      <div className="grid gap-4">
        {plan && (
          <Segmented
            label="Subscribers"
            value={who}
            options={[
              { value: 'stay', label: 'Subscribers stay' },
              { value: 'follow', label: 'Subscribers follow' },
            ]}
            onChange={setWho}
          />
        )}
        {plan && who === 'follow' && (
          <TextField
            label="Notice, days"
            inputMode="numeric"
            value={days}
            fault={reason}
            onChange={({ target }) => setDays(target.value)}
          />
        )}
        <p className="text-ink-2">
          {!plan && 'Customers can choose it from now on.'}
          {plan &&
            who === 'stay' &&
            `It is for whoever chooses ${plan.name} from now on. ${have(plan, 'keeps', 'keep')} what is in force for them.`}
          {plan &&
            who === 'follow' &&
            `${have(plan, 'is', 'are')} told on the billing page, and it comes at the first boundary after ${days || '…'} days. Runs that were accepted before keep their prices.`}{' '}
          A published version never changes.
        </p>
        {publish.isError && <Notice tone="danger">{faultText(publish.error)}</Notice>}
      </div>
    </Dialog>
  )
}

const have = ({ subscribers }: CataloguePlan, one: string, more: string) =>
  `${countOf(subscribers, 'subscriber')} ${subscribers === 1 ? one : more}`
