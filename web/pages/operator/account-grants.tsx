/** Credits of an account: all grants, giving more, and taking back what is left of one, each with its reason. */
import type { AccountView, OperatorGrant } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { amountText, dateText } from '../../format.ts'
import { accountGrantsQuery } from '../../operator-queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { tell } from '../../ui/toast.tsx'

export function AccountGrants({ view }: { view: AccountView }) {
  const grants = useQuery(accountGrantsQuery(view.id))
  const [giving, setGiving] = useState(false)
  const [taking, setTaking] = useState<OperatorGrant>()
  const unit = view.billing.credit_unit
  return (
    <Section
      title="Credits"
      action={
        <Button
          onClick={() => setGiving(true)}
          disabledReason={unit ? undefined : 'The account has no currency before its first plan.'}
        >
          Give or sell credits
        </Button>
      }
    >
      <Panel className="py-2!">
        {grants.isError && <Notice tone="danger">{faultText(grants.error)}</Notice>}
        {grants.data?.data.length === 0 && <p className="py-2 text-ink-2">None yet.</p>}
        {grants.data && grants.data.data.length > 0 && unit && (
          <Table
            label="Grants"
            width="min-w-2xl"
            columns={[
              { name: 'Source' },
              { name: 'Granted', right: true },
              { name: 'Left', right: true },
              { name: 'Ends' },
              { name: 'Why' },
              { name: <span className="sr-only">What can be done</span>, right: true },
            ]}
            rows={grants.data.data.map((grant) => ({
              key: grant.id,
              cells: [
                grant.source,
                <Money key="granted" amount={grant.granted} unit={unit} />,
                <Money key="left" amount={grant.remaining} unit={unit} />,
                endText(grant, view.billing.zone),
                grant.void_reason ?? grant.reason ?? '–',
                isVoidable(grant) && (
                  <Button key="void" kind="quiet" className="-my-1.5" onClick={() => setTaking(grant)}>
                    Take back<span className="sr-only"> {amountText(grant.remaining, unit)}</span>
                  </Button>
                ),
              ],
            }))}
          />
        )}
      </Panel>
      {giving && <GiveDialog view={view} onClose={() => setGiving(false)} />}
      {taking && <TakeDialog view={view} grant={taking} onClose={() => setTaking(undefined)} />}
    </Section>
  )
}

const isVoidable = ({ source, ended_at: endedAt }: OperatorGrant) =>
  endedAt === null && ['promotion', 'purchase', 'adjustment'].includes(source)

function endText(grant: OperatorGrant, zone: string): string {
  if (grant.ended_at) return `${grant.void_reason ? 'taken back' : 'ended'} ${dateText(grant.ended_at, zone)}`
  return grant.expires_at ? dateText(grant.expires_at, zone) : 'never'
}

type DialogProps = { view: AccountView; onClose: () => void }

/** What both dialogs do once the server has done its part. */
function useDone(onClose: () => void, said: string) {
  const queryClient = useQueryClient()
  return async () => {
    onClose()
    tell(said)
    await queryClient.invalidateQueries()
  }
}

function GiveDialog({ view, onClose }: DialogProps) {
  const [source, setSource] = useState<'promotion' | 'purchase' | 'adjustment'>('promotion')
  const { currency, credit_unit: unit } = view.billing
  const give = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? '').trim()
      const expires = text('expires')
      return apiOf('').grantCredits({
        body: {
          account_id: view.id,
          source,
          credits: text('credits'),
          ...(source === 'purchase' ? { price: text('price') } : {}),
          ...(expires ? { expires_at: `${expires}T00:00:00Z` } : {}),
          reason: text('reason'),
        },
      })
    },
    onSuccess: useDone(onClose, source === 'purchase' ? 'Sold, and billed at once.' : 'Given.'),
  })
  return (
    <Dialog title={`Credits for ${view.name}`} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          give.mutate(new FormData(event.currentTarget))
        }}
      >
        <SelectField
          label="As"
          value={source}
          onChange={({ target }) => setSource(target.value as typeof source)}
          hint={
            source === 'purchase'
              ? 'Billed now, on an invoice of its own, and collected as every invoice is.'
              : 'Costs the customer nothing.'
          }
        >
          <option value="promotion">a promotion</option>
          <option value="adjustment">an adjustment</option>
          <option value="purchase">a purchase</option>
        </SelectField>
        <TextField
          label={`Credits, ${unit}`}
          name="credits"
          inputMode="decimal"
          required
          autoComplete="off"
        />
        {source === 'purchase' && (
          <TextField label={`Price without tax, ${currency}`} name="price" inputMode="decimal" required />
        )}
        <TextField
          label="Ends on"
          name="expires"
          type="date"
          hint="Can be used until this day begins, in UTC. Empty: never ends."
        />
        <TextField label="Why" name="reason" required maxLength={500} hint="The customer sees it." />
        {give.isError && <Notice tone="danger">{faultText(give.error)}</Notice>}
        <Button type="submit" kind="primary" busy={give.isPending}>
          {source === 'purchase' ? 'Sell and bill now' : 'Give'}
        </Button>
      </form>
    </Dialog>
  )
}

function TakeDialog({ view, grant, onClose }: DialogProps & { grant: OperatorGrant }) {
  const take = useMutation({
    mutationFn: (reason: string) =>
      apiOf('').voidGrant({ path: { id: grant.id }, body: { account_id: view.id, reason } }),
    onSuccess: useDone(onClose, 'Taken back.'),
  })
  const left = amountText(grant.remaining, view.billing.credit_unit ?? '')
  return (
    <Dialog title={`Take back ${left}?`} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          take.mutate(String(new FormData(event.currentTarget).get('reason')))
        }}
      >
        <p className="text-ink-2">
          {view.name} can’t use these credits any more.
          {grant.source === 'purchase' && ' What of their price was not used up becomes customer credit.'}
        </p>
        <TextField label="Why" name="reason" required maxLength={500} />
        {take.isError && <Notice tone="danger">{faultText(take.error)}</Notice>}
        <Button type="submit" kind="danger" busy={take.isPending}>
          Take back
        </Button>
      </form>
    </Dialog>
  )
}
