import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { crc32, inflateRawSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seededCrop } from '../images/test-photos.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { archiveResults } from './archive-results.ts'
import { cancelRun } from './cancel-run.ts'
import { createQuote, type RunQuoted } from './create-quote.ts'
import { installDemoAutomations } from './demo-automations.ts'
import { readReceipt } from './read-receipt.ts'
import { registerImage } from './register-image.ts'
import { removeImage } from './remove-image.ts'
import { retryRun } from './retry-run.ts'
import { startRun } from './start-run.ts'
import type { ClaimerOrders } from './test-claimer.ts'
import { openWorkshop, until, type Workshop } from './test-workshop.ts'

// Inference is seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop()
}, 240_000)
afterAll(() => shop.close())

const square = [
  { operation: 'remove_background', settings: { hold_uncertain: false } },
  { operation: 'smart_crop', settings: { width: 400, height: 400 } },
  { operation: 'background', settings: { colour: '#ffffff' } },
  { operation: 'convert', settings: { format: 'jpeg' } },
]

let seed = 0
const crop = (photo: keyof Workshop['photos']) =>
  seededCrop(shop.photos[photo], { seed: seed++, folder: join(shop.folder, 'photos'), longSide: 640 })

async function quoteOf(
  accountId: string,
  automationId: string,
  images: string[] | number,
): Promise<RunQuoted> {
  const quoted = await createQuote(shop, accountId, { automationId, images })
  if (!quoted.ok) throw new Error(`${quoted.refusal}: ${quoted.detail}`)
  return quoted.quote
}

async function ended(accountId: string, runId: string) {
  return until(
    'the run ends',
    async () => {
      const run = await shop.run(accountId, runId)
      return run.status !== 'running' && run
    },
    120_000,
  )
}

async function withWorkers<T>(work: () => Promise<T>): Promise<T> {
  const workers = shop.workers()
  try {
    return await work()
  } finally {
    await workers.stop()
  }
}

async function inOrder(accountId: string) {
  expect(await shop.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
}

test('the main job: photos in, quote, run, results, and a receipt that is the quote', async () => {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, square)
  const images: string[] = []
  for (const photo of ['coffee', 'chelsea', 'astronaut'] as const)
    images.push(await shop.upload(accountId, await crop(photo), `${photo}.png`))

  const quote = await quoteOf(accountId, automationId, images)
  expect(quote).toMatchObject({
    cost: 2_100_000n,
    fromCredits: 2_100_000n,
    overage: 0n,
    alreadyPaidImages: 0,
  })
  expect(quote.summary).toBe('3 photos: $2.10 from credits, $0.00 overage, $47.90 left after.')
  const started = await shop.db.asTenant(accountId, (tx) =>
    startRun(tx, accountId, { automationId, imageIds: images, quoteId: quote.id }),
  )
  if (!started.ok) throw new Error(started.detail)
  const run = await withWorkers(() => ended(accountId, started.runId))
  expect(run).toMatchObject({ status: 'finished', succeeded: 3, cost: quote.cost, drawn: quote.fromCredits })
  expect((await shop.books.billing(accountId)).balance).toBe(quote.balanceAfter)

  for (const item of await shop.items(accountId, started.runId)) {
    const bytes = await buffer(await shop.files.open(accountId, item.outputSha256!))
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 400, height: 400 })
    const preview = await buffer(await shop.files.open(accountId, item.previewSha256!))
    expect((await sharp(preview).metadata()).format).toBe('webp')
    expect(item.report).toHaveLength(4)
  }
  const receipt = await shop.db.asTenant(accountId, (tx) => readReceipt(tx, accountId, started.runId))
  const quoted = quote.operations.map((o) => [o.operation, Number(o.quantity), o.cost])
  expect(receipt!.operations.map((o) => [o.operation, o.charged, o.cost])).toEqual(quoted)

  // The same again: known to the quote, free, and done without the models.
  const again = await quoteOf(accountId, automationId, images)
  expect(again).toMatchObject({ cost: 0n, alreadyPaidImages: 3 })
  const second = await shop.start(accountId, automationId, images)
  const repeated = await withWorkers(() => ended(accountId, second))
  expect(repeated).toMatchObject({ succeeded: 3, cost: 0n })
  const [item] = await shop.items(accountId, second)
  expect(item!.report!.every((step) => step.reused === true)).toBe(true)
  await inOrder(accountId)
})

