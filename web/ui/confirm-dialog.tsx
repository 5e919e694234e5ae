/** Asks before an act that costs or undoes something, and says in one sentence what. */
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Notice } from './notice.tsx'

type ConfirmDialogProps = {
  title: string
  /** What it will cost or undo, in one sentence. */
  children: ReactNode
  /** The act itself as a verb: "Revoke key". */
  action: string
  /** What staying means: "Keep key". */
  otherwise?: string
  danger?: boolean
  busy?: boolean
  /** Why it cannot be done yet. */
  disabledReason?: string | undefined
  fault?: string | null
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    title,
    children,
    action,
    otherwise = 'Leave it',
    danger,
    busy = false,
    disabledReason,
    fault,
    onConfirm,
    onClose,
  } = props
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{otherwise}</Button>
          <Button
            kind={danger ? 'danger' : 'primary'}
            busy={busy}
            disabledReason={disabledReason}
            onClick={onConfirm}
          >
            {action}
          </Button>
        </div>
      }
    >
      <div className="text-ink-2">{children}</div>
      {fault && (
        <Notice tone="danger" className="mt-4">
          {fault}
        </Notice>
      )}
    </Dialog>
  )
}
