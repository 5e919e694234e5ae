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

/** All accounts, or those with `search` in their name or as their id. */
export const foundAccountsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'accounts', search],
    queryFn: ({ pageParam }) =>
      apiOf('').listAccounts({
        query: { limit: PAGE, ...(search ? { search } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  })

export const accountViewQuery = (id: string) =>
  queryOptions({
    queryKey: ['operator', 'account', id],
    queryFn: () => apiOf('').getOperatorAccount({ path: { id } }),
  })

export const accountGrantsQuery = (id: string) =>
  queryOptions({
    queryKey: ['operator', 'account', id, 'grants'],
    queryFn: () => apiOf('').listOperatorGrants({ query: { account_id: id, limit: PAGE } }),
  })

export const accountUsageQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'account', id, 'usage'],
    queryFn: ({ pageParam }) =>
      apiOf('').listOperatorUsage({
        path: { id },
        query: { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

export const exposureQuery = () =>
  queryOptions({ queryKey: ['operator', 'exposure'], queryFn: () => apiOf('').getExposure() })

export const revenueQuery = () =>
  queryOptions({ queryKey: ['operator', 'revenue'], queryFn: () => apiOf('').getRevenue() })

/** How far the books are verified; looked at again, since the verification goes on in the background. */
export const verificationQuery = () =>
  queryOptions({
    queryKey: ['operator', 'verification'],
    queryFn: () => apiOf('').getVerification(),
    refetchInterval: 10_000,
  })
