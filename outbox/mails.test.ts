import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../database/new-id.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { announceEvents } from './announce-events.ts'
import { readUnsubscribeToken, setMailPreferences, stopMails } from './mail-preferences.ts'
import { queueMails } from './queue-mails.ts'
import { queueSummaries } from './queue-summaries.ts'
import { listMails, retryMail } from './read-mails.ts'
import { type NewEvent, recordEvents } from './record-event.ts'
import { listTemplates, renderSample } from './render-mail.tsx'
import { openSealer } from './seal-secret.ts'
import { openMailServer, sendMails } from './send-mails.ts'

let database: TestDatabase
let post: PostOffice
beforeAll(async () => {
  database = await createTestDatabase()
  post = await openPostOffice()
})
afterAll(async () => {
  await post.close()
  await database.drop()
})
beforeEach(() => {
  post.got.length = 0
  post.refuse = () => null
})

type Letter = Awaited<ReturnType<typeof PostalMime.parse>>
type PostOffice = {
  url: string
  got: { to: string; letter: Letter; raw: string }[]
  /** What is answered to a recipient instead of taking the mail. */
  refuse: (address: string) => { code: number; message: string } | null
  close(): Promise<void>
}

/** A real mail server, for the mails of these tests. */
async function openPostOffice(): Promise<PostOffice> {
  const office: PostOffice = { url: '', got: [], refuse: () => null, close: async () => {} }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      const refused = office.refuse(address)
      done(refused ? Object.assign(new Error(refused.message), { responseCode: refused.code }) : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks)
        const to = session.envelope.rcptTo[0]!.address
        office.got.push({ to, letter: await PostalMime.parse(raw), raw: raw.toString() })
        done()
      })
    },
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  office.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  office.close = () => new Promise((closed) => server.close(() => closed()))
  return office
}

const sealer = openSealer('a secret of this test')
const clock = { ahead: 0 }
const links = {
  invitation: async (_account: string, id: string) => `https://drawdown.example.com/join/secret-of-${id}`,
  passwordReset: async (userId: string) => `https://drawdown.example.com/new-password/secret-of-${userId}`,
}
const mailing = (more: { server?: null } = {}) => ({
  db: database.db,
  sealer,
  links,
  invoicePdf: async () => ({
    name: 'HARBOU-0001.pdf',
    type: 'application/pdf',
    bytes: Buffer.from('%PDF-1.7'),
  }),
  publicUrl: 'https://drawdown.example.com',
  mailServer:
    more.server === null ? null : openMailServer(post.url, 'Drawdown <no-reply@drawdown.example.com>'),
  now: () => new Date(Date.now() + clock.ahead),
})
const send = (more: { server?: null } = {}) => sendMails(mailing(more))

let people = 0
async function account(roles: readonly string[]) {
  const accountId = newId()
  const members = roles.map((role) => ({ role, userId: `user_${++people}`, email: `p${people}@example.com` }))
  await database.db.asService(async (tx) => {
    await tx.query(
      `insert into accounts (account_id, name, invoice_prefix, currency, credit_unit) values ($1, 'Harbour', $2, 'USD', 'USD')`,
      [accountId, accountId.slice(-8)],
    )
    for (const { role, userId, email } of members) {
      await tx.query(
        `insert into auth.users (id, name, email, email_verified, created_at, updated_at) values ($1, $2, $3, false, now(), now())`,
        [userId, role, email],
      )
      await tx.query('insert into memberships (account_id, user_id, role) values ($1, $2, $3)', [
        accountId,
        userId,
        role,
      ])
    }
  })
  return { accountId, members }
}

async function tellOf(event: NewEvent): Promise<void> {
  await database.db.asTenant(event.accountId, (tx) => recordEvents(tx, [event]))
  await announceEvents(database.db)
}

const invoiceOf = (accountId: string) => ({
  invoice_id: accountId,
  number: 'HARBOU-0001',
  kind: 'boundary',
  currency: 'USD',
  total: 79_200_000n,
  amount_due: 79_200_000n,
  period: { start: new Date('2026-03-01'), end: new Date('2026-04-01') },
})

test('an invoice is mailed once to each who looks after money, in HTML and plain text', async () => {
  const { accountId, members } = await account(['owner', 'billing', 'editor', 'admin'])
  const quiet = members[3]!
  const off = { billing: false, alerts: true, runs: 'long', weekly: true } as const
  await database.db.asTenant(accountId, (tx) =>
    setMailPreferences(tx, { accountId, userId: quiet.userId }, off),
  )
  await tellOf({ accountId, type: 'invoice.finalized', data: invoiceOf(accountId) })
  await send()
  await send()
  expect(post.got.map(({ to }) => to).sort()).toEqual([members[0]!.email, members[1]!.email].sort())
  const { letter, raw } = post.got[0]!
  expect(letter).toMatchObject({ subject: 'Invoice HARBOU-0001: $79.20', from: { name: 'Drawdown' } })
  expect(letter.html).toContain('$79.20')
  expect(letter.text).toContain('$79.20')
  expect(letter.text).toContain(
    `https://drawdown.example.com/a/account_${accountId.replaceAll('-', '')}/invoices/`,
  )
  expect(letter.messageId).toMatch(/^<[0-9a-f-]{36}@drawdown\.example\.com>$/)
  expect(raw).toMatch(/^Auto-Submitted: auto-generated/im)
  expect(letter.attachments).toMatchObject([{ filename: 'HARBOU-0001.pdf', mimeType: 'application/pdf' }])
})

