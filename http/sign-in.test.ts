/** Signing up, in and out, the first operator, members and keys, told through HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFirstOperatorLink } from '../accounts/first-operator.ts'
import { Attempts } from './attempts.ts'
import { type Answer, type Call, cookieOf, createTestApp, PASSWORD, type TestApp } from './test-app.ts'

let here: TestApp
beforeAll(async () => {
  here = await createTestApp()
})
afterAll(() => here?.close())

const post = (path: string, body: unknown, more: Partial<Call> = {}) =>
  here.call({ method: 'POST', path, body, ...more })

/** Status and, for a refusal, its name. */
function outcome({ status, body }: Answer): string {
  const type = (body as { type?: string } | undefined)?.type
  return type === undefined ? String(status) : `${status} ${type.replace('/problems/', '')}`
}

async function me(cookie: string) {
  return here.call({ path: '/v1/me', cookie })
}

describe('signing up, in and out', () => {
  const ada = { name: 'Ada', email: 'ada@example.com', password: PASSWORD }

  test('a new user is signed in, has no account and is no operator', async () => {
    const answer = await post('/auth/sign-up/email', ada)
    expect(outcome(answer)).toBe('201')
    const { body } = await me(cookieOf(answer.headers['set-cookie'] as string[]))
    expect(body).toEqual({
      user: { id: expect.stringMatching(/^user_/), name: 'Ada', email: ada.email },
      operator: false,
      sandbox: true,
      accounts: [],
    })
  })

  test('out is out, at the next request', async () => {
    const answer = await post('/auth/sign-in/email', { email: ada.email, password: PASSWORD })
    const cookie = cookieOf(answer.headers['set-cookie'] as string[])
    expect(outcome(await me(cookie))).toBe('200')
    const left = await here.call({ method: 'POST', path: '/auth/sign-out', cookie })
    expect(outcome(left)).toBe('204')
    expect(String(left.headers['set-cookie'])).toMatch(/drawdown\.session=; Max-Age=0/)
    expect(outcome(await me(cookie))).toBe('401 not_signed_in')
  })

  test.each<[string, object, string]>([
    ['a taken address', ada, '409 email_taken'],
    ['a short password', { ...ada, email: 'b@example.com', password: 'too short' }, '422 invalid_input'],
    ['no address', { ...ada, email: 'b' }, '422 invalid_input'],
    ['a wish to be more', { ...ada, email: 'b@example.com', operator: true }, '422 invalid_input'],
  ])('refuses to sign up with %s', async (_, body, expected) => {
    expect(outcome(await post('/auth/sign-up/email', body))).toBe(expected)
  })

  test('a wrong password and an unknown address are told alike', async () => {
    const wrong = await post('/auth/sign-in/email', { email: ada.email, password: 'not the password' })
    const unknown = await post('/auth/sign-in/email', {
      email: 'x@example.com',
      password: 'not the password',
    })
    expect(outcome(wrong)).toBe('401 sign_in_failed')
    const { request_id: _, ...said } = wrong.body as Record<string, unknown>
    const { request_id: __, ...saidToo } = unknown.body as Record<string, unknown>
    expect(said).toEqual(saidToo)
  })

  test('ten wrong passwords make even the right one wait, but end no session', async () => {
    const { cookie, email } = await here.signUp('Guessed')
    for (let attempt = 0; attempt < 10; attempt++)
      expect(outcome(await post('/auth/sign-in/email', { email, password: 'guess' }))).toBe(
        '401 sign_in_failed',
      )
    const answer = await post('/auth/sign-in/email', { email: email.toUpperCase(), password: PASSWORD })
    expect(outcome(answer)).toBe('429 too_many_requests')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(800)
    expect(outcome(await me(cookie))).toBe('200')
    expect(outcome(await post('/auth/sign-in/email', { email: ada.email, password: PASSWORD }))).toBe('200')
  })
})

