/** What is promised of hot folders, below a folder and in a bucket; and that no link below the root leads anywhere. */
import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBucket } from './bucket.ts'
import { ChangedMeanwhile, type HotFolders } from './hot-folders.ts'
import { openHotFolders } from './open-hot-folders.ts'
import { addressOf, bucketUrl } from './test-bucket.ts'

const ACME = '01930000-0000-7000-8000-000000000001'
const OTHER = '01930000-0000-7000-8000-000000000002'

let server: FauxqsServer
let base: string
let root: string
let hot: HotFolders
let count = 0
let shoes: { accountId: string; name: string }

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket('photos')
  base = await mkdtemp(join(tmpdir(), 'drawdown-hot-'))
  root = join(base, 'root')
})
afterAll(async () => {
  await server.stop()
  await rm(base, { recursive: true, force: true })
})
beforeEach(() => {
  shoes = { accountId: ACME, name: `shoes-${count++}` }
})

const readAll = async (content: Readable | AsyncIterable<Uint8Array> | undefined) =>
  content && String(await buffer(content as Readable))
const pathIn = (path: string) => join(root, ACME, shoes.name, 'in', path)
async function putFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(pathIn(path)), { recursive: true })
  await writeFile(pathIn(path), text)
}

type Place = { open: () => Promise<HotFolders | null>; put: (path: string, text: string) => Promise<void> }
const bucketOf = () => openBucket(addressOf(server))
const places: [string, Place][] = [
  ['below a folder', { open: () => openHotFolders(pathToFileURL(root).href), put: putFile }],
  [
    'in a bucket',
    {
      open: () => openHotFolders(bucketUrl(server)),
      put: (path, text) => bucketOf().put(`${ACME}/${shoes.name}/in/${path}`, Buffer.from(text)),
    },
  ],
]

describe.each(places)('%s', (_where, place) => {
  beforeAll(async () => {
    hot = (await place.open())!
  })
  afterAll(() => hot.close())

  test('files are seen at any depth, and what is no file of a customer is not', async () => {
    await hot.make(shoes)
    expect(await hot.list(shoes)).toEqual([])
    for (const path of ['a.jpg', 'spring/b.jpg', '.hidden.jpg', 'c.jpg.part', 'Thumbs.db', '.git/d.jpg'])
      await place.put(path, path)
    const seen = await hot.list(shoes)
    expect(seen.map(({ path }) => path).sort()).toEqual(['a.jpg', 'spring/b.jpg'])
    for (const file of seen) expect(await readAll(await hot.open(shoes, file))).toBe(file.path)
    expect(await hot.list({ ...shoes, accountId: OTHER })).toEqual([])
  })

  test('a version is answered, or nothing', async () => {
    await place.put('a.jpg', 'one')
    const [first] = await hot.list(shoes)
    await place.put('a.jpg', 'two')
    expect(await hot.open(shoes, first!)).toBeUndefined()
    const [second] = await hot.list(shoes)
    expect(second!.mark).not.toBe(first!.mark)
    expect(await readAll(await hot.open(shoes, second!))).toBe('two')
    expect(await hot.open(shoes, { ...second!, path: 'gone.jpg' })).toBeUndefined()
  })

  test('results are written over and taken away, and never seen as files that came', async () => {
    await place.put('a.jpg', 'one')
    const from = join(base, 'result')
    await writeFile(from, 'result')
    await hot.write(shoes, 'spring/a.png', from)
    await hot.write(shoes, 'spring/a.png', from)
    await hot.writeNote(shoes, 'a.txt', 'note')
    await hot.remove(shoes, 'a.txt')
    await hot.remove(shoes, 'never/was.txt')
    expect((await hot.list(shoes)).map(({ path }) => path)).toEqual(['a.jpg'])
  })

  test.each(['../x', 'A', '', 'a/b', '.', '-a', 'a'.repeat(41)])('no folder is called “%s”', async (name) => {
    await expect(hot.list({ ...shoes, name })).rejects.toThrow('Not the name of a hot folder')
    await expect(hot.write({ ...shoes, name }, 'a', '/dev/null')).rejects.toThrow('Not the name')
  })
})

