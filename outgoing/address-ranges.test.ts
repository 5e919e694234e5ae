import { expect, test } from 'vitest'
import { isPublicUnicast, readAddressRanges } from './address-ranges.ts'

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '198.17.255.255',
]
const PUBLIC_IPV6 = [
  '2606:4700::1111',
  '2a00:1450::1',
  '2001:200::1',
  '2003::1',
  '::ffff:8.8.8.8',
  '2606:4700::5efe:1',
]

const NOT_PUBLIC = `
  0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
  172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1
  239.255.255.255 240.0.0.1 255.255.255.255`
const NOT_PUBLIC_IPV6 = `
  :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::ffff:0:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b:1::1
  100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1
  3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2606:4700::5efe:7f00:1 2606:4700::200:5efe:808:808
  2606:4700::1%eth0`
const NO_ADDRESS = ['', 'localhost', '1.2.3', '256.1.1.1', '0x7f.1', '2130706433', '1.1.1.1/8', ' 1.1.1.1']

const words = (text: string) => text.trim().split(/\s+/)

test.each([...PUBLIC, ...PUBLIC_IPV6])('%s is public', (address) =>
  expect(isPublicUnicast(address)).toBe(true),
)

test.each([...words(NOT_PUBLIC), ...words(NOT_PUBLIC_IPV6), ...NO_ADDRESS])('%s is not public', (address) => {
  expect(isPublicUnicast(address)).toBe(false)
})

test.each<[string, string[], string[]]>([
  ['10.1.0.0/16', ['10.1.0.0', '10.1.255.255', '::ffff:10.1.2.3'], ['10.2.0.0', '127.0.0.1', '::1', 'x']],
  ['10.1.2.3, fd00::/8', ['10.1.2.3', 'fd12::1'], ['10.1.2.4', 'fe80::1', 'fd12::1%eth0']],
  ['64:ff9b::/96', ['64:ff9b::808:808'], ['64:ff9a::1']],
])('%s lists what is in it', (text, inside, outside) => {
  const ranges = readAddressRanges(text)
  expect(inside.filter((address) => !ranges?.has(address))).toEqual([])
  expect(outside.filter((address) => ranges?.has(address))).toEqual([])
})

test.each([
  '',
  ',',
  'localhost',
  '10.0.0.0/33',
  'fd00::/129',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  'fe80::1%eth0',
  '10.0.0.0/a',
  '10.0.0.0/',
])('no ranges: %j', (text) => expect(readAddressRanges(text)).toBeUndefined())
