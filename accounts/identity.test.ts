import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { createIdentity, type Identity } from './identity.ts'
import { newSecret } from './secret.ts'

const client = { address: '127.0.0.1', userAgent: 'a browser' }
const password = 'correct horse battery'
let database: TestDatabase
let identity: Identity

beforeAll(async () => {
  database = await createTestDatabase()
  const { url: databaseUrl } = database
  identity = createIdentity({ databaseUrl, secret: newSecret(''), publicUrl: 'http://localhost:4000' })
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

describe('identity', () => {
  test('signs up, and knows the cookie again', async () => {
    const ada = await signUp('ada@example.com')
    expect(ada.user).toMatchObject({ name: 'Ada', email: 'ada@example.com' })
    expect(ada.user.id).toMatch(/^user_[0-9a-f]{32}$/)
    expect(await readUser(ada.cookies)).toEqual(ada.user)
  })

  test('refuses an address that is taken, however it is written', async () => {
    await signUp('taken@example.com')
    expect(await identity.signUp({ name: 'B', email: 'Taken@Example.com', password, client })).toEqual({
      ok: false,
      refusal: 'email_taken',
    })
  })

  test('lets one of two sign-ups with one address through', async () => {
    const request = { name: 'Twin', email: 'twin@example.com', password, client }
    const results = await Promise.all([identity.signUp(request), identity.signUp(request)])
    expect(results.map((result) => result.ok).sort()).toEqual([false, true])
  })

  test('signs in by the right password only, to the last character', async () => {
    const email = 'ben@example.com'
    await signUp(email)
    for (const wrong of [`${password} `, password.slice(0, -1), password.toUpperCase(), `${password}x`, ''])
      expect(await identity.signIn({ email, password: wrong, client })).toEqual({
        ok: false,
        refusal: 'sign_in_failed',
      })
    expect(await identity.signIn({ email: 'BEN@example.com', password, client })).toMatchObject({ ok: true })
  })

  test.each(['nobody@example.com', 'no address'])('refuses %s like a wrong password', async (email) => {
    expect(await identity.signIn({ email, password, client })).toEqual({
      ok: false,
      refusal: 'sign_in_failed',
    })
  })

  test('reads long passwords to their end', async () => {
    const long = 'x'.repeat(100)
    const email = 'long@example.com'
    await identity.signUp({ name: 'L', email, password: `${long}1`, client })
    expect(await identity.signIn({ email, password: `${long}2`, client })).toMatchObject({ ok: false })
    expect(await identity.signIn({ email, password: `${long}1`, client })).toMatchObject({ ok: true })
  })

  test('gives a new session at each sign-in, and ends the one that signs out', async () => {
    const email = 'cleo@example.com'
    const first = await signUp(email)
    const second = await identity.signIn({ email, password, client })
    if (!second.ok) throw new Error('expected to be let in')
    expect(second.cookies[0]).not.toBe(first.cookies[0])
    await identity.signOut(headerOf(first.cookies))
    expect(await readUser(first.cookies)).toBeUndefined()
    expect(await readUser(second.cookies)).toEqual(second.user)
  })

  test('trusts no cookie whose signature is not ours', async () => {
    const { cookies } = await signUp('dora@example.com')
    const other = createIdentity({
      databaseUrl: database.url,
      secret: newSecret(''),
      publicUrl: 'http://localhost:4000',
    })
    expect(await other.readSession(headerOf(cookies))).toBeNull()
    await other.close()
    expect(await identity.readSession(headerOf(cookies).replace(/.{4}$/, 'AAAA'))).toBeNull()
    expect(await identity.readSession(`${identity.cookieName}=`)).toBeNull()
  })

  test('prolongs a session once a day, and knows none that has expired', async () => {
    const { cookies, user } = await signUp('hal@example.com')
    const read = async () => (await identity.readSession(headerOf(cookies)))?.cookies.length
    const age = (days: number) =>
      database.db.asService((tx) =>
        tx.query(
          `update auth.sessions set expires_at = now() + interval '14 days' - make_interval(days => $2) where user_id = $1`,
          [user.id, days],
        ),
      )
    expect(await read()).toBe(0)
    await age(2)
    expect(await read()).toBe(1)
    expect(await read()).toBe(0)
    await age(15)
    expect(await read()).toBeUndefined()
  })

  test.each([
    '',
    'drawdown.session',
    'drawdown.session=%E0%A4%A',
    'drawdown.session=.c2ln',
    'other=1; drawdown.sessions=a.b',
  ])('makes nothing of the cookies "%s"', async (header) => {
    expect(await identity.readSession(header)).toBeNull()
  })

  test('finds its cookie among others', async () => {
    const { cookies, user } = await signUp('ida@example.com')
    const session = await identity.readSession(`theme=dark; ${headerOf(cookies)}; x=drawdown.session=a`)
    expect(session?.user).toEqual(user)
  })

  test('keeps the cookie from scripts, and under https from everything but this host', async () => {
    const { cookies } = await signUp('eva@example.com')
    expect(cookies[0]).toMatch(/^drawdown\.session=[^;]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/)
    const secure = createIdentity({
      databaseUrl: database.url,
      secret: newSecret(''),
      publicUrl: 'https://drawdown.example',
    })
    const result = await secure.signUp({ name: 'F', email: 'f@example.com', password, client })
    await secure.close()
    if (!result.ok) throw new Error('expected to be let in')
    expect(result.cookies[0]).toMatch(
      /^__Host-drawdown\.session=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(result.cookies[0]).not.toContain('Domain')
  })

  test('stores neither a password nor anything that opens a session', async () => {
    const { cookies } = await signUp('gil@example.com')
    const rows = await database.db.asService((tx) =>
      tx.query<{ text: string }>(
        'select users::text || credentials::text || sessions::text as text from auth.users join auth.credentials on user_id = users.id join auth.sessions using (user_id)',
      ),
    )
    const dump = rows.map((row) => row.text).join('\n')
    expect(dump).toContain('gil@example.com')
    expect(dump).not.toContain(password)
    const signature = decodeURIComponent(headerOf(cookies)).split('.').at(-1)!
    expect(dump).not.toContain(signature)
  })

  test('is closed to the role that serves accounts', async () => {
    const look = database.db.asTenant('0193a000-0000-7000-8000-000000000000', (tx) =>
      tx.query('select * from auth.users'),
    )
    await expect(look).rejects.toThrow('permission denied for schema auth')
  })
})

async function signUp(email: string) {
  const result = await identity.signUp({ name: 'Ada', email, password, client })
  if (!result.ok) throw new Error(`expected ${email} to be let in`)
  return result
}

const headerOf = (cookies: string[]): string => cookies.map((cookie) => cookie.split(';')[0]).join('; ')

async function readUser(cookies: string[]) {
  return (await identity.readSession(headerOf(cookies)))?.user
}
