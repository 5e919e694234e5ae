/**
 * Moving the sandbox clock of an account, or of all: to the anchor day, by a step, or to a date; then what happened on
 * the way, with the invoices that were made.
 */
import type { AdvanceClockResponse, OperatorAccount } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { countOf, dateText, momentText } from '../../format.ts'
import { billingQuery, invoicesQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

type ClockDialogProps = {
  account: OperatorAccount | 'all'
  /** Whether the operator is a member, and may look at its pages. */
  mine: boolean
  onClose: () => void
}

const DAY_MS = 86_400_000

export function ClockDialog({ account, mine, onClose }: ClockDialogProps) {
  const queryClient = useQueryClient()
  const one = account === 'all' ? undefined : account
  const billing = useQuery({ ...billingQuery(one?.id ?? ''), enabled: mine })
  const zone = billing.data?.zone
  const anchor = one?.period_end ?? undefined
  const now = one?.now ?? new Date().toISOString()
  const [chosen, setChosen] = useState<string>()
  const to = chosen ?? anchor ?? later(now, 1)
  const move = useMutation({
    mutationFn: () => apiOf('').advanceClock({ body: one ? { to, account_id: one.id } : { to, all: true } }),
    onSuccess: () => queryClient.invalidateQueries(),
  })
  const title = one ? `Clock of ${one.name}` : 'All clocks'
  if (move.data) {
    return (
      <Happened title={title} accountId={mine ? one?.id : undefined} result={move.data} onClose={onClose} />
    )
  }
  const back = Date.parse(to) <= Date.parse(now)
  return (
    <Dialog
      title={title}
      width="medium"
      onClose={onClose}
      footer={
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <p className="flex-1 basis-64 text-ink-2">
            Every boundary on the way makes its invoice, collects it, lets unused credits expire and grants
            new ones. The clock never goes back.
          </p>
          <Button
            kind="primary"
            busy={move.isPending}
            disabledReason={back ? 'The clock never goes back' : undefined}
            onClick={() => move.mutate()}
          >
            Move to {dateText(to, zone)}
          </Button>
        </div>
      }
    >
      {one && (
        <p className="mb-5 text-ink-2">
          It says <span className="font-medium text-ink">{momentText(now, zone)}</span> now.
        </p>
      )}
      <div className="mb-5 flex flex-wrap gap-2">
        {anchor && (
          <Button onClick={() => setChosen(anchor)}>To the anchor day, {dateText(anchor, zone)}</Button>
        )}
        <Button onClick={() => setChosen(later(now, 1))}>One day on</Button>
        <Button onClick={() => setChosen(later(now, 7))}>One week on</Button>
        <Button onClick={() => setChosen(monthLater(now))}>One month on</Button>
      </div>
      <TextField
        label="Move to"
        type="datetime-local"
        value={localInput(to)}
        onChange={(event) => event.target.value && setChosen(new Date(event.target.value).toISOString())}
        hint="In the zone of your browser."
        className="max-w-64"
      />
      {move.isError && (
        <Notice tone="danger" className="mt-4">
          {faultText(move.error)}
        </Notice>
      )}
    </Dialog>
  )
}

function later(instant: string, days: number): string {
  return new Date(Date.parse(instant) + days * DAY_MS).toISOString()
}

function monthLater(instant: string): string {
  const date = new Date(instant)
  date.setUTCMonth(date.getUTCMonth() + 1)
  return date.toISOString()
}

/** An instant as a `datetime-local` input shows it. */
function localInput(instant: string): string {
  const date = new Date(instant)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

type HappenedProps = {
  title: string
  /** Whose pages can be looked at; undefined where the operator is no member. */
  accountId: string | undefined
  result: AdvanceClockResponse
  onClose: () => void
}

function Happened({ title, accountId, result, onClose }: HappenedProps) {
  const boundaries = result.accounts.reduce((sum, each) => sum + each.boundaries, 0)
  const invoices = result.accounts.flatMap((each) => each.invoices)
  const only = result.accounts.length === 1 ? result.accounts[0] : undefined
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <div className="flex justify-end">
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      }
    >
      <p>
        {only ? `It is ${dateText(only.now)} now. ` : `${countOf(result.accounts.length, 'clock')} moved. `}
        {boundaries === 0
          ? 'No boundary was passed, so no invoice was made.'
          : `${countOf(boundaries, 'boundary', 'boundaries')} passed, ${countOf(invoices.length, 'invoice')} made.`}
      </p>
      {accountId && <Leads accountId={accountId} numbers={invoices} />}
    </Dialog>
  )
}

const leadClass = 'text-accent underline underline-offset-2'

/** Where to look at what happened. The clock tells invoices by number; their pages go by id. */
function Leads({ accountId, numbers }: { accountId: string; numbers: readonly string[] }) {
  const { data } = useQuery(invoicesQuery(accountId))
  const made = (data?.data ?? [])
    .filter(({ number }) => number !== null && numbers.includes(number))
    .reverse()
  return (
    <ul className="mt-4 grid gap-1">
      {made.map(({ id, number }) => (
        <li key={id}>
          <Link
            to="/a/$accountId/invoices/$invoiceId"
            params={{ accountId, invoiceId: id }}
            className={leadClass}
          >
            {made.length === 1 ? 'See the invoice' : `See invoice ${number}`}
          </Link>
        </li>
      ))}
      <li>
        <Link to="/a/$accountId/billing" params={{ accountId }} className={leadClass}>
          See the billing page
        </Link>
      </li>
    </ul>
  )
}
