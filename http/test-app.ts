/**
 * An app of its own for a test, on a real database, spoken to without a network.
 *
 * Called by the tests of this room. A row whose handler the test doesn't give answers 299 with what it was given to know: which row,
 * who asked, for which account. So what stands before the handlers is seen without them.
 */
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { createAccount } from '../accounts/create-account.ts'
import { createApiKey } from '../accounts/create-api-key.ts'
import { createIdentity } from '../accounts/identity.ts'
import type { Scope } from '../accounts/roles.ts'
import { newSecret } from '../accounts/secret.ts'
import { readConfig } from '../config.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { handlers as accountHandlers } from './account-routes.ts'
import { type AppOptions, buildApp } from './app.ts'
import type { Handlers } from './handlers.ts'
import { handlers as healthHandlers } from './health-routes.ts'
import { encodeId } from './ids.ts'
import type { Services } from './rooms.ts'
import { type RouteName, routes } from './routes.ts'
import { createSignInHandlers } from './sign-in-routes.ts'

export const PASSWORD = 'correct horse battery'

export type Answer = {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  /** Parsed JSON, else the text. */
  body: never
  text: string
}

export type Call = {
  method?: string
  path: string
  key?: string
  cookie?: string
  account?: string
  body?: unknown
  headers?: Record<string, string>
}

export type TestApp = {
  app: FastifyInstance
  services: Services
  database: TestDatabase
  /** As a browser of this origin when there is a cookie, else as a program. */
  call(call: Call): Promise<Answer>
  /** A new user; `cookie` is theirs. */
  signUp(name: string): Promise<{ cookie: string; userId: string; email: string }>
  /** A new account, owned by a user if named. */
  createAccount(name: string, ownerUserId?: string): Promise<{ accountId: string; id: string }>
  createKey(accountId: string, scopes: readonly Scope[]): Promise<{ key: string; id: string }>
  close(): Promise<void>
}

const ORIGIN = 'http://localhost:4000'

/** What the tests of this room need of the services; a handler under test that needs more is tested in its own room. */
type TestServices = Pick<Services, 'config' | 'db' | 'identity' | 'operatorToken' | 'models' | 'log'>

export async function createTestApp(
  options: AppOptions & { handlers?: Partial<Handlers>; config?: Record<string, string> } = {},
): Promise<TestApp> {
  const database = await createTestDatabase()
  const reading = readConfig({ ...options.config })
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const { config } = reading
  const identity = createIdentity({
    databaseUrl: database.url,
    secret: newSecret(''),
    publicUrl: config.publicUrl,
  })
  const own: TestServices = {
    config,
    db: database.db,
    identity,
    operatorToken: newSecret('ddo_'),
    models: {
      state: 'ready',
      progress: null,
      settled: Promise.resolve(),
      current: () => undefined,
      waitingFor: () => null,
    },
    log: pino({ level: 'silent' }),
  }
  const services = own as Services
  const handlers = { ...placeholders(), ...accountHandlers, ...healthHandlers, ...createSignInHandlers() }
  const app = await buildApp(services, { ...handlers, ...options.handlers } as Handlers, options)

  const call = async (request: Call): Promise<Answer> => {
    const answer = await app.inject({
      method: (request.method ?? 'GET') as 'GET',
      url: request.path,
      headers: headersOf(request),
      ...(request.body === undefined ? {} : { payload: payloadOf(request.body) }),
    })
    const isJson = /json/.test(String(answer.headers['content-type']))
    const body = (isJson ? answer.json() : answer.body) as never
    return { status: answer.statusCode, headers: answer.headers, body, text: answer.body }
  }

  return {
    app,
    services,
    database,
    call,
    async signUp(name) {
      const email = `${name.toLowerCase()}@example.com`
      const client = { address: '127.0.0.1', userAgent: undefined }
      const result = await identity.signUp({ name, email, password: PASSWORD, client })
      if (!result.ok) throw new Error(`${email}: ${result.refusal}`)
      return { cookie: cookieOf(result.cookies), userId: result.user.id, email }
    },
    async createAccount(name, ownerUserId) {
      const result = await createAccount(database.db, { name, ownerUserId })
      if (!result.ok) throw new Error(result.refusal)
      const { accountId } = result.account
      return { accountId, id: encodeId('account', accountId) }
    },
    async createKey(accountId, scopes) {
      const result = await createApiKey(database.db, { accountId, name: 'test', scopes })
      if (!result.ok) throw new Error(result.refusal)
      return { key: result.key, id: encodeId('api_key', result.apiKey.apiKeyId) }
    },
    async close() {
      await app.close()
      await identity.close()
      await database.drop()
    },
  }
}

/** `name=value; …`, as a browser sends back what it was told to keep. */
export function cookieOf(setCookie: string | string[] | undefined): string {
  return [setCookie ?? []]
    .flat()
    .map((line) => line.split(';')[0])
    .join('; ')
}

function headersOf({ key, cookie, account, body, headers, method = 'GET' }: Call): Record<string, string> {
  return {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(cookie === undefined ? {} : { cookie }),
    ...(cookie === undefined || method === 'GET' ? {} : { origin: ORIGIN }),
    ...(account === undefined ? {} : { 'drawdown-account': account }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  }
}

const payloadOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

function placeholders(): Handlers {
  const entries = (Object.keys(routes) as RouteName[]).map((name) => [
    name,
    ({ reply, principal, accountId }: Parameters<Handlers['recordUsage']>[0]) =>
      reply.code(299).send({ reached: name, kind: principal?.kind, accountId }),
  ])
  return Object.fromEntries(entries)
}
