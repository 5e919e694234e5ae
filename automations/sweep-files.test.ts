/** Files that nobody speaks of go; what any row names stays, in a folder and in a bucket. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FileStore } from '../storage/file-store.ts'
import { openStore } from '../storage/open-store.ts'
import { bucketUrl } from '../storage/test-bucket.ts'
import { HOLDERS, sweepFiles } from './sweep-files.ts'
import { openWorkshop, type Workshop } from './test-workshop.ts'

const DAY = 86_400_000

let shop: Workshop
let server: FauxqsServer
let folder: string
let accountId: string
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket('photos')
  folder = await mkdtemp(join(tmpdir(), 'drawdown-sweep-'))
  shop = await openWorkshop({ photos: false })
  accountId = await shop.account()
})
afterAll(async () => {
  await shop.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const places: [string, () => string][] = [
  ['in a folder', () => pathToFileURL(join(folder, 'files')).href],
  ['in a bucket', () => bucketUrl(server)],
]

test.each(places)('%s', async (_where, url) => {
  const files: FileStore = await openStore(url(), folder)
  const store = async () => (await files.put(accountId, randomBytes(100))).sha256
  const there = async (sha256: string) => (await files.stat(accountId, sha256)) !== undefined
  const [image, preview, output, shown, result, seen, orphan] = await Promise.all(
    Array.from({ length: 7 }, store),
  )
  const [imageId] = await shop.paperImages(accountId, 1)
  const automationId = await shop.automation(accountId, [{ operation: 'strip_metadata' }])
  const runId = await shop.start(accountId, automationId, [imageId!])
  await shop.db.asTenant(accountId, async (tx) => {
    await tx.query(`update images set sha256 = $2, preview_sha256 = $3 where image_id = $1`, [
      imageId,
      image,
      preview,
    ])
    await tx.query(`update run_items set output_sha256 = $2, preview_sha256 = $3 where run_id = $1`, [
      runId,
      output,
      shown,
    ])
    await tx.query(
      `insert into step_results (account_id, content_key, sha256, bytes, format, width, height, preview_sha256, report)
       values ($1, $2, $2, 1, 'png', 1, 1, $3, '[]')`,
      [accountId, result, seen],
    )
  })
  const here = { db: shop.db, files }
  // Nothing is old enough yet.
  expect(await sweepFiles(here)).toEqual({ seen: 0, removed: 0 })
  expect(await sweepFiles(here, Date.now() + 3 * DAY)).toEqual({ seen: 7, removed: 1 })
  for (const named of [image, preview, output, shown, result, seen]) expect(await there(named!)).toBe(true)
  expect(await there(orphan!)).toBe(false)

  // What is stored once more, or while it is removed, is new.
  const again = await store()
  const than = Date.now() + 1_000
  expect(await files.deleteOlder(accountId, again, Date.now() - DAY)).toBe(false)
  expect(await files.deleteOlder(accountId, again, than)).toBe(true)
  expect(await files.deleteOlder(accountId, again, than)).toBe(false)
  await files.close()
})

test('storing what is there already makes it new', async () => {
  const files = await openStore(pathToFileURL(join(folder, 'again')).href, folder)
  const content = randomBytes(50)
  const { sha256 } = await files.put(accountId, content)
  const longAgo = new Date(Date.now() - 9 * DAY)
  await utimes(await files.localPath(accountId, sha256), longAgo, longAgo)
  await files.put(accountId, content)
  expect(await sweepFiles({ db: shop.db, files })).toEqual({ seen: 0, removed: 0 })
  await files.close()
})

test('no column that names files is missing', async () => {
  const columns = await shop.db.asService((tx) =>
    tx.query<{ table: string; column: string }>(
      `select table_name as "table", column_name as "column" from information_schema.columns
       where table_schema = 'public' and column_name like '%sha256' order by 1, 2`,
    ),
  )
  // By the content of a photo that its own row names.
  const others = ['photo_crops.image_sha256']
  const known = [...HOLDERS.map(([table, column]) => `${table}.${column}`), ...others]
  expect(columns.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(known.sort())
})
