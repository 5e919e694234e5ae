/**
 * Everything the pages read from the server, one row each: its key and how it is fetched.
 *
 * 1. The first part of a key is the account, so that one call forgets all that an act may have changed.
 * 2. Amounts stay the strings of the wire; format.ts reads them.
 */
import type { Billing, Run } from '@drawdown/client'
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { apiOf } from './api.ts'
import { earlyOr } from './early.ts'

const PAGE = 200

export const meQuery = () =>
  queryOptions({ queryKey: ['me'], queryFn: () => earlyOr('me', () => apiOf('').getMe()) })

/** The plans on offer to an account, which change seldom. */
export const plansQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'plans'],
    queryFn: () => apiOf(accountId).listPlans(),
    staleTime: 60_000,
  })

export const operationsQuery = () =>
  queryOptions({ queryKey: ['operations'], queryFn: () => apiOf('').listOperations(), staleTime: 300_000 })

/** What is ready on this server; asked again until everything is. */
export const readinessQuery = () =>
  queryOptions({
    queryKey: ['readiness'],
    queryFn: () => apiOf('').getReadiness(),
    refetchInterval: (query) => (query.state.data?.models.state === 'ready' ? false : 3000),
  })

export const billingQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'billing'],
    queryFn: () => earlyOr(`${accountId} billing`, () => apiOf(accountId).getBilling()),
    // Other people and API keys draw from the same balance.
    refetchInterval: 20_000,
  })

/** What the last terms would have cost on every plan: it changes when a term ends or a plan does. */
export const adviceQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'advice'],
    queryFn: () => apiOf(accountId).getAdvice(),
    staleTime: 300_000,
    retry: false,
  })

export const alertsQuery = (accountId: string) =>
  queryOptions({ queryKey: [accountId, 'alerts'], queryFn: () => apiOf(accountId).getAlerts() })

export const pauseQuery = (accountId: string) =>
  queryOptions({ queryKey: [accountId, 'pause'], queryFn: () => apiOf(accountId).getPause() })

export const usageSummaryQuery = (accountId: string) =>
  queryOptions({ queryKey: [accountId, 'usage summary'], queryFn: () => apiOf(accountId).summarizeUsage() })

export const invoicesQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'invoices'],
    queryFn: () => apiOf(accountId).listInvoices({ query: { limit: PAGE } }),
  })

/** One invoice; `upcoming` is the one that the next boundary would make now. */
export const invoiceQuery = (accountId: string, invoiceId: string) =>
  queryOptions({
    queryKey: [accountId, 'invoices', invoiceId],
    queryFn: () =>
      invoiceId === 'upcoming'
        ? apiOf(accountId).getUpcomingInvoice()
        : apiOf(accountId).getInvoice({ path: { id: invoiceId } }),
  })

export const creditNotesQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'credit notes'],
    queryFn: () => apiOf(accountId).listCreditNotes({ query: { limit: PAGE } }),
  })

export const creditNoteQuery = (accountId: string, creditNoteId: string) =>
  queryOptions({
    queryKey: [accountId, 'credit notes', creditNoteId],
    queryFn: () => apiOf(accountId).getCreditNote({ path: { id: creditNoteId } }),
  })

export const billingDetailsQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'billing details'],
    queryFn: () => apiOf(accountId).getBillingDetails(),
  })

export const sellerQuery = () =>
  queryOptions({ queryKey: ['operator', 'seller'], queryFn: () => apiOf('').getSeller() })

/** What a change of plan would charge and when. Asked anew each time, because its answer expires. */
export const previewQuery = (accountId: string, plan: string) =>
  queryOptions({
    queryKey: [accountId, 'preview', plan],
    queryFn: () => apiOf(accountId).previewSubscription({ body: { plan } }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })

export const automationsQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'automations'],
    queryFn: () => apiOf(accountId).listAutomations({ query: { limit: PAGE } }),
  })

export const automationQuery = (accountId: string, automationId: string) =>
  queryOptions({
    queryKey: [accountId, 'automations', automationId],
    queryFn: () => apiOf(accountId).getAutomation({ path: { id: automationId } }),
  })

/** The photos that were uploaded last, for choosing one. */
export const recentImagesQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'recent images'],
    queryFn: () => apiOf(accountId).listImages({ query: { limit: 12 } }),
  })

