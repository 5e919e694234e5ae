/**
 * The way from a draft to a published version: write it, rehearse it over what customers really used, look at who would pay more and
 * who less, and publish it with a notice.
 *
 * The rehearsal stands in the address, with the draft that it was of: whoever comes back to the page finds both.
 */
import type { CataloguePlan, Rehearsal } from '@drawdown/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { operatorPlansQuery, rehearsalQuery } from '../../operator-queries.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type Draft, draftOfPlan, draftOfRequest, faultOf, isSameDraft, requestOf, termsOf } from './draft.ts'
import { DraftForm } from './draft-form.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { RehearsalPanel } from './rehearsal-panel.tsx'

const route = getRouteApi('/inside/operator/plans/$code')

export function DraftPage() {
  const { code } = route.useParams()
  const { rehearsal: id } = route.useSearch()
  const plans = useQuery(operatorPlansQuery())
  const rehearsal = useQuery({ ...rehearsalQuery(id ?? ''), enabled: id !== undefined })
  const plan = plans.data?.data.find((each) => each.code === code)
  const isReady = plans.data && (id === undefined || rehearsal.data)
  const title = code === 'new' ? 'A new plan' : `A new version of ${plan?.name ?? code}`
  return (
    <>
      <PageHeader title={title} above={<Link to="/operator/plans">Plans</Link>}>
        {plan && `Version ${plan.versions[0]!.version} is the newest. It stays as it is.`}
      </PageHeader>
      {plans.isError && <Notice tone="danger">{faultText(plans.error)}</Notice>}
      {rehearsal.isError && <Notice tone="danger">{faultText(rehearsal.error)}</Notice>}
      {!isReady && !plans.isError && !rehearsal.isError && <Skeleton className="h-96" />}
      {isReady && code !== 'new' && !plan && <Notice tone="danger">There is no plan “{code}”.</Notice>}
      {isReady && (code === 'new' || plan) && <Editor plan={plan} rehearsal={rehearsal.data} />}
    </>
  )
}

type EditorProps = { plan: CataloguePlan | undefined; rehearsal: Rehearsal | undefined }

function Editor({ plan, rehearsal }: EditorProps) {
  const [draft, setDraft] = useState<Draft>(() =>
    rehearsal ? draftOfRequest(rehearsal.draft) : draftOfPlan(plan),
  )
  const [publishing, setPublishing] = useState(false)
  const checked = termsOf(draft)
  const fault = checked.ok ? null : checked
  const reason = fault ? `Something in the draft is not right yet. ${faultOf(fault)}` : undefined
  const isOfThis = rehearsal !== undefined && isSameDraft(rehearsal.draft, requestOf(draft))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-10">
      <DraftForm draft={draft} isNew={plan === undefined} refused={fault} onChange={setDraft} />
      <Section
        title="Rehearsal"
        hint="What customers would have paid under this draft, from what they really used: use by use, by the rules that bill."
      >
        <RehearseForm
          draft={draft}
          isNew={plan === undefined}
          reason={reason}
          running={isRunning(rehearsal)}
        />
        {rehearsal && !isOfThis && (
          <Notice className="mt-4">The draft has changed since this rehearsal. Rehearse it again.</Notice>
        )}
        {rehearsal && <RehearsalPanel rehearsal={rehearsal} />}
      </Section>
      <div className="flex flex-wrap items-center gap-4">
        <Button kind="primary" disabledReason={reason} onClick={() => setPublishing(true)}>
          Publish…
        </Button>
        {!(rehearsal?.status === 'done' && isOfThis) && (
          <p className="text-ink-2">Not rehearsed as it stands.</p>
        )}
      </div>
      {publishing && <PublishDialog draft={draft} plan={plan} onClose={() => setPublishing(false)} />}
    </div>
  )
}

const isRunning = (rehearsal: Rehearsal | undefined) =>
  rehearsal?.status === 'waiting' || rehearsal?.status === 'running'

function RehearseForm(props: { draft: Draft; isNew: boolean; reason: string | undefined; running: boolean }) {
  const { draft, isNew, reason, running } = props
  const navigate = route.useNavigate()
  const [terms, setTerms] = useState('3')
  const [among, setAmong] = useState<'subscribers' | 'everyone'>(isNew ? 'everyone' : 'subscribers')
  const start = useMutation({
    mutationFn: () =>
      apiOf('').createRehearsal({ body: { ...requestOf(draft), terms: Number(terms), among } }),
    onSuccess: ({ id }) => navigate({ search: { rehearsal: id }, replace: true, resetScroll: false }),
  })
  return (
    <Panel>
      <form
        className="grid items-end gap-4 sm:grid-cols-[minmax(0,1fr)_10rem_auto]"
        onSubmit={(event) => {
          event.preventDefault()
          if (!reason) start.mutate()
        }}
      >
        <SelectField
          label="Whose terms"
          value={among}
          onChange={({ target }) => setAmong(target.value as 'subscribers' | 'everyone')}
        >
          {!isNew && <option value="subscribers">Terms under this plan</option>}
          <option value="everyone">All terms in {draft.currency || 'its currency'}, whatever the plan</option>
        </SelectField>
        <TextField
          label="Last terms"
          type="number"
          min={1}
          max={24}
          required
          value={terms}
          onChange={({ target }) => setTerms(target.value)}
        />
        <Button type="submit" busy={start.isPending || running} disabledReason={reason}>
          Rehearse
        </Button>
      </form>
      {start.isError && (
        <Notice tone="danger" className="mt-4">
          {faultText(start.error)}
        </Notice>
      )}
    </Panel>
  )
}
