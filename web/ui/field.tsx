/** Labelled inputs. The label, the hint and what is wrong are tied to the input. */
import { type ComponentProps, type ReactNode, useId } from 'react'

/** The look of an input; `inputClass` fills the width it is given. */
export const bareInputClass =
  'min-h-9 pointer-coarse:min-h-11 rounded-control border border-edge/60 bg-surface px-3 py-1.5 text-body text-ink placeholder:text-ink-3 aria-invalid:border-danger'
export const inputClass = `${bareInputClass} w-full`

type Shared = { label: ReactNode; hint?: ReactNode; fault?: string | undefined; className?: string }

function useField({ label, hint, fault, className = '' }: Shared) {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', fault ? `${id}-fault` : ''].filter(Boolean).join(' ')
  const attributes = {
    id,
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': described || undefined,
  } as const
  const frame = (input: ReactNode) => (
    <div className={`grid content-start gap-1.5 ${className}`}>
      <label htmlFor={id} className="text-body font-medium">
        {label}
      </label>
      {input}
      {hint && (
        <p id={`${id}-hint`} className="text-fine text-ink-3">
          {hint}
        </p>
      )}
      {fault && (
        <p id={`${id}-fault`} className="text-fine text-danger first-letter:uppercase">
          {fault}
        </p>
      )}
    </div>
  )
  return { attributes, frame }
}

export function TextField({ label, hint, fault, className, ...rest }: ComponentProps<'input'> & Shared) {
  const { attributes, frame } = useField({
    label,
    hint,
    fault,
    ...(className ? { className } : {}),
  } as Shared)
  return frame(<input {...rest} {...attributes} className={inputClass} />)
}

export function SelectField({
  label,
  hint,
  fault,
  className,
  children,
  ...rest
}: ComponentProps<'select'> & Shared) {
  const { attributes, frame } = useField({
    label,
    hint,
    fault,
    ...(className ? { className } : {}),
  } as Shared)
  return frame(
    <select {...rest} {...attributes} className={inputClass}>
      {children}
    </select>,
  )
}

export function CheckField({
  label,
  hint,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; hint?: ReactNode }) {
  const id = useId()
  return (
    <div className="grid grid-cols-[auto_1fr] content-start items-start gap-x-2.5 gap-y-1">
      <input
        {...rest}
        id={id}
        type="checkbox"
        className="mt-0.5 size-4.5"
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      <label htmlFor={id} className="text-body font-medium">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="col-start-2 text-fine text-ink-3">
          {hint}
        </p>
      )}
    </div>
  )
}
