/** How full something is: a bar, and the small vessel that stands for the whole product. */
import { useId } from 'react'

/** A bar; the number it belongs to stands beside it and says the same in words. */
export function LevelBar({ share, className = 'h-2' }: { share: number; className?: string }) {
  return (
    <div aria-hidden className={`overflow-hidden rounded-full bg-sunken ${className}`}>
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-500 ease-settle"
        style={{ width: `${share * 100}%`, minWidth: share > 0 ? 4 : 0 }}
      />
    </div>
  )
}

/** A vessel with water in it, `share` from 0 to 1. */
export function LevelMark({ share, size = 18 }: { share: number; size?: number }) {
  const clipId = useId()
  const height = 14 * Math.min(1, Math.max(0, share))
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 16 16" className="shrink-0 text-accent">
      <defs>
        <clipPath id={clipId}>
          <rect x="2" y="1" width="12" height="14" rx="3.5" />
        </clipPath>
      </defs>
      <g clipPath={`url(#${clipId})`}>
        <rect width="16" height="16" fill="currentColor" opacity="0.22" />
        <rect
          width="16"
          height="16"
          y="15"
          fill="currentColor"
          className="transition-transform duration-500 ease-settle"
          style={{ transform: `translateY(${-height}px)` }}
        />
      </g>
    </svg>
  )
}

/** Work that goes on: how much is done of how much. `label` says what. */
export function Progress({
  done,
  total,
  label,
  failed = 0,
}: {
  done: number
  total: number
  label: string
  failed?: number
}) {
  const percent = (part: number) => (total === 0 ? 0 : (part / total) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done + failed}
      className="flex h-2 overflow-hidden rounded-full bg-sunken"
    >
      <div className="bg-accent transition-[width] duration-300" style={{ width: `${percent(done)}%` }} />
      <div className="bg-danger transition-[width] duration-300" style={{ width: `${percent(failed)}%` }} />
    </div>
  )
}
