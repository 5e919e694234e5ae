/** In place of a page of an account that this installation does not have. */
import { Link } from '@tanstack/react-router'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

export function NoSuchAccount() {
  return (
    <EmptyState
      level="h1"
      title="There is no such account"
      action={
        <Link to="/operator" className={buttonClass('primary')}>
          See all accounts
        </Link>
      }
    >
      No account of this installation has the id in this address.
    </EmptyState>
  )
}
