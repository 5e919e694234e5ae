/** When a page cannot be shown: it broke, or there is none at this address. */
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { faultText } from '../api.ts'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageTitle } from '../ui/page-title.tsx'

export function FaultPage({ error }: ErrorComponentProps) {
  return (
    <main className="mx-auto max-w-2xl p-6">
      <EmptyState
        level="h1"
        title="This page could not be shown"
        action={
          <button type="button" className={buttonClass('primary')} onClick={() => window.location.reload()}>
            Load it again
          </button>
        }
      >
        {faultText(error)} Your runs go on in the meantime.
      </EmptyState>
    </main>
  )
}

export function NotFoundPage() {
  return (
    <main className="mx-auto max-w-2xl p-6">
      <PageTitle>Nothing here</PageTitle>
      <EmptyState
        level="h1"
        title="There is nothing at this address"
        action={
          <Link to="/" className={buttonClass('primary')}>
            Go to your account
          </Link>
        }
      >
        It may have been removed, or it belongs to an account that you are not a member of.
      </EmptyState>
    </main>
  )
}