test('a payment that failed is told to those who stopped mails about money too, at the first failure and the last', async () => {
  const { accountId, members } = await account(['owner'])
  const [owner] = members
  const said = { accountId, userId: owner!.userId, kind: 'billing' as const }
  await database.db.asTenant(accountId, (tx) => stopMails(tx, said))
  const failed = (first: boolean, again: Date | null): NewEvent => ({
    accountId,
    type: 'invoice.payment_failed',
    data: {
      ...invoiceOf(accountId),
      payment_id: null,
      failure_code: 'card_declined',
      failure_message: 'The card was declined.',
      next_attempt_at: again,
      first,
    },
  })
  await tellOf(failed(true, new Date('2026-04-02')))
  await tellOf(failed(false, new Date('2026-04-04')))
  await tellOf(failed(false, null))
  await send()
  expect(post.got.map(({ letter }) => letter.subject)).toEqual([
    'Payment of invoice HARBOU-0001 failed',
    'Payment of invoice HARBOU-0001 failed',
  ])
  const texts = post.got.map(({ letter }) => letter.text!.replaceAll(/\s+/g, ' '))
  expect(texts.some((text) => text.includes('tried again on 2 April 2026'))).toBe(true)
  expect(texts.some((text) => text.includes('not tried again by itself'))).toBe(true)
  expect(post.got[0]!.raw).not.toMatch(/^List-Unsubscribe/im)
})

test('an invitation goes to who is invited, with a link that is made as it is sent and stored nowhere', async () => {
  const { accountId } = await account(['owner'])
  const data = {
    invitation_id: newId(),
    email: 'new@example.com',
    role: 'editor',
    expires_at: new Date('2026-12-05'),
  }
  await tellOf({ accountId, type: 'member.invited', data })
  await send()
  const [{ to, letter }] = post.got as [PostOffice['got'][number]]
  expect(to).toBe('new@example.com')
  expect(letter.text).toContain(`https://drawdown.example.com/join/secret-of-${data.invitation_id}`)
  const rows = await database.db.asService((tx) =>
    tx.query<{ all: string }>('select mails::text as "all" from mails'),
  )
  expect(rows.filter(({ all }) => all.includes('secret-of'))).toEqual([])
})

test('one click stops mails of a kind, and the token is no other’s', async () => {
  const { accountId, members } = await account(['owner'])
  const alert: NewEvent = {
    accountId,
    type: 'alert.raised',
    data: {
      rule: { kind: 'credits', percent: 80 },
      currency: 'USD',
      credits_included: 50_000_000n,
      balance: 10_000_000n,
      overage: 0n,
      forecast: null,
    },
  }
  await tellOf(alert)
  await send()
  const { raw, letter } = post.got[0]!
  expect(letter.subject).toBe('Harbour: 80 % of the credits are used')
  expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/im)
  const token = /\/unsubscribe\/([\w.-]+)/.exec(letter.html!)![1]!
  const said = readUnsubscribeToken(sealer, token)
  expect(said).toEqual({ accountId, userId: members[0]!.userId, kind: 'alerts' })
  expect(readUnsubscribeToken(openSealer('another'), token)).toBeNull()
  expect(readUnsubscribeToken(sealer, `${token}x`)).toBeNull()
  await database.db.asTenant(accountId, (tx) => stopMails(tx, said!))
  post.got.length = 0
  await tellOf(alert)
  await send()
  expect(post.got).toEqual([])
})

test('what is refused for good has failed, what is not taken now is tried again under the same Message-ID', async () => {
  const to = (recipient: string) => ({
    naturalKey: `test ${recipient}`,
    template: 'password_reset' as const,
    aboutAccount: null,
    toUser: 'user_1',
    recipient,
    facts: { name: 'Ada' },
  })
  post.refuse = (address) =>
    address.startsWith('nobody')
      ? { code: 550, message: 'No such user here' }
      : { code: 451, message: 'Come back later' }
  await database.db.asService((tx) => queueMails(tx, [to('nobody@example.com'), to('busy@example.com')]))
  await send()
  const stateOf = async (recipient: string) =>
    (await database.db.asService((tx) => listMails(tx, { before: null, limit: 200 }))).find(
      (mail) => mail.recipient === recipient,
    )
  expect(await stateOf('nobody@example.com')).toMatchObject({
    status: 'failed',
    answer: expect.stringContaining('No such user here'),
  })
  expect(await stateOf('busy@example.com')).toMatchObject({ status: 'waiting', attempts: 1 })
  expect(await send()).toBe(0)
  post.refuse = () => null
  clock.ahead = 6_000
  await send()
  clock.ahead = 0
  const sent = (await stateOf('busy@example.com'))!
  expect(sent).toMatchObject({ status: 'sent', attempts: 2 })
  expect(post.got.map(({ letter }) => letter.messageId)).toEqual([`<${sent.id}@drawdown.example.com>`])
})

