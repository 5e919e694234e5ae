/** A surface on the canvas, told apart by its shade and not by a border; and a titled part of a page. */
import { type ReactNode, useId } from 'react'
import { PageTitle } from './page-title.tsx'

export function Panel({ className = '', children }: { className?: string; children: ReactNode }) {
  return <div className={`rounded-panel bg-surface p-6 max-sm:p-4 ${className}`}>{children}</div>
}

/** A part of a page under its own heading, which names it for assistive technology too. */
export function Section({
  title,
  hint,
  action,
  className = '',
  children,
}: {
  title: string
  hint?: ReactNode
  action?: ReactNode
  className?: string
  children: ReactNode
}) {
  const titleId = useId()
  return (
    <section aria-labelledby={titleId} className={className}>
      <div className="mb-3 flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div>
          <h2 id={titleId} className="subheading">
            {title}
          </h2>
          {hint && <p className="text-ink-2">{hint}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

/** The head of a page: what it is, a line about it, and what can be done. */
export function PageHeader({
  title,
  name = typeof title === 'string' ? title : undefined,
  above,
  children,
  actions,
}: {
  title: ReactNode
  /** What the browser calls the page, where the title does not say it. */
  name?: string | undefined
  /** The way back, above the title. */
  above?: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 print:hidden">
      {name && <PageTitle>{name}</PageTitle>}
      <div className="min-w-0">
        {above && (
          <div className="mb-1 text-body text-ink-2 [&>a]:inline-flex [&>a]:min-h-6 [&>a]:items-center">
            {above}
          </div>
        )}
        <h1 className="heading">{title}</h1>
        {children && <div className="mt-1 text-ink-2">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  )
}
