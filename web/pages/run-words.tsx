/** How runs and items are told: their states as words and their costs, the same in lists, galleries and receipts. */
import type { Item, Run } from '@drawdown/client'
import { readAmount } from '../format.ts'
import { Money } from '../ui/money.tsx'
import { Status, type Tone } from '../ui/status.tsx'

/** What a run cost: from credits, and beyond them where it did. */
export function RunCost({ run }: { run: Pick<Run, 'cost' | 'overage' | 'credit_unit' | 'currency'> }) {
  return (
    <span className="shrink-0 text-right">
      <Money amount={run.cost} unit={run.credit_unit} className="font-medium" />
      {readAmount(run.overage) > 0n && (
        <span className="block text-fine text-ink-2">
          <Money amount={run.overage} unit={run.currency} /> overage
        </span>
      )}
    </span>
  )
}

/** Still to go on, now or once its customer's limit lets it. */
export function isUnfinished(run: Pick<Run, 'finished_at'>): boolean {
  return run.finished_at === null
}

export function RunStatus({ run }: { run: Run }) {
  if (run.status === 'running') {
    return <Status tone="busy">{run.waiting_for ? 'Waiting' : 'Running'}</Status>
  }
  if (run.status === 'paused_by_budget') return <Status tone="quiet">Paused by your limit</Status>
  if (run.status === 'cancelled') return <Status tone="quiet">Cancelled</Status>
  if (run.items.failed > 0) return <Status tone="danger">{run.items.failed} failed</Status>
  if (run.items.held > 0) return <Status tone="quiet">{run.items.held} held</Status>
  return <Status tone="good">Done</Status>
}

export const itemWords: Record<Item['status'], { text: string; tone: Tone }> = {
  queued: { text: 'Waiting', tone: 'quiet' },
  working: { text: 'Working', tone: 'busy' },
  succeeded: { text: 'Done', tone: 'good' },
  failed: { text: 'Failed', tone: 'danger' },
  held: { text: 'Held for you', tone: 'quiet' },
  cancelled: { text: 'Cancelled', tone: 'quiet' },
}
