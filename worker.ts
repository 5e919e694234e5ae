/**
 * `drawdown worker`: claimers alone, on this machine or another, beside servers on the same database and the same files.
 *
 * Run by cli/worker.ts. It serves no HTTP, runs no job and holds no secret but its way to the database and the files.
 *
 * 1. It needs no word with any server: items are claimed from the database under a lease, so one that is killed is missed by nobody for longer than
 *    that.
 * 2. A signal lets what is under way end, for a while, and gives the rest back.
 */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { type Config, describeFaults, readConfig } from './config.ts'
import { connect } from './database/connect.ts'
import { openEmbedded } from './database/embedded.ts'
import { migrate } from './database/migrate.ts'
import { openWorkRooms, reportTo } from './work-rooms.ts'

type Worker = { close(): Promise<void> }

/** Answers once it claims. Throws what stands in the way, with nothing left running. */
async function startWorker(config: Config, say: (sentence: string) => void): Promise<Worker> {
  const log = pino({ level: 'warn' })
  const ends: (() => Promise<unknown> | unknown)[] = []
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    await mkdir(config.dataFolder, { recursive: true })
    let { databaseUrl } = config
    if (databaseUrl === null) {
      const postgres = await openEmbedded(config.dataFolder, { log: say })
      ends.push(() => postgres.close())
      databaseUrl = postgres.url
    }
    await migrate(databaseUrl)
    const db = connect(databaseUrl, { onFault: (fault) => log.warn({ fault }, 'database connection lost') })
    ends.push(() => db.close())
    const report = reportTo(log)
    const rooms = await openWorkRooms({ config, db, modelInputSize: 1024, say, report, ends })
    rooms.claim()
    return { close }
  } catch (fault) {
    await close()
    throw fault
  }
}

async function main(): Promise<void> {
  const reading = readConfig()
  if (!reading.ok) {
    console.error(describeFaults(reading.faults))
    process.exit(2)
  }
  const { config } = reading
  if (config.workers === 0) {
    console.error(
      'WORKERS=0 claims nothing. Leave it out, or set how many images this worker works on at a time.',
    )
    process.exit(2)
  }
  if (config.dataFolderNotice) console.log(config.dataFolderNotice)
  const worker = await startWorker(config, (sentence) => console.log(`  ${sentence}`))
  const where = config.storageUrl.startsWith('file:')
    ? `the folder ${fileURLToPath(config.storageUrl)}, which the servers must have too`
    : 'the bucket of STORAGE_URL'
  const many = config.workers === 1 ? 'One image' : `${config.workers} images`
  console.log(`Drawdown works: ${many} at a time, with files in ${where}.`)

  const stop = () => {
    console.log('\nStopping; what is under way is finished first.')
    worker.close().then(
      () => process.exit(0),
      (fault) => {
        console.error(fault)
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

main().catch((fault: Error) => {
  console.error(`The worker could not start: ${fault.message}`)
  process.exit(1)
})
