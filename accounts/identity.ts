/**
 * Users, their sessions and passwords, kept by better-auth in the schema `auth` (migration 0001).
 *
 * Called by http/sign-in-routes.ts for signing up, in and out, by http/principal.ts on each request with a session cookie, and by the
 * verbs of this room that need a member's name.
 *
 * 1. Sessions live in Postgres and nothing of them is cached: signing out works everywhere at the next request.
 * 2. The cookie is readable by no script, sent by no other site's forms (SameSite=Lax), and Secure exactly under https.
 * 3. An unknown address costs as much work to refuse as a wrong password: the library hashes for it as well.
 * 4. The library's own routes, rate limits and origin checks are not used: http has one of each for everything.
 * 5. A request with a session costs one select; the library is asked only when a session is due to be prolonged, once a day.
 *
 * Not here: accounts and roles (memberships), counting failed attempts (http), who may operate (operators.ts).
 */
import { newId } from '../database/new-id.ts'
import { openPool } from '../database/pool.ts'
import { PASSWORD_LENGTH } from './password-length.ts'
import { newSecret } from './secret.ts'
import { readSessionToken } from './session-cookie.ts'

export type User = { id: string; name: string; email: string }

/** What a browser is told: `Set-Cookie` lines. */
export type Cookies = string[]

export type SignedIn = { ok: true; user: User; cookies: Cookies }

export type SignUp = { name: string; email: string; password: string; client: Client }
export type SignUpResult = SignedIn | { ok: false; refusal: 'email_taken' }
export type SignIn = { email: string; password: string; client: Client }
export type SignInResult = SignedIn | { ok: false; refusal: 'sign_in_failed' }

export type PasswordSet = { ok: true } | { ok: false; refusal: 'password_link_dead' }

/** Where a session was begun from, shown to its user. */
export type Client = { address: string; userAgent: string | undefined }

export type Identity = {
  /** Loads what signing in needs, ahead of the first who does. */
  prepare(): Promise<void>
  /** Creates a user and signs them in. E-mail addresses are compared in lower case. */
  signUp(request: SignUp): Promise<SignUpResult>
  /** A new session: an older cookie of the same browser is not continued. */
  signIn(request: SignIn): Promise<SignInResult>
  /** Ends the session of these cookies, if there is one; answers cookies that remove it from the browser. */
  signOut(cookieHeader: string): Promise<Cookies>
  /** Who these cookies belong to; null when to nobody. `cookies` prolong the session once a day. */
  readSession(cookieHeader: string): Promise<{ user: User; cookies: Cookies } | null>
  /** Users by id; ids that are nobody's are absent. */
  readUsers(ids: readonly string[]): Promise<Map<string, User>>
  /** Null where nobody has this address. */
  findUser(email: string): Promise<User | null>
  /** What a link to set a new password holds: good once, for an hour. */
  makePasswordToken(userId: string): Promise<string>
  /** Sets a new password by such a token, and ends every session of that user. */
  setPassword(request: { token: string; password: string }): Promise<PasswordSet>
  /** The name of the cookie, to tell without a look-up that a request has none. */
  cookieName: string
  close(): Promise<void>
}

export type IdentityOptions = {
  databaseUrl: string
  /** Signs the cookies; 32 random bytes as text, kept outside the database. */
  secret: string
  /** Where people reach the service: whether that is by https decides about Secure. */
  publicUrl: string
  onFault?: (fault: Error) => void
}

const DAY_SECONDS = 86_400
const SESSION_SECONDS = 14 * DAY_SECONDS