describe('attempts', () => {
  test('wait until the oldest failure is past, and no longer', () => {
    let now = 0
    const attempts = new Attempts({ failures: 3, withinMs: 60_000 }, () => now)
    const fail = (at: number) => {
      now = at
      attempts.failed('a')
    }
    fail(0)
    fail(10_000)
    expect(attempts.waitSeconds('a')).toBe(0)
    fail(20_000)
    expect(attempts.waitSeconds('a')).toBe(40)
    expect(attempts.waitSeconds('b')).toBe(0)
    now = 59_999
    expect(attempts.waitSeconds('a')).toBe(1)
    now = 60_000
    expect(attempts.waitSeconds('a')).toBe(0)
    attempts.failed('a')
    expect(attempts.waitSeconds('a')).toBe(10)
    attempts.succeeded('a')
    expect(attempts.waitSeconds('a')).toBe(0)
  })
})

describe('other sites', () => {
  const foreign: [string, Record<string, string>][] = [
    ['another site', { origin: 'https://evil.example' }],
    ['another program on this machine', { origin: 'http://localhost:8080' }],
    ['nowhere', { origin: 'null' }],
    ['a browser that hides where it is', { origin: '', 'sec-fetch-site': 'cross-site' }],
  ]
  test.each(foreign)('cannot use the session: %s', async (_, headers) => {
    const { cookie } = await here.signUp(`victim${Math.random()}`)
    const answer = await post('/v1/accounts', { name: 'Stolen' }, { cookie, headers })
    expect(outcome(answer)).toBe('403 cross_site')
    expect((await me(cookie)).body).toMatchObject({ accounts: [] })
  })
  test.each(foreign)('cannot sign anybody in: %s', async (_, headers) => {
    const body = { email: 'ada@example.com', password: PASSWORD }
    expect(outcome(await post('/auth/sign-in/email', body, { headers }))).toBe('403 cross_site')
  })
  test('without a word of where it comes from, a cookie opens nothing that changes', async () => {
    const { cookie } = await here.signUp('silent')
    const answer = await here.app.inject({
      method: 'POST',
      url: '/v1/accounts',
      headers: { cookie, 'content-type': 'application/json' },
      payload: '{"name":"x"}',
    })
    expect(answer.json()).toMatchObject({ type: '/problems/cross_site' })
  })
  test.each([
    { origin: 'http://localhost:4000', host: 'localhost:4000' },
    { origin: 'http://127.0.0.1:4000', host: '127.0.0.1:4000' },
    { origin: 'http://127.0.0.1:51234', host: '127.0.0.1:51234' },
  ])('this site is $origin', async (headers) => {
    const { cookie } = await here.signUp(`home${Math.random()}`)
    expect(outcome(await post('/v1/accounts', { name: 'Mine' }, { cookie, headers }))).toBe('201')
  })
})

describe('the first operator', () => {
  const boss = { name: 'Boss', email: 'boss@example.com', password: PASSWORD }
  const become = (token: string, body: object = boss) => post('/auth/first-operator', { ...body, token })

  test('comes in by a link that works once, and then no link works', async () => {
    const first = await createFirstOperatorLink(here.services.db)
    const second = await createFirstOperatorLink(here.services.db)
    if (first === null || second === null) throw new Error('expected links while there is no operator')

    expect(outcome(await become('not a link'))).toBe('404 sign_in_link_dead')
    const taken = { ...boss, email: 'ada@example.com', password: 'not the password of Ada' }
    expect(outcome(await become(first, taken))).toBe('409 email_taken')

    const both = await Promise.all([become(first), become(second, { ...boss, email: 'rival@example.com' })])
    expect(both.map(outcome).sort()).toEqual(['201', '404 sign_in_link_dead'])
    const won = both.find(({ status }) => status === 201)!
    const cookie = cookieOf(won.headers['set-cookie'] as string[])
    expect((await me(cookie)).body).toMatchObject({ operator: true })
    expect(outcome(await here.call({ path: '/v1/operator/accounts', cookie }))).toBe('299')

    for (const token of [first, second])
      expect(outcome(await become(token, { ...boss, email: 'late@example.com' }))).toBe(
        '404 sign_in_link_dead',
      )
    expect(await createFirstOperatorLink(here.services.db)).toBeNull()
  })
})

