/**
 * Every page and its address. Each page is loaded when it is first visited; what it will read is asked for at the same
 * time as its code.
 *
 *   /                       leads to an account
 *   /sign-in /sign-up       and /sign-in/$token for the first operator, /join/$token for the invited
 *   /new-account
 *   /a/$accountId/…         billing, invoices, run, runs, automations, hot-folders, members, api-keys, webhooks
 *   /operator/…             operator-routes.ts
 */
import type { QueryClient } from '@tanstack/react-query'
import { createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { inside, oneOf, root, type Search, text } from './frame-routes.ts'
import { hotFoldersQuery } from './hot-folder-queries.ts'
import { operatorPages } from './operator-routes.ts'
import {
  automationsQuery,
  billingQuery,
  creditNoteQuery,
  endpointQuery,
  endpointsQuery,
  invoiceQuery,
  invoicesQuery,
  operationsQuery,
  plansQuery,
  runQuery,
  runsQuery,
} from './queries.ts'

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home-page.tsx'), 'HomePage'),
})

// ------------------------------------------------------------------------------------------------ coming in

const nextSearch = (search: Search): { next?: string | undefined } => ({ next: text(search.next) })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: nextSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignInPage'),
})
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: nextSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignUpPage'),
})
const firstOperator = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/$token',
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'FirstOperatorPage'),
})
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./pages/password-pages.tsx'), 'ForgotPasswordPage'),
})
const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password/$token',
  component: lazyRouteComponent(() => import('./pages/password-pages.tsx'), 'NewPasswordPage'),
})
const unsubscribe = createRoute({
  getParentRoute: () => root,
  path: '/unsubscribe/$token',
  component: lazyRouteComponent(() => import('./pages/unsubscribe-page.tsx'), 'UnsubscribePage'),
})
const join = createRoute({
  getParentRoute: () => root,
  path: '/join/$token',
  component: lazyRouteComponent(() => import('./pages/join-page.tsx'), 'JoinPage'),
})

// ------------------------------------------------------------------------------------------------ signed in

const newAccount = createRoute({
  getParentRoute: () => inside,
  path: '/new-account',
  component: lazyRouteComponent(() => import('./pages/new-account-page.tsx'), 'NewAccountPage'),
})

const account = createRoute({
  getParentRoute: () => inside,
  path: '/a/$accountId',
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(billingQuery(params.accountId)),
  component: Outlet,
})

const accountHome = createRoute({
  getParentRoute: () => account,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/a/$accountId/billing', params, replace: true })
  },
})

export type BillingSearch = {
  dialog?: 'plan' | 'card' | 'cancel' | 'limits' | 'details' | undefined
  /** The token of a finished card form, which the payment provider leads back with. */
  form?: string | undefined
  /** The plan chosen in the dialog. */
  plan?: string | undefined
  /** What the mix planner holds: `smart_crop:100,remove_background:3`. */
  mix?: string | undefined
  /** What the planner plans with: what is left, or a whole term. */
  with?: 'term' | undefined
  /** What the usage chart measures. */
  usage?: 'operations' | 'overage' | undefined
}

const billing = createRoute({
  getParentRoute: () => account,
  path: 'billing',
  validateSearch: (search: Search): BillingSearch => ({
    dialog: oneOf(['plan', 'card', 'cancel', 'limits', 'details'], search.dialog),
    plan: text(search.plan),
    form: text(search.form),
    mix: text(search.mix),
    with: oneOf(['term'], search.with),
    usage: oneOf(['operations', 'overage'], search.usage),
  }),
  loader: ({ context: { queryClient }, params: { accountId } }) => {
    void queryClient.prefetchQuery(plansQuery(accountId))
    void queryClient.prefetchQuery(invoicesQuery(accountId))
    void queryClient.prefetchQuery(automationsQuery(accountId))
  },
  component: lazyRouteComponent(() => import('./pages/billing-page.tsx'), 'BillingPage'),
})

const invoice = createRoute({
  getParentRoute: () => account,
  path: 'invoices/$invoiceId',
  loader: ({ context, params }) =>
    void context.queryClient.prefetchQuery(invoiceQuery(params.accountId, params.invoiceId)),
  component: lazyRouteComponent(() => import('./pages/invoice-page.tsx'), 'InvoicePage'),
})

const creditNote = createRoute({
  getParentRoute: () => account,
  path: 'credit-notes/$creditNoteId',
  loader: ({ context, params }) =>
    void context.queryClient.prefetchQuery(creditNoteQuery(params.accountId, params.creditNoteId)),
  component: lazyRouteComponent(() => import('./pages/credit-note-page.tsx'), 'CreditNotePage'),
})