/** Opens a pool of its own under drawdown_service with the schema `auth` on the path; `close` ends it. */
export function createIdentity(options: IdentityOptions): Identity {
  const pool = openPool(options.databaseUrl, {
    role: 'drawdown_service',
    searchPath: 'auth',
    connections: 6,
    ...(options.onFault === undefined ? {} : { onFault: options.onFault }),
  })
  const https = options.publicUrl.startsWith('https:')
  // __Host-: a browser takes it only over https and for exactly this host, so no sibling site can plant one.
  const cookieName = https ? '__Host-drawdown.session' : 'drawdown.session'
  let opened: Promise<Library> | undefined
  const library = () => {
    opened ??= openLibrary(pool, options, { name: cookieName, secure: https })
    return opened
  }
  return {
    cookieName,
    async prepare() {
      await library()
    },
    signUp: async (request) => signUp(await library(), pool, request),
    signIn: async (request) => signIn(await library(), request),
    async signOut(cookieHeader) {
      const headers = new Headers({ cookie: cookieHeader })
      const answer = await (await library()).api.signOut({ headers, returnHeaders: true })
      return answer.headers.getSetCookie()
    },
    async readSession(cookieHeader) {
      const token = readSessionToken(cookieHeader, cookieName, options.secret)
      const session = token === null ? undefined : await findSession(pool, token)
      if (session === undefined) return null
      const cookies = session.due ? await prolongSession(await library(), cookieHeader) : []
      return { user: userOf(session), cookies }
    },
    async readUsers(ids) {
      const { rows } = await pool.query<User>('select id, name, email from auth.users where id = any($1)', [
        ids,
      ])
      return new Map(rows.map((user) => [user.id, user]))
    },
    async findUser(email) {
      const found = 'select id, name, email from auth.users where email = $1'
      return (await pool.query<User>(found, [email.toLowerCase()])).rows[0] ?? null
    },
    makePasswordToken: (userId) => makePasswordToken(pool, userId),
    setPassword: async (request) => setPassword(await library(), request),
    close: () => pool.end(),
  }
}

type Pool = ReturnType<typeof openPool>
type Library = Awaited<ReturnType<typeof openLibrary>>

/** Loading the library takes longer than all the rest of the server's start, so it is loaded when it is first needed. */
async function openLibrary(pool: Pool, options: IdentityOptions, cookie: { name: string; secure: boolean }) {
  const { betterAuth } = await import('better-auth')
  return betterAuth({
    database: pool,
    secret: options.secret,
    baseURL: new URL(options.publicUrl).origin,
    basePath: '/auth',
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.least,
      maxPasswordLength: PASSWORD_LENGTH.most,
      revokeSessionsOnPasswordReset: true,
    },
    session: {
      modelName: 'sessions',
      fields: SESSION_COLUMNS,
      expiresIn: SESSION_SECONDS,
      updateAge: DAY_SECONDS,
      cookieCache: { enabled: false },
    },
    user: { modelName: 'users', fields: USER_COLUMNS },
    account: { modelName: 'credentials', fields: CREDENTIAL_COLUMNS },
    verification: { modelName: 'verifications', fields: VERIFICATION_COLUMNS },
    rateLimit: { enabled: false },
    advanced: {
      useSecureCookies: false, // would name them __Secure-; the attribute is set below
      cookies: {
        session_token: {
          name: cookie.name,
          attributes: { secure: cookie.secure, sameSite: 'lax', httpOnly: true },
        },
      },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: {
        generateId: ({ model }) => `${ID_PREFIX[model] ?? model}_${newId().replaceAll('-', '')}`,
      },
    },
  })
}

async function signUp(
  auth: Library,
  pool: Pool,
  { name, email, password, client }: SignUp,
): Promise<SignUpResult> {
  try {
    const body = { name, email, password }
    const answer = await auth.api.signUpEmail({ body, headers: clientHeaders(client), returnHeaders: true })
    return signedIn(answer.response.user, answer.headers)
  } catch (fault) {
    if (codeOf(fault).startsWith('USER_ALREADY_EXISTS')) return { ok: false, refusal: 'email_taken' }
    // Two sign-ups with one address at the same moment: the unique index lets one through.
    if (codeOf(fault) === 'FAILED_TO_CREATE_USER' && (await isTaken(pool, email)))
      return { ok: false, refusal: 'email_taken' }
    throw fault
  }
}

async function signIn(auth: Library, { email, password, client }: SignIn): Promise<SignInResult> {
  try {
    const body = { email, password }
    const answer = await auth.api.signInEmail({ body, headers: clientHeaders(client), returnHeaders: true })
    return signedIn(answer.response.user, answer.headers)
  } catch (fault) {
    if (REFUSED_SIGN_IN.includes(codeOf(fault))) return { ok: false, refusal: 'sign_in_failed' }
    throw fault
  }
}

