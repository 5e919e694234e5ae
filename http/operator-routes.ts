/** What the operator sees and does: accounts, their keys, and the sandbox clock. */
import { createAccount } from '../accounts/create-account.ts'
import { createApiKey } from '../accounts/create-api-key.ts'
import { createInvitation } from '../accounts/create-invitation.ts'
import { installDemoAutomations } from '../automations/demo-automations.ts'
import { readAccountTax, setAccountTax } from '../ledger/account-tax.ts'
import { readOfferedPlans } from '../ledger/catalogue.ts'
import { changePlan } from '../ledger/change-plan.ts'
import { readBusinessTime } from '../ledger/clock.ts'
import { listAccounts } from '../ledger/list-accounts.ts'
import { setPaymentMethod } from '../ledger/payment-method.ts'
import { invitationLink } from './account-routes.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { isRefused, type Refused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'

const ALL_SCOPES = ['read', 'write', 'usage:write', 'billing:write'] as const

export const handlers = {
  listAccounts: ({ services, query }) =>
    services.db.asService(async (tx) => {
      const after = cursorKey(query.cursor, isUuid)
      if (isRefused(after)) return after
      const rows = (
        await listAccounts(tx, { limit: query.limit + 1, before: after, search: query.search })
      ).map((row) => ({
        id: row.accountId,
        name: row.name,
        plan: row.planName,
        balance: row.balance,
        overage: row.overage,
        amount_due: row.amountDue,
        currency: row.currency,
        credit_unit: row.creditUnit,
        period_end: row.periodEnd,
        now: row.now,
        created_at: row.createdAt,
      }))
      return pageOf(rows, query.limit, ({ id }) => id)
    }),

  createOperatorAccount: async ({ services, body }) => {
    const refused = await refuseWish(services, body)
    if (refused) return refused
    const created = await createAccount(services.db, { name: body.name, zone: body.zone ?? 'UTC' })
    if (!created.ok) return refuse(created.refusal)
    const { accountId } = created.account
    await services.db.asTenant(accountId, (tx) => installDemoAutomations(tx, accountId))
    const invited = body.email === undefined ? null : await inviteOwner(services, accountId, body.email)
    if (invited && !invited.ok) return invited
    const key = await createApiKey(services.db, {
      accountId,
      name: 'First key',
      scopes: ALL_SCOPES,
    })
    if (!key.ok) return refuse(key.refusal)
    // The account is there whatever becomes of its plan: another card or plan can follow.
    const notStarted = await startPlan(services, accountId, body)
    return {
      account_id: accountId,
      api_key: key.key,
      invitation_link: invited && invitationLink(services, invited.token),
      plan_started: body.plan !== undefined && notStarted === null,
      plan_detail: notStarted,
    }
  },

  createOperatorKey: async ({ services, params, body }) => {
    const { id: accountId } = params
    const made = await createApiKey(services.db, {
      accountId,
      name: body.name,
      scopes: body.scopes,
    })
    if (!made.ok) return refuse(made.refusal)
    const { apiKey, key } = made
    return {
      id: apiKey.apiKeyId,
      name: apiKey.name,
      prefix: apiKey.prefix,
      scopes: apiKey.scopes,
      created_at: apiKey.createdAt,
      revoked_at: null,
      key,
    }
  },

  getAccountTax: ({ services, params }) =>
    services.db.asTenant(params.id, async (tx) => {
      if (!(await readBusinessTime(tx, params.id))) return refuse('account_not_found')
      const { treatment, rates } = await readAccountTax(tx, params.id)
      return { treatment, rates: [...rates] }
    }),

  putAccountTax: async ({ services, params, body }) => {
    const set = await services.db.asTenant(params.id, (tx) => setAccountTax(tx, params.id, body))
    return set.ok ? body : refuse(set.refusal, set.detail)
  },

  advanceClock: async ({ services, body }) => {
    if (services.payments.name !== 'sandbox') return refuse('not_found')
    const accountIds = body.account_id
      ? [body.account_id]
      : await services.db.asService(async (tx) =>
          (await listAccounts(tx, { limit: 100_000, before: null })).map((row) => row.accountId),
        )
    const moved = []
    for (const accountId of accountIds) {
      const result = await services.advanceClock(accountId, body.to)
      if (!result.ok) {
        // With "all", accounts that are ahead already stay where they are.
        if (body.all && result.refusal === 'clock_never_goes_back') continue
        return refuse(result.refusal, result.detail)
      }
      moved.push({
        account_id: accountId,
        now: result.now,
        boundaries: result.stops,
        invoices: result.invoices,
      })
    }
    return { accounts: moved }
  },
} satisfies Partial<Handlers>

function inviteOwner({ db }: Services, accountId: string, email: string) {
  return createInvitation(db, { accountId, email, role: 'owner', by: 'owner' })
}

type PlanWish = { plan?: string | undefined; card?: string | undefined }

/** What can be known to be wrong before anything is made: a card or a plan that does not exist. */
async function refuseWish({ db, payments }: Services, { plan, card }: PlanWish): Promise<Refused | null> {
  if (card !== undefined) {
    const described = await payments.describeMethod(card, null)
    if (!described.ok) return refuse(described.refusal, described.detail)
  }
  if (plan === undefined) return null
  const offered = (await db.asService(readOfferedPlans)).map(({ code }) => code)
  if (offered.includes(plan)) return null
  return refuse('plan_not_found', `No plan on offer has the code "${plan}"; there are ${offered.join(', ')}.`)
}

/** Puts in the card and starts the plan, where asked for; answers why the plan has not started, or null. */
async function startPlan(
  services: Services,
  accountId: string,
  { plan, card }: PlanWish,
): Promise<string | null> {
  const { db, payments } = services
  // Under the sandbox, a plan brings a card that pays.
  const token = card ?? (plan !== undefined && payments.name === 'sandbox' ? 'sandbox_card_pays' : undefined)
  const described = token === undefined ? null : await payments.describeMethod(token, accountId)
  if (token !== undefined && described?.ok) {
    const { brand, last4, expires } = described
    const method = { provider: payments.name, token: described.token, brand, last4, expires }
    await db.asTenant(accountId, (tx) => setPaymentMethod(tx, accountId, method))
  }
  if (plan === undefined) return null
  const change = await db.asTenant(accountId, (tx) =>
    changePlan(tx, { accountId, planCode: plan, previewId: null, provider: payments }),
  )
  if (!change.ok) return change.detail
  if (change.status !== 'awaiting_payment') return null
  const outcome = await services.sendAttempt(accountId, change.attempt)
  if (outcome.status === 'succeeded') return null
  return outcome.status === 'failed'
    ? outcome.message
    : 'The payment is not settled yet; the plan starts with it.'
}
