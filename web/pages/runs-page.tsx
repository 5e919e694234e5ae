/** All runs, newest first: how far they are and what they cost. */
import type { Run } from '@drawdown/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Images } from 'lucide-react'
import { faultText } from '../api.ts'
import { countOf, countText, momentText } from '../format.ts'
import { runsQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Progress } from '../ui/level.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { RunCost, RunStatus } from './run-words.tsx'

const route = getRouteApi('/inside/a/$accountId/runs')

export function RunsPage() {
  const { accountId } = route.useParams()
  const runs = useInfiniteQuery({
    ...runsQuery(accountId),
    refetchInterval: (query) =>
      query.state.data?.pages.some(({ data }) => data.some(({ status }) => status === 'running'))
        ? 3000
        : false,
  })
  const all = runs.data?.pages.flatMap(({ data }) => data)
  return (
    <>
      <PageHeader
        title="Runs"
        actions={
          <Link to="/a/$accountId/run" params={{ accountId }} className={buttonClass('plain')}>
            New run
          </Link>
        }
      />
      {runs.isPending && <SkeletonRows rows={6} className="h-16" />}
      {runs.isError && <Notice tone="danger">{faultText(runs.error)}</Notice>}
      {all?.length === 0 && (
        <EmptyState
          icon={<Images aria-hidden size={28} />}
          title="No runs yet"
          action={
            <Link to="/a/$accountId/run" params={{ accountId }} className={buttonClass('primary')}>
              Run your first photos
            </Link>
          }
        >
          Each run of an automation over photos will stand here, with its progress, its results and its
          receipt.
        </EmptyState>
      )}
      {all && all.length > 0 && (
        <Panel className="py-2!">
          <ul className="divide-y divide-line">
            {all.map((run) => (
              <RunRow key={run.id} accountId={accountId} run={run} />
            ))}
          </ul>
        </Panel>
      )}
      {runs.hasNextPage && (
        <Button className="mt-4" busy={runs.isFetchingNextPage} onClick={() => runs.fetchNextPage()}>
          Show older runs
        </Button>
      )}
    </>
  )
}

function RunRow({ accountId, run }: { accountId: string; run: Run }) {
  const { items } = run
  return (
    <li>
      <Link
        to="/a/$accountId/runs/$runId"
        params={{ accountId, runId: run.id }}
        className="-mx-3 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-1 rounded-control px-3 py-3 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_9rem_8rem]"
      >
        <span className="min-w-0">
          <span className="block truncate font-medium">{run.name}</span>
          <span className="block text-ink-2">
            {momentText(run.created_at)} · {countOf(items.total, 'photo')}
          </span>
        </span>
        <span className="max-sm:col-start-1 max-sm:row-start-2">
          {run.status === 'running' ? (
            <span className="grid gap-1.5">
              <span className="figures text-ink-2">
                {countText(items.succeeded + items.failed)} of {countText(items.total)}
              </span>
              <Progress
                done={items.succeeded}
                failed={items.failed}
                total={items.total}
                label={`Progress of ${run.name}`}
              />
            </span>
          ) : (
            <RunStatus run={run} />
          )}
        </span>
        <RunCost run={run} />
      </Link>
    </li>
  )
}
