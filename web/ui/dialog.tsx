/**
 * A modal dialog: the browser's own, which keeps focus inside, closes on Escape and gives focus back.
 *
 * It is open as long as it is rendered. Escape, the cross and a press beside it ask the owner to stop rendering it.
 */
import { X } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { IconButton } from './button.tsx'

const widths = { small: 'max-w-md', medium: 'max-w-2xl', large: 'max-w-5xl', full: 'max-w-none' }

function open(dialog: HTMLDialogElement | null) {
  if (!dialog) return
  if (!dialog.open) dialog.showModal()
  // Reading begins at the title; focus on the cross, which comes first, would look like an invitation to leave.
  dialog.focus()
  return () => dialog.close()
}

type DialogProps = {
  title: ReactNode
  onClose: () => void
  width?: keyof typeof widths
  /** Stays below while the rest scrolls: the sentence that says what happens, and the buttons. */
  footer?: ReactNode
  children: ReactNode
}

export function Dialog({ title, onClose, width = 'small', footer, children }: DialogProps) {
  const titleId = useId()
  return (
    <dialog
      ref={open}
      tabIndex={-1}
      aria-labelledby={titleId}
      className={`${widths[width]} m-auto max-h-[min(54rem,calc(100dvh-2rem))] w-[calc(100vw-2rem)] animate-arrive overflow-hidden rounded-panel bg-surface shadow-float max-sm:mb-0 max-sm:w-full max-sm:max-w-none max-sm:rounded-b-none`}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div className="flex max-h-[inherit] flex-col">
        <header className="flex items-start justify-between gap-4 px-6 pt-5 pb-3 max-sm:px-4">
          <h2 id={titleId} className="heading">
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose} className="-mt-1 -mr-2">
            <X aria-hidden size={18} />
          </IconButton>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-6 pt-1 pb-6 max-sm:px-4">{children}</div>
        {footer && <footer className="bg-canvas px-6 py-4 max-sm:px-4">{footer}</footer>}
      </div>
    </dialog>
  )
}
