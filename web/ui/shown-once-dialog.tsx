/** Shows a secret that is shown only now, such as a key: why, the text to be copied, and the one way on. */
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { CopyField } from './copy-field.tsx'
import { Dialog } from './dialog.tsx'

type ShownOnceProps = {
  title: string
  /** Names the secret. */
  label: string
  secret: string
  /** What it is for, and what whoever has it can do. */
  children: ReactNode
  onClose: () => void
}

export function ShownOnceDialog({ title, label, secret, children, onClose }: ShownOnceProps) {
  return (
    <Dialog
      title={title}
      width="medium"
      onClose={onClose}
      footer={
        <div className="flex justify-end">
          <Button kind="primary" onClick={onClose}>
            I have kept it
          </Button>
        </div>
      }
    >
      <p className="mb-4 text-ink-2">{children}</p>
      <CopyField label={label} value={secret} />
    </Dialog>
  )
}