describe('below a folder, with hands that mean harm', () => {
  const secret = () => join(base, 'secret')
  beforeAll(async () => {
    hot = (await openHotFolders(pathToFileURL(root).href))!
    await mkdir(secret(), { recursive: true })
    await writeFile(join(secret(), 'key.jpg'), 'secret')
  })
  const mark = async (path: string) => (await hot.list(shoes)).find((file) => file.path === path)!

  test('a link to a file or to a folder is not seen', async () => {
    await putFile('a.jpg', 'a')
    await symlink(join(secret(), 'key.jpg'), pathIn('link.jpg'))
    await symlink(secret(), pathIn('folder'))
    expect((await hot.list(shoes)).map(({ path }) => path)).toEqual(['a.jpg'])
  })

  test('a link that takes the place of what was seen leads nowhere', async () => {
    await putFile('a.jpg', 'secret')
    await putFile('spring/key.jpg', 'secret')
    const [file, below] = [await mark('a.jpg'), await mark('spring/key.jpg')]
    await rm(pathIn('a.jpg'))
    await symlink(join(secret(), 'key.jpg'), pathIn('a.jpg'))
    await rename(pathIn('spring'), pathIn('summer'))
    await symlink(secret(), pathIn('spring'))
    expect(await hot.open(shoes, file)).toBeUndefined()
    expect(await hot.open(shoes, below)).toBeUndefined()
  })

  test.each(['in', 'out', ''])('nor does one in the place of “%s”', async (side) => {
    await hot.make(shoes)
    const place = join(root, ACME, shoes.name, side)
    await rm(place, { recursive: true })
    await symlink(secret(), place)
    const from = join(base, 'result')
    await writeFile(from, 'result')
    if (side === 'out') await expect(hot.write(shoes, 'key.jpg', from)).rejects.toThrow('cannot be written')
    else await expect(hot.list(shoes)).rejects.toThrow('is not there')
    expect(await readdir(secret())).toEqual(['key.jpg'])
    expect(await readFile(join(secret(), 'key.jpg'), 'utf8')).toBe('secret')
  })

  test('a result takes the place of a link, and not of what it leads to', async () => {
    await hot.make(shoes)
    const out = join(root, ACME, shoes.name, 'out', 'key.jpg')
    await symlink(join(secret(), 'key.jpg'), out)
    await hot.writeNote(shoes, 'key.jpg', 'mine')
    expect(await readFile(out, 'utf8')).toBe('mine')
    expect(await readFile(join(secret(), 'key.jpg'), 'utf8')).toBe('secret')
  })

  test('no path in the database leads out', async () => {
    await putFile('a.jpg', 'a')
    const file = await mark('a.jpg')
    for (const path of ['../in/a.jpg', './a.jpg', '/etc/passwd', `../../../../${'secret'}/key.jpg`])
      expect(await hot.open(shoes, { ...file, path })).toBeUndefined()
    await expect(hot.writeNote(shoes, '../in/b.jpg', 'x')).rejects.toThrow('cannot be written')
  })

  test('what is written to while it is read is no version', async () => {
    await putFile('a.jpg', 'x'.repeat(300_000))
    const content = (await hot.open(shoes, await mark('a.jpg'))) as AsyncIterable<Uint8Array>
    const read = async () => {
      for await (const _ of content) await appendFile(pathIn('a.jpg'), 'more')
    }
    await expect(read()).rejects.toThrow(ChangedMeanwhile)
    await truncate(pathIn('a.jpg'), 5)
    expect(await readAll(await hot.open(shoes, await mark('a.jpg')))).toBe('xxxxx')
  })

  test('a second name of a file is a file of its own', async () => {
    await putFile('a.jpg', 'a')
    await link(pathIn('a.jpg'), pathIn('b.jpg'))
    expect((await hot.list(shoes)).length).toBe(2)
  })
})
