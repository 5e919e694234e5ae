/**
 * A grid of thousands of tiles that scrolls with the page. Only the rows in sight are drawn.
 *
 * 1. The whole height is known from `count`, so that the scrollbar never lies and nothing jumps.
 * 2. One tile at a time is reached by Tab; arrow keys, Home and End go on from there.
 */
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'

type PhotoGridProps = {
  count: number
  label: string
  /** The least width of a tile in pixels. */
  tileWidth?: number
  /** What stands below a tile's square, in pixels. */
  captionHeight?: number
  /** Draws the tile at an index. Its focusable part takes `tabIndex`, and the index as `data-tile`. */
  children: (index: number, tabIndex: 0 | -1) => ReactNode
  /** The last index in sight changed. */
  onReach?: (index: number) => void
}

const GAP = 12

export function PhotoGrid(props: PhotoGridProps) {
  const { count, label, tileWidth = 168, captionHeight = 0, children, onReach } = props
  const frame = useRef<HTMLDivElement>(null)
  const [box, setBox] = useState({ width: 0, top: 0 })
  const [active, setActive] = useState(0)

  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = () => {
      const { width, top } = element.getBoundingClientRect()
      setBox((known) => {
        const next = { width, top: Math.round(top + window.scrollY) }
        return known.width === next.width && known.top === next.top ? known : next
      })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [])

  const columns = Math.max(2, Math.floor((box.width + GAP) / (tileWidth + GAP)))
  const side = (box.width - GAP * (columns - 1)) / columns
  const rowHeight = Math.round(side + captionHeight + GAP)
  const rows = useWindowVirtualizer({
    count: Math.ceil(count / columns),
    estimateSize: () => rowHeight,
    overscan: 3,
    scrollMargin: box.top,
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1)
      if (last) onReach?.(Math.min(count, (last.index + 1) * columns) - 1)
    },
  })
  // Rows are all of one height; a new width gives all of them a new one at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measuring anew is due exactly when the height changes
  useLayoutEffect(() => rows.measure(), [rowHeight])

  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
    }
    const next =
      event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : active + (steps[event.key] ?? Number.NaN)
    if (Number.isNaN(next) || next < 0 || next >= count) return
    event.preventDefault()
    setActive(next)
    rows.scrollToIndex(Math.floor(next / columns))
    focusTile(frame.current, next)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are drawn apart, so that a list element cannot hold the tiles directly
    <div ref={frame} role="group" aria-label={label} onKeyDown={move}>
      <div className="relative" style={{ height: rows.getTotalSize() }}>
        {box.width > 0 &&
          rows.getVirtualItems().map((row) => (
            <div
              key={row.key}
              className="absolute inset-x-0 grid"
              style={{
                transform: `translateY(${row.start - box.top}px)`,
                gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
                gap: GAP,
              }}
            >
              {Array.from({ length: Math.min(columns, count - row.index * columns) }, (_, column) => {
                const index = row.index * columns + column
                const tabIndex = index === Math.min(active, count - 1) ? 0 : -1
                return children(index, tabIndex)
              })}
            </div>
          ))}
      </div>
    </div>
  )
}

// The row may be drawn only after the scrolling, a few frames later.
function focusTile(frame: HTMLElement | null, index: number, tries = 20) {
  const tile = frame?.querySelector<HTMLElement>(`[data-tile="${index}"]`)
  if (tile) tile.focus({ preventScroll: true })
  else if (tries > 0) requestAnimationFrame(() => focusTile(frame, index, tries - 1))
}
