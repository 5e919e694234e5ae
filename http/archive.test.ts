/** Photos in ZIP archives: honest ones, and those that were made to do harm. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { createClient } from '@drawdown/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ZipFile } from 'yazl'
import { openWorkshop, type Workshop } from '../automations/test-workshop.ts'
import { seededCrop } from '../images/test-photos.ts'
import { handlers as archiveHandlers } from './archive-routes.ts'
import { handlers as imageHandlers } from './image-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

vi.setConfig({ testTimeout: 60_000 })

let app: TestApp
let shop: Workshop
let accountId: string
let key: string
let origin: string
const photos: Buffer[] = []

beforeAll(async () => {
  app = await createTestApp({ handlers: { ...archiveHandlers, ...imageHandlers } })
  shop = await openWorkshop({ database: app.database })
  const { files, imageWork } = shop
  Object.assign(app.services, { files, imageWork })
  await app.app.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://127.0.0.1:${(app.app.server.address() as AddressInfo).port}`
  accountId = await shop.account()
  key = (await app.createKey(accountId, ['read', 'write'])).key
  for (let seed = 0; seed < 3; seed++) {
    const folder = join(shop.folder, 'photos')
    photos.push(
      await readFile(await seededCrop(shop.photos.coffee, { seed: 8100 + seed, folder, longSide: 240 })),
    )
  }
}, 240_000)
afterAll(async () => {
  await app.app.close()
  await shop.close()
})

/** Begins each file's row in the list of an archive. */
const LISTED = Buffer.from('504b0102', 'hex')

type Packed = [name: string, content: Buffer, compress?: boolean]

function pack(...files: Packed[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content, compress = false] of files) {
    if (name.endsWith('/')) zip.addEmptyDirectory(name)
    else zip.addBuffer(content, name, { compress })
  }
  zip.end()
  return buffer(zip.outputStream as NodeJS.ReadableStream)
}

/** The same archive with other names of the same length in it, as no honest program writes them. */
function renamed(archive: Buffer, from: string, to: string): Buffer {
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1')
}

async function unpack(archive: Buffer) {
  const lines: { name: string; image?: { id: string; name: string }; known?: boolean; refusal?: string }[] =
    []
  const api = createClient({ url: origin, apiKey: key })
  for await (const line of api.unpackArchive(new Blob([new Uint8Array(archive)]))) lines.push(line)
  return lines
}

async function refusalOf(archive: Buffer): Promise<unknown> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/zip' }
  const answer = await fetch(`${origin}/v1/images/archive`, {
    method: 'POST',
    headers,
    body: new Uint8Array(archive),
  })
  const body = answer.headers.get('content-type')?.startsWith('application/problem')
    ? ((await answer.json()) as { type: string }).type.replace('/problems/', '')
    : await answer.text()
  return [answer.status, body]
}

const staged = () => readdir(join(shop.folder, 'files', 'staging'))

test('photos keep their names and their order; what is no photo is told of and stops nothing', async () => {
  const archive = await pack(
    ['summer/', Buffer.alloc(0)],
    ['summer/one.jpg', photos[0]!],
    ['summer/notes.txt', Buffer.from('no photo')],
    ['__MACOSX/summer/._one.jpg', Buffer.from('clutter')],
    ['summer/.DS_Store', Buffer.from('clutter')],
    ['summer/inner.zip', await pack(['x.jpg', photos[2]!])],
    ['two.jpg', photos[1]!, true],
    ['again.jpg', photos[0]!],
  )
  const lines = await unpack(archive)
  expect(lines.map(({ name, known, refusal }) => [name, known ?? refusal])).toEqual([
    ['one.jpg', false],
    ['notes.txt', 'unsupported_format'],
    ['inner.zip', 'nested_archive'],
    ['two.jpg', false],
    ['again.jpg', true],
  ])
  const again = await unpack(archive)
  expect(again.filter(({ image }) => image).every(({ known }) => known)).toBe(true)
  expect(await staged()).toEqual([])
})

