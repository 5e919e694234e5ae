import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAddressRanges } from './address-ranges.ts'
import { BrokenOff, type OutsideRequest, openOutside, type Resolve } from './outside.ts'

/** Stands for the internet: the operator has listed it. Everything else of this machine is inside. */
const LISTED = '127.0.0.2'
const allowed = readAddressRanges(LISTED)!

const listed = createServer((request, response) => answer(request, response))
let answer: RequestListener
/** On every address of this machine, those that no request may come to. */
const trap = createServer((_request, response) => response.end('secret'))
let trapped = 0
trap.on('connection', () => trapped++)

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
const listen = (server: Server, host: string) =>
  new Promise<void>((done, fail) => server.once('error', fail).listen(0, host, done))

beforeAll(async () => {
  await listen(listed, LISTED)
  await listen(trap, '::').catch(() => listen(trap, '0.0.0.0'))
})
afterAll(() => {
  for (const server of [listed, trap]) {
    server.closeAllConnections()
    server.close()
  }
})

const get = (url: string, more: Partial<OutsideRequest> = {}): OutsideRequest => ({
  url,
  method: 'GET',
  redirects: 3,
  timeoutMs: 5_000,
  ...more,
})
const at = (host: string) => `http://${host}:${portOf(listed)}/`
const resolvesTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** Ways to write an address that no request may reach: this machine, its networks, and what carries one of them inside. */
const SPELLINGS = `
  127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.0.0.1 0x7F.1 0177.0.0.1 017700000001 0x7f.0x0.0x0.0x1
  127.0.0.1. 0 0.0.0.0 0x0 00 %31%32%37.0.0.1 １２７.０.０.１ 127。0。0。1 ①②⑦.⓪.⓪.①
  [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:0.0.0.0] [::127.0.0.1]
  [64:ff9b::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::] [fe80::5efe:7f00:1] [fe80::1] [fd00::1] [ff02::1]
  localhost LOCALHOST localhost. %6c%6fcalhost ｌｏｃａｌｈｏｓｔ
  10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1 169.254.169.254 0xa9fea9fe 2852039166 0251.0376.0251.0376 [::ffff:a9fe:a9fe]
  198.18.0.1 224.0.0.1 255.255.255.255`
  .trim()
  .split(/\s+/)

/** What a name may be found to be. */
const ANSWERS = `
  127.0.0.1 0.0.0.0 10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1 169.254.169.254 192.0.0.8 198.18.0.1 224.0.0.1 255.255.255.255
  :: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 64:ff9b::7f00:1 2002:7f00:1:: 2001:0:7f00:1:: fe80::1 fe80::1%lo fd00::1 ff02::1
  2606:4700::5efe:7f00:1`
  .trim()
  .split(/\s+/)

test('however an inside address is spelt, led to or resolved, no connection is made', async () => {
  const outside = openOutside({ allowed })
  const inside = SPELLINGS.map((host) => `http://${host}:${portOf(trap)}/`)
  const cases: { name: string; refusal: Promise<unknown> }[] = []
  const refusalOf = async (request: OutsideRequest, resolve?: Resolve) => {
    const result = await (resolve ? openOutside({ allowed, resolve }) : outside).request(request)
    return result.ok ? `answered ${result.status}` : result.refusal
  }
  answer = (request, response) => {
    const location = inside[Number(request.url!.slice(1))]!
    response.writeHead(302, { location: location.replace(/[^ -~]+/g, encodeURIComponent) }).end()
  }
  for (const url of inside) cases.push({ name: url, refusal: refusalOf(get(url)) })
  for (const [index, url] of inside.entries()) {
    cases.push({ name: `led to ${url}`, refusal: refusalOf(get(`${at(LISTED)}${index}`)) })
  }
  for (const address of ANSWERS) {
    const url = `http://photos.example:${portOf(trap)}/`
    const beside = resolvesTo(LISTED, address)
    cases.push({ name: `resolved to ${address}`, refusal: refusalOf(get(url), resolvesTo(address)) })
    cases.push({ name: `resolved to ${address} too`, refusal: refusalOf(get(url), beside) })
  }
  const reached: string[] = []
  for (const { name, refusal } of cases) {
    // A system may not know `localhost.` at all.
    if (!/^(address_not_public|host_unknown)$/.test(String(await refusal)))
      reached.push(`${name}: ${await refusal}`)
  }
  expect(cases.length).toBeGreaterThanOrEqual(120)
  expect(reached).toEqual([])
  expect(trapped).toBe(0)
})

test('the trap would have seen a connection', async () => {
  const open = openOutside({ allowed: readAddressRanges('127.0.0.0/8')! })
  const result = await open.request(get(`http://127.0.0.1:${portOf(trap)}/`))
  expect(result.ok && (await buffer(result.body)).toString()).toBe('secret')
  expect(trapped).toBe(1)
})