/** What steps make of a photo. `steps` is their JSON, so that equal steps are one key. */
/** A sketch is there in a fraction of the time where the subject of the photo is not known yet; where it is, there is none. */
export const automationPreviewQuery = (
  accountId: string,
  imageId: string,
  wanted: { steps: string; sketch: boolean },
) =>
  queryOptions({
    queryKey: [accountId, 'automation preview', imageId, wanted.steps, wanted.sketch],
    queryFn: () =>
      apiOf(accountId).previewAutomation({
        body: { image_id: imageId, steps: JSON.parse(wanted.steps), sketch: wanted.sketch },
      }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
    refetchOnWindowFocus: false,
  })

/** A quote binds the unit prices for a while; a new choice of photos or automation asks for a new one. */
export const quoteQuery = (accountId: string, automationId: string, imageIds: string[]) =>
  queryOptions({
    queryKey: [accountId, 'quote', automationId, imageIds],
    queryFn: () =>
      apiOf(accountId).createQuote({ body: { automation_id: automationId, image_ids: imageIds } }),
    staleTime: 60_000,
    refetchInterval: 240_000,
    retry: false,
  })

/** What doing a photo again with another crop would cost at most. */
export const redoQuoteQuery = (
  accountId: string,
  itemId: string,
  box: { x: number; y: number; width: number; height: number },
) =>
  queryOptions({
    queryKey: [accountId, 'redo quote', itemId, box],
    queryFn: () => apiOf(accountId).quoteRedo({ path: { id: itemId }, body: { photo_box: box } }),
    staleTime: 60_000,
    retry: false,
  })

export const runsQuery = (accountId: string) =>
  infiniteQueryOptions({
    queryKey: [accountId, 'runs'],
    queryFn: ({ pageParam }) =>
      apiOf(accountId).listRuns({ query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

export const runQuery = (accountId: string, runId: string) =>
  queryOptions({
    queryKey: [accountId, 'runs', runId],
    queryFn: () => apiOf(accountId).getRun({ path: { id: runId } }),
  })

/** All items in order of position, page after page as the gallery scrolls. */
export const itemsQuery = (accountId: string, runId: string) =>
  infiniteQueryOptions({
    queryKey: [accountId, 'runs', runId, 'items'],
    queryFn: ({ pageParam }) =>
      apiOf(accountId).listItems({
        path: { id: runId },
        query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    // Events keep it true while the run goes on.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })

/** What marketplaces ask for, with the steps that make it. */
export const presetsQuery = () =>
  queryOptions({ queryKey: ['presets'], queryFn: () => apiOf('').listPresets(), staleTime: 300_000 })

/** What marketplaces would say of one result. */
export const complianceQuery = (accountId: string, itemId: string) =>
  queryOptions({
    queryKey: [accountId, 'items', itemId, 'compliance'],
    queryFn: () => apiOf(accountId).checkItem({ path: { id: itemId } }),
    staleTime: 300_000,
  })

export const receiptQuery = (accountId: string, runId: string) =>
  queryOptions({
    queryKey: [accountId, 'runs', runId, 'receipt'],
    queryFn: () => apiOf(accountId).getReceipt({ path: { id: runId } }),
  })

export const membersQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'members'],
    queryFn: () => apiOf(accountId).listMembers({ query: { limit: PAGE } }),
  })

export const invitationsQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'invitations'],
    queryFn: () => apiOf(accountId).listInvitations({ query: { limit: PAGE } }),
    retry: false,
  })

export const apiKeysQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'api keys'],
    queryFn: () => apiOf(accountId).listApiKeys({ query: { limit: PAGE } }),
    retry: false,
  })

export const endpointsQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'webhooks'],
    queryFn: () => apiOf(accountId).listEndpoints({ query: { limit: PAGE } }),
  })

export const endpointQuery = (accountId: string, endpointId: string) =>
  queryOptions({
    queryKey: [accountId, 'webhooks', endpointId],
    queryFn: () => apiOf(accountId).getEndpoint({ path: { id: endpointId } }),
    // What waits goes out by itself, and a dead endpoint is switched off.
    refetchInterval: 5_000,
  })

