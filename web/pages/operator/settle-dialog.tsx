/** Asks before something is done about an unpaid invoice, and says in a sentence what it will do. */
import type { UnpaidInvoice } from '@drawdown/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { amountText } from '../../format.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { tell } from '../../ui/toast.tsx'

export type Settling = { act: 'collect' | 'paid' | 'write_off'; invoice: UnpaidInvoice }

const titles = { collect: 'Try now', paid: 'Paid otherwise', write_off: 'Write off' }

export function SettleDialog({ act, invoice, onClose }: Settling & { onClose: () => void }) {
  const queryClient = useQueryClient()
  const [words, setWords] = useState('')
  const [day, setDay] = useState('')
  const { id, number, account, currency } = invoice
  const due = amountText(invoice.amount_due, currency)
  const body = { account_id: account.id }
  const settle = useMutation({
    mutationFn: () => {
      if (act === 'collect') return apiOf('').collectInvoice({ path: { id }, body })
      if (act === 'write_off') {
        return apiOf('').writeOffInvoice({ path: { id }, body: { ...body, reason: words } })
      }
      const received = day === '' ? {} : { received_at: new Date(`${day}T00:00:00Z`).toISOString() }
      return apiOf('').settleInvoice({ path: { id }, body: { ...body, reference: words, ...received } })
    },
    onSuccess: async (done) => {
      await queryClient.invalidateQueries()
      tell(`${number} is ${done.status.replace('_', ' ')} now.`)
      onClose()
    },
  })
  const retries = invoice.next_attempt_at
    ? 'If it fails, the retries go on as before.'
    : 'If it fails, it is not tried again by itself.'
  const sentences = {
    collect: `${due} is charged to ${invoice.payment_method ?? 'no card, because there is none'} at once. ${retries}`,
    paid: `${number} becomes paid, with ${due} of cash in the books. No card is charged, and it is not asked for again.`,
    write_off: `${due} becomes bad debt and is not asked for again. ${account.name} can still pay it, and its automations keep running.`,
  }
  const needed = act === 'paid' ? 'Say what the payment can be found by' : 'Say why it is given up'
  const missing = act !== 'collect' && words.trim() === ''
  return (
    <ConfirmDialog
      title={`${titles[act]}: ${number}`}
      action={act === 'paid' ? 'Mark as paid' : titles[act]}
      danger={act === 'write_off'}
      busy={settle.isPending}
      fault={settle.isError ? faultText(settle.error) : null}
      disabledReason={missing ? needed : undefined}
      onConfirm={() => settle.mutate()}
      onClose={onClose}
    >
      <p>{sentences[act]}</p>
      {act === 'paid' && (
        <div className="mt-4 grid gap-4">
          <TextField
            label="Reference"
            value={words}
            maxLength={200}
            onChange={(event) => setWords(event.target.value)}
            hint="A transfer, a cheque: what it can be found by."
          />
          <TextField
            label="Arrived on"
            type="date"
            value={day}
            onChange={(event) => setDay(event.target.value)}
            hint="Today, if left empty."
          />
        </div>
      )}
      {act === 'write_off' && (
        <TextField
          className="mt-4"
          label="Reason"
          value={words}
          maxLength={500}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
    </ConfirmDialog>
  )
}
