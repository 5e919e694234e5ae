/**
 * What the operator's pages read from the server, one row each. Keys begin with `operator`, so that one call forgets them all.
 */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { apiOf } from './api.ts'

const PAGE = 100
const ASK_AGAIN_MS = 1000

export const operatorPlansQuery = () =>
  queryOptions({ queryKey: ['operator', 'plans'], queryFn: () => apiOf('').listOperatorPlans() })

export const rehearsalsQuery = () =>
  queryOptions({ queryKey: ['operator', 'rehearsals'], queryFn: () => apiOf('').listRehearsals() })

/** One rehearsal; asked again while it goes on. */
export const rehearsalQuery = (id: string) =>
  queryOptions({
    queryKey: ['operator', 'rehearsals', id],
    queryFn: () => apiOf('').getRehearsal({ path: { id } }),
    refetchInterval: (query) => {
      const status = query.state.data?.status
      return status === 'done' || status === 'failed' ? false : ASK_AGAIN_MS
    },
  })

/** Accounts of a rehearsal, those that would have paid most more (or most less) first. */
export const rehearsedAccountsQuery = (id: string, first: 'losers' | 'winners') =>
  infiniteQueryOptions({
    queryKey: ['operator', 'rehearsals', id, 'accounts', first],
    queryFn: ({ pageParam }) =>
      apiOf('').listRehearsedAccounts({
        path: { id },
        query: { limit: PAGE, first, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
