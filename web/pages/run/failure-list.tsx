/** The photos that failed or are held, each with its reason. None of them has cost anything. */
import type { Item } from '@drawdown/client'
import { fileAddress } from '../../api.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { HeldDecision } from './held-decision.tsx'

type FailureListProps = {
  accountId: string
  items: readonly Item[]
  /** Whether all items of the run have been looked through. */
  complete: boolean
  onOpen: (position: number) => void
}

export function FailureList({ accountId, items, complete, onOpen }: FailureListProps) {
  if (items.length === 0) {
    return complete ? (
      <EmptyState title="Nothing failed">
        Photos that fail will stand here with their reason. They cost nothing and can be tried again.
      </EmptyState>
    ) : (
      <SkeletonRows rows={4} className="h-16" />
    )
  }
  return (
    <Panel className="py-2!">
      <ul className="divide-y divide-line">
        {items.map((item) => (
          <li key={item.id} className="py-3">
            <button
              type="button"
              onClick={() => onOpen(item.position)}
              className="-mx-3 flex w-[calc(100%+1.5rem)] items-center gap-4 rounded-control px-3 py-1 text-left hover:bg-sunken"
            >
              <img
                src={fileAddress(previewOf(item), accountId)}
                alt=""
                loading="lazy"
                className="size-12 shrink-0 rounded-small object-cover"
              />
              <span className="min-w-0">
                <span className="block truncate font-medium">{item.image.name}</span>
                <span className="block text-ink-2">{item.failure?.message ?? 'No reason was given.'}</span>
              </span>
            </button>
            {item.status === 'held' && <HeldDecision accountId={accountId} item={item} />}
          </li>
        ))}
      </ul>
      {!complete && <SkeletonRows rows={1} className="h-16" />}
    </Panel>
  )
}

/** Of a held photo what was made of it, which is to be judged. */
function previewOf(item: Item): string {
  return item.status === 'held' && item.output ? item.output.preview_url : item.image.preview_url
}
