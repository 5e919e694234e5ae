/**
 * What a process needs that works on images: files, models, decoder children, and claimers. The part that a server and a worker share.
 *
 * Called by server.ts and worker.ts, after the database is open.
 */
import type pino from 'pino'
import { type EventHub, openEventHub } from './automations/events.ts'
import { startWorkers, type Workers } from './automations/workers.ts'
import type { Config } from './config.ts'
import type { Database } from './database/connect.ts'
import { type ImageWork, startImageWork } from './images/image-work.ts'
import { type FetchedModels, fetchModels } from './jobs/fetch-models.ts'
import type { FileStore } from './storage/file-store.ts'
import { openStore } from './storage/open-store.ts'

export type Report = (event: { event: string; [detail: string]: unknown }) => void

export type WorkRooms = {
  files: FileStore
  events: EventHub
  models: FetchedModels
  imageWork: ImageWork
  /** Begins to claim items, as many at a time as the settings say. */
  claim(): Workers
}

export type OpeningWork = {
  config: Config
  db: Database
  /** Of the segmentation model; 320 is for tests. */
  modelInputSize: 1024 | 320
  /** Told in a sentence what a person at the terminal may want to know. */
  say: (sentence: string) => void
  report: Report
  /** Each thing that is opened puts its end here; they are walked backwards. */
  ends: (() => Promise<unknown> | unknown)[]
}

export function reportTo(log: pino.Logger): Report {
  return ({ event, ...details }) => log.warn(details, event)
}

/** Opens them in order. The models come in the background. Throws what stands in the way. */
export async function openWorkRooms({
  config,
  db,
  modelInputSize,
  say,
  report,
  ends,
}: OpeningWork): Promise<WorkRooms> {
  const files = await openStore(config.storageUrl, config.dataFolder)
  ends.push(() => files.close())
  const events = await openEventHub(db)
  ends.push(() => events.close())
  const models = fetchModels({
    folder: config.modelsFolder,
    modelPath: config.modelPath,
    inputSize: modelInputSize,
    say,
    log: report,
  })
  ends.push(() => models.stop())
  const imageWork = startImageWork({
    folder: config.dataFolder,
    models: models.current,
    decoders: Math.max(1, config.workers),
    log: report,
  })
  ends.push(() => imageWork.close())
  const rooms = { db, files, imageWork, models, events, log: report }
  return {
    files,
    events,
    models,
    imageWork,
    claim() {
      const workers = startWorkers(rooms, { count: config.workers })
      ends.push(() => workers.stop())
      return workers
    },
  }
}
