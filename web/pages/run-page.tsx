/**
 * One run: how far it is, what it has cost and what is left, its photos as they are done, and what can be done about
 * it. While it goes on, the server's events keep everything true.
 */
import { DrawdownProblem, type Item, type Run } from '@drawdown/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { faultText } from '../api.ts'
import { countText } from '../format.ts'
import { billingQuery, itemsQuery, runQuery } from '../queries.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/panel.tsx'
import { PhotoGrid } from '../ui/photo-grid.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { FailureList } from './run/failure-list.tsx'
import { ItemTile } from './run/item-tile.tsx'
import { PhotoViewer } from './run/photo-viewer.tsx'
import { RunActions } from './run/run-actions.tsx'
import { useRunEvents } from './run/run-events.ts'
import { RunFigures } from './run/run-figures.tsx'
import { isUnfinished } from './run-words.tsx'

const route = getRouteApi('/inside/a/$accountId/runs/$runId')

export function RunPage() {
  const { accountId, runId } = route.useParams()
  const { data: billing } = useQuery(billingQuery(accountId))
  const run = useQuery({
    ...runQuery(accountId, runId),
    refetchInterval: (query) => (query.state.data && isUnfinished(query.state.data) ? 5000 : false),
  })
  useRunEvents(accountId, runId, run.data !== undefined && isUnfinished(run.data))
  if (run.isError && !run.data) return <Notice tone="danger">{faultText(run.error)}</Notice>
  return (
    <>
      <PageHeader
        above={
          <Link to="/a/$accountId/runs" params={{ accountId }} className="hover:text-ink">
            Runs
          </Link>
        }
        title={run.data?.name ?? <Skeleton className="h-7 w-56" />}
        actions={run.data && <RunActions accountId={accountId} run={run.data} />}
      />
      {run.isError && (
        <Notice className="mb-4">
          {run.error instanceof DrawdownProblem && run.error.status < 500
            ? faultText(run.error)
            : 'The server does not answer just now. It is asked again every few seconds, and nothing of the run is lost.'}{' '}
          What stands here is what was last heard.
        </Notice>
      )}
      {run.data ? (
        <RunFigures run={run.data} billing={billing} heard={!run.isError} />
      ) : (
        <Skeleton className="h-36" />
      )}
      {run.data && <Gallery accountId={accountId} run={run.data} />}
    </>
  )
}

/** Fetched ahead of what is in sight, so that scrolling finds photos and not their places. */
const AHEAD = 400

/** The items that are known so far; more are fetched as the gallery scrolls, or all when all are wanted. */
function useItems(accountId: string, runId: string, reached: number, wantAll: boolean) {
  const query = useInfiniteQuery(itemsQuery(accountId, runId))
  const items = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const wanted = wantAll || reached + AHEAD >= items.length
  useEffect(() => {
    if (wanted && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [wanted, hasNextPage, isFetchingNextPage, fetchNextPage])
  return { items, complete: query.isSuccess && !hasNextPage, query }
}

function Gallery({ accountId, run }: { accountId: string; run: Run }) {
  const { show, photo } = route.useSearch()
  const navigate = route.useNavigate()
  const [reached, setReached] = useState(0)
  const wantAll = show !== undefined || (photo !== undefined && photo >= reached)
  const { items, complete, query } = useItems(accountId, run.id, reached, wantAll)
  const shown = items.filter((item) => isShown(item, show))
  const viewed = photo === undefined ? undefined : items.find(({ position }) => position === photo)
  const open = useCallback(
    (position: number) =>
      navigate({ search: (known) => ({ ...known, photo: position }), resetScroll: false }),
    [navigate],
  )
  // Going from photo to photo is one visit: the way back leads to the gallery.
  const turn = (position: number | undefined) =>
    navigate({ search: (known) => ({ ...known, photo: position }), resetScroll: false, replace: true })
  return (
    <section aria-label="Photos" className="mt-10">
      <div className="mb-4">
        <Segmented
          label="Show"
          value={show ?? 'all'}
          options={[
            { value: 'all', label: `All ${countText(run.items.total)}` },
            { value: 'done', label: `Done ${countText(run.items.succeeded)}` },
            { value: 'failed', label: `${troubleText(run)} ${countText(run.items.failed + run.items.held)}` },
          ]}
          onChange={(value) =>
            navigate({ search: value === 'all' ? {} : { show: value }, replace: true, resetScroll: false })
          }
        />
      </div>
      {query.isError && <Notice tone="danger">{faultText(query.error)}</Notice>}
      {show === 'failed' ? (
        <FailureList accountId={accountId} items={shown} complete={complete} onOpen={open} />
      ) : show === 'done' && run.items.succeeded === 0 ? (
        <EmptyState title="Nothing is done yet">Photos will stand here as they are done.</EmptyState>
      ) : (
        <PhotoGrid
          key={show ?? 'all'}
          label="Photos of this run"
          count={show === 'done' ? (complete ? shown.length : run.items.succeeded) : run.items.total}
          captionHeight={28}
          onReach={(index) => setReached(Math.ceil(index / 100) * 100)}
        >
          {(index, tabIndex) => (
            <ItemTile
              key={index}
              accountId={accountId}
              item={shown[index]}
              index={index}
              tabIndex={tabIndex}
              onOpen={open}
            />
          )}
        </PhotoGrid>
      )}
      {viewed && (
        <PhotoViewer
          accountId={accountId}
          item={viewed}
          run={run}
          neighbours={neighboursOf(shown, viewed)}
          onTurn={turn}
        />
      )}
    </section>
  )
}

function troubleText({ items }: Run): string {
  if (items.held === 0) return 'Failed'
  return items.failed === 0 ? 'Held' : 'Failed or held'
}

function isShown(item: Item, show: 'done' | 'failed' | undefined): boolean {
  if (show === 'done') return item.status === 'succeeded'
  if (show === 'failed') return item.status === 'failed' || item.status === 'held'
  return true
}

function neighboursOf(items: readonly Item[], item: Item) {
  const at = items.findIndex(({ id }) => id === item.id)
  return { before: items[at - 1]?.position, after: at === -1 ? undefined : items[at + 1]?.position }
}
