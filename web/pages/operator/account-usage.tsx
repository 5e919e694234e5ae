/** Usage of an account, newest first, and taking records back by a credit note with a reason. */
import type { AccountView, UsageListed } from '@drawdown/client'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { amountText, countOf, countText, momentText, operationText, readAmount } from '../../format.ts'
import { accountUsageQuery } from '../../operator-queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { tell } from '../../ui/toast.tsx'

export function AccountUsage({ view }: { view: AccountView }) {
  const usage = useInfiniteQuery(accountUsageQuery(view.id))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [crediting, setCrediting] = useState(false)
  const records = usage.data?.pages.flatMap(({ data }) => data)
  const { currency, credit_unit: credits, zone } = view.billing
  const toggle = (id: string) =>
    setChosen((known) => new Set(known.has(id) ? [...known].filter((one) => one !== id) : [...known, id]))
  return (
    <Section
      title="Usage"
      action={
        <Button
          onClick={() => setCrediting(true)}
          disabledReason={chosen.size === 0 ? 'Choose the records that are to be taken back.' : undefined}
        >
          Credit{chosen.size > 0 ? ` ${countOf(chosen.size, 'record')}` : ''}
        </Button>
      }
    >
      <Panel className="py-2!">
        {usage.isError && <Notice tone="danger">{faultText(usage.error)}</Notice>}
        {records?.length === 0 && <p className="py-2 text-ink-2">None yet.</p>}
        {records && records.length > 0 && currency && credits && (
          <Table
            label="Usage records"
            width="min-w-2xl"
            columns={[
              { name: 'Operation' },
              { name: 'Booked' },
              { name: 'Times', right: true },
              { name: 'From credits', right: true },
              { name: 'Overage', right: true },
              { name: 'Credited' },
            ]}
            rows={records.map((record) => ({
              key: record.id,
              cells: [
                <Choice
                  key="choice"
                  record={record}
                  checked={chosen.has(record.id)}
                  onToggle={() => toggle(record.id)}
                />,
                momentText(record.booked_at, zone),
                countText(record.quantity),
                <Money key="credits" amount={record.from_credits} unit={credits} />,
                <Money key="overage" amount={record.overage} unit={currency} />,
                record.credited_by ?? '–',
              ],
            }))}
          />
        )}
      </Panel>
      {usage.hasNextPage && (
        <Button className="mt-4" busy={usage.isFetchingNextPage} onClick={() => usage.fetchNextPage()}>
          Show more usage
        </Button>
      )}
      {crediting && (
        <CreditDialog
          view={view}
          records={records?.filter(({ id }) => chosen.has(id)) ?? []}
          onDone={() => setChosen(new Set())}
          onClose={() => setCrediting(false)}
        />
      )}
    </Section>
  )
}

/** A record that can be chosen; what is credited already, or was free, can't. */
function Choice(props: { record: UsageListed; checked: boolean; onToggle: () => void }) {
  const { record, checked, onToggle } = props
  const name = operationText(record.operation)
  if (record.credited_by !== null || record.cost === '0') return <span className="pl-7">{name}</span>
  return (
    <label className="flex min-h-6 items-center gap-2.5">
      <input type="checkbox" className="size-4.5" checked={checked} onChange={onToggle} />
      {name}
      <span className="sr-only">, key {record.key}</span>
    </label>
  )
}

type CreditDialogProps = {
  view: AccountView
  records: UsageListed[]
  onDone: () => void
  onClose: () => void
}

/** Of many records the first are named. */
const NAMED = 5

function CreditDialog({ view, records, onDone, onClose }: CreditDialogProps) {
  const { zone, currency, credit_unit: credits } = view.billing
  const queryClient = useQueryClient()
  const credit = useMutation({
    mutationFn: (reason: string) =>
      apiOf('').createCreditNote({
        body: { account_id: view.id, usage_ids: records.map(({ id }) => id), reason },
      }),
    onSuccess: async (note) => {
      onDone()
      onClose()
      tell(`${note.number} is issued.`)
      await queryClient.invalidateQueries()
    },
  })
  return (
    <Dialog title={`Credit ${countOf(records.length, 'record')}?`} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          credit.mutate(String(new FormData(event.currentTarget).get('reason')))
        }}
      >
        <ul className="grid gap-1">
          {records.slice(0, NAMED).map((record) => (
            <li key={record.id} className="flex flex-wrap justify-between gap-x-6">
              <span>
                {countText(record.quantity)} × {operationText(record.operation)},{' '}
                {momentText(record.booked_at, zone)}
              </span>
              <span className="figures text-ink-2">
                {paidText(record, { currency: currency ?? '', credits: credits ?? '' })}
              </span>
            </li>
          ))}
          {records.length > NAMED && (
            <li className="text-ink-2">and {countOf(records.length - NAMED, 'more record')}</li>
          )}
        </ul>
        <p className="text-ink-2">
          A credit note is issued. In the open period overage falls away and credits go back; of what an
          invoice has billed, overage becomes customer credit and credits come back as a grant. It can’t be
          undone.
        </p>
        <TextField label="Why" name="reason" required maxLength={500} hint="The customer sees it." />
        {credit.isError && <Notice tone="danger">{faultText(credit.error)}</Notice>}
        <Button type="submit" kind="danger" busy={credit.isPending}>
          Issue the credit note
        </Button>
      </form>
    </Dialog>
  )
}

/** "$0.30 of credits and $0.20 of overage" */
function paidText(record: UsageListed, units: { currency: string; credits: string }): string {
  const parts = [
    readAmount(record.from_credits) > 0n
      ? `${amountText(record.from_credits, units.credits)} of credits`
      : '',
    readAmount(record.overage) > 0n ? `${amountText(record.overage, units.currency)} of overage` : '',
  ]
  return parts.filter(Boolean).join(' and ')
}
