/** What a person's role does not let them do, told before they press. The server decides; this only saves the press. */
import { useQuery } from '@tanstack/react-query'
import { meQuery } from '../queries.ts'

/** As the server has them, in http/principal.ts. */
const allowed = {
  work: { roles: ['owner', 'admin', 'editor'], reason: 'Only owners, admins and editors can do this' },
  billing: {
    roles: ['owner', 'admin', 'billing'],
    reason: 'Only owners, admins and the billing role can do this',
  },
} as const

/** Why this person may not, or undefined where they may or it is not known yet. */
export function useReserved(accountId: string, what: keyof typeof allowed): string | undefined {
  const { data: me } = useQuery(meQuery())
  const role = me?.accounts.find(({ id }) => id === accountId)?.role
  if (role === undefined) return undefined
  const { roles, reason } = allowed[what]
  return (roles as readonly string[]).includes(role) ? undefined : reason
}
