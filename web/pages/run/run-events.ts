/**
 * Keeps a run on screen true while it goes on: every event of the server is put where the pages read.
 *
 * Items that were not yet fetched are left out; they will be fetched as they are by then.
 */
import { DrawdownProblem, type Item } from '@drawdown/client'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { apiOf } from '../../api.ts'
import { forgetAccount, itemsQuery, putBalance, putRun } from '../../queries.ts'

/** Watches while `running`; when the run ends, everything that it may have changed is read anew. */
export function useRunEvents(accountId: string, runId: string, running: boolean): void {
  const queryClient = useQueryClient()
  const wasRunning = useRef(running)
  useEffect(() => {
    if (!running) return
    const leaving = new AbortController()
    void watch(queryClient, accountId, runId, leaving.signal)
    return () => leaving.abort()
  }, [queryClient, accountId, runId, running])
  useEffect(() => {
    if (wasRunning.current && !running) void forgetAccount(queryClient, accountId)
    wasRunning.current = running
  }, [queryClient, accountId, running])
}

async function watch(queryClient: QueryClient, accountId: string, runId: string, signal: AbortSignal) {
  // However long the server is away: what it did meanwhile is told when it is back.
  const events = apiOf(accountId).watchRun(runId, { signal, giveUpAfterMs: Number.POSITIVE_INFINITY })
  try {
    for await (const { event, data } of events) {
      if (event === 'item') putItem(queryClient, accountId, runId, data)
      else if (event === 'balance') putBalance(queryClient, accountId, data)
      else putRun(queryClient, accountId, data)
    }
  } catch (fault) {
    // A refusal: the page asks for the run every few seconds as well, and shows what is wrong.
    if (!(fault instanceof DrawdownProblem)) throw fault
  }
}

function putItem(queryClient: QueryClient, accountId: string, runId: string, item: Item) {
  queryClient.setQueryData(itemsQuery(accountId, runId).queryKey, (known) => {
    if (!known) return known
    const pages = known.pages.map((page) => {
      const at = page.data.findIndex(({ id }) => id === item.id)
      return at === -1 ? page : { ...page, data: page.data.with(at, item) }
    })
    return { ...known, pages }
  })
}
