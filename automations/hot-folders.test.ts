/** Hot folders from a file that is put there to the result beside it, below a folder and in a bucket, with several servers and crashes. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBucket } from '../storage/bucket.ts'
import { StoreUnavailable } from '../storage/file-store.ts'
import type { HotFolders } from '../storage/hot-folders.ts'
import { openHotFolders } from '../storage/open-hot-folders.ts'
import { addressOf, bucketUrl } from '../storage/test-bucket.ts'
import { deleteAutomation } from './automations.ts'
import { claimWithinBudget } from './claim-within-budget.ts'
import {
  createHotFolder,
  type HotFile,
  listHotFiles,
  readHotFolder,
  removeHotFolder,
  updateHotFolder,
} from './hot-folders.ts'
import { type HotRooms, lookIntoNext } from './look-into-hot-folder.ts'
import type { Schedule } from './next-start.ts'
import { listRuns } from './read-run.ts'
import { retryRun } from './retry-run.ts'
import { setPause } from './set-pause.ts'
import { openWorkshop, until, type Workshop } from './test-workshop.ts'

const AT_ONCE: Schedule = { starts: 'at_once', startTime: null }
const NIGHTLY: Schedule = { starts: 'daily', startTime: '02:00' }

let shop: Workshop
let server: FauxqsServer
let root: string
let hot: HotFolders
let rooms: HotRooms
let accountId: string
let count = 0

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket('photos')
  root = await mkdtemp(join(tmpdir(), 'drawdown-hot-'))
  shop = await openWorkshop({ photos: false })
})
afterAll(async () => {
  await shop.close()
  await server.stop()
  await rm(root, { recursive: true, force: true })
})
beforeEach(async () => {
  accountId = await shop.account()
})

/** A picture of its own for each seed. */
const picture = (seed: number) =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } })
    .jpeg()
    .withExif({ IFD0: { ImageDescription: String(seed) } })
    .toBuffer()

