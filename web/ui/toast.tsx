/**
 * Short news at the edge of the screen that goes by itself: `tell('Key revoked.')`.
 *
 * One place shows them (`Toasts`), in a live region so that they are read out. What a person must act on is a Notice,
 * which stays.
 */
import { useSyncExternalStore } from 'react'

type Toast = { id: number; text: string }

const SHOWN_MS = 6000
let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

/** Shows a sentence for a few seconds. */
export function tell(text: string): void {
  const id = ++lastId
  set([...toasts, { id, text }].slice(-3))
  setTimeout(() => set(toasts.filter((toast) => toast.id !== id)), SHOWN_MS)
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 grid justify-items-center gap-2 print:hidden"
    >
      {shown.map((toast) => (
        <p
          key={toast.id}
          className="animate-arrive rounded-control bg-ink px-4 py-2.5 text-canvas shadow-float"
        >
          {toast.text}
        </p>
      ))}
    </div>
  )
}