describe('an account and its members', () => {
  test('from its making to its last owner', async () => {
    const owner = await here.signUp('Olga')
    const made = await post('/v1/accounts', { name: 'Acme Prints', zone: 'Europe/Berlin' }, owner)
    expect(made.body).toMatchObject({ name: 'Acme Prints', zone: 'Europe/Berlin', invoice_prefix: 'ACME' })
    const { id: account } = made.body as { id: string }
    const asOwner = { cookie: owner.cookie, account }

    const invited = await post('/v1/invitations', { email: 'Nils@example.com', role: 'viewer' }, asOwner)
    const { link } = invited.body as { link: string }
    expect(link).toMatch(/^http:\/\/localhost:4000\/join\/\w{43}$/)
    const token = link.split('/').at(-1)!
    const open = await here.call({ path: '/v1/invitations', ...asOwner })
    expect((open.body as { data: object[] }).data).toEqual([expect.not.objectContaining({ link })])

    const [nils, mallory] = [await here.signUp('Nils'), await here.signUp('Mallory')]
    const accept = (cookie: string) => post('/v1/invitations/accept', { token }, { cookie })
    expect(outcome(await accept(mallory.cookie))).toBe('403 invitation_for_another')
    const answers = await Promise.all([accept(nils.cookie), accept(nils.cookie)])
    expect(answers.map(outcome).sort()).toEqual(['200', '404 invitation_dead'])
    expect(outcome(await accept(nils.cookie))).toBe('404 invitation_dead')

    const members = await here.call({ path: '/v1/members?limit=1', ...asOwner })
    const page = members.body as { data: { email: string }[]; next_cursor: string }
    expect(page.data).toMatchObject([{ user_id: owner.userId, role: 'owner', email: owner.email }])
    const rest = await here.call({ path: `/v1/members?cursor=${page.next_cursor}`, ...asOwner })
    expect(rest.body).toMatchObject({ data: [{ user_id: nils.userId, role: 'viewer' }], next_cursor: null })

    const change = (userId: string, role: string, as: Partial<Call> = asOwner) =>
      here.call({ method: 'PATCH', path: `/v1/members/${userId}`, body: { role }, ...as })
    const remove = (userId: string, as: Partial<Call> = asOwner) =>
      here.call({ method: 'DELETE', path: `/v1/members/${userId}`, ...as })
    expect(outcome(await change(owner.userId, 'viewer'))).toBe('409 last_owner')
    expect(outcome(await remove(owner.userId))).toBe('409 last_owner')
    expect(outcome(await change('user_nobody', 'viewer'))).toBe('404 member_not_found')

    expect((await change(nils.userId, 'admin')).body).toMatchObject({ role: 'admin', name: 'Nils' })
    const asAdmin = { cookie: nils.cookie, account }
    expect(outcome(await change(nils.userId, 'owner', asAdmin))).toBe('403 owner_only')
    expect(outcome(await remove(owner.userId, asAdmin))).toBe('403 owner_only')
    expect(outcome(await post('/v1/invitations', { email: 'x@example.com', role: 'owner' }, asAdmin))).toBe(
      '403 owner_only',
    )

    expect(outcome(await change(nils.userId, 'owner'))).toBe('200')
    const stepDown = await Promise.all([
      change(owner.userId, 'viewer'),
      change(nils.userId, 'viewer', asAdmin),
    ])
    expect(stepDown.map(outcome).sort()[0]).toBe('200')
    expect(stepDown.filter(({ status }) => status === 200)).toHaveLength(1)
    const left = await here.call({ path: '/v1/members', ...asOwner })
    expect(
      (left.body as { data: { role: string }[] }).data.filter(({ role }) => role === 'owner'),
    ).toHaveLength(1)
  })

  test('whoever is removed sees nothing at the next request', async () => {
    const [owner, guest] = [await here.signUp('Host'), await here.signUp('Guest')]
    const { accountId, id: account } = await here.createAccount('Club', owner.userId)
    const invited = await post(
      '/v1/invitations',
      { email: guest.email, role: 'editor' },
      { cookie: owner.cookie },
    )
    const token = (invited.body as { link: string }).link.split('/').at(-1)
    await post('/v1/invitations/accept', { token }, { cookie: guest.cookie })
    const look = () => here.call({ path: '/v1/account', cookie: guest.cookie, account })
    expect(outcome(await look())).toBe('200')
    await here.call({ method: 'DELETE', path: `/v1/members/${guest.userId}`, cookie: owner.cookie })
    expect(outcome(await look())).toBe('404 account_not_found')
    expect(accountId).toHaveLength(36)
  })
})

