/** What a bucket adds to file-store.test.ts: several servers, length, doubt and outages. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileKey, STAGED_FOR_MS, StoreUnavailable } from './file-store.ts'
import { readS3Address } from './s3-address.ts'
import { openS3Store } from './s3-store.ts'
import { addressOf, bucketUrl } from './test-bucket.ts'

const ACME = '01930000-0000-7000-8000-000000000001'
const MIB = 1024 * 1024

let server: FauxqsServer
let folder: string
let client: S3Client
let opened = 0

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket('photos')
  folder = await mkdtemp(join(tmpdir(), 'drawdown-bucket-'))
  client = new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
})
afterAll(async () => {
  client.destroy()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Another server on the same bucket, with a folder of its own. */
const openAnother = (cachedBytes = Number.POSITIVE_INFINITY) =>
  openS3Store(addressOf(server), { folder: join(folder, String(opened++)), cachedBytes })
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
const objectOf = (hash: string) => ({ Bucket: 'photos', Key: `some/prefix/${fileKey(ACME, hash)}` })

test.each([0, 1, 5 * MIB, 8 * MIB, 8 * MIB + 1, 20 * MIB + 3])(
  'the bucket holds all %i bytes, and another server reads them',
  async (length) => {
    const content = randomBytes(length)
    const [one, other] = [await openAnother(), await openAnother()]
    const received = await one.receive(Readable.from([content]), length)
    if (!received.ok) throw new Error(received.refusal)
    await received.file.keep(ACME)
    const object = objectOf(sha256(content))
    expect((await client.send(new HeadObjectCommand(object))).ContentLength).toBe(length)
    const { Body } = await client.send(new GetObjectCommand(object))
    expect(sha256(await buffer(Body as Readable))).toBe(sha256(content))
    expect(await other.stat(ACME, sha256(content))).toEqual({ sha256: sha256(content), bytes: length })
    expect(sha256(await buffer(await other.open(ACME, sha256(content))))).toBe(sha256(content))
    const paths = await Promise.all([1, 2, 3].map(() => other.localPath(ACME, sha256(content))))
    expect(new Set(paths).size).toBe(1)
    await one.close()
    await other.close()
  },
)

test('what the bucket holds under a hash is believed only when it has that hash', async () => {
  const store = await openAnother()
  const { sha256: hash } = await (await openAnother()).put(ACME, randomBytes(1000))
  await client.send(new PutObjectCommand({ ...objectOf(hash), Body: Buffer.alloc(1000) }))
  await expect(store.localPath(ACME, hash)).rejects.toThrow('is not what was stored')
  await expect(store.localPath(ACME, hash)).rejects.toThrow(StoreUnavailable)
})

test('what is not in the bucket is not there, though a folder may still have it', async () => {
  const [one, other] = [await openAnother(), await openAnother()]
  const { sha256: hash } = await one.put(ACME, randomBytes(100))
  await other.delete(ACME, hash)
  expect(await one.stat(ACME, hash)).toBeUndefined()
  await one.put(ACME, await buffer(await one.open(ACME, hash)))
  expect(await other.stat(ACME, hash)).toEqual({ sha256: hash, bytes: 100 })
})

test('the folder stays below its size, and what went comes back from the bucket', async () => {
  const store = await openAnother(1 * MIB)
  const old = await store.put(ACME, randomBytes(MIB))
  const path = await store.localPath(ACME, old.sha256)
  const longAgo = new Date(Date.now() - STAGED_FOR_MS - 1000)
  await utimes(path, longAgo, longAgo)
  const fresh = await store.put(ACME, randomBytes(MIB))
  expect(existsSync(path)).toBe(false)
  expect(existsSync(await store.localPath(ACME, fresh.sha256))).toBe(true)
  expect(existsSync(await store.localPath(ACME, old.sha256))).toBe(true)
})

test('a bucket that is not there or goes away is said so', async () => {
  const missing = readS3Address(bucketUrl(server).replace('photos', 'nobodys'))!
  await expect(openS3Store(missing, { folder: join(folder, 'missing') })).rejects.toThrow(StoreUnavailable)
  const dead = createServer((socket) => socket.destroy())
  await new Promise<void>((done) => dead.listen(0, '127.0.0.1', done))
  const gone = readS3Address(bucketUrl({ port: portOf(dead) }))!
  await expect(openS3Store(gone, { folder: join(folder, 'gone') })).rejects.toThrow('answered otherwise')
  dead.close()
})

const portOf = (listening: Server) => (listening.address() as { port: number }).port

test.each<[string, object | undefined]>([
  ['s3://photos', { bucket: 'photos', prefix: '', region: 'us-east-1', endpoint: null, pathStyle: false }],
  ['s3://photos/a/b/?region=eu-central-1', { prefix: 'a/b/', region: 'eu-central-1', credentials: null }],
  [
    's3://photos?endpoint=https://s3.example.com:9000',
    { pathStyle: true, endpoint: 'https://s3.example.com:9000' },
  ],
  ['s3://photos?endpoint=https://s3.example.com&path_style=0', { pathStyle: false }],
  ['s3://key:s%2Fcret@photos', { credentials: { accessKeyId: 'key', secretAccessKey: 's/cret' } }],
  ['s3://key@photos', undefined],
  ['s3://Photos', undefined],
  ['s3://ph', undefined],
  ['s3://photos/a b', undefined],
  ['s3://photos?regoin=eu', undefined],
  ['s3://photos?endpoint=ftp://x', undefined],
  ['s3://photos?path_style=yes', undefined],
  ['https://photos', undefined],
  ['s3', undefined],
])('%s', (text, expected) => {
  if (expected) expect(readS3Address(text)).toMatchObject(expected)
  else expect(readS3Address(text)).toBeUndefined()
})