/** As the library would keep it: it reads, uses up and forgets these rows. */
async function makePasswordToken(pool: Pool, userId: string): Promise<string> {
  const token = newSecret('')
  await pool.query(
    `insert into auth.verifications (id, identifier, value, expires_at, created_at, updated_at)
     values ($1, $2, $3, now() + interval '1 hour', now(), now())`,
    [`verification_${newId().replaceAll('-', '')}`, `reset-password:${token}`, userId],
  )
  return token
}

async function setPassword(
  auth: Library,
  { token, password }: { token: string; password: string },
): Promise<PasswordSet> {
  try {
    await auth.api.resetPassword({ body: { token, newPassword: password } })
    return { ok: true }
  } catch (fault) {
    if (codeOf(fault) === 'INVALID_TOKEN') return { ok: false, refusal: 'password_link_dead' }
    throw fault
  }
}

/** `due`: it was last prolonged a day ago or more. */
async function findSession(pool: Pool, token: string): Promise<(User & { due: boolean }) | undefined> {
  const { rows } = await pool.query<User & { due: boolean }>(
    `select users.id, users.name, users.email,
       sessions.expires_at <= now() + make_interval(secs => $2) as due
     from auth.sessions
     join auth.users on users.id = sessions.user_id
     where sessions.token = $1 and sessions.expires_at > now()`,
    [token, SESSION_SECONDS - DAY_SECONDS],
  )
  return rows[0]
}

async function prolongSession(auth: Library, cookieHeader: string): Promise<Cookies> {
  const headers = new Headers({ cookie: cookieHeader })
  const answer = await auth.api.getSession({ headers, returnHeaders: true })
  return answer.headers.getSetCookie()
}

async function isTaken(pool: Pool, email: string): Promise<boolean> {
  const { rowCount } = await pool.query('select from auth.users where email = $1', [email.toLowerCase()])
  return rowCount === 1
}

/** The library reads the client's address from a header; only ours, set from the socket, is one that it may believe. */
const ADDRESS_HEADER = 'x-drawdown-address'

function clientHeaders({ address, userAgent }: Client): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: address })
  if (userAgent !== undefined) headers.set('user-agent', userAgent.slice(0, 300))
  return headers
}

/** What the library answers to a wrong address, a wrong password, or one that could not be right. */
const REFUSED_SIGN_IN = [
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_EMAIL',
  'INVALID_PASSWORD',
  'PASSWORD_TOO_SHORT',
  'PASSWORD_TOO_LONG',
]

/** The library's name for what it refuses; empty for any other fault. */
function codeOf(fault: unknown): string {
  if (!(fault instanceof Error) || fault.name !== 'APIError') return ''
  const { body } = fault as { body?: { code?: unknown } }
  return String(body?.code ?? '')
}

function signedIn(user: User, headers: Headers): SignedIn {
  return { ok: true, user: userOf(user), cookies: headers.getSetCookie() }
}

const userOf = ({ id, name, email }: User): User => ({ id, name, email })

const ID_PREFIX: Record<string, string> = {
  user: 'user',
  session: 'session',
  account: 'credential',
  verification: 'verification',
}

// The library's names on the left, the columns of migration 0001 on the right.
const STAMPS = { createdAt: 'created_at', updatedAt: 'updated_at' }
const USER_COLUMNS = { ...STAMPS, emailVerified: 'email_verified' }
const SESSION_COLUMNS = {
  ...STAMPS,
  userId: 'user_id',
  expiresAt: 'expires_at',
  ipAddress: 'ip_address',
  userAgent: 'user_agent',
}
const CREDENTIAL_COLUMNS = {
  ...STAMPS,
  userId: 'user_id',
  providerId: 'provider_id',
  accountId: 'account_id',
  accessToken: 'access_token',
  refreshToken: 'refresh_token',
  idToken: 'id_token',
  accessTokenExpiresAt: 'access_token_expires_at',
  refreshTokenExpiresAt: 'refresh_token_expires_at',
}
const VERIFICATION_COLUMNS = { ...STAMPS, expiresAt: 'expires_at' }
