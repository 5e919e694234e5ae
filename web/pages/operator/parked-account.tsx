/** An account whose books do not agree: what was found, and the way out (rule R31). Nothing where they do. */
import type { VerifiedAccount } from '@drawdown/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { momentText } from '../../format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { tell } from '../../ui/toast.tsx'

export function ParkedAccount({ account }: { account: VerifiedAccount }) {
  const queryClient = useQueryClient()
  const [accepting, setAccepting] = useState(false)
  const verify = useMutation({
    mutationFn: (accept?: string) =>
      apiOf('').verifyBooks({ body: { account_id: account.account_id, ...(accept ? { accept } : {}) } }),
    onSuccess: async ({ data }) => {
      setAccepting(false)
      tell(data[0]?.failed_at ? 'The books are still at fault.' : 'The books are in order.')
      await queryClient.invalidateQueries({ queryKey: ['operator'] })
    },
  })
  if (account.failed_at === null && account.parked_at === null) return null
  return (
    <Section title={`${account.name} is parked`}>
      <Panel className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="text-ink-2">
          {account.parked_at && `Since ${momentText(account.parked_at)}, its`}
          {!account.parked_at && 'Its'} invoices are neither finalized nor collected. Its runs, credits and
          periods go on.
        </p>
        <ul className="grid gap-2">
          {account.findings.map((finding) => (
            <li key={`${finding.check} ${finding.row}`} className="rounded-control bg-danger-tint px-4 py-3">
              <p className="font-medium">{finding.check}</p>
              <p>{finding.row}</p>
              <p className="break-all text-ink-2">{finding.detail}</p>
            </li>
          ))}
        </ul>
        <ol className="grid list-decimal gap-1 pl-5 text-ink-2">
          <li>Find out what happened: compare with a backup, and read all that was found.</li>
          <li>Mend the row as the owner of the tables. What is in the journal is restored, never edited.</li>
          <li>Verify again: in order, the account is let go at once.</li>
          <li>Where the past can’t be mended, accept what was found, with a reason that is kept.</li>
        </ol>
        {verify.isError && <Notice tone="danger">{faultText(verify.error)}</Notice>}
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" busy={verify.isPending} onClick={() => verify.mutate(undefined)}>
            Verify again
          </Button>
          <Button onClick={() => setAccepting(true)}>Accept as it stands…</Button>
        </div>
      </Panel>
      {accepting && (
        <Dialog title="Accept what was found?" onClose={() => setAccepting(false)}>
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault()
              verify.mutate(String(new FormData(event.currentTarget).get('reason')))
            }}
          >
            <p className="text-ink-2">
              Exactly these findings are not found again; anything else is. Finalizing and collecting go on if
              nothing else is wrong.
            </p>
            <TextField label="Why it is right as it stands" name="reason" required maxLength={1000} />
            {verify.isError && <Notice tone="danger">{faultText(verify.error)}</Notice>}
            <Button type="submit" kind="danger" busy={verify.isPending}>
              Accept
            </Button>
          </form>
        </Dialog>
      )}
    </Section>
  )
}
