/**
 * The operator looks at one account as its members do, and at what all accounts owe; and says how much overage may be on no invoice. What
 * else changes an account has routes of its own.
 */
import type { Micros } from '../billing/micros.ts'
import { readOperationNames } from '../ledger/catalogue.ts'
import { readInterimAmount, setInterimAmount } from '../ledger/interim-amount.ts'
import { type BillingState, viewBilling } from '../ledger/read-billing.ts'
import { listCreditNotes } from '../ledger/read-credit-notes.ts'
import { readExposure } from '../ledger/read-exposure.ts'
import { addUpDays, readForecast, viewForecast } from '../ledger/read-forecast.ts'
import { listInvoices } from '../ledger/read-invoices.ts'
import { readVerifications } from '../verify/keep-verified.ts'
import { shownHead as shownNote } from './credit-note-routes.ts'
import type { Handlers } from './handlers.ts'
import { shownHead as shownInvoice } from './invoice-routes.ts'
import { refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import { shownBilling } from './show-billing.ts'
import { shownUsagePage } from './usage-routes.ts'
import { shownVerified } from './verify-routes.ts'

/** Of invoices and credit notes; the account's own pages have all. */
const NEWEST = { limit: 50, before: null }
const MOST_EXPOSED = 100

export const handlers = {
  getOperatorAccount: async ({ services, params }) => {
    const { id: accountId } = params
    const [state] = await services.db.asService((tx) => readVerifications(tx, accountId))
    if (!state) return refuse('account_not_found')
    return viewBilling(
      services.db,
      accountId,
      async (shown, tx, isLocked) => {
        if (!shown) return refuse('account_not_found')
        const forecast = await (isLocked ? readForecast : viewForecast)(tx, shown)
        if (forecast === 'due') return forecast
        return {
          id: accountId,
          name: shown.name,
          billing: shownBilling(shown, await readOperationNames(tx), forecast),
          interim: shownInterim(shown, await readInterimAmount(tx, accountId)),
          verification: shownVerified(state),
          invoices: (await listInvoices(tx, accountId, NEWEST)).map(shownInvoice),
          credit_notes: (await listCreditNotes(tx, accountId, NEWEST)).map(shownNote),
        }
      },
      () => addUpDays(services.db, accountId),
    )
  },

  getInterimInvoicing: ({ services, params }) => answerInterim(services, params.id),

  putInterimInvoicing: async ({ services, params, body }) => {
    const { minimumCharge } = services.payments
    const request = { accountId: params.id, amount: body.amount, minimumCharge }
    const set = await services.db.asTenant(params.id, (tx) => setInterimAmount(tx, request))
    if (!set.ok) return refuse(set.refusal, set.detail)
    // What has reached the amount already is invoiced now.
    await services.collect(params.id)
    return answerInterim(services, params.id)
  },

  listOperatorUsage: ({ services, params, query }) => shownUsagePage(services, params.id, query),

  getExposure: ({ services }) =>
    services.db.asService(async (tx) => {
      const { sums, accounts } = await readExposure(tx, MOST_EXPOSED)
      return {
        sums: sums.map(({ pastDue, ...sum }) => ({ ...sum, past_due: pastDue })),
        accounts: accounts.map(({ accountId, pastDue, ...account }) => ({
          ...account,
          account_id: accountId,
          past_due: pastDue,
        })),
      }
    }),
} satisfies Partial<Handlers>

function answerInterim({ db }: Services, accountId: string) {
  return viewBilling(db, accountId, async (shown, tx) =>
    shown ? shownInterim(shown, await readInterimAmount(tx, accountId)) : refuse('account_not_found'),
  )
}

function shownInterim({ overage, overageInvoiced, units }: BillingState, amount: Micros | null) {
  return { amount, unbilled: overage - overageInvoiced, currency: units?.currency ?? null }
}