test('whoever asks which photos are here is told of their own', async () => {
  const sha256 = photos.slice(0, 2).map((photo) => createHash('sha256').update(photo).digest('hex'))
  const ask = (by: string) =>
    app.call({
      method: 'POST',
      path: '/v1/images/known',
      key: by,
      body: { sha256: [...sha256, '0'.repeat(64)] },
    })
  const mine = (await ask(key)).body as { data: { sha256: string }[] }
  expect(mine.data.map((image) => image.sha256).sort()).toEqual(sha256.toSorted())
  const stranger = (await app.createKey(await shop.account(), ['read'])).key
  expect((await ask(stranger)).body).toMatchObject({ data: [] })
})

test('a name that leads out of every folder is a name to show', async () => {
  const archive = renamed(await pack(['aaaaaaaaathree.jpg', photos[2]!]), 'aaaaaaaaa', '../../../')
  const lines = await unpack(archive)
  expect(lines).toMatchObject([{ name: 'three.jpg', image: { name: 'three.jpg' } }])
})

test.each<[string, () => Promise<Buffer>, [number, string]]>([
  ['no archive', async () => Buffer.from('PK or not'), [422, 'archive_invalid']],
  [
    'half an archive',
    async () => (await pack(['a.jpg', photos[0]!])).subarray(0, 900),
    [422, 'archive_invalid'],
  ],
  ['nothing', async () => Buffer.alloc(0), [422, 'archive_invalid']],
  ['an archive of nothing', () => pack(), [422, 'archive_empty']],
  ['clutter alone', () => pack(['.DS_Store', Buffer.from('x')]), [422, 'archive_empty']],
  [
    'a file that grows a thousandfold',
    () => pack(['bomb.jpg', Buffer.alloc(20_000_000), true]),
    [422, 'archive_bomb'],
  ],
  ['files that share their bytes', overlapping, [422, 'archive_bomb']],
  [
    'too many files',
    () => pack(...Array.from({ length: 10_001 }, (_, n): Packed => [`${n}.jpg`, Buffer.from('x')])),
    [422, 'archive_too_large'],
  ],
])('%s is refused as a whole', async (_name, make, expected) => {
  expect(await refusalOf(await make())).toEqual(expected)
  expect(await staged()).toEqual([])
})

/** Two entries of the list that lead to the same place: what is inflated twice is stored once. */
async function overlapping(): Promise<Buffer> {
  const archive = await pack(['a.jpg', photos[0]!], ['b.jpg', photos[1]!])
  const second = archive.lastIndexOf(LISTED)
  archive.writeUInt32LE(0, second + 42)
  return archive
}

test('a file that is damaged, locked or longer than it says is told of, and stops no other', async () => {
  const archive = await pack(
    ['bad.jpg', photos[0]!, true],
    ['locked.jpg', photos[1]!, true],
    ['good.jpg', photos[2]!],
  )
  archive[200] = archive[200]! ^ 0xff
  archive.fill(0xff, 300, 340)
  const second = archive.indexOf(LISTED, archive.indexOf(LISTED) + 1)
  archive.writeUInt16LE(archive.readUInt16LE(second + 8) | 1, second + 8)
  const lines = await unpack(archive)
  expect(lines.map(({ name, refusal }) => [name, refusal])).toEqual([
    ['bad.jpg', expect.stringMatching(/^(entry_unreadable|damaged|unsupported_format)$/)],
    ['locked.jpg', 'entry_unreadable'],
    ['good.jpg', undefined],
  ])
  expect(await staged()).toEqual([])
})

test('whoever goes away in the middle leaves nothing staged, and finds the rest known', async () => {
  const fresh: Packed[] = []
  for (let seed = 0; seed < 6; seed++) {
    const folder = join(shop.folder, 'photos')
    const path = await seededCrop(shop.photos.chelsea, { seed: 8200 + seed, folder, longSide: 240 })
    fresh.push([`${seed}.jpg`, await readFile(path)])
  }
  const archive = new Blob([new Uint8Array(await pack(...fresh))])
  const api = createClient({ url: origin, apiKey: key })
  let taken = 0
  for await (const _ of api.unpackArchive(archive)) if (++taken === 2) break
  await expect.poll(staged, { timeout: 20_000 }).toEqual([])
  const lines: { known?: boolean }[] = []
  for await (const line of api.unpackArchive(archive)) lines.push('known' in line ? line : {})
  expect(lines).toHaveLength(6)
  expect(lines.filter(({ known }) => known).length).toBeGreaterThanOrEqual(2)
})
