/**
 * Who is asking, and what they may do: from a key or a session to a principal, and from the principal and the row's access to an
 * account or a refusal.
 *
 * Called by bind-route.ts before a body is read.
 *
 * 1. Every request is looked up anew: a revoked key, an ended session, a removed member is refused at the next request.
 * 2. A key that is sent must be good. The session cookie is looked at only without one.
 * 3. An account that the caller has nothing to do with answers 404 like one that does not exist.
 * 4. A session's account is named in the header Drawdown-Account; a user with a single account need not; where a browser fetches by
 *    itself and can send no header (images, downloads, streams), `?account=` takes its place.
 * 5. Beneath all this, row-level security shows a transaction one account only (rule R32).
 */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { findApiKey } from '../accounts/find-api-key.ts'
import { listAccountsOf } from '../accounts/list-accounts.ts'
import { isOperator, isOperatorKey, OPERATOR_KEY_PREFIX } from '../accounts/operators.ts'
import { readRole } from '../accounts/read-account.ts'
import type { Role, Scope } from '../accounts/roles.ts'
import { digestOf } from '../accounts/secret.ts'
import { isFromThisSite } from './cross-site.ts'
import { idOf } from './ids.ts'
import { type Refused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import type { Access, Route } from './routes.ts'

/** Somebody who is signed in. */
export type UserPrincipal = {
  kind: 'user'
  userId: string
  name: string
  email: string
  /** Their role in the account of this request; null when the request is about none. */
  role: Role | null
}

/** A program with a key of one account. */
export type KeyPrincipal = { kind: 'key'; apiKeyId: string; accountId: string; scopes: readonly Scope[] }

/** The operator's token or key: no person, every operator route. */
export type OperatorPrincipal = { kind: 'operator' }

export type AnyPrincipal = UserPrincipal | KeyPrincipal | OperatorPrincipal

export type Admitted = { ok: true; principal: AnyPrincipal | null; accountId: string | null }

/** Whether this request may do what the row is for, and for which account. May set a cookie that prolongs the session. */
export async function admit(
  services: Services,
  row: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Admitted | Refused> {
  if (row.access === 'public') return { ok: true, principal: null, accountId: null }
  const principal = await identify(services, request, reply)
  if ('ok' in principal) return principal
  if (principal.kind === 'user') return admitUser(services, row, request, principal)
  if (principal.kind === 'key') return admitKey(row.access, request, principal)
  return admitOperatorToken(row.access, principal)
}

// ---------------------------------------------------------------------------------------------- who

async function identify(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<AnyPrincipal | Refused> {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) return identifyBearer(services, authorization)
  if (cookie === undefined || !cookie.includes(services.identity.cookieName)) return refuse('not_signed_in')
  if (changesState(request.method) && !isFromThisSite(services.config.publicUrl, request))
    return refuse('cross_site')
  const session = await services.identity.readSession(cookie)
  if (session === null) return refuse('not_signed_in')
  if (session.cookies.length > 0) reply.header('set-cookie', session.cookies)
  const { id: userId, name, email } = session.user
  return { kind: 'user', userId, name, email, role: null }
}

async function identifyBearer(services: Services, authorization: string): Promise<AnyPrincipal | Refused> {
  const secret = /^Bearer +([\w-]{8,200})$/i.exec(authorization)?.[1]
  if (secret === undefined) return refuse('invalid_key', 'Expected the header "Authorization: Bearer dd_…".')
  if (secret.startsWith(OPERATOR_KEY_PREFIX)) {
    const known = isSame(secret, services.operatorToken) || (await isOperatorKey(services.db, secret))
    return known ? { kind: 'operator' } : refuse('invalid_key')
  }
  const found = await findApiKey(services.db, secret)
  return found === null ? refuse('invalid_key') : { kind: 'key', ...found }
}

/** Of digests, so that neither length nor first difference shows in the time it takes. */
function isSame(secret: string, other: string): boolean {
  return timingSafeEqual(digestOf(secret), digestOf(other))
}

export function changesState(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method)
}

// ---------------------------------------------------------------------------------------------- may

type AccountAccess = Extract<Access, `account:${string}`>

const ROLES_OF: Record<AccountAccess, readonly Role[]> = {
  'account:read': ['owner', 'admin', 'billing', 'editor', 'viewer'],
  'account:work': ['owner', 'admin', 'editor'],
  'account:billing': ['owner', 'admin', 'billing'],
  'account:manage': ['owner', 'admin'],
}

/** Null: no key may. */
const SCOPE_OF: Record<Access, Scope | null> = {
  public: null,
  signed_in: null,
  'account:read': 'read',
  'account:work': 'write',
  'account:billing': 'billing:write',
  'account:manage': null,
  'usage:write': 'usage:write',
  operator: null,
}

const isAccountAccess = (access: Access): access is AccountAccess => access.startsWith('account:')

async function admitUser(
  services: Services,
  row: Route,
  request: FastifyRequest,
  principal: UserPrincipal,
): Promise<Admitted | Refused> {
  const { access } = row
  if (access === 'signed_in') return { ok: true, principal, accountId: null }
  if (!isAccountAccess(access)) {
    if (await isOperator(services.db, principal.userId)) return { ok: true, principal, accountId: null }
    if (access === 'operator') return refuse('operator_only')
    return refuse('key_required', 'Use an API key with the scope "usage:write".')
  }
  const named = namedAccount(row, request)
  const membership =
    named === undefined
      ? await onlyAccount(services, principal.userId)
      : await membershipIn(services, named, principal.userId)
  if ('ok' in membership) return membership
  const { accountId, role } = membership
  const allowed = ROLES_OF[access]
  if (!allowed.includes(role))
    return refuse('role_forbids', `This needs one of the roles ${allowed.join(', ')}; yours is ${role}.`)
  return { ok: true, principal: { ...principal, role }, accountId }
}

type Membership = { accountId: string; role: Role }

async function membershipIn(
  services: Services,
  named: string,
  userId: string,
): Promise<Membership | Refused> {
  const id = idOf('account').safeParse(named)
  const role = id.success ? await readRole(services.db, id.data, userId) : null
  return id.success && role !== null ? { accountId: id.data, role } : refuse('account_not_found')
}

async function onlyAccount(services: Services, userId: string): Promise<Membership | Refused> {
  const [first, ...others] = await listAccountsOf(services.db, userId)
  return first !== undefined && others.length === 0 ? first : refuse('account_required')
}

function namedAccount(row: Route, request: FastifyRequest): string | undefined {
  const { 'drawdown-account': header } = request.headers
  if (header !== undefined) return String(header)
  const { account } = request.query as Record<string, unknown>
  return row.produces !== undefined && account !== undefined ? String(account) : undefined
}

function admitKey(access: Access, request: FastifyRequest, principal: KeyPrincipal): Admitted | Refused {
  const scope = SCOPE_OF[access]
  if (access === 'operator') return refuse('operator_only')
  if (scope === null) return refuse('key_not_accepted')
  const { 'drawdown-account': header } = request.headers
  if (header !== undefined) {
    const named = idOf('account').safeParse(header)
    if (!named.success || named.data !== principal.accountId) return refuse('account_not_found')
  }
  if (!principal.scopes.includes(scope))
    return refuse(
      'scope_missing',
      `This needs the scope "${scope}"; the key has ${principal.scopes.join(', ')}.`,
    )
  return { ok: true, principal, accountId: principal.accountId }
}

function admitOperatorToken(access: Access, principal: OperatorPrincipal): Admitted | Refused {
  if (access === 'operator' || access === 'usage:write') return { ok: true, principal, accountId: null }
  return access === 'signed_in' ? refuse('key_not_accepted') : refuse('operator_routes_only')
}
