/** What an account wants to be told of, and the overage at which its customer has automations pause. */
import type { z } from 'zod'
import { readPause, setPause } from '../automations/set-pause.ts'
import { type Alerts, readAlerts, setAlerts } from '../ledger/alert-rules.ts'
import type * as billingShapes from './billing-shapes.ts'
import type { Handlers } from './handlers.ts'
import { refuse } from './problem.ts'

export const handlers = {
  getAlerts: ({ services, accountId }) =>
    services.db.asTenant(accountId, async (tx) => {
      const alerts = await readAlerts(tx, accountId)
      return alerts ? shownAlerts(alerts) : refuse('account_not_found')
    }),

  putAlerts: ({ services, accountId, body }) =>
    services.db.asTenant(accountId, async (tx) => {
      const alerts = await setAlerts(tx, accountId, body.rules)
      return alerts ? shownAlerts(alerts) : refuse('account_not_found')
    }),

  getPause: ({ services, accountId }) =>
    services.db.asTenant(accountId, async (tx) => {
      const pause = await readPause(tx, accountId)
      return pause ? shownPause(pause) : refuse('account_not_found')
    }),

  putPause: ({ services, accountId, body }) =>
    services.db.asTenant(accountId, async (tx) => {
      const pause = await setPause(tx, accountId, body.overage_limit)
      return pause ? shownPause(pause) : refuse('account_not_found')
    }),
} satisfies Partial<Handlers>

function shownAlerts({ rules, told, currency }: Alerts): z.output<typeof billingShapes.alerts> {
  return {
    rules,
    told: told.map(({ id, rule, at, included, balance, overage, forecast }) => ({
      id,
      rule,
      told_at: at,
      credits_included: included,
      balance,
      overage,
      forecast,
    })),
    currency,
  }
}

function shownPause(
  pause: NonNullable<Awaited<ReturnType<typeof readPause>>>,
): z.output<typeof billingShapes.pause> {
  return {
    overage_limit: pause.limit,
    overage: pause.accrued,
    paused_runs: pause.pausedRuns,
    currency: pause.currency,
  }
}
