/** Photos by their address, as a program asks for them: from a host that the operator listed, and from those nobody may reach. */
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkshop, type Workshop } from '../automations/test-workshop.ts'
import { seededCrop } from '../images/test-photos.ts'
import { readAddressRanges } from '../outgoing/address-ranges.ts'
import { openOutside } from '../outgoing/outside.ts'
import { handlers } from './image-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

const LISTED = '127.0.0.2'

let app: TestApp
let shop: Workshop
let key: string
let photo: Buffer
let address: string
let answer: RequestListener
const host = createServer((request, response) => answer(request, response))

beforeAll(async () => {
  app = await createTestApp({ handlers })
  shop = await openWorkshop({ database: app.database })
  const { files, imageWork } = shop
  Object.assign(app.services, {
    files,
    imageWork,
    outside: openOutside({ allowed: readAddressRanges(LISTED)! }),
  })
  await new Promise<void>((done) => host.listen(0, LISTED, done))
  address = `http://${LISTED}:${(host.address() as AddressInfo).port}`
  key = (await app.createKey(await shop.account(), ['read', 'write'])).key
  const folder = join(shop.folder, 'photos')
  photo = await readFile(await seededCrop(shop.photos.coffee, { seed: 4711, folder, longSide: 320 }))
}, 120_000)
afterAll(async () => {
  host.closeAllConnections()
  host.close()
  await app.app.close()
  await shop.close()
})

const send = (body: unknown) => app.call({ method: 'POST', path: '/v1/images', key, body })

test('a photo at an address is taken in once, under the name it has there', async () => {
  answer = (request, response) => {
    if (request.url === '/my%20cup.jpg') response.writeHead(302, { location: '/store/1' }).end()
    else response.end(photo)
  }
  const first = await send({ url: `${address}/my%20cup.jpg` })
  expect(first).toMatchObject({
    status: 201,
    body: { images: [{ name: 'my cup.jpg', known: false }], refused: [] },
  })
  const again = await send({ url: `${address}/other.jpg` })
  expect(again).toMatchObject({ status: 201, body: { images: [{ name: 'my cup.jpg', known: true }] } })
})

test.each<[string, string, RequestListener, string]>([
  ['of this machine', 'http://127.0.0.1:1/a.jpg', () => {}, 'address_not_public'],
  ['of a cloud’s metadata', 'http://2852039166/latest', () => {}, 'address_not_public'],
  ['of a file', 'file:///etc/passwd', () => {}, 'url_invalid'],
  ['where nothing is', '/gone', (_, response) => response.writeHead(404).end(), 'no_file_there'],
  [
    'that leads inside',
    '/inside',
    (_, response) => response.writeHead(302, { location: 'http://[::1]/' }).end(),
    'address_not_public',
  ],
  [
    'that breaks off',
    '/half',
    (_, response) => {
      response.writeHead(200, { 'content-length': '100000' }).write(photo.subarray(0, 1000))
      setTimeout(() => response.destroy(), 50)
    },
    'host_unreachable',
  ],
])('an address %s is refused by name', async (_name, url, listener, refusal) => {
  answer = listener
  const refused = await send({ url: url.startsWith('/') ? `${address}${url}` : url })
  expect(refused).toMatchObject({ status: 422, body: { type: `/problems/${refusal}` } })
})

test('what comes from an address is judged like an upload, and an endless one is left', async () => {
  answer = (_, response) => response.end('<html>')
  expect(await send({ url: `${address}/page.html` })).toMatchObject({
    status: 201,
    body: { images: [], refused: [{ name: 'page.html', refusal: 'unsupported_format' }] },
  })
  let left = false
  answer = (_, response) => {
    const more = () => {
      while (!left && response.write(Buffer.alloc(1_000_000))) {}
    }
    response.on('drain', more).on('close', () => {
      left = true
    })
    more()
  }
  expect(await send({ url: `${address}/endless.jpg` })).toMatchObject({
    body: { refused: [{ refusal: 'too_large' }] },
  })
  await expect.poll(() => left).toBe(true)
})

test.each<[string, unknown, string]>([
  ['nothing', {}, 'invalid_input'],
  ['something else beside it', { url: 'https://example.com/a.jpg', urls: [] }, 'invalid_input'],
])('a body with %s is refused', async (_name, body, refusal) => {
  expect(await send(body)).toMatchObject({ status: 422, body: { type: `/problems/${refusal}` } })
})
