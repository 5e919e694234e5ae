/** Every row of routes.ts × every kind of caller: who gets past the door, and with which refusal the others don't. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember } from '../accounts/create-account.ts'
import { revokeApiKey } from '../accounts/revoke-api-key.ts'
import { digestOf, newSecret } from '../accounts/secret.ts'
import { idOf } from './ids.ts'
import { type Access, type Route, routes } from './routes.ts'
import { type Call, createTestApp, type TestApp } from './test-app.ts'

/** What the caller is told; `in` when the request gets as far as its fields. */
type Expected = Record<Access, string>

/** The table. Rows of routes.ts refer to a column of it by their `access`. */
const expected = {
  anonymous: all('not_signed_in'),
  'a revoked key': all('invalid_key'),
  'a key that never was': all('invalid_key'),
  'a cookie that never was': all('not_signed_in'),
  'a user without an account': { ...member([]), ...accountRows('account_required') },
  'a member of another account, naming this one': { ...member([]), ...accountRows('account_not_found') },
  'a member of another account, naming nonsense': { ...member([]), ...accountRows('account_not_found') },
  viewer: member(['account:read']),
  billing: member(['account:read', 'account:billing']),
  editor: member(['account:read', 'account:work']),
  admin: member(['account:read', 'account:work', 'account:billing', 'account:manage']),
  owner: member(['account:read', 'account:work', 'account:billing', 'account:manage']),
  'a key that reads': key(['account:read']),
  'a key that writes': key(['account:work']),
  'a key that reports usage': key(['usage:write']),
  'a key that manages billing': key(['account:billing']),
  'a key of another account, naming this one': {
    ...key([]),
    ...accountRows('account_not_found'),
    'usage:write': 'account_not_found',
    'account:manage': 'key_not_accepted',
  },
  "the operator's token": operator(),
  "an operator's key": operator(),
  'an operator who is no member': {
    ...member([]),
    ...accountRows('account_not_found'),
    operator: 'in',
    'usage:write': 'in',
  },
} satisfies Record<string, Expected>

type Caller = keyof typeof expected

function all(refusal: string): Expected {
  return {
    ...accountRows(refusal),
    public: 'in',
    signed_in: refusal,
    'usage:write': refusal,
    operator: refusal,
  }
}

function accountRows(refusal: string) {
  return {
    'account:read': refusal,
    'account:work': refusal,
    'account:billing': refusal,
    'account:manage': refusal,
  }
}

function open(rows: Access[]): Partial<Expected> {
  return Object.fromEntries(rows.map((access) => [access, 'in']))
}

function member(rows: Access[]): Expected {
  const others = { public: 'in', signed_in: 'in', 'usage:write': 'key_required', operator: 'operator_only' }
  return { ...accountRows('role_forbids'), ...others, ...open(rows) }
}

function key(rows: Access[]): Expected {
  const never = {
    'account:manage': 'key_not_accepted',
    signed_in: 'key_not_accepted',
    operator: 'operator_only',
  }
  return {
    ...accountRows('scope_missing'),
    'usage:write': 'scope_missing',
    ...never,
    public: 'in',
    ...open(rows),
  }
}

function operator(): Expected {
  return {
    ...all('operator_routes_only'),
    signed_in: 'key_not_accepted',
    'usage:write': 'in',
    operator: 'in',
  }
}

let door: TestApp
let callers: Record<Caller, Omit<Call, 'path'>>

beforeAll(async () => {
  door = await createTestApp()
  const { createAccount, createKey, signUp, database, services } = door
  const owner = await signUp('owner')
  const here = await createAccount('Here', owner.userId)
  const outsider = await signUp('outsider')
  const there = await createAccount('There', outsider.userId)
  const nobody = await signUp('nobody')
  const boss = await signUp('boss')
  const operatorKey = newSecret('ddo_')
  await database.db.asService(async (tx) => {
    await tx.query('insert into operators (user_id) values ($1)', [boss.userId])
    await tx.query('insert into operator_keys (digest, name) values ($1, $2)', [digestOf(operatorKey), 'k'])
  })
  const roleOf = async (role: string) => {
    const { cookie, userId } = await signUp(role)
    await database.db.asTenant(here.accountId, (tx) => addMember(tx, here.accountId, userId, role))
    return { cookie, account: here.id }
  }
  const revoked = await createKey(here.accountId, ['read', 'write', 'usage:write', 'billing:write'])
  const apiKeyId = idOf('api_key').parse(revoked.id)
  await revokeApiKey(database.db, { accountId: here.accountId, apiKeyId })
  const foreign = await createKey(there.accountId, ['read', 'write', 'usage:write', 'billing:write'])
  callers = {
    anonymous: {},
    'a revoked key': { key: revoked.key },
    'a key that never was': { key: newSecret('dd_') },
    'a cookie that never was': { cookie: `${services.identity.cookieName}=x.y` },
    'a user without an account': { cookie: nobody.cookie },
    'a member of another account, naming this one': { cookie: outsider.cookie, account: here.id },
    'a member of another account, naming nonsense': { cookie: outsider.cookie, account: 'account_1' },
    viewer: await roleOf('viewer'),
    billing: await roleOf('billing'),
    editor: await roleOf('editor'),
    admin: await roleOf('admin'),
    // With a single account there is no need to name it.
    owner: { cookie: owner.cookie },
    'a key that reads': { key: (await createKey(here.accountId, ['read'])).key },
    'a key that writes': { key: (await createKey(here.accountId, ['write'])).key },
    'a key that reports usage': { key: (await createKey(here.accountId, ['usage:write'])).key },
    'a key that manages billing': { key: (await createKey(here.accountId, ['billing:write'])).key },
    'a key of another account, naming this one': { key: foreign.key, account: here.id },
    "the operator's token": { key: services.operatorToken },
    "an operator's key": { key: operatorKey },
    'an operator who is no member': { cookie: boss.cookie, account: here.id },
  }
})
afterAll(() => door?.close())

const DOOR = new Set(
  Object.values(expected)
    .flatMap((row) => Object.values(row))
    .filter((name) => name !== 'in'),
)

describe.each(Object.keys(expected) as Caller[])('%s', (caller) => {
  test.each(Object.entries<Route>(routes))('%s', async (_, row) => {
    expect(await tell(caller, row)).toBe(expected[caller][row.access])
  })
})

test('what only an operator may do stands under /v1/operator, and nothing else does', () => {
  for (const row of Object.values<Route>(routes))
    expect([row.path, row.access === 'operator']).toEqual([row.path, row.path.startsWith('/v1/operator/')])
})

/** An address and a body that no handler takes, so that nothing is changed by those who may. */
async function tell(caller: Caller, row: Route): Promise<string> {
  const body = ['POST', 'PUT', 'PATCH'].includes(row.method) ? '{"__proto__": 1}' : undefined
  const type: Record<string, string> =
    row.consumes === undefined ? {} : { 'content-type': `${row.consumes}; boundary=x` }
  const answer = await door.call({
    ...callers[caller],
    method: row.method,
    path: row.path.replaceAll(/:\w+/g, 'nothing'),
    body,
    headers: type,
  })
  const refusal = String((answer.body as { type?: string }).type ?? '').replace('/problems/', '')
  if (DOOR.has(refusal)) return refusal
  return answer.status < 500 ? 'in' : `${answer.status} ${answer.text}`
}