test('one step more of a photo that was done before costs that step alone', async () => {
  const accountId = await shop.account()
  const image = await shop.upload(accountId, await crop('coffee'))
  const other = await shop.upload(accountId, await crop('chelsea'))
  const cutOut = await shop.automation(accountId, [
    square[0]!,
    { operation: 'convert', settings: { format: 'png' } },
  ])
  await withWorkers(async () => ended(accountId, await shop.start(accountId, cutOut, [image])))
  const automationId = await shop.automation(accountId, square)
  const images = [image, other, other]
  const quote = await quoteOf(accountId, automationId, images)
  // Removal and crop of the other photo once, the crop of the first.
  expect(quote).toMatchObject({ images: 3, cost: 900_000n, alreadyPaidImages: 1 })
  const run = await withWorkers(async () =>
    ended(accountId, await shop.start(accountId, automationId, images)),
  )
  expect(run).toMatchObject({ succeeded: 3, cost: quote.cost })
  await inOrder(accountId)
})

test('the balance ends inside an image: the rest accrues, nothing stops', async () => {
  const accountId = await shop.account()
  await shop.books.use(accountId, 'smart_crop', 247)
  const automationId = await shop.automation(accountId, square)
  const images = [
    await shop.upload(accountId, await crop('astronaut')),
    await shop.upload(accountId, await crop('coffee')),
  ]
  const quote = await quoteOf(accountId, automationId, images)
  expect(quote).toMatchObject({
    cost: 1_400_000n,
    fromCredits: 600_000n,
    overage: 800_000n,
    balanceAfter: 0n,
  })
  const run = await withWorkers(async () =>
    ended(accountId, await shop.start(accountId, automationId, images)),
  )
  expect(run).toMatchObject({ succeeded: 2, drawn: 600_000n, overage: 800_000n })
  await inOrder(accountId)
})

test('what is no picture is refused by name and stops nothing; a known file answers at once', async () => {
  const accountId = await shop.account()
  const take = async (content: Uint8Array, name: string) =>
    registerImage(shop, accountId, {
      name,
      content: (async function* () {
        yield content
      })(),
    })
  const photo = await readFile(await crop('coffee'))
  const first = await take(photo, '../holiday/beach.jpg')
  expect(first).toMatchObject({ ok: true, known: false, image: { name: 'beach.jpg', format: 'jpeg' } })
  expect(await take(photo, 'again.jpg')).toMatchObject({
    ok: true,
    known: true,
    image: { name: 'beach.jpg' },
  })
  expect(await take(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'a.svg')).toMatchObject({
    ok: false,
    refusal: 'unsupported_format',
  })
  expect(await take(photo.subarray(0, photo.length / 3), 'cut.jpg')).toMatchObject({
    ok: false,
    refusal: 'damaged',
  })
  expect(await take(new Uint8Array(0), 'empty.jpg')).toMatchObject({ ok: false, refusal: 'file_empty' })
  expect(await take(randomBytes(50_000_001), 'huge.bin')).toMatchObject({ ok: false, refusal: 'too_large' })
  const preview = await buffer(await shop.files.open(accountId, first.ok ? first.image.previewSha256 : ''))
  expect((await sharp(preview).metadata()).format).toBe('webp')
})

