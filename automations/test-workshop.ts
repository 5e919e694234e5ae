/**
 * Everything that a run needs, for tests: a database with plans, accounts with a plan and a card, the file store, image work on
 * real photos with the small models, and claimers that a test starts and stops.
 *
 * Called by the tests of this room and of its routes.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import type { Step } from '../images/catalogue.ts'
import { type ImageWork, startImageWork } from '../images/image-work.ts'
import type { Models } from '../images/models.ts'
import { testInferenceFolder, testModels, testPhotos } from '../images/test-photos.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { openStore } from '../storage/open-store.ts'
import { createAutomation } from './automations.ts'
import type { ClaimedItem } from './claim-item.ts'
import type { ItemOutput } from './end-item.ts'
import { openEventHub } from './events.ts'
import type { WorkedItem } from './finish-item.ts'
import { type Item, listItems, type Run, readRun } from './read-run.ts'
import { registerImage } from './register-image.ts'
import { startRun } from './start-run.ts'
import { startWorkers, type WorkerOptions } from './workers.ts'

export type Workshop = Awaited<ReturnType<typeof openWorkshop>>

/** `photos: false` saves the models and the photos where no picture is worked on. A database given is dropped with the rest. */
export async function openWorkshop(
  options: { photos?: boolean; database?: TestDatabase; storageUrl?: string } = {},
) {
  const database = options.database ?? (await createTestDatabase())
  const books: TestBooks = await openTestBooks(database)
  const folder = await mkdtemp(join(tmpdir(), 'drawdown-workshop-'))
  const storageUrl = options.storageUrl ?? pathToFileURL(join(folder, 'files')).href
  const files = await openStore(storageUrl, folder)
  const loaded = options.photos === false ? undefined : await testModels()
  const photos = options.photos === false ? undefined : await testPhotos()
  const models = modelStateOf(loaded)
  const reported: { event: string; [detail: string]: unknown }[] = []
  const log = (event: { event: string }) => void reported.push(event)
  const imageWork: ImageWork = startImageWork({
    folder,
    inferenceFolder: testInferenceFolder(),
    models: models.current,
    decoders: 2,
    log,
  })
  const { db } = database
  const events = await openEventHub(db)

  async function automation(accountId: string, steps: Step[]): Promise<string> {
    const created = await db.asTenant(accountId, (tx) =>
      createAutomation(tx, accountId, { name: 'Test automation', steps }),
    )
    if (!created.ok) throw new Error(created.detail)
    return created.automation.id
  }

  return {
    database,
    db,
    books,
    folder,
    storageUrl,
    files,
    imageWork,
    models,
    events,
    photos: photos!,
    reported,
    automation,

    /** An account with a plan that has started. */
    async account(plan = 'starter'): Promise<string> {
      const accountId = await books.account()
      const chosen = await books.choose(accountId, plan)
      if (!chosen.ok) throw new Error(chosen.detail)
      return accountId
    },

    /** Takes in a photo; throws when it is refused. Answers the image's id. */
    async upload(accountId: string, path: string, name = basename(path)): Promise<string> {
      const taken = await registerImage({ db, files, imageWork }, accountId, {
        name,
        content: createReadStream(path),
      })
      if (!taken.ok) throw new Error(`${taken.refusal}: ${taken.detail}`)
      return taken.image.id
    },

    /** Rows of images that nobody will look at: for runs whose items a test ends itself. */
    async paperImages(accountId: string, count: number): Promise<string[]> {
      const rows = await db.asTenant(accountId, (tx) =>
        tx.query<{ id: string }>(
          `insert into images (account_id, image_id, sha256, name, bytes, format, width, height, preview_sha256)
           select $1, gen_random_uuid(), encode(sha256(gen_random_uuid()::text::bytea), 'hex'),
             'photo-' || n || '.jpg', 1000, 'jpeg', 10, 10, repeat('0', 64)
           from generate_series(1, $2) as n returning image_id as "id"`,
          [accountId, count],
        ),
      )
      return rows.map(({ id }) => id)
    },

    async start(accountId: string, automationId: string, imageIds: string[]): Promise<string> {
      const started = await db.asTenant(accountId, (tx) =>
        startRun(tx, accountId, { automationId, imageIds }),
      )
      if (!started.ok) throw new Error(`${started.refusal}: ${started.detail}`)
      return started.runId
    },

    async run(accountId: string, runId: string): Promise<Run> {
      return (await db.asTenant(accountId, (tx) => readRun(tx, accountId, runId)))!
    },

    async items(accountId: string, runId: string): Promise<Item[]> {
      return db.asTenant(accountId, (tx) => listItems(tx, { accountId, runId }, { after: null, limit: 1000 }))
    },

    workers(more: Partial<WorkerOptions> = {}) {
      const rooms = { db, files, imageWork, models, events, log }
      return startWorkers(rooms, { count: 2, heartbeatMs: 100, pollMs: 50, ...more })
    },

    async close(): Promise<void> {
      events.close()
      await imageWork.close()
      await files.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What working on an item would hand to finishItem, without the work: content keys of its own image and steps. */
export function worked(item: ClaimedItem, content = item.imageSha256): WorkedItem {
  const contentKeys = item.steps.map((_, step) =>
    createHash('sha256')
      .update(`${content} ${JSON.stringify(item.steps.slice(0, step + 1))}`)
      .digest('hex'),
  )
  const report = item.steps.map(({ operation }) => ({ operation }))
  const sha256 = contentKeys.at(-1)!
  const output: ItemOutput = {
    sha256,
    bytes: 100,
    format: 'jpeg',
    width: 10,
    height: 10,
    previewSha256: sha256,
    report,
  }
  return { item, output, contentKeys }
}

/** Looks until it is so; throws after the deadline. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Whether the models are here is the test's to say. */
function modelStateOf(loaded: Models | undefined) {
  let here = true
  return {
    current: () => (here ? loaded : undefined),
    waitingFor: () => (here ? null : 'The image models are being fetched.'),
    setHere(now: boolean) {
      here = now
    },
  }
}
