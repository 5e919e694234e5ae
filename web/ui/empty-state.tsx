/** An empty place: says what will be here, and offers the one next step. */
import type { ReactNode } from 'react'

export function EmptyState({
  icon,
  title,
  level: Heading = 'h2',
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  /** `h1` where it is the whole page. */
  level?: 'h1' | 'h2'
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="grid justify-items-center gap-3 rounded-panel bg-surface px-6 py-16 text-center">
      {icon && <div className="mb-1 text-ink-3">{icon}</div>}
      <Heading className="subheading">{title}</Heading>
      {children && <p className="max-w-md text-ink-2">{children}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  )
}
