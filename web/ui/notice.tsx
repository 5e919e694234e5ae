/** A sentence that stands out: something to know, or something that failed. */
import { CircleAlert, Info } from 'lucide-react'
import type { ReactNode } from 'react'

type NoticeProps = {
  tone?: 'info' | 'danger'
  className?: string
  /** Stands at the end of the line: the one thing to do about it. */
  action?: ReactNode
  children: ReactNode
}

export function Notice({ tone = 'info', className = '', action, children }: NoticeProps) {
  const danger = tone === 'danger'
  const Icon = danger ? CircleAlert : Info
  return (
    <div
      role={danger ? 'alert' : 'status'}
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control px-4 py-3 ${danger ? 'bg-danger-tint text-danger' : 'bg-accent-tint text-ink'} ${className}`}
    >
      <Icon aria-hidden size={16} className="shrink-0" />
      <div className="min-w-0 flex-1 basis-48">{children}</div>
      {action}
    </div>
  )
}
