/**
 * What all addresses stand in: the root, the frame of a signed-in person, and how a page reads its state from the URL.
 *
 * Called by router.tsx and operator-routes.ts.
 */
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { FaultPage, NotFoundPage } from './pages/fault-page.tsx'
import { meQuery } from './queries.ts'

export type Search = Record<string, unknown>

export const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
export const oneOf = <Value extends string>(values: readonly Value[], value: unknown) =>
  values.find((each) => each === value)

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  errorComponent: FaultPage,
  notFoundComponent: NotFoundPage,
})

/** The frame of all pages of a signed-in person. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  loader: ({ context }) => void context.queryClient.prefetchQuery(meQuery()),
  component: lazyRouteComponent(() => import('./pages/frame.tsx'), 'Frame'),
})