const openFolder = () => openHotFolders(pathToFileURL(root).href)
const rootOf = (name: string, side: 'in' | 'out') => join(root, accountId, name, side)
async function drop(name: string, path: string, content: Uint8Array): Promise<void> {
  const file = join(rootOf(name, 'in'), path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.part`, content)
  await rename(`${file}.part`, file)
}

/** Rooms whose files count as written at once. */
function roomsWith(place: HotFolders, more: Partial<HotFolders> = {}): HotRooms {
  const { db, files, imageWork } = shop
  return { db, files, imageWork, hot: { ...place, settleMs: 0, ...more } }
}

const FREE = [{ operation: 'convert', settings: { format: 'png' } }]
const PAID = [{ operation: 'smart_crop', settings: { width: 20, height: 20 } }]

async function connect(steps: typeof FREE | typeof PAID, schedule = AT_ONCE) {
  const automationId = await shop.automation(accountId, steps)
  const name = `shoes-${count++}`
  const draft = { name, automationId, schedule, createdBy: null }
  const made = await shop.db.asTenant(accountId, (tx) => createHotFolder(tx, accountId, draft))
  if (!made.ok) throw new Error(made.detail)
  await hot?.make({ accountId, name })
  return { id: made.folder.id, name, automationId }
}

/** As if its next look were due, and nobody's else. */
async function look(id: string, with_ = rooms) {
  await shop.db.asTenant(accountId, (tx) =>
    tx.query(`update hot_folders set next_look_at = '-infinity' where hot_folder_id = $1`, [id]),
  )
  const looked = await lookIntoNext(with_)
  if (looked?.fault && !(looked.fault instanceof Crash)) throw looked.fault
  return looked?.hotFolderId === id ? looked : null
}

const files = (id: string): Promise<HotFile[]> =>
  shop.db.asTenant(accountId, (tx) =>
    listHotFiles(tx, { accountId, hotFolderId: id }, { after: null, limit: 200 }),
  )
const folderOf = async (id: string) =>
  (await shop.db.asTenant(accountId, (tx) => readHotFolder(tx, accountId, id)))!
const runs = () => shop.db.asTenant(accountId, (tx) => listRuns(tx, accountId, { after: null, limit: 100 }))
const setNextStart = (id: string, at: string) =>
  shop.db.asTenant(accountId, (tx) =>
    tx.query(`update hot_folders set next_start_at = $2 where hot_folder_id = $1`, [id, at]),
  )
const settleRuns = () =>
  until('the runs end', async () => {
    const all = await runs()
    return all.length > 0 && all.every(({ status }) => status === 'finished')
  })

class Crash extends Error {}

const bucketOf = () => openBucket(addressOf(server))
const places: [string, () => Promise<HotFolders | null>, typeof drop, typeof readResult][] = [
  ['below a folder', openFolder, drop, readResult],
  [
    'in a bucket',
    () => openHotFolders(bucketUrl(server)),
    (name, path, content) => bucketOf().put(`${accountId}/${name}/in/${path}`, content),
    async (name, path) => {
      const { buffer } = await import('node:stream/consumers')
      return buffer((await bucketOf().open(`${accountId}/${name}/out/${path}`))!)
    },
  ],
]
function readResult(name: string, path: string): Promise<Buffer> {
  return readFile(join(rootOf(name, 'out'), path))
}

test.each(places)('%s, what comes is run and its result laid beside it', async (_where, open, put, read) => {
  hot = (await open())!
  rooms = roomsWith(hot)
  const { id, name } = await connect(FREE)
  await put(name, 'a.jpg', await picture(1))
  await put(name, 'spring/a.jpg', await picture(2))
  await put(name, 'a.jpeg', await picture(3))
  await put(name, 'notes.txt', Buffer.from('shoes for spring'))
  await look(id)
  const workers = shop.workers()
  await settleRuns()
  await workers.stop()
  await look(id)
  await look(id)

  const [run, ...others] = await runs()
  expect(others).toEqual([])
  expect(run).toMatchObject({ name: `Test automation from ${name}`, itemCount: 3, succeeded: 3 })
  const results = new Map((await files(id)).map((file) => [file.path, file]))
  expect(results.get('spring/a.jpg')).toMatchObject({ status: 'succeeded', resultName: 'spring/a.png' })
  expect(results.get('notes.txt')).toMatchObject({ status: 'refused', runId: null, resultName: null })
  const names = ['a.jpg', 'a.jpeg'].map((path) => results.get(path)!.resultName).sort()
  expect(names).toEqual(['a (2).png', 'a.png'])
  for (const path of [...names, 'spring/a.png'])
    expect(await sharp(await read(name, path!)).metadata()).toMatchObject({ format: 'png', width: 40 })
  expect(String(await read(name, 'notes.txt.no-result.txt'))).toMatch(
    /^There is no result for notes\.txt\.\n\n.+\n\nIt cost/s,
  )
  expect(await folderOf(id)).toMatchObject({ waiting: 0, refused: 1, started: 3, trouble: null })
  hot.close()
})

describe('below a folder', () => {
  beforeAll(async () => {
    hot = (await openFolder())!
    rooms = roomsWith(hot)
  })

  test('a file that is still being written is left alone until it stays as it is', async () => {
    const { id, name } = await connect(FREE)
    const slow = roomsWith(hot, { settleMs: 3_600_000 })
    await drop(name, 'a.jpg', await picture(4))
    await look(id, slow)
    expect(await files(id)).toMatchObject([{ path: 'a.jpg', status: 'arriving' }])
    await drop(name, 'a.jpg', await picture(5))
    await utimes(join(rootOf(name, 'in'), 'a.jpg'), 1, 1)
    await look(id, slow)
    expect(await files(id)).toHaveLength(1)
    await rm(join(rootOf(name, 'in'), 'a.jpg'))
    await look(id, slow)
    expect([await files(id), await runs()]).toEqual([[], []])
  })

  test('a file that is replaced is another one, whose result takes the place of the first', async () => {
    const { id, name } = await connect(FREE)
    const workers = shop.workers()
    const sizes: number[] = []
    for (const width of [40, 50]) {
      const create = { width, height: 30, channels: 3 as const, background: 'red' }
      await drop(name, 'a.jpg', await sharp({ create }).jpeg().toBuffer())
      await look(id)
      await settleRuns()
      await look(id)
      sizes.push((await sharp(await readResult(name, 'a.png')).metadata()).width)
    }
    await workers.stop()
    expect(sizes).toEqual([40, 50])
    expect(await readdir(rootOf(name, 'out'))).toEqual(['a.png'])
    expect((await runs()).map(({ itemCount }) => itemCount)).toEqual([1, 1])
  })

  test('two servers that die at any moment make one item of each file', async () => {
    const { id, name } = await connect(FREE)
    const total = 24
    let seed = 7
    const chance = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    let crashes = 0
    const die = () => {
      if (chance() > 0.2) return
      crashes++
      throw new Crash()
    }
    // Dying before or after an answer, of the place or of the database, is all that a crash can be to either.
    const frail = (): HotRooms => ({
      ...roomsWith(hot, {
        list: async (folder) => {
          const listed = await hot.list(folder)
          die()
          return listed
        },
        open: async (folder, file) => {
          die()
          return hot.open(folder, file)
        },
      }),
      db: {
        ...shop.db,
        asTenant: async (account, work, options) => {
          const answer = await shop.db.asTenant(account, work, options)
          if (!/setTrouble|clearTrouble|next_look_at/.test(String(work))) die()
          return answer
        },
      },
    })
    const serve = async () => {
      for (let round = 0; round < 30; round++) await look(id, frail())
    }
    const bring = async () => {
      for (let n = 0; n < total; n++) await drop(name, `${n}.jpg`, await picture(1000 + n))
    }
    await Promise.all([serve(), serve(), bring()])
    await look(id)
    expect(crashes).toBeGreaterThan(10)
    const all = await runs()
    expect(all.reduce((sum, { itemCount }) => sum + itemCount, 0)).toBe(total)
    const items = (await Promise.all(all.map((run) => shop.items(accountId, run.id)))).flat()
    expect(new Set(items.map(({ imageId }) => imageId)).size).toBe(total)
    expect((await files(id)).filter(({ runId }) => runId === null)).toEqual([])
  })

  test('a schedule starts once over all that came, however often it was missed', async () => {
    const { id, name } = await connect(FREE, NIGHTLY)
    await drop(name, 'a.jpg', await picture(20))
    await drop(name, 'b.jpg', await picture(21))
    await look(id)
    expect([await runs(), (await files(id)).map(({ status }) => status)]).toEqual([
      [],
      ['waiting', 'waiting'],
    ])
    // Five nights in which no server ran.
    const before = (await folderOf(id)).nextStartAt!
    await setNextStart(id, new Date(before.getTime() - 5 * 86_400_000).toISOString())
    await look(id)
    await look(id)
    expect((await runs()).map(({ itemCount }) => itemCount)).toEqual([2])
    expect((await folderOf(id)).nextStartAt).toEqual(before)
    // A night in which nothing came.
    await setNextStart(id, new Date(before.getTime() - 86_400_000).toISOString())
    await look(id)
    expect(await runs()).toHaveLength(1)
    expect((await folderOf(id)).nextStartAt).toEqual(before)
  })

  test('a start waits for what came before it and is not taken in yet', async () => {
    const { id, name } = await connect(FREE, NIGHTLY)
    await drop(name, 'a.jpg', await picture(22))
    await look(id)
    await drop(name, 'b.jpg', await picture(23))
    await look(id, roomsWith(hot, { settleMs: 3_600_000 }))
    await setNextStart(id, 'now')
    await look(id, roomsWith(hot, { settleMs: 3_600_000 }))
    expect(await runs()).toEqual([])
    await look(id)
    expect((await runs()).map(({ itemCount }) => itemCount)).toEqual([2])
  })

  test('the limit of overage holds what it starts', async () => {
    await shop.db.asTenant(accountId, (tx) => setPause(tx, accountId, 0n))
    await shop.books.use(accountId, 'smart_crop', 250)
    const { id, name } = await connect(PAID)
    await drop(name, 'a.jpg', await picture(24))
    await look(id)
    const claim = { modelsReady: true, leaseMs: 1_000 }
    expect(await claimWithinBudget(shop.db, accountId, claim)).toBeNull()
    expect((await runs()).map(({ status }) => status)).toEqual(['paused_by_budget'])
    expect((await files(id)).map(({ status }) => status)).toEqual(['queued'])
  })

  test('paused and removed folders start nothing', async () => {
    const { id, name } = await connect(FREE)
    const change = (paused: boolean) =>
      shop.db.asTenant(accountId, (tx) => updateHotFolder(tx, accountId, { id, paused }))
    await change(true)
    await drop(name, 'a.jpg', await picture(25))
    expect(await look(id)).toBeNull()
    await change(false)
    await look(id)
    expect(await runs()).toHaveLength(1)
    await shop.db.asTenant(accountId, (tx) => removeHotFolder(tx, accountId, id))
    await drop(name, 'b.jpg', await picture(26))
    expect(await look(id)).toBeNull()
    const again = {
      name,
      automationId: (await connect(FREE)).automationId,
      schedule: AT_ONCE,
      createdBy: null,
    }
    expect(await shop.db.asTenant(accountId, (tx) => createHotFolder(tx, accountId, again))).toMatchObject({
      refusal: 'hot_folder_name_taken',
    })
  })

  test('what stands in the way is said once, and gone when it is', async () => {
    const { id, name, automationId } = await connect(FREE)
    await drop(name, 'a.jpg', await picture(27))
    await shop.db.asTenant(accountId, (tx) => deleteAutomation(tx, accountId, automationId))
    await look(id)
    await look(id)
    expect((await folderOf(id)).trouble).toMatch('was deleted. Choose another')
    const told = await shop.db.asTenant(accountId, (tx) =>
      tx.query(`select data ->> 'name' as name from outbox_events where type = 'hot_folder.stopped'`),
    )
    expect(told).toEqual([{ name }])
    const other = await shop.automation(accountId, FREE)
    await shop.db.asTenant(accountId, (tx) => updateHotFolder(tx, accountId, { id, automationId: other }))
    await look(id)
    expect([(await folderOf(id)).trouble, (await runs()).length]).toEqual([null, 1])
  })

  test('an outage of the place loses nothing', async () => {
    const { id, name } = await connect(FREE)
    await drop(name, 'a.jpg', await picture(28))
    const away = roomsWith(hot, {
      list: async () => {
        throw new StoreUnavailable('away')
      },
    })
    await expect(look(id, away)).rejects.toThrow('away')
    expect((await folderOf(id)).trouble).toMatch('cannot be reached')
    await look(id)
    expect([(await folderOf(id)).trouble, (await runs()).length]).toEqual([null, 1])
  })

  test('a photo that failed leaves a note, which goes when it succeeds', async () => {
    const { id, name } = await connect(FREE)
    await drop(name, 'a.jpg', await picture(29))
    await look(id)
    const [run] = await runs()
    const [item] = await shop.items(accountId, run!.id)
    await shop.db.asTenant(accountId, async (tx) => {
      await tx.query(
        `update run_items set status = 'failed', failure = 'timeout', failure_message = 'It took too long.',
        revision = 1 where item_id = $1`,
        [item!.id],
      )
      await tx.query(`update runs set failed = 1, status = 'finished', revision = 1 where run_id = $1`, [
        run!.id,
      ])
    })
    await look(id)
    expect(await readdir(rootOf(name, 'out'))).toEqual(['a.jpg.no-result.txt'])
    await shop.db.asTenant(accountId, (tx) => retryRun(tx, accountId, run!.id))
    const workers = shop.workers()
    await settleRuns()
    await workers.stop()
    await look(id)
    expect(await readdir(rootOf(name, 'out'))).toEqual(['a.png'])
  })
})