export const deliveriesQuery = (accountId: string, endpointId: string) =>
  infiniteQueryOptions({
    queryKey: [accountId, 'webhooks', endpointId, 'deliveries'],
    queryFn: ({ pageParam }) =>
      apiOf(accountId).listDeliveries({
        path: { id: endpointId },
        query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 5_000,
  })

export const deliveryQuery = (accountId: string, deliveryId: string) =>
  queryOptions({
    queryKey: [accountId, 'webhook deliveries', deliveryId],
    queryFn: () => apiOf(accountId).getDelivery({ path: { id: deliveryId } }),
  })

export const mailPreferencesQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'mail preferences'],
    queryFn: () => apiOf(accountId).getMailPreferences(),
  })

export const mailTemplatesQuery = () =>
  queryOptions({ queryKey: ['operator', 'mail templates'], queryFn: () => apiOf('').listMailTemplates() })

export const mailTemplateQuery = (name: string) =>
  queryOptions({
    queryKey: ['operator', 'mail templates', name],
    queryFn: () => apiOf('').getMailTemplate({ path: { name } }),
  })

export const mailsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['operator', 'mails'],
    queryFn: ({ pageParam }) =>
      apiOf('').listMails({ query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

export const mailQuery = (mailId: string) =>
  queryOptions({
    queryKey: ['operator', 'mails', mailId],
    queryFn: () => apiOf('').getMail({ path: { id: mailId } }),
  })

/** The events that can be asked for, which change with a version of the server only. */
export const eventTypesQuery = () =>
  queryOptions({
    queryKey: ['event types'],
    queryFn: () => apiOf('').listEventTypes(),
    staleTime: 3_600_000,
  })

export const operatorAccountsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['operator', 'accounts'],
    queryFn: ({ pageParam }) =>
      apiOf('').listAccounts({ query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

/** Forgets all that was read of an account, after an act that may have changed any of it. */
export function forgetAccount(queryClient: QueryClient, accountId: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [accountId] })
}

/** Puts a balance that an event brought where every screen reads it. */
export function putBalance(
  queryClient: QueryClient,
  accountId: string,
  balance: Pick<Billing, 'balance' | 'overage'>,
): void {
  queryClient.setQueryData(
    billingQuery(accountId).queryKey,
    (billing) => billing && { ...billing, ...balance },
  )
}

export function putRun(queryClient: QueryClient, accountId: string, run: Run): void {
  queryClient.setQueryData(runQuery(accountId, run.id).queryKey, run)
}

/** Asked for anew each time: whoever opens it may have come back from their bank. */
export const paymentQuery = (accountId: string, paymentId: string) =>
  queryOptions({
    queryKey: [accountId, 'payments', paymentId],
    queryFn: () => apiOf(accountId).getPayment({ path: { id: paymentId } }),
    staleTime: 0,
    refetchInterval: (query) =>
      ['pending', 'unknown'].includes(query.state.data?.status ?? '') ? 3000 : false,
  })

/** Payments that wait for the payer's word at their bank. */
export const waitingPaymentsQuery = (accountId: string) =>
  queryOptions({
    queryKey: [accountId, 'payments', 'waiting'],
    queryFn: () => apiOf(accountId).listPayments({ query: { status: 'action_required', limit: 10 } }),
  })

export const bankQuestionQuery = (reference: string) =>
  queryOptions({
    queryKey: ['bank', reference],
    queryFn: () => apiOf('').getBankQuestion({ path: { reference } }),
    retry: false,
  })

export const unpaidQuery = (status?: 'written_off') =>
  infiniteQueryOptions({
    queryKey: ['operator', 'unpaid', status],
    queryFn: ({ pageParam }) =>
      apiOf('').listUnpaid({
        query: { limit: 50, ...(status && { status }), ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

export const disputesQuery = () =>
  queryOptions({
    queryKey: ['operator', 'disputes'],
    queryFn: () => apiOf('').listDisputes({ query: { limit: 50 } }),
  })

export const accountPaymentsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['operator', 'payments', accountId],
    queryFn: () => apiOf('').listOperatorPayments({ query: { account_id: accountId, limit: PAGE } }),
  })

export const accountRefundsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['operator', 'refunds', accountId],
    queryFn: () => apiOf('').listRefunds({ query: { account_id: accountId, limit: PAGE } }),
  })