test('a failed photo says why and costs nothing; tried again, it is charged once it succeeds', async () => {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, square)
  const image = await shop.upload(accountId, await crop('chelsea'))
  // The stored file is lost its end: what a bad disk does.
  const [row] = await shop.db.asTenant(accountId, (tx) =>
    tx.query<{ sha256: string }>('select sha256 from images where image_id = $1', [image]),
  )
  const path = await shop.files.localPath(accountId, row!.sha256)
  const whole = await readFile(path)
  await writeFile(path, whole.subarray(0, 2_000))
  const runId = await shop.start(accountId, automationId, [image])
  await withWorkers(async () => {
    expect(await ended(accountId, runId)).toMatchObject({ status: 'finished', failed: 1, cost: 0n })
    const [item] = await shop.items(accountId, runId)
    expect(item).toMatchObject({ status: 'failed', failure: 'damaged', cost: 0n })
    expect(item!.failureMessage).toMatch(/\w+ .*\./)
    expect((await shop.books.billing(accountId)).balance).toBe(50_000_000n)

    await writeFile(path, whole)
    expect(await shop.db.asTenant(accountId, (tx) => retryRun(tx, accountId, runId))).toBe(1)
    expect(await ended(accountId, runId)).toMatchObject({ failed: 0, succeeded: 1, cost: 700_000n })
  })
  await inOrder(accountId)
})

test('cancelled in the middle of an image: within two seconds nothing works on it, and it costs nothing', async () => {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, square)
  const images: string[] = []
  for (let n = 0; n < 6; n++) images.push(await shop.upload(accountId, await crop('motorcycle')))
  const workers = shop.workers()
  const runId = await shop.start(accountId, automationId, images)
  await until('two are worked on', async () => (await shop.run(accountId, runId)).working === 2)
  await shop.db.asTenant(accountId, (tx) => cancelRun(tx, accountId, runId))
  const cancelledAt = performance.now()
  // It answers when nothing is under way any more.
  await workers.stop()
  expect(performance.now() - cancelledAt).toBeLessThan(2_000)
  const run = await shop.run(accountId, runId)
  expect(run.cancelled + run.succeeded).toBe(6)
  expect(run).toMatchObject({ status: 'cancelled', working: 0, cost: BigInt(run.succeeded) * 700_000n })
  expect((await shop.books.billing(accountId)).balance).toBe(50_000_000n - run.cost)
})

test('the decoder and the inference child are killed again and again: every photo is done and paid once', async () => {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, square)
  const images: string[] = []
  for (let n = 0; n < 5; n++) images.push(await shop.upload(accountId, await crop('coffee')))
  const runId = await shop.start(accountId, automationId, images)
  await withWorkers(async () => {
    for (let kills = 0; kills < 2; kills++) {
      await until('one is worked on', async () => (await shop.run(accountId, runId)).working > 0)
      const { decoders, inference } = shop.imageWork.childPids()
      for (const pid of [...decoders, inference ?? 0]) if (pid > 0) process.kill(pid, 'SIGKILL')
    }
    expect(await ended(accountId, runId)).toMatchObject({ succeeded: 5, failed: 0, cost: 3_500_000n })
  })
  expect((await shop.books.billing(accountId)).balance).toBe(46_500_000n)
  await inOrder(accountId)
})

test('whole claimer processes are killed in mid-item: others take over, nothing is lost or doubled', async () => {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, square)
  const images: string[] = []
  for (let n = 0; n < 6; n++) images.push(await shop.upload(accountId, await crop('chelsea')))
  const runId = await shop.start(accountId, automationId, images)
  for (let kills = 0; kills < 2; kills++) {
    const claimer = fork(new URL('test-claimer.ts', import.meta.url), { execArgv: ['--import', 'tsx'] })
    const orders: ClaimerOrders = {
      databaseUrl: shop.database.url,
      folder: shop.folder,
      storageUrl: shop.storageUrl,
      models: shop.models.current()!,
      leaseMs: 500,
    }
    claimer.send(orders)
    await until('it works on two', async () => (await shop.run(accountId, runId)).working === 2)
    const exited = once(claimer, 'exit')
    claimer.kill('SIGKILL')
    await exited
  }
  const run = await withWorkers(() => ended(accountId, runId))
  expect(run).toMatchObject({ succeeded: 6, failed: 0, cost: 4_200_000n })
  expect((await shop.books.billing(accountId)).balance).toBe(45_800_000n)
  const receipt = await shop.db.asTenant(accountId, (tx) => readReceipt(tx, accountId, runId))
  expect(receipt!.operations.map(({ charged }) => charged)).toEqual([6, 6, 6, 6])
  await inOrder(accountId)
})

