/** Leads on: to the account of the last visit, to the only one, or to making the first. */
import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { faultText, isSignedOut } from '../api.ts'
import { meQuery } from '../queries.ts'
import { Notice } from '../ui/notice.tsx'
import { lastAccount } from './last-account.ts'

export function HomePage() {
  const me = useQuery(meQuery())
  if (me.isError && !isSignedOut(me.error)) return <Notice tone="danger">{faultText(me.error)}</Notice>
  if (me.isError) return <Navigate to="/sign-in" replace />
  if (me.isPending) return null
  const { accounts, operator } = me.data
  const account = accounts.find(({ id }) => id === lastAccount()) ?? accounts[0]
  if (account) {
    return <Navigate to="/a/$accountId/billing" params={{ accountId: account.id }} replace />
  }
  return operator ? <Navigate to="/operator" replace /> : <Navigate to="/new-account" replace />
}
