/**
 * T16: requests to addresses that somebody outside named. However an inside address is written, led to or resolved, no connection is made.
 *
 * Listed in run.ts. Judged by servers that count who connects, on every address of this machine, and not by what the caller is told.
 *
 * 1. Every way to write an address is tried as the address itself, behind each status of a redirect, and as what a name resolves to.
 * 2. A name that is public at the first look-up and inside at the second (rebinding) is asked for once.
 * 3. A control comes first: to the one address that the operator has listed the same requests do connect. Without it a zero says nothing.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readAddressRanges } from '../outgoing/address-ranges.ts'
import { openOutside, type Resolve } from '../outgoing/outside.ts'
import { type Check, count } from './scoreboard.ts'

/** Stands for the internet: the operator has listed it. */
const LISTED = '127.0.0.2'
const REDIRECTS = [301, 302, 303, 307, 308]
const TIMEOUT_MS = 5_000
const SHOWN = 5

/** Hosts as they stand in an address. `%` and full-width letters are read by the address's parser like plain ones. */
const WRITTEN = [
  ...'127.0.0.1 127.1 127.0.1 127.0.0.1. 127.255.255.254 2130706433 0x7f000001 0X7F000001 0x7f.0.0.1 0x7f.1'.split(
    ' ',
  ),
  ...'0177.0.0.1 0177.1 017700000001 0x7f.0x0.0x0.0x1 0177.0x0.0.01 00000177.0.0.1 0 0.0.0.0 0x0 00 0.0'.split(
    ' ',
  ),
  ...'%31%32%37.0.0.1 １２７.０.０.１ 127。0。0。1 127．0．0．1 ①②⑦.⓪.⓪.① localhost LOCALHOST localhost. %6c%6fcalhost'.split(
    ' ',
  ),
  ...'ｌｏｃａｌｈｏｓｔ [::1] [::] [0:0:0:0:0:0:0:1] [0000::0001] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:1]'.split(
    ' ',
  ),
  ...'[0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1]'.split(
    ' ',
  ),
  ...'[2002:7f00:1::] [2002:7f00:0001::1] [2001:0:7f00:1::] [fe80::1] [fe80::5efe:7f00:1] [2600::5efe:7f00:1]'.split(
    ' ',
  ),
  ...'[fd00::1] [fc00::1] [ff02::1] [::ffff:10.0.0.1] [::ffff:a9fe:a9fe] [2002:a9fe:a9fe::] [fec0::1] [100::1]'.split(
    ' ',
  ),
  ...'10.0.0.1 10.1 0xa000001 167772161 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 0xc0a80001 3232235521'.split(
    ' ',
  ),
  ...'169.254.169.254 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.43518 100.64.0.1 100.127.255.255 198.18.0.1'.split(
    ' ',
  ),
  ...'192.0.0.8 192.0.2.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255'.split(
    ' ',
  ),
]

/** What the answer of a look-up may hold, alone or behind a public address. */
const RESOLVED = [
  ...'127.0.0.1 0.0.0.0 10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1 169.254.169.254 192.0.0.8 198.18.0.1'.split(
    ' ',
  ),
  ...'224.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 64:ff9b::7f00:1 2002:7f00:1:: fe80::1'.split(
    ' ',
  ),
  ...'fe80::1%lo fd00::1 ff02::1 2606:4700::5efe:7f00:1'.split(' '),
]

/** Addresses that are none for a request. */
const OTHER_KINDS = [
  'file:///etc/passwd',
  'gopher://127.0.0.1/',
  'ftp://127.0.0.1/',
  'data:text/plain,x',
  '//127.0.0.1/',
]

const resolvesTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

type Attempt = { name: string; run: () => Promise<string> }

