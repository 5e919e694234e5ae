/** Plans and plan versions that the operator publishes. */
import type { z } from 'zod'
import type { Transaction } from '../database/connect.ts'
import { type CataloguePlan, readOperationNames } from '../ledger/catalogue.ts'
import { type ListedPlan, listCatalogue, offerPlan } from '../ledger/list-catalogue.ts'
import {
  type PublishRefused,
  publishNewPlan,
  publishVersion,
  type VersionDraft,
} from '../ledger/publish-plan.ts'
import type { Handlers } from './handlers.ts'
import type * as operatorShapes from './operator-shapes.ts'
import { refuse } from './problem.ts'
import type * as rehearsals from './rehearsal-shapes.ts'
import { shownPlan } from './show-billing.ts'

export const handlers = {
  publishPlan: ({ services, body }) =>
    services.db.asService(async (tx) => {
      const draft = { ...draftOf(body), code: body.code, name: body.name }
      return shown(tx, await publishNewPlan(tx, draft))
    }),

  publishPlanVersion: ({ services, params, body }) =>
    services.db.asService(async (tx) => {
      const version = { code: params.code, draft: draftOf(body), noticeDays: body.notice_days }
      return shown(tx, await publishVersion(tx, version))
    }),

  listOperatorPlans: ({ services }) =>
    services.db.asService(async (tx) => {
      const names = await readOperationNames(tx)
      const data = (await listCatalogue(tx)).map((plan) => shownListed(plan, names))
      return { data, next_cursor: null }
    }),

  updateOperatorPlan: ({ services, params, body }) =>
    services.db.asService(async (tx) => {
      const changed = await offerPlan(tx, params.code, body.offered)
      if (!changed.ok) return refuse(changed.refusal, changed.detail)
      const [plan] = await listCatalogue(tx, params.code)
      return shownListed(plan!, await readOperationNames(tx))
    }),
} satisfies Partial<Handlers>

function shownListed(
  plan: ListedPlan,
  names: Map<string, string>,
): z.output<typeof rehearsals.cataloguePlan> {
  const { code, name, offered, subscribers, versions } = plan
  return {
    code,
    name,
    offered,
    subscribers,
    versions: versions.map((version) => ({
      ...shownPlan(version.plan, names),
      credit_price: version.plan.creditPrice,
      published_at: version.publishedAt,
      notice_days: version.noticeDays,
      subscribers: version.subscribers,
    })),
  }
}

/** A draft as billing reads it. */
export function draftOf(
  body: Omit<z.output<typeof operatorShapes.planVersionRequest>, 'notice_days'>,
): VersionDraft {
  return {
    currency: body.currency,
    creditUnit: body.credit_unit,
    creditPrice: body.credit_price,
    listPrice: body.list_price,
    discount: body.discount,
    credits: body.credits,
    prices: body.prices.map(({ operation, unit_price, overage_unit_price }) => ({
      operation,
      unitPrice: unit_price,
      overageUnitPrice: overage_unit_price,
    })),
    rollover: body.rollover,
    trial: body.trial,
  }
}

async function shown(tx: Transaction, published: { ok: true; plan: CataloguePlan } | PublishRefused) {
  if (published.ok) return shownPlan(published.plan, await readOperationNames(tx))
  return refuse(published.refusal, published.detail)
}
