/**
 * Buttons, and the same look for links.
 *
 * A button that cannot be used stays where it is and gives its reason: as its tooltip, and to assistive technology.
 */
import { LoaderCircle } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger'

const kinds: Record<ButtonKind, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'bg-sunken text-ink hover:bg-line',
  quiet: 'text-ink-2 hover:bg-sunken hover:text-ink',
  danger: 'bg-danger-tint text-danger hover:bg-danger hover:text-surface',
}

/** The classes of a button, for links that look like one. */
export function buttonClass(kind: ButtonKind = 'plain', className = ''): string {
  return `inline-flex min-h-9 pointer-coarse:min-h-11 items-center justify-center gap-2 rounded-control px-3.5 py-1.5 text-body font-medium transition-colors duration-100 aria-disabled:opacity-50 ${kinds[kind]} ${className}`
}

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  kind?: ButtonKind
  icon?: ReactNode
  /** At work: keeps its size, shows that it works, and cannot be pressed again. */
  busy?: boolean
  /** Why it cannot be used now. Absent or empty: it can. */
  disabledReason?: string | undefined
}

export function Button({ kind, icon, busy, disabledReason, className, children, ...rest }: ButtonProps) {
  const reasonId = useId()
  const blocked = busy || Boolean(disabledReason)
  return (
    <>
      <button
        type="button"
        {...rest}
        className={buttonClass(kind, className)}
        aria-disabled={blocked || undefined}
        aria-busy={busy || undefined}
        aria-describedby={disabledReason ? reasonId : rest['aria-describedby']}
        title={disabledReason ?? rest.title}
        onClick={(event) => {
          if (blocked) event.preventDefault()
          else rest.onClick?.(event)
        }}
      >
        {busy ? <LoaderCircle aria-hidden size={16} className="animate-spin" /> : icon}
        {children}
      </button>
      {disabledReason && (
        <span id={reasonId} hidden>
          {disabledReason}
        </span>
      )}
    </>
  )
}

/** A square button with only a picture; `label` is its name. */
export function IconButton({
  label,
  className = '',
  children,
  ...rest
}: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={`inline-grid size-9 pointer-coarse:size-11 shrink-0 place-items-center rounded-control text-ink-2 transition-colors duration-100 hover:bg-sunken hover:text-ink disabled:opacity-40 ${className}`}
    >
      {children}
    </button>
  )
}