test('a name is resolved once a hop, and the connection goes to what was checked', async () => {
  const asked: string[] = []
  const flipping: Resolve = async (host) => {
    asked.push(host)
    return [{ address: asked.length === 1 ? LISTED : '127.0.0.1', family: 4 }]
  }
  answer = (request, response) => {
    if (request.url === '/') response.writeHead(307, { location: '/again' }).end()
    else response.end(request.headers.host)
  }
  const outside = openOutside({ allowed, resolve: flipping })
  const first = await outside.request(get(`${at('photos.example')}direct`))
  expect(first.ok && (await buffer(first.body)).toString()).toBe(`photos.example:${portOf(listed)}`)
  expect(asked).toEqual(['photos.example'])
  asked.length = 0
  expect(await outside.request(get(at('photos.example')))).toMatchObject({ refusal: 'address_not_public' })
  expect(asked).toEqual(['photos.example', 'photos.example'])
})

test("redirects are followed while some are left, and the caller's headers stay with the first origin", async () => {
  const seen: (string | undefined)[] = []
  answer = (request, response) => {
    seen.push(request.headers.authorization)
    const left = Number(request.url!.slice(1))
    const location = left === 1 ? `${at('other.example')}0` : `/${left - 1}`
    if (left > 0) response.writeHead(302, { location }).end('not this')
    else response.end('here')
  }
  const outside = openOutside({ allowed, resolve: resolvesTo(LISTED) })
  const headers = { authorization: 'Bearer x' }
  const found = await outside.request(get(`${at('photos.example')}3`, { headers }))
  expect(found.ok && [found.url, (await buffer(found.body)).toString()]).toEqual([
    `${at('other.example')}0`,
    'here',
  ])
  expect(seen).toEqual(['Bearer x', 'Bearer x', 'Bearer x', undefined])

  const circle = await outside.request(get(`${at('photos.example')}4`))
  expect(circle).toMatchObject({ ok: false, refusal: 'too_many_redirects' })
  const unfollowed = await outside.request(get(`${at('photos.example')}1`, { redirects: 0 }))
  expect(unfollowed).toMatchObject({ ok: true, status: 302 })
  if (unfollowed.ok) unfollowed.close()
  const posted = await outside.request(get(`${at('photos.example')}1`, { method: 'POST', body: '{}' }))
  expect(posted).toMatchObject({ ok: true, status: 302 })
  if (posted.ok) posted.close()
})

test.each<[string, string, string]>([
  ['no address', 'photos', 'url_invalid'],
  ['another scheme', 'ftp://example.com/a.jpg', 'url_invalid'],
  ['a file of the server', 'file:///etc/passwd', 'url_invalid'],
  ['a password', 'https://me:secret@example.com/', 'url_invalid'],
  ['a name nobody has', 'http://nobody.invalid/', 'host_unknown'],
])('%s is refused', async (_name, url, refusal) => {
  const resolve: Resolve = () => Promise.reject(new Error('ENOTFOUND'))
  const result = await openOutside({ allowed, resolve }).request(get(url))
  expect(result).toMatchObject({ ok: false, refusal })
  expect(JSON.stringify(result)).not.toContain('secret')
})

test('a redirect to another scheme is refused', async () => {
  answer = (_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()
  expect(await openOutside({ allowed }).request(get(at(LISTED)))).toMatchObject({ refusal: 'url_invalid' })
})

test('what does not come in time is given up, at every stage', async () => {
  const soon = { timeoutMs: 150 }
  const never = openOutside({ allowed, resolve: () => new Promise(() => {}) })
  expect(await never.request(get('http://slow.example/', soon))).toMatchObject({ refusal: 'host_too_slow' })
  const outside = openOutside({ allowed })
  answer = () => {}
  expect(await outside.request(get(at(LISTED), soon))).toMatchObject({ refusal: 'host_too_slow' })
  answer = (_request, response) => response.write('slowly')
  const begun = await outside.request(get(at(LISTED), soon))
  await expect(begun.ok && buffer(begun.body)).rejects.toThrow(BrokenOff)
})

test('a host that is not there, breaks off or speaks something else is told as such', async () => {
  const outside = openOutside({ allowed })
  const closed = createTcpServer()
  await new Promise<void>((done) => closed.listen(0, LISTED, done))
  const port = portOf(closed)
  await new Promise((done) => closed.close(done))
  const nobody = await outside.request(get(`http://${LISTED}:${port}/`))
  expect(nobody).toMatchObject({ refusal: 'host_unreachable' })
  const plain = await outside.request(get(`https://${LISTED}:${portOf(listed)}/`))
  expect(plain).toMatchObject({ refusal: 'host_unreachable' })
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('half')
    setImmediate(() => response.destroy())
  }
  const half = await outside.request(get(at(LISTED)))
  await expect(half.ok && buffer(half.body)).rejects.toThrow(BrokenOff)
})