const automations = createRoute({
  getParentRoute: () => account,
  path: 'automations',
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(automationsQuery(params.accountId)),
  component: lazyRouteComponent(() => import('./pages/automations-page.tsx'), 'AutomationsPage'),
})
/** The photo on which the editor shows what the steps do. */
const sample = (search: Search): { sample?: string | undefined } => ({ sample: text(search.sample) })
const newAutomation = createRoute({
  getParentRoute: () => account,
  path: 'automations/new',
  validateSearch: sample,
  loader: ({ context }) => void context.queryClient.prefetchQuery(operationsQuery()),
  component: lazyRouteComponent(() => import('./pages/automation-page.tsx'), 'NewAutomationPage'),
})
const automation = createRoute({
  getParentRoute: () => account,
  path: 'automations/$automationId',
  validateSearch: sample,
  loader: ({ context }) => void context.queryClient.prefetchQuery(operationsQuery()),
  component: lazyRouteComponent(() => import('./pages/automation-page.tsx'), 'AutomationPage'),
})

const hotFolders = createRoute({
  getParentRoute: () => account,
  path: 'hot-folders',
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(hotFoldersQuery(params.accountId)),
  component: lazyRouteComponent(() => import('./pages/hot-folders-page.tsx'), 'HotFoldersPage'),
})
const hotFolder = createRoute({
  getParentRoute: () => account,
  path: 'hot-folders/$hotFolderId',
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(hotFoldersQuery(params.accountId)),
  component: lazyRouteComponent(() => import('./pages/hot-folder-page.tsx'), 'HotFolderPage'),
})

const startRun = createRoute({
  getParentRoute: () => account,
  path: 'run',
  validateSearch: (search: Search): { automation?: string | undefined } => ({
    automation: text(search.automation),
  }),
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(automationsQuery(params.accountId)),
  component: lazyRouteComponent(() => import('./pages/start-run-page.tsx'), 'StartRunPage'),
})
const runs = createRoute({
  getParentRoute: () => account,
  path: 'runs',
  loader: ({ context, params }) =>
    void context.queryClient.prefetchInfiniteQuery(runsQuery(params.accountId)),
  component: lazyRouteComponent(() => import('./pages/runs-page.tsx'), 'RunsPage'),
})
export type RunSearch = {
  show?: 'done' | 'failed' | undefined
  /** The position of the photo that is open, from 0. */
  photo?: number | undefined
}

const run = createRoute({
  getParentRoute: () => account,
  path: 'runs/$runId',
  validateSearch: (search: Search): RunSearch => ({
    show: oneOf(['done', 'failed'], search.show),
    photo: typeof search.photo === 'number' && Number.isInteger(search.photo) ? search.photo : undefined,
  }),
  loader: ({ context, params }) =>
    void context.queryClient.prefetchQuery(runQuery(params.accountId, params.runId)),
  component: lazyRouteComponent(() => import('./pages/run-page.tsx'), 'RunPage'),
})
const receipt = createRoute({
  getParentRoute: () => account,
  path: 'runs/$runId/receipt',
  component: lazyRouteComponent(() => import('./pages/receipt-page.tsx'), 'ReceiptPage'),
})

const members = createRoute({
  getParentRoute: () => account,
  path: 'members',
  component: lazyRouteComponent(() => import('./pages/members-page.tsx'), 'MembersPage'),
})
const apiKeys = createRoute({
  getParentRoute: () => account,
  path: 'api-keys',
  component: lazyRouteComponent(() => import('./pages/api-keys-page.tsx'), 'ApiKeysPage'),
})

const mail = createRoute({
  getParentRoute: () => account,
  path: 'mail',
  component: lazyRouteComponent(() => import('./pages/mail-page.tsx'), 'MailPage'),
})
const webhooks = createRoute({
  getParentRoute: () => account,
  path: 'webhooks',
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(endpointsQuery(params.accountId)),
  component: lazyRouteComponent(() => import('./pages/webhooks-page.tsx'), 'WebhooksPage'),
})
const webhook = createRoute({
  getParentRoute: () => account,
  path: 'webhooks/$endpointId',
  loader: ({ context, params }) =>
    void context.queryClient.prefetchQuery(endpointQuery(params.accountId, params.endpointId)),
  component: lazyRouteComponent(() => import('./pages/webhook-page.tsx'), 'WebhookPage'),
})

const payment = createRoute({
  getParentRoute: () => account,
  path: 'payments/$paymentId',
  component: lazyRouteComponent(() => import('./pages/payment-page.tsx'), 'PaymentPage'),
})

/** In a sandbox, stands for a page outside. */
const sandboxBank = createRoute({
  getParentRoute: () => root,
  path: '/sandbox-bank/$reference',
  component: lazyRouteComponent(() => import('./pages/sandbox-bank-page.tsx'), 'SandboxBankPage'),
})

const routeTree = root.addChildren([
  home,
  signIn,
  signUp,
  firstOperator,
  sandboxBank,
  forgotPassword,
  newPassword,
  unsubscribe,
  join,
  inside.addChildren([
    newAccount,
    account.addChildren([
      accountHome,
      billing,
      invoice,
      creditNote,
      payment,
      automations,
      newAutomation,
      automation,
      hotFolders,
      hotFolder,
      startRun,
      runs,
      run,
      receipt,
      members,
      apiKeys,
      mail,
      webhooks,
      webhook,
    ]),
    ...operatorPages,
  ]),
])

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
  })
}