test('without a mail server mails are kept, and are sent later only if somebody asks', async () => {
  const { accountId } = await account(['owner'])
  await tellOf({ accountId, type: 'invoice.finalized', data: invoiceOf(accountId) })
  await send({ server: null })
  await send()
  expect(post.got).toEqual([])
  const [kept] = await database.db.asService((tx) => listMails(tx, { before: null, limit: 1 }))
  expect(kept).toMatchObject({ status: 'kept', template: 'invoice' })
  expect(await database.db.asService((tx) => retryMail(tx, kept!.id))).toBe(true)
  await send()
  expect(post.got).toHaveLength(1)
})

test('a run of ten minutes is told to who started it, a shorter one to who wants every receipt', async () => {
  const { accountId, members } = await account(['editor', 'editor'])
  const [patient, eager] = members as [(typeof members)[0], (typeof members)[0]]
  const every = { billing: true, alerts: true, runs: 'all', weekly: true } as const
  await database.db.asTenant(accountId, (tx) =>
    setMailPreferences(tx, { accountId, userId: eager.userId }, every),
  )
  const finished = async (minutes: number, startedBy: string) => {
    const runId = await insertRun(accountId, startedBy)
    const counts = { items: 4, succeeded: 4, failed: 0, held: 0, cancelled: 0 }
    const amounts = { cost: 800_000n, from_credits: 800_000n, overage: 0n }
    await tellOf({
      accountId,
      type: 'run.finished',
      data: {
        ...counts,
        ...amounts,
        run_id: runId,
        name: 'Square',
        status: 'finished',
        callback_url: null,
        started_at: new Date('2026-03-01T12:00:00Z'),
        finished_at: new Date(Date.parse('2026-03-01T12:00:00Z') + minutes * 60_000),
      },
    })
  }
  await finished(9, patient.userId)
  await finished(11, patient.userId)
  await finished(1, eager.userId)
  await finished(60, newId())
  await send()
  expect(post.got.map(({ to }) => to).sort()).toEqual([patient.email, eager.email].sort())
  expect(post.got[0]!.letter.subject).toBe('Square: 4 of 4 photos are done')

  // And all of them stand in the week, once.
  const monday = new Date(Date.now() + 7 * 86_400_000)
  await database.db.asService((tx) =>
    tx.query(`update memberships set role = 'owner' where user_id = $1`, [eager.userId]),
  )
  post.got.length = 0
  for (const now of [monday, monday]) await database.db.asService((tx) => queueSummaries(tx, now))
  await send()
  expect(post.got.map(({ to }) => to)).toEqual([eager.email])
  expect(post.got[0]!.letter.text).toContain('16')
})

async function insertRun(accountId: string, createdBy: string): Promise<string> {
  const [runId, automationId, planId, versionId] = [newId(), newId(), newId(), newId()]
  await database.db.asService(async (tx) => {
    const code = `p${planId.slice(-8)}`
    await tx.query(`insert into plans (plan_id, code, name, position) values ($1, $2, 'P', 0)`, [
      planId,
      code,
    ])
    await tx.query(
      `insert into plan_versions (plan_version_id, plan_id, version, currency, credit_unit, credit_price_micros, list_price_micros,
         discount_micros, credits_micros) values ($1, $2, 1, 'USD', 'USD', 1000000, 0, 0, 0)`,
      [versionId, planId],
    )
    await tx.query(
      `insert into automations (account_id, automation_id, name, steps) values ($1, $2, 'Square', '[]')`,
      [accountId, automationId],
    )
    await tx.query(
      `insert into runs (account_id, run_id, automation_id, name, steps, needs_models, plan_version_id, pinned_at, status, item_count,
         succeeded, cost_micros, created_by, finished_at)
       values ($1, $2, $3, 'Square', '[]', false, $4, now(), 'finished', 4, 4, 800000, $5, now())`,
      [accountId, runId, automationId, versionId, createdBy],
    )
  })
  return runId
}

test('every template has a sample that is rendered whole, with a plain text that says the same', async () => {
  const templates = await listTemplates()
  expect(templates.length).toBeGreaterThan(9)
  for (const { name, kind } of templates) {
    const { subject, html, text } = (await renderSample(name, 'https://drawdown.example.com'))!
    expect(subject, name).toMatch(/\S/)
    expect(html, name).toContain('</html>')
    expect(`${html}${text}`, name).not.toMatch(/undefined|\[object|NaN/)
    expect(text.length, name).toBeGreaterThan(100)
    expect(text.includes('/unsubscribe/'), name).toBe(kind !== null)
  }
  expect(await renderSample('toString', 'https://drawdown.example.com')).toBeNull()
})