test('while the models are missing items wait, and go on when they are here', async () => {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, square)
  const images = [await shop.upload(accountId, await crop('coffee'))]
  const plain = await shop.automation(accountId, [{ operation: 'convert', settings: { format: 'png' } }])
  shop.models.setHere(false)
  await withWorkers(async () => {
    const waiting = await shop.start(accountId, automationId, images)
    const moving = await shop.start(accountId, plain, images)
    expect(await ended(accountId, moving)).toMatchObject({ succeeded: 1, cost: 0n })
    expect(await shop.run(accountId, waiting)).toMatchObject({
      status: 'running',
      working: 0,
      needsModels: true,
    })
    shop.models.setHere(true)
    expect(await ended(accountId, waiting)).toMatchObject({ succeeded: 1 })
  })
})

test('the archive opens: every result under a name of its own, failures in errors.csv', async () => {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, [
    { operation: 'convert', settings: { format: 'webp' } },
  ])
  const images = [
    await shop.upload(accountId, await crop('coffee'), 'cup.jpg'),
    await shop.upload(accountId, await crop('chelsea'), 'cup.png'),
    ...(await shop.paperImages(accountId, 1)),
  ]
  const runId = await shop.start(accountId, automationId, images)
  await withWorkers(() => ended(accountId, runId))
  const entries = unzip(await buffer(await archiveResults(shop, accountId, runId)))
  expect(entries.map(({ name }) => name)).toEqual(['cup.webp', 'cup (2).webp', 'errors.csv'])
  for (const { content } of entries.slice(0, 2)) expect((await sharp(content).metadata()).format).toBe('webp')
  expect(entries[2]!.content.toString()).toContain('"photo-1.jpg","failed"')

  // What was removed since is told there too, and takes nothing of the rest with it.
  await removeImage(shop, accountId, { imageId: images[0]!, modelHash: undefined })
  const rest = unzip(await buffer(await archiveResults(shop, accountId, runId)))
  expect(rest.map(({ name }) => name)).toEqual(['cup.webp', 'errors.csv'])
  expect((await sharp(rest[0]!.content).metadata()).format).toBe('webp')
  expect(rest[1]!.content.toString()).toContain('"cup.jpg","succeeded","The photo was removed')
})

/** Reads an archive by its directory at the end, as every program does, and checks sums and sizes. Deflated or stored. */
function unzip(zip: Buffer): { name: string; content: Buffer }[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'))
  const entries: { name: string; content: Buffer }[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let n = 0; n < zip.readUInt16LE(end + 10); n++) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    )
    const [crc, packed, size] = [16, 20, 24].map((offset) => zip.readUInt32LE(at + offset))
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength!)
    const local = zip.readUInt32LE(at + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const data = zip.subarray(start, start + packed!)
    const content = zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data)
    expect([crc32(content), content.length]).toEqual([crc, size])
    entries.push({ name, content })
    at += 46 + nameLength! + extraLength! + commentLength!
  }
  return entries
}

test('the demo automations are what the catalogue takes, in order', async () => {
  const accountId = await shop.account()
  await shop.db.asTenant(accountId, (tx) => installDemoAutomations(tx, accountId))
  const rows = await shop.db.asTenant(accountId, (tx) =>
    tx.query<{ id: string; name: string }>(
      'select automation_id as "id", name from automations where account_id = $1 order by automation_id desc',
      [accountId],
    ),
  )
  expect(rows.map(({ name }) => name)).toEqual(['Marketplace square', 'Cut-out PNG', 'Square crop'])
  const quote = await quoteOf(accountId, rows[0]!.id, 40)
  expect(quote.summary).toBe('40 photos: $28.00 from credits, $0.00 overage, $22.00 left after.')
})
