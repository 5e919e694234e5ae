/**
 * The query cache and the router, joined: a call that finds nobody signed in leads to the sign-in page, from wherever
 * it was made.
 */
import { DrawdownProblem } from '@drawdown/client'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { isSignedOut } from './api.ts'
import { createAppRouter } from './router.tsx'
import { Toasts } from './ui/toast.tsx'

const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
  mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays a refusal; only silence is worth another try.
      retry: (failures, fault) => failures < 2 && !(fault instanceof DrawdownProblem && fault.status < 500),
    },
  },
})

const router = createAppRouter(queryClient)

// A new page begins at its content, also for who reads it by keyboard or ear.
router.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
  if (fromLocation && pathChanged) document.getElementById('content')?.focus({ preventScroll: true })
})

function leaveWhenSignedOut(fault: unknown) {
  if (!isSignedOut(fault)) return
  const { pathname, searchStr } = router.state.location
  if (isOpenPage(pathname)) return
  queryClient.clear()
  void router.navigate({
    to: '/sign-in',
    search: { next: pathname === '/' ? undefined : pathname + searchStr },
  })
}

function isOpenPage(pathname: string) {
  return pathname.startsWith('/sign-') || pathname.startsWith('/join/')
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  )
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
