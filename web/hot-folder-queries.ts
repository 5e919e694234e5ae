/** What the pages of hot folders read from the server; queries.ts has the rest. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { apiOf } from './api.ts'

/** How they stand changes by itself: files come, runs start. */
export const hotFoldersQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'hot folders'],
    queryFn: () => apiOf(accountId).listHotFolders(),
    refetchInterval: 5_000,
  })

export const hotFilesQuery = (accountId: string, hotFolderId: string) =>
  infiniteQueryOptions({
    queryKey: [accountId, 'hot folders', hotFolderId, 'files'],
    queryFn: ({ pageParam }) =>
      apiOf(accountId).listHotFiles({
        path: { id: hotFolderId },
        query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 5_000,
  })