describe('API keys', () => {
  test('are shown once, open their account, and are refused right after they are revoked', async () => {
    const owner = await here.signUp('Kim')
    const { id: account } = await here.createAccount('Keys', owner.userId)
    const made = await post('/v1/api-keys', { name: 'CI', scopes: ['read', 'read'] }, owner)
    const { key, id, prefix } = made.body as { key: string; id: string; prefix: string }
    expect(key).toMatch(/^dd_[0-9A-Za-z]{43}$/)
    expect(key.startsWith(prefix)).toBe(true)

    const listed = await here.call({ path: '/v1/api-keys', cookie: owner.cookie })
    expect(listed.body).toMatchObject({ data: [{ id, prefix, scopes: ['read'], revoked_at: null }] })
    expect(listed.text).not.toContain(key)

    const look = () => here.call({ path: '/v1/account', key })
    expect((await look()).body).toMatchObject({ id: account })
    const revoke = (path: string) => here.call({ method: 'DELETE', path, cookie: owner.cookie })
    expect(outcome(await revoke(`/v1/api-keys/${id}`))).toBe('204')
    expect(outcome(await look())).toBe('401 invalid_key')
    expect(outcome(await revoke(`/v1/api-keys/${id}`))).toBe('204')
  })

  test('of another account are not there to be revoked', async () => {
    const [one, two] = [await here.signUp('Uno'), await here.signUp('Due')]
    const mine = await here.createAccount('Uno', one.userId)
    await here.createAccount('Due', two.userId)
    const { key, id } = await here.createKey(mine.accountId, ['read'])
    const path = `/v1/api-keys/${id}`
    const answer = await here.call({ method: 'DELETE', path, cookie: two.cookie })
    expect(outcome(answer)).toBe('404 api_key_not_found')
    expect(outcome(await here.call({ path: '/v1/account', key }))).toBe('200')
  })

  test('stand in no address', async () => {
    const { accountId } = await here.createAccount('Query')
    const { key } = await here.createKey(accountId, ['read'])
    const answer = await here.call({ path: `/v1/account?api_key=${key}&authorization=${key}` })
    expect(outcome(answer)).toBe('401 not_signed_in')
  })
})

describe('an account in the address', () => {
  test('is taken where a browser fetches by itself, and nowhere else', async () => {
    const user = await here.signUp('Browser')
    const [one, two] = [
      await here.createAccount('One', user.userId),
      await here.createAccount('Two', user.userId),
    ]
    const look = (path: string) => here.call({ path, cookie: user.cookie })
    const file = `/v1/images/image_${'0'.repeat(32)}/file`
    expect((await look(`${file}?account=${two.id}`)).body).toMatchObject({ accountId: two.accountId })
    expect((await look(`${file}?account=${one.id}`)).body).toMatchObject({ accountId: one.accountId })
    expect(outcome(await look(file))).toBe('400 account_required')
    expect(outcome(await look(`/v1/account?account=${two.id}`))).toBe('400 account_required')
  })
})
