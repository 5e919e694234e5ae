/** The operator looks at one account as its members do, and at what all accounts owe. Read only: what changes them has routes of its own. */
import { readOperationNames } from '../ledger/catalogue.ts'
import { viewBilling } from '../ledger/read-billing.ts'
import { listCreditNotes } from '../ledger/read-credit-notes.ts'
import { readExposure } from '../ledger/read-exposure.ts'
import { readForecast, viewForecast } from '../ledger/read-forecast.ts'
import { listInvoices } from '../ledger/read-invoices.ts'
import { readVerifications } from '../verify/keep-verified.ts'
import { shownBilling } from './billing-shapes.ts'
import { shownHead as shownNote } from './credit-note-routes.ts'
import type { Handlers } from './handlers.ts'
import { shownHead as shownInvoice } from './invoice-routes.ts'
import { refuse } from './problem.ts'
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
    return viewBilling(services.db, accountId, async (shown, tx, isLocked) => {
      if (!shown) return refuse('account_not_found')
      const forecast = await (isLocked ? readForecast : viewForecast)(tx, shown)
      if (forecast === 'due') return forecast
      return {
        id: accountId,
        name: shown.name,
        billing: shownBilling(shown, await readOperationNames(tx), forecast),
        verification: shownVerified(state),
        invoices: (await listInvoices(tx, accountId, NEWEST)).map(shownInvoice),
        credit_notes: (await listCreditNotes(tx, accountId, NEWEST)).map(shownNote),
      }
    })
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