export const outgoingRequests: Check = {
  ids: ['T16'],
  async run(scale) {
    const wanted = scale === 'long' ? 500 : 120
    const trap = await listenOn('::').catch(() => listenOn('0.0.0.0'))
    const listed = await listenOn(LISTED)
    try {
      const control = await reach(listed)
      const attempts = attemptsOn({
        trap: portOf(trap.server),
        listed: portOf(listed.server),
        redirects: redirectsOf(scale),
      })
      const wrong: string[] = []
      for (const { name, run } of attempts) {
        const before = trap.connections()
        const said = await run()
        if (trap.connections() > before || said.startsWith('answered')) wrong.push(`${name}: ${said}`)
      }
      const met = attempts.length >= wanted && wrong.length === 0 && control
      return [
        {
          id: 'T16',
          figure: 'SSRF spellings, redirects, rebinding: connections made',
          wanted: `${count(wanted)} / 0`,
          got: `${count(attempts.length)} / ${wrong.length}`,
          met,
          notes: [
            control
              ? 'the control did connect to the address that was listed'
              : 'the control did not connect',
            ...wrong.slice(0, SHOWN),
          ],
        },
      ]
    } finally {
      await Promise.all([trap.close(), listed.close()])
    }
  },
}

/** On each push every spelling stands behind one status; for a release behind all of them. */
function redirectsOf(scale: 'push' | 'long'): readonly number[] {
  return scale === 'long' ? REDIRECTS : [302]
}

type Ports = { trap: number; listed: number; redirects: readonly number[] }

function attemptsOn({ trap, listed, redirects }: Ports): Attempt[] {
  const allowed = readAddressRanges(LISTED)!
  const ask = async (url: string, resolve?: Resolve) => {
    const outside = openOutside(resolve ? { allowed, resolve } : { allowed })
    const answer = await outside.request({ url, method: 'GET', redirects: 3, timeoutMs: TIMEOUT_MS })
    if (!answer.ok) return answer.refusal
    answer.close()
    return `answered ${answer.status}`
  }
  const inside = WRITTEN.map((host) => `http://${host}:${trap}/`)
  return [
    ...inside.map((url) => ({ name: url, run: () => ask(url) })),
    ...OTHER_KINDS.map((url) => ({ name: url, run: () => ask(url) })),
    ...redirects.flatMap((status) =>
      [...inside, ...OTHER_KINDS.slice(0, 4)].map((url) => ({
        name: `${status} to ${url}`,
        run: () => ask(`http://${LISTED}:${listed}/${status}/${encodeURIComponent(url)}`),
      })),
    ),
    ...RESOLVED.flatMap((address) => [
      { name: `a name at ${address}`, run: () => ask(`http://a.test:${trap}/`, resolvesTo(address)) },
      {
        name: `a name at ${LISTED} and ${address}`,
        run: () => ask(`http://a.test:${trap}/`, resolvesTo(LISTED, address)),
      },
    ]),
    ...RESOLVED.map((address) => ({
      name: `a name at ${address} from its second look-up on`,
      run: () => rebound(address, listed, ask),
    })),
  ]
}

/** The first look-up is right, so the request may be answered by the listed server: but there must be no second one. */
async function rebound(
  address: string,
  listed: number,
  ask: (url: string, resolve: Resolve) => Promise<string>,
): Promise<string> {
  let lookUps = 0
  const said = await ask(`http://a.test:${listed}/`, () =>
    resolvesTo(lookUps++ === 0 ? LISTED : address)('a.test'),
  )
  return lookUps === 1 && said === 'answered 200'
    ? 'kept to its first address'
    : `answered after ${lookUps} look-ups`
}

/** That what is listed is reached, so that what is not reached was refused. */
async function reach({ server, connections }: Counted): Promise<boolean> {
  const outside = openOutside({ allowed: readAddressRanges(LISTED)! })
  const url = `http://${LISTED}:${portOf(server)}/`
  const answer = await outside.request({ url, method: 'GET', timeoutMs: TIMEOUT_MS })
  if (answer.ok) answer.close()
  return answer.ok && connections() > 0
}

type Counted = { server: Server; connections(): number; close(): Promise<void> }

/** `/302/<address>` leads there; everything else is answered. */
async function listenOn(host: string): Promise<Counted> {
  let connections = 0
  const server = createServer((request, response) => {
    const [, status, location] = request.url!.split('/')
    if (!location) response.end('reached')
    else response.writeHead(Number(status), { location: headerOf(decodeURIComponent(location)) }).end()
  })
  server.on('connection', () => connections++)
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, host, done))
  return {
    server,
    connections: () => connections,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

/** A header holds no letters beyond ASCII. */
function headerOf(url: string): string {
  return url.replace(/[^ -~]+/g, encodeURIComponent)
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
