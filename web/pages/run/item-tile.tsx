/** One photo in the gallery: what it was until it is done, then what became of it, on a checkerboard. */
import type { Item } from '@drawdown/client'
import { CircleAlert, Hand } from 'lucide-react'
import { memo } from 'react'
import { fileAddress } from '../../api.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { itemWords } from '../run-words.tsx'

type ItemTileProps = {
  accountId: string
  /** Undefined while it is still to be fetched. */
  item: Item | undefined
  index: number
  tabIndex: 0 | -1
  onOpen: (position: number) => void
}

/** Drawn anew only when something of it changes: hundreds are in sight while events arrive. */
export const ItemTile = memo(function ItemTile({ accountId, item, index, tabIndex, onOpen }: ItemTileProps) {
  if (!item) return <Skeleton className="aspect-square" />
  const { text } = itemWords[item.status]
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      data-tile={index}
      onClick={() => onOpen(item.position)}
      aria-label={`${item.image.name}: ${text}`}
      className="group block min-w-0 rounded-control text-left"
    >
      <TilePicture accountId={accountId} item={item} />
      <span className="flex h-7 items-center gap-1.5 text-fine text-ink-2">
        {item.status === 'failed' && <CircleAlert aria-hidden size={13} className="shrink-0 text-danger" />}
        {item.status === 'held' && <Hand aria-hidden size={13} className="shrink-0" />}
        <span className="truncate group-hover:text-ink">{item.image.name}</span>
      </span>
    </button>
  )
})

function TilePicture({ accountId, item }: { accountId: string; item: Item }) {
  if (item.removed_at !== null) {
    return (
      <span className="grid aspect-square place-items-center rounded-control bg-sunken text-fine text-ink-3">
        Removed
      </span>
    )
  }
  // Of a held photo, what was made of it is what is to be judged.
  const done = item.status === 'succeeded' || item.status === 'held'
  const before = fileAddress(item.image.preview_url, accountId)
  return (
    <span className="grid aspect-square place-items-center overflow-hidden rounded-control bg-sunken">
      {done && item.output ? (
        <img
          src={fileAddress(item.output.preview_url, accountId)}
          alt=""
          decoding="async"
          className="checkerboard max-h-full max-w-full animate-arrive"
        />
      ) : (
        <img
          src={before}
          alt=""
          decoding="async"
          className={`size-full object-cover ${item.status === 'working' ? 'animate-breathe' : 'opacity-45'} ${item.status === 'failed' || item.status === 'cancelled' ? 'grayscale' : ''}`}
        />
      )}
    </span>
  )
}
