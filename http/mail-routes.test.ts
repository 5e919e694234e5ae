/** Mails as a person and the operator meet them. Who is written to and how is tested where it is done: outbox/. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unsubscribeToken } from '../outbox/mail-preferences.ts'
import { openSealer } from '../outbox/seal-secret.ts'
import { handlers as mail } from './mail-routes.ts'
import { createTestApp, PASSWORD, type TestApp } from './test-app.ts'

let app: TestApp
const sealer = openSealer('test')
beforeAll(async () => {
  app = await createTestApp({ handlers: mail })
  app.services.sealer = sealer
})
afterAll(() => app.close())

const operator = () => ({ key: app.services.operatorToken })

test('a person chooses their mails, a link in a mail stops one kind, and a key has none', async () => {
  const { cookie, userId } = await app.signUp('Chooser')
  const { accountId, id } = await app.createAccount('Here', userId)
  const path = '/v1/mail-preferences'
  const all = { billing: true, alerts: true, runs: 'long', weekly: true }
  expect(await app.call({ path, cookie })).toMatchObject({ status: 200, body: all })
  expect(await app.call({ method: 'PUT', path, cookie, body: { ...all, runs: 'all' } })).toMatchObject({
    status: 200,
  })
  const token = unsubscribeToken(sealer, { accountId, userId, kind: 'weekly' })
  // As a mail program does it: no cookie, a form, nothing else.
  const clicked = await app.call({
    method: 'POST',
    path: `/v1/unsubscribe/${token}`,
    body: 'List-Unsubscribe=One-Click',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(clicked).toMatchObject({ status: 200, body: { kind: 'weekly' } })
  expect((await app.call({ path, cookie })).body).toEqual({ ...all, runs: 'all', weekly: false })
  expect(await app.call({ method: 'POST', path: `/v1/unsubscribe/${token}x`, body: {} })).toMatchObject({
    status: 404,
  })
  const { key } = await app.createKey(accountId, ['read'])
  expect((await app.call({ path, key, account: id })).body).toMatchObject({
    type: '/problems/key_not_accepted',
  })
})

test('a link for a new password is mailed, works once, and ends every session', async () => {
  const { cookie, userId, email } = await app.signUp('Forgetful')
  const ask = (address: string) =>
    app.call({ method: 'POST', path: '/auth/forgot-password', body: { email: address } })
  expect(await ask(email)).toMatchObject({ status: 204 })
  expect(await ask('nobody@example.com')).toMatchObject({ status: 204 })
  const listed = await app.call({ path: '/v1/operator/mails', ...operator() })
  expect(listed.body).toMatchObject({
    sending: false,
    data: [{ template: 'password_reset', recipient: email, status: 'waiting' }],
  })
  const { data } = listed.body as { data: { id: string }[] }
  const shown = await app.call({ path: `/v1/operator/mails/${data[0]!.id}`, ...operator() })
  expect(shown.body).toMatchObject({ rendered: { subject: 'Set a new password' } })

  const token = await app.services.identity.makePasswordToken(userId)
  const set = (password: string) =>
    app.call({ method: 'POST', path: '/auth/new-password', body: { token, password } })
  expect(await set('a whole new password')).toMatchObject({ status: 204 })
  expect(await set('a whole new password')).toMatchObject({ body: { type: '/problems/password_link_dead' } })
  expect(await app.call({ path: '/v1/me', cookie })).toMatchObject({ status: 401 })
  const signIn = (password: string) =>
    app.call({ method: 'POST', path: '/auth/sign-in/email', body: { email, password } })
  expect(await signIn(PASSWORD)).toMatchObject({ status: 401 })
  expect(await signIn('a whole new password')).toMatchObject({ status: 200 })
})

test('a sign-in by another browser is told once, with which and from where', async () => {
  const { email } = await app.signUp('Wary')
  const edge = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0'
  const signIn = (agent: string) =>
    app.call({
      method: 'POST',
      path: '/auth/sign-in/email',
      body: { email, password: PASSWORD },
      headers: { 'user-agent': agent },
    })
  for (const agent of [edge, edge, 'curl/8.0']) expect(await signIn(agent)).toMatchObject({ status: 200 })
  const listed = await app.call({ path: '/v1/operator/mails', ...operator() })
  const { data } = listed.body as { data: { id: string; template: string; recipient: string }[] }
  const told = data.filter((mail) => mail.template === 'sign_in' && mail.recipient === email)
  expect(told).toHaveLength(2)
  const texts = []
  for (const { id } of told) {
    const shown = await app.call({ path: `/v1/operator/mails/${id}`, ...operator() })
    texts.push((shown.body as { rendered: { text: string } }).rendered.text)
  }
  expect(texts.join('\n')).toContain('Edge on Windows, from 127.0.0.1')
  expect(texts.join('\n')).toContain('A program on an unknown system, from 127.0.0.1')
})

test('the operator sees every template, and sends nothing again that is not over', async () => {
  const templates = await app.call({ path: '/v1/operator/mail-templates', ...operator() })
  const { data } = templates.body as { data: { name: string }[] }
  expect(data.map(({ name }) => name)).toContain('payment_failed')
  const one = await app.call({ path: '/v1/operator/mail-templates/payment_failed', ...operator() })
  expect(one.body).toMatchObject({ subject: expect.any(String), html: expect.stringContaining('<html') })
  expect(await app.call({ path: '/v1/operator/mail-templates/none', ...operator() })).toMatchObject({
    status: 404,
  })
  const { data: mails } = (await app.call({ path: '/v1/operator/mails', ...operator() })).body as {
    data: { id: string }[]
  }
  const again = await app.call({
    method: 'POST',
    path: `/v1/operator/mails/${mails[0]!.id}/retry`,
    ...operator(),
  })
  expect(again.body).toMatchObject({ type: '/problems/mail_not_over' })
})
