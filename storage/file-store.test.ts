import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FileStore, openFolderStore, STAGED_FOR_MS } from './file-store.ts'
import { openS3Store } from './s3-store.ts'
import { addressOf } from './test-bucket.ts'

const ACME = '01930000-0000-7000-8000-000000000001'
const OTHER = '01930000-0000-7000-8000-000000000002'
let folder: string
let store: FileStore
let server: FauxqsServer

/** The same promises whatever is behind them. */
describe.each<[string, () => Promise<FileStore>]>([
  ['in a folder', () => openFolderStore(folder)],
  ['in a bucket', () => openS3Store(addressOf(server), { folder })],
])('%s', (_where, open) => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drawdown-files-'))
    server = await startFauxqs({ port: 0, logger: false })
    server.createBucket('photos')
    store = await open()
  })
  afterAll(async () => {
    await store.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const staged = () => readdir(join(folder, 'staging'))
  const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

  test('what is received in any chunks comes back byte for byte under its hash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 8 }), async (chunks) => {
        const content = Buffer.concat(chunks)
        const received = await store.receive(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), 50_000)
        if (!received.ok) throw new Error(received.refusal)
        expect(received.file).toMatchObject({ sha256: sha256(content), bytes: content.length })
        await received.file.keep(ACME)
        expect(await buffer(await store.open(ACME, sha256(content)))).toEqual(content)
        expect(await readFile(await store.localPath(ACME, sha256(content)))).toEqual(content)
      }),
      { numRuns: 30 },
    )
    expect(await staged()).toEqual([])
  })

  test('a file that is too long is refused before it is read to its end, and leaves nothing behind', async () => {
    let sent = 0
    async function* endless() {
      for (;;) {
        sent++
        yield randomBytes(1000)
      }
    }
    expect(await store.receive(endless(), 10_000)).toEqual({ ok: false, refusal: 'too_large' })
    expect(sent).toBe(11)
    expect(await staged()).toEqual([])
  })

  test('an upload that breaks off throws what broke it, and leaves nothing behind', async () => {
    async function* breaking() {
      yield Buffer.from('half')
      throw new Error('the line went dead')
    }
    await expect(store.receive(breaking(), 1000)).rejects.toThrow('the line went dead')
    expect(await staged()).toEqual([])
  })

  test('the same content is stored once, however many write it at a time', async () => {
    const content = randomBytes(100_000)
    const stored = await Promise.all(Array.from({ length: 16 }, () => store.put(ACME, content)))
    for (const each of stored) expect(each).toEqual({ sha256: sha256(content), bytes: 100_000 })
    expect(await buffer(await store.open(ACME, sha256(content)))).toEqual(content)
    expect(await staged()).toEqual([])
  })

  test('what one account stored is not there for another', async () => {
    const { sha256 } = await store.put(ACME, Buffer.from('mine'))
    expect(await store.stat(OTHER, sha256)).toBeUndefined()
    await expect(store.open(OTHER, sha256)).rejects.toThrow('No file')
  })

  test('a file that another program staged is hashed and adopted', async () => {
    const path = store.stagingPath()
    await writeFile(path, 'made by a child')
    const stored = await store.adopt(ACME, path)
    expect(stored).toEqual({ sha256: sha256(Buffer.from('made by a child')), bytes: 15 })
    expect(await store.stat(ACME, stored.sha256)).toEqual(stored)
    expect(await staged()).toEqual([])
  })

  test('deleted is gone, and deleting what is not there is fine', async () => {
    const { sha256 } = await store.put(ACME, Buffer.from('short-lived'))
    await store.delete(ACME, sha256)
    expect(await store.stat(ACME, sha256)).toBeUndefined()
    await store.delete(ACME, sha256)
  })

  test('the sweep takes staged files whose owner died and leaves those under way', async () => {
    const dead = store.stagingPath()
    const alive = store.stagingPath()
    await writeFile(dead, 'dead')
    await writeFile(alive, 'alive')
    const longAgo = new Date(Date.now() - STAGED_FOR_MS - 1000)
    await utimes(dead, longAgo, longAgo)
    expect(await store.sweep()).toBe(1)
    expect(await staged()).toEqual([alive.split('/').at(-1)])
  })

  test('ids and hashes that could lead out of the folder are a bug of the caller', async () => {
    for (const bad of ['..', '../..', 'a/b', '', 'ACME', `${ACME}/..`]) {
      await expect(store.stat(bad, 'a'.repeat(64))).rejects.toThrow('Not the id')
      await expect(store.stat(ACME, bad)).rejects.toThrow('Not a sha256')
    }
  })

  test('a cache path is a place of the account that a child can write to', async () => {
    const path = await store.cachePath(ACME, 'mask-1.grey')
    await writeFile(path, 'mask')
    expect(path.startsWith(join(folder, ACME))).toBe(true)
    expect(await store.cachePath(OTHER, 'mask-1.grey')).not.toBe(path)
    for (const bad of ['../x', 'a/b', '.hidden', ''])
      await expect(store.cachePath(ACME, bad)).rejects.toThrow('Not a plain file name')
  })
})
