/** Accounts, their members, invitations and API keys. */
import { acceptInvitation } from '../accounts/accept-invitation.ts'
import { changeRole } from '../accounts/change-role.ts'
import { type Account, createAccount } from '../accounts/create-account.ts'
import { type ApiKey, createApiKey } from '../accounts/create-api-key.ts'
import { createInvitation, type Invitation } from '../accounts/create-invitation.ts'
import { listAccountsOf } from '../accounts/list-accounts.ts'
import { listApiKeys } from '../accounts/list-api-keys.ts'
import { listInvitations } from '../accounts/list-invitations.ts'
import { listMembers, type Member } from '../accounts/list-members.ts'
import { isOperator } from '../accounts/operators.ts'
import { readAccount } from '../accounts/read-account.ts'
import { removeMember } from '../accounts/remove-member.ts'
import { revokeApiKey } from '../accounts/revoke-api-key.ts'
import type { Role } from '../accounts/roles.ts'
import { installDemoAutomations } from '../automations/demo-automations.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import type { AnyPrincipal } from './principal.ts'
import { isRefused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'

export const handlers = {
  getMe: async ({ services, principal }) => {
    const { userId: id, name, email } = principal
    const accounts = await listAccountsOf(services.db, id)
    return {
      user: { id, name, email },
      operator: await isOperator(services.db, id),
      sandbox: services.config.payments === 'sandbox',
      accounts: accounts.map(({ accountId, name, role }) => ({ id: accountId, name, role })),
    }
  },

  createAccount: async ({ services, principal, body }) => {
    const { name, zone } = body
    const result = await createAccount(services.db, { name, zone, ownerUserId: principal.userId })
    if (!result.ok) return refuse(result.refusal, `"${zone}" is not known here.`)
    const { accountId } = result.account
    await services.db.asTenant(accountId, (tx) => installDemoAutomations(tx, accountId))
    return accountBody(result.account)
  },

  getAccount: async ({ services, accountId }) => {
    const account = await readAccount(services.db, accountId)
    return account === null ? refuse('account_not_found') : accountBody(account)
  },

  listMembers: async ({ services, accountId, query: { limit, cursor } }) => {
    const after = cursorKey(cursor, (key) => /^\w{1,64}$/.test(key))
    if (isRefused(after)) return after
    const request = { accountId, limit: limit + 1, after }
    const members = await listMembers(services.db, services.identity, request)
    return pageOf(members.map(memberBody), limit, (member) => member.user_id)
  },

  updateMember: async ({ services, accountId, principal, params, body }) => {
    const request = { accountId, userId: params.user_id, role: body.role, by: roleOf(principal) }
    const result = await changeRole(services.db, services.identity, request)
    return result.ok ? memberBody(result.member) : result
  },

  removeMember: async ({ services, accountId, principal, params }) => {
    const request = { accountId, userId: params.user_id, by: roleOf(principal) }
    const result = await removeMember(services.db, request)
    return result.ok ? undefined : result
  },

  listInvitations: async ({ services, accountId, query: { limit, cursor } }) => {
    const after = cursorKey(cursor, isUuid)
    if (isRefused(after)) return after
    const invitations = await listInvitations(services.db, { accountId, limit: limit + 1, after })
    return encoded(
      pageOf(invitations, limit, (invitation) => invitation.invitationId),
      invitationBody,
    )
  },

  createInvitation: async ({ services, accountId, principal, body }) => {
    const result = await createInvitation(services.db, { accountId, ...body, by: roleOf(principal) })
    if (!result.ok) return result
    const link = invitationLink(services, result.token)
    return { ...invitationBody(result.invitation), link }
  },

  acceptInvitation: async ({ services, principal: { userId, email }, body: { token } }) => {
    const result = await acceptInvitation(services.db, { token, userId, email })
    if (!result.ok) return result
    const account = await readAccount(services.db, result.accountId)
    return accountBody(account!)
  },

  listApiKeys: async ({ services, accountId, query: { limit, cursor } }) => {
    const after = cursorKey(cursor, isUuid)
    if (isRefused(after)) return after
    const keys = await listApiKeys(services.db, { accountId, limit: limit + 1, after })
    return encoded(
      pageOf(keys, limit, (key) => key.apiKeyId),
      apiKeyBody,
    )
  },

  createApiKey: async ({ services, accountId, principal, body }) => {
    const createdBy = principal.kind === 'user' ? principal.userId : undefined
    const result = await createApiKey(services.db, { accountId, ...body, createdBy })
    return result.ok ? { ...apiKeyBody(result.apiKey), key: result.key } : result
  },

  revokeApiKey: async ({ services, accountId, params }) => {
    const result = await revokeApiKey(services.db, { accountId, apiKeyId: params.id })
    return result.ok ? undefined : result
  },
} satisfies Partial<Handlers>

/** Routes that manage an account are for its members only, so there is a role. */
function roleOf(principal: AnyPrincipal): Role {
  if (principal.kind === 'user' && principal.role !== null) return principal.role
  throw new Error('A route that manages members was opened to somebody without a role')
}

function encoded<Row, Body>(page: { data: Row[]; next_cursor: string | null }, bodyOf: (row: Row) => Body) {
  return { data: page.data.map(bodyOf), next_cursor: page.next_cursor }
}

const accountBody = ({ accountId, name, zone, invoicePrefix, createdAt }: Account) => ({
  id: accountId,
  name,
  zone,
  invoice_prefix: invoicePrefix,
  created_at: createdAt,
})

const memberBody = ({ userId, name, email, role, createdAt }: Member) => ({
  user_id: userId,
  name,
  email,
  role,
  created_at: createdAt,
})

const invitationBody = ({ invitationId, email, role, createdAt, expiresAt, acceptedAt }: Invitation) => ({
  id: invitationId,
  email,
  role,
  created_at: createdAt,
  expires_at: expiresAt,
  accepted_at: acceptedAt,
})

/** How a key is told on the wire, without the key itself. Also for the operator's routes. */
export const apiKeyBody = ({ apiKeyId, name, prefix, scopes, createdAt, revokedAt }: ApiKey) => ({
  id: apiKeyId,
  name,
  prefix,
  scopes,
  created_at: createdAt,
  revoked_at: revokedAt,
})

/** The page of the web app that takes an invitation up. */
export function invitationLink({ config }: Pick<Services, 'config'>, token: string): string {
  return `${config.publicUrl}/join/${token}`
}
