/**
 * A process that claims and works like a server's, for tests that kill it in the middle. Its parent sends what it needs, and is
 * told once it claims.
 */
import { connect } from '../database/connect.ts'
import { startImageWork } from '../images/image-work.ts'
import type { Models } from '../images/models.ts'
import { openStore } from '../storage/open-store.ts'
import { openEventHub } from './events.ts'
import { startWorkers } from './workers.ts'

export type ClaimerOrders = {
  databaseUrl: string
  folder: string
  /** Where its files are, as STORAGE_URL says it. */
  storageUrl: string
  models: Models
  leaseMs: number
}

process.once('message', async ({ databaseUrl, folder, storageUrl, models, leaseMs }: ClaimerOrders) => {
  const db = connect(databaseUrl)
  const log = () => {}
  const rooms = {
    db,
    files: await openStore(storageUrl, folder),
    imageWork: startImageWork({ folder, models: () => models, decoders: 2, log }),
    models: { current: () => models, waitingFor: () => null },
    events: await openEventHub(db),
    log,
  }
  startWorkers(rooms, { count: 2, leaseMs, heartbeatMs: 100, pollMs: 50 })
  process.send?.('claiming')
})
