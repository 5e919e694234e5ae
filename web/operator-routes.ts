/**
 * The operator's pages and their addresses.
 *
 *   /operator               accounts and the sandbox clock
 *   /operator/accounts/…    one account; its payments
 *   /operator/…             plans, money, unpaid, books, seller, mails
 */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { inside, oneOf, type Search, text } from './frame-routes.ts'
import { accountViewQuery, operatorPlansQuery } from './operator-queries.ts'
import { mailsQuery, sellerQuery } from './queries.ts'

const operator = createRoute({
  getParentRoute: () => inside,
  path: '/operator',
  /** `clock`: whose clock is being moved, an account's id or `all`. `find`: a part of the names looked for. */
  validateSearch: (search: Search): { clock?: string | undefined; find?: string | undefined } => ({
    clock: text(search.clock),
    find: text(search.find),
  }),
  component: lazyRouteComponent(() => import('./pages/operator-page.tsx'), 'OperatorPage'),
})

/** Not `$accountId`: the frame shows the account that one is in by that name, and the operator is in none. */
const operatorAccount = createRoute({
  getParentRoute: () => inside,
  path: '/operator/accounts/$customerId',
  loader: ({ context, params }) =>
    void context.queryClient.prefetchQuery(accountViewQuery(params.customerId)),
  component: lazyRouteComponent(() => import('./pages/operator/account-page.tsx'), 'OperatorAccountPage'),
})
const money = createRoute({
  getParentRoute: () => inside,
  path: '/operator/money',
  component: lazyRouteComponent(() => import('./pages/operator/money-page.tsx'), 'MoneyPage'),
})
const books = createRoute({
  getParentRoute: () => inside,
  path: '/operator/books',
  component: lazyRouteComponent(() => import('./pages/operator/books-page.tsx'), 'BooksPage'),
})
const catalogue = createRoute({
  getParentRoute: () => inside,
  path: '/operator/plans',
  loader: ({ context }) => void context.queryClient.prefetchQuery(operatorPlansQuery()),
  component: lazyRouteComponent(() => import('./pages/operator/catalogue-page.tsx'), 'CataloguePage'),
})
/** `new` in place of a code: a plan that is not there yet. */
const draft = createRoute({
  getParentRoute: () => inside,
  path: '/operator/plans/$code',
  validateSearch: (search: Search): { rehearsal?: string | undefined } => ({
    rehearsal: text(search.rehearsal),
  }),
  loader: ({ context }) => void context.queryClient.prefetchQuery(operatorPlansQuery()),
  component: lazyRouteComponent(() => import('./pages/operator/draft-page.tsx'), 'DraftPage'),
})

const seller = createRoute({
  getParentRoute: () => inside,
  path: '/operator/seller',
  loader: ({ context }) => void context.queryClient.prefetchQuery(sellerQuery()),
  component: lazyRouteComponent(() => import('./pages/operator/seller-page.tsx'), 'SellerPage'),
})
const operatorMails = createRoute({
  getParentRoute: () => inside,
  path: '/operator/mails',
  loader: ({ context }) => void context.queryClient.prefetchInfiniteQuery(mailsQuery()),
  component: lazyRouteComponent(() => import('./pages/operator/mails-page.tsx'), 'MailsPage'),
})

const unpaid = createRoute({
  getParentRoute: () => inside,
  path: '/operator/unpaid',
  validateSearch: (search: Search): { show?: 'written_off' | undefined } => ({
    show: oneOf(['written_off'], search.show),
  }),
  component: lazyRouteComponent(() => import('./pages/operator/unpaid-page.tsx'), 'UnpaidPage'),
})
const accountPayments = createRoute({
  getParentRoute: () => inside,
  path: '/operator/accounts/$customerId/payments',
  component: lazyRouteComponent(
    () => import('./pages/operator/account-payments-page.tsx'),
    'AccountPaymentsPage',
  ),
})

export const operatorPages = [
  operator,
  operatorAccount,
  money,
  books,
  catalogue,
  draft,
  seller,
  operatorMails,
  unpaid,
  accountPayments,
] as const
