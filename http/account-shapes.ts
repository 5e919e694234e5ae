/** Bodies of the routes about people and accounts: signing in, members, invitations and API keys. */
import { z } from 'zod'
import { PASSWORD_LENGTH } from '../accounts/password-length.ts'
import { name } from './fields.ts'
import { idOf } from './ids.ts'
import { instant, listOf } from './shapes.ts'

const email = z.email().max(320)
const password = z.string().min(PASSWORD_LENGTH.least).max(PASSWORD_LENGTH.most)

export const signUpRequest = z.object({ name, email, password }).strict()
/** A password of a length that nobody can have is refused like any wrong one. */
export const signInRequest = z.object({ email: z.string().max(320), password: z.string().max(1000) }).strict()
export const firstOperatorRequest = z.object({ token: z.string().max(200), name, email, password }).strict()
export const passwordLinkRequest = z.object({ email: z.email().max(320) }).strict()
export const newPasswordRequest = z.object({ token: z.string().max(200), password }).strict()
export const signedIn = z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }) })

const role = z.enum(['owner', 'admin', 'billing', 'editor', 'viewer'])
export const scope = z.enum(['read', 'write', 'usage:write', 'billing:write'])

export const me = z
  .object({
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
    operator: z.boolean(),
    /** Whether this installation's clock can be moved and cards are play money. */
    sandbox: z.boolean(),
    accounts: z.array(z.object({ id: idOf('account'), name: z.string(), role })),
  })
  .meta({ id: 'Me' })

export const accountRequest = z.object({ name, zone: z.string().max(100).optional() })
export const account = z
  .object({
    id: idOf('account'),
    name: z.string(),
    zone: z.string(),
    invoice_prefix: z.string(),
    created_at: instant,
  })
  .meta({ id: 'Account' })

export const member = z
  .object({ user_id: z.string(), name: z.string(), email: z.string(), role, created_at: instant })
  .meta({ id: 'Member' })
export const memberList = listOf(member)
export const invitationRequest = z.object({ email: z.email().max(320), role })
/** The link is shown once, to the member who invites. */
export const invitation = z
  .object({
    id: idOf('invitation'),
    email: z.string(),
    role,
    link: z.string().optional(),
    created_at: instant,
    expires_at: instant,
    accepted_at: instant.nullable(),
  })
  .meta({ id: 'Invitation' })
export const invitationList = listOf(invitation)
export const acceptInvitationRequest = z.object({ token: z.string().min(1).max(200) })
export const memberPatch = z.object({ role })

export const apiKeyRequest = z.object({
  name,
  scopes: z.array(scope).min(1).default(['read', 'write', 'usage:write', 'billing:write']),
})
export const apiKey = z
  .object({
    id: idOf('api_key'),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(scope),
    created_at: instant,
    revoked_at: instant.nullable(),
    /** Shown once, in the answer that makes the key. */
    key: z.string().optional(),
  })
  .meta({ id: 'ApiKey' })
export const apiKeyList = listOf(apiKey)
