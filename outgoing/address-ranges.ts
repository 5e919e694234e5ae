/**
 * Which addresses are public unicast, and which the operator listed beside them.
 *
 * Called by outside.ts before it connects, and by config.ts for what the operator set.
 *
 * 1. What is not known to be public is not: of IPv6 only 2000::/3, and in it nothing that carries an IPv4 address within (6to4,
 *    Teredo, ISATAP), since that address would not be looked at.
 * 2. An IPv4 address written as IPv6 (`::ffff:127.0.0.1`) is the IPv4 address.
 *
 * Not here: names, and the decimal, octal and hexadecimal spellings of addresses, which the URL parser has resolved by then.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Addresses beside the public ones that may be connected to. */
export type AddressRanges = { has(address: string): boolean }

/** The registries of special-purpose addresses (RFC 6890 and its successors), multicast and what is reserved. */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const GLOBAL_IPV6 = ['2000::/3']
/** Protocol assignments with Teredo and benchmarking, documentation, 6to4. */
const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']
/** ISATAP: the last 32 bits are an IPv4 address, behind this group, in any network. */
const ISATAP = /(^|:)5efe:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/

const notPublic = mustRead([...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6].join())
const globalIpv6 = mustRead(GLOBAL_IPV6.join())

/** True for an address that any host of the internet has alone. False for what is no address. */
export function isPublicUnicast(address: string): boolean {
  const plain = plainAddress(address)
  if (plain === undefined || notPublic.has(plain)) return false
  return isIPv4(plain) || (globalIpv6.has(plain) && !ISATAP.test(plain))
}

/** Reads addresses and ranges with a comma between: `10.1.0.0/16, fd00::5`. Undefined when one of them is none. */
export function readAddressRanges(text: string): AddressRanges | undefined {
  const list = new BlockList()
  for (const part of text.split(',').map((each) => each.trim())) {
    const [address = '', prefix, ...more] = part.split('/')
    const type = isIPv4(address) ? 'ipv4' : isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined
    if (type === undefined || more.length > 0) return undefined
    const longest = type === 'ipv4' ? 32 : 128
    const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
    if (bits < 0 || bits > longest) return undefined
    list.addSubnet(address, bits, type)
  }
  return {
    has(address) {
      const plain = plainAddress(address)
      return plain !== undefined && list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
    },
  }
}

/** The shortest spelling; undefined for what is no address, and for one that holds within one link only. */
function plainAddress(address: string): string | undefined {
  if (isIPv4(address)) return address
  if (!isIPv6(address) || address.includes('%')) return undefined
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short)
  if (!mapped) return short
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function mustRead(text: string): AddressRanges {
  const ranges = readAddressRanges(text)
  if (!ranges) throw new Error(`Not ranges of addresses: ${text}`)
  return ranges
}
