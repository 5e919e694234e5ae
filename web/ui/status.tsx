/** The state of a thing in a word, with a dot whose colour repeats it. */
import type { ReactNode } from 'react'

export type Tone = 'quiet' | 'busy' | 'good' | 'danger'

const dots: Record<Tone, string> = {
  quiet: 'bg-edge',
  busy: 'bg-accent animate-breathe',
  good: 'bg-accent',
  danger: 'bg-danger',
}

export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-2 whitespace-nowrap ${tone === 'danger' ? 'text-danger' : ''}`}
    >
      <span aria-hidden className={`size-1.5 rounded-full ${dots[tone]}`} />
      {children}
    </span>
  )
}
