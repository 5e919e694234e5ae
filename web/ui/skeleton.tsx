/** What stands where something will come, of its size, so that nothing moves when it does. */

/** `className` gives width and height. */
export function Skeleton({ className = '' }: { className?: string }) {
  return <span aria-hidden className={`block animate-breathe rounded-control bg-sunken ${className}`} />
}

/** Rows of a table or list that is on its way. */
export function SkeletonRows({ rows = 5, className = 'h-12' }: { rows?: number; className?: string }) {
  return (
    <div role="status" className="grid gap-2">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <Skeleton key={row} className={className} />
      ))}
    </div>
  )
}
