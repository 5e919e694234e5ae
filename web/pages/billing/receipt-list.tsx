/** The latest runs with what they cost, each leading to its receipt. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { countOf, dateText } from '../../format.ts'
import { runsQuery } from '../../queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { RunCost } from '../run-words.tsx'

const SHOWN = 5

export function ReceiptList({ accountId }: { accountId: string }) {
  const runs = useInfiniteQuery(runsQuery(accountId))
  const shown = runs.data?.pages[0]?.data.slice(0, SHOWN)
  return (
    <Section
      title="Receipts"
      action={
        shown &&
        shown.length > 0 && (
          <Link to="/a/$accountId/runs" params={{ accountId }} className={buttonClass('quiet')}>
            All runs
          </Link>
        )
      }
    >
      <Panel className="py-2!">
        {runs.isPending && <SkeletonRows rows={3} className="my-1 h-12" />}
        {shown?.length === 0 && (
          <p className="py-6 text-ink-2">
            Every run gets a receipt, down to the photo and the step. It will stand here.
          </p>
        )}
        <ul className="divide-y divide-line">
          {shown?.map((run) => (
            <li key={run.id}>
              <Link
                to="/a/$accountId/runs/$runId/receipt"
                params={{ accountId, runId: run.id }}
                className="-mx-3 flex items-center justify-between gap-4 rounded-control px-3 py-3 hover:bg-sunken"
              >
                <span className="min-w-0">
                  <span className="block truncate font-medium">{run.name}</span>
                  <span className="block text-ink-2">
                    {dateText(run.created_at)} · {countOf(run.items.succeeded, 'photo')}
                  </span>
                </span>
                <RunCost run={run} />
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  )
}
