/** Credits that the operator grants and takes back. */
import type { z } from 'zod'
import { grantCredits, type ListedGrant, listGrants, voidCredits } from '../ledger/grant-credits.ts'
import type { Handlers } from './handlers.ts'
import type * as operatorShapes from './operator-shapes.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { isRefused, refuse } from './problem.ts'
import { shownGrant } from './show-billing.ts'

export const handlers = {
  listOperatorGrants: ({ services, query }) => {
    const { account_id: accountId, cursor, limit } = query
    return services.db.asTenant(accountId, async (tx) => {
      const before = cursorKey(cursor, isUuid)
      if (isRefused(before)) return before
      const rows = await listGrants(tx, accountId, { limit: limit + 1, before })
      return pageOf(
        rows.map((row) => shown(accountId, row)),
        limit,
        ({ id }) => id,
      )
    })
  },

  grantCredits: async ({ services, body, idempotencyKey, reply }) => {
    const { account_id: accountId, units } = body
    const granted = await services.db.asTenant(accountId, (tx) =>
      grantCredits(tx, {
        accountId,
        source: body.source,
        credits: body.credits,
        consideration: body.price ?? 0n,
        units: units === undefined ? null : { currency: units.currency, creditUnit: units.credit_unit },
        startsAt: body.starts_at ?? null,
        expiresAt: body.expires_at ?? null,
        priority: body.priority,
        reason: body.reason,
        key: idempotencyKey,
      }),
    )
    if (!granted.ok) return refuse(granted.refusal, granted.detail)
    if (granted.replayed) reply.code(200)
    // A purchase is billed now, and collected as every invoice is.
    else if (granted.grant.invoiceId !== null) await services.collect(accountId)
    return shown(accountId, granted.grant)
  },

  voidGrant: async ({ services, params, body }) => {
    const { account_id: accountId, reason } = body
    const voided = await services.db.asTenant(accountId, (tx) =>
      voidCredits(tx, { accountId, grantId: params.id, reason }),
    )
    return voided.ok ? shown(accountId, voided.grant) : refuse(voided.refusal, voided.detail)
  },
} satisfies Partial<Handlers>

function shown(accountId: string, grant: ListedGrant): z.output<typeof operatorShapes.operatorGrant> {
  return {
    ...shownGrant(grant),
    account_id: accountId,
    price: grant.consideration,
    ended_at: grant.endedAt,
    void_reason: grant.voidReason,
    invoice_id: grant.invoiceId,
    created_at: grant.createdAt,
  }
}
