import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { openPapers, type Papers } from '../papers/open-papers.ts'
import { encodeId } from './ids.ts'
import { handlers } from './paper-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let door: TestApp
let papers: Papers
let books: TestBooks
let accountId: string
let key: string

beforeAll(async () => {
  door = await createTestApp({ handlers })
  papers = openPapers(door.database.db)
  Object.assign(door.services, { papers })
  books = await openTestBooks(door.database)
  accountId = (await door.createAccount('Acme')).accountId
  key = (await door.createKey(accountId, ['read', 'billing:write'])).key
  await books.putCard(accountId, 'sandbox_card_pays')
  await books.choose(accountId, 'starter')
})
afterAll(async () => {
  await papers?.close()
  await door?.close()
})

async function invoicePath(): Promise<string> {
  return `/v1/invoices/${encodeId('invoice', (await books.invoices(accountId))[0]!.id)}`
}

test('an invoice is saved under its number, and is of its account alone', async () => {
  const path = `${await invoicePath()}.pdf`
  const pdf = await door.call({ path, key })
  expect(pdf.status).toBe(200)
  expect(pdf.headers['content-type']).toBe('application/pdf')
  expect(pdf.headers['content-disposition']).toContain('filename="ACME-0001.pdf"')
  expect(pdf.text.slice(0, 8)).toBe('%PDF-1.7')
  const other = await door.createAccount('Other')
  const otherKey = (await door.createKey(other.accountId, ['read'])).key
  expect((await door.call({ path, key: otherKey })).status).toBe(404)
  expect((await door.call({ path: path.replace('.pdf', '.png'), key })).status).toBe(404)
})

const DETAILS = {
  name: 'Acme Studios Ltd',
  address: {
    line1: '12 Camera Row',
    line2: null,
    postal_code: 'E2 8AA',
    city: 'London',
    region: null,
    country: 'GB',
  },
  tax_id: 'GB987654321',
  email: 'accounts@acme.example',
  reference: 'PO-4711',
  language: 'de',
}

test('billing details: the name alone at first, then what was said', async () => {
  const path = '/v1/billing-details'
  expect((await door.call({ path, key })).body).toMatchObject({ name: 'Acme', tax_id: null, language: 'en' })
  const put = await door.call({ method: 'PUT', path, key, body: DETAILS })
  expect(put.body).toEqual(DETAILS)
  expect((await door.call({ path, key })).body).toEqual(DETAILS)
})

test.each([
  ['a country of no country', { address: { country: 'XQ' } }, 'address.country'],
  ['a name of two lines', { name: 'Acme\nStudios' }, 'name'],
  ['a language we have no words for', { language: 'tlh' }, 'language'],
  ['an address that is none', { email: 'acme' }, 'email'],
])('%s is refused and changes nothing', async (_, change, field) => {
  const before = (await door.call({ path: '/v1/billing-details', key })).body
  const answer = await door.call({
    method: 'PUT',
    path: '/v1/billing-details',
    key,
    body: { ...DETAILS, ...change },
  })
  expect(answer.status).toBe(422)
  expect(answer.text).toContain(`"${field}"`)
  expect((await door.call({ path: '/v1/billing-details', key })).body).toEqual(before)
})

test('the seller: a logo that is no picture is refused before any invoice carries it', async () => {
  const call = { method: 'PUT', path: '/v1/operator/seller', key: door.services.operatorToken }
  const logo = (bytes: string) => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`
  const { language: _, reference: __, ...party } = DETAILS
  const refused = await door.call({ ...call, body: { ...party, logo: logo('no picture') } })
  expect(refused).toMatchObject({ status: 422, body: { type: '/problems/logo_unreadable' } })
  const bank = { name: null, iban: 'DE02 1203 0000 0000 2020 51', bic: null }
  const wrong = { ...bank, iban: 'DE03 1203 0000 0000 2020 51' }
  expect(await door.call({ ...call, body: { ...party, bank: wrong } })).toMatchObject({ status: 422 })
  const saved = await door.call({ ...call, body: { ...party, bank } })
  expect(saved).toMatchObject({ status: 200, body: { bank: { iban: 'DE02120300000000202051' }, logo: null } })
  expect((await door.call({ ...call, method: 'GET' })).body).toEqual(saved.body)
})
