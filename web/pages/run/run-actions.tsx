/** What can be done about a run: its results as a ZIP, its receipt, cancelling what is unfinished, retrying what failed. */
import type { Run } from '@drawdown/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download, ReceiptText, RotateCcw, Square } from 'lucide-react'
import { useState } from 'react'
import { apiOf, faultText, fileAddress } from '../../api.ts'
import { countOf } from '../../format.ts'
import { forgetAccount, putRun } from '../../queries.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useReserved } from '../reserved.ts'
import { isUnfinished } from '../run-words.tsx'

export function RunActions({ accountId, run }: { accountId: string; run: Run }) {
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState<'cancel' | 'retry'>()
  const act = useMutation({
    mutationFn: (what: 'cancel' | 'retry') =>
      what === 'cancel'
        ? apiOf(accountId).cancelRun({ path: { id: run.id } })
        : apiOf(accountId).retryRun({ path: { id: run.id } }),
    onSuccess: async (changed) => {
      putRun(queryClient, accountId, changed)
      setAsking(undefined)
      await forgetAccount(queryClient, accountId)
    },
  })
  const reserved = useReserved(accountId, 'work')
  const unfinished = run.items.queued + run.items.working
  const fault = act.isError ? faultText(act.error) : null
  const close = () => {
    act.reset()
    setAsking(undefined)
  }
  return (
    <>
      {isUnfinished(run) && !reserved && (
        <Button kind="quiet" icon={<Square aria-hidden size={15} />} onClick={() => setAsking('cancel')}>
          Cancel run
        </Button>
      )}
      {!isUnfinished(run) && run.items.failed > 0 && !reserved && (
        <Button kind="quiet" icon={<RotateCcw aria-hidden size={15} />} onClick={() => setAsking('retry')}>
          Retry failed
        </Button>
      )}
      <Papers accountId={accountId} run={run} />
      {asking === 'cancel' && (
        <ConfirmDialog
          title="Cancel this run"
          action="Cancel run"
          otherwise="Let it run"
          danger
          busy={act.isPending}
          fault={fault}
          onConfirm={() => act.mutate('cancel')}
          onClose={close}
        >
          {countOf(unfinished, 'unfinished photo')} will not be worked on and cost nothing; what is done stays
          and has been paid for.
        </ConfirmDialog>
      )}
      {asking === 'retry' && (
        <ConfirmDialog
          title="Retry failed photos"
          action={`Retry ${countOf(run.items.failed, 'photo')}`}
          busy={act.isPending}
          fault={fault}
          onConfirm={() => act.mutate('retry')}
          onClose={close}
        >
          {countOf(run.items.failed, 'failed photo')} will be tried again at the prices of this run; each
          costs only if it succeeds this time.
        </ConfirmDialog>
      )}
    </>
  )
}

/** What a run leaves behind: its receipt, and its results as a ZIP. */
function Papers({ accountId, run }: { accountId: string; run: Run }) {
  return (
    <>
      <Link
        to="/a/$accountId/runs/$runId/receipt"
        params={{ accountId, runId: run.id }}
        className={buttonClass('plain')}
      >
        <ReceiptText aria-hidden size={16} />
        Receipt
      </Link>
      {run.items.succeeded > 0 && (
        <a
          href={fileAddress(`/v1/runs/${run.id}/results.zip`, accountId)}
          download
          className={buttonClass(isUnfinished(run) ? 'plain' : 'primary')}
        >
          <Download aria-hidden size={16} />
          Download ZIP
        </a>
      )}
    </>
  )
}
