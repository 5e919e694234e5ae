/**
 * The server: composes the rooms, listens, and says where.
 *
 * `npm start` runs this file; the scenarios call startServer. Read top to bottom, it is what happens at start:
 * Postgres, migrations, catalogue, models (in the background), HTTP, claimers, jobs. Each line that starts something
 * puts its end on a list, which closing walks backwards.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { createFirstOperatorLink } from './accounts/first-operator.ts'
import { createIdentity } from './accounts/identity.ts'
import { makeInvitationToken } from './accounts/make-invitation-token.ts'
import { OPERATOR_KEY_PREFIX } from './accounts/operators.ts'
import { newSecret } from './accounts/secret.ts'
import { type Config, describeFaults, readConfig } from './config.ts'
import { connect } from './database/connect.ts'
import { openEmbedded } from './database/embedded.ts'
import { migrate } from './database/migrate.ts'
import { handlers } from './http/all-handlers.ts'
import { buildApp } from './http/app.ts'
import type { Services } from './http/rooms.ts'
import { startImageWork } from './images/image-work.ts'
import { advanceClock } from './jobs/advance-clock.ts'
import {
  type Collecting,
  collectAccount,
  confirmPayment,
  resolvePayment,
  sendAttempt,
  sendRefund,
} from './jobs/collect-account.ts'
import { receiveEvent } from './jobs/provider-events.ts'
import { startSchedule } from './jobs/schedule.ts'
import { watchHotFolders } from './jobs/watch-hot-folders.ts'
import { DEMO_CATALOGUES } from './ledger/demo-catalogue.ts'
import { installCatalogue } from './ledger/install-catalogue.ts'
import { openSealer } from './outbox/seal-secret.ts'
import { type Mailing, openMailServer } from './outbox/send-mails.ts'
import { openOutside } from './outgoing/outside.ts'
import { openPapers, type Papers } from './papers/open-papers.ts'
import { openSandbox } from './payments/sandbox.ts'
import { openStripe } from './payments/stripe.ts'
import { openHotFolders } from './storage/open-hot-folders.ts'
import { openWorkRooms, type Report, reportTo } from './work-rooms.ts'

export type Server = {
  /** Where it listens on this machine. */
  url: string
  operatorToken: string
  /** The first operator's one-time link, or null where there is an operator. */
  signInLink: string | null
  services: Services
  close(): Promise<void>
}

export type ServerOptions = {
  log?: pino.Logger
  /** Of the segmentation model; 320 is for tests. */
  modelInputSize?: 1024 | 320
  /** A Stripe on this machine instead of the real one; for tests. */
  stripeUrl?: string
  /** Told in a sentence what a person at the terminal may want to know. */
  say?: (sentence: string) => void
}

/** Starts everything and answers once it listens. Throws what stands in the way, with nothing left running. */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  const log = options.log ?? pino({ level: 'warn' })
  const say = options.say ?? (() => {})
  const ends: (() => Promise<unknown> | unknown)[] = []
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    return await start({ config, options, log, say, ends, close })
  } catch (fault) {
    await close()
    throw fault
  }
}

type Starting = {
  config: Config
  options: ServerOptions
  log: pino.Logger
  say: (sentence: string) => void
  ends: (() => Promise<unknown> | unknown)[]
  close: () => Promise<void>
}

async function start({ config, options, log, say, ends, close }: Starting): Promise<Server> {
  const report = reportTo(log)
  await mkdir(config.dataFolder, { recursive: true })
  const databaseUrl = config.databaseUrl ?? (await startPostgres(config.dataFolder, { say, ends }))
  await migrate(databaseUrl)
  const db = connect(databaseUrl, { onFault: (fault) => log.warn({ fault }, 'database connection lost') })
  ends.push(() => db.close())
  await db.asService((tx) => installCatalogue(tx, DEMO_CATALOGUES[config.catalogue]))

  const secret = await readSecret(config.dataFolder)
  const sealer = openSealer(secret)
  const outside = openOutside({ allowed: config.outgoingAllowed })
  const identity = createIdentity({
    databaseUrl,
    secret,
    publicUrl: config.publicUrl,
    onFault: (fault) => log.warn({ fault }, 'identity'),
  })
  ends.push(() => identity.close())
  const payments = config.stripe
    ? openStripe({ ...config.stripe, url: options.stripeUrl })
    : openSandbox(db, config.publicUrl)
  const modelInputSize = options.modelInputSize ?? 1024
  const rooms = await openWorkRooms({ config, db, modelInputSize, say, report, ends })
  const { files, events, models, imageWork } = rooms
  const previewWork = openPreviews(rooms, { config, report, ends })
  // The first preview and the first run need not wait for two seconds of loading.
  if (options.modelInputSize === undefined) void models.settled.then(() => previewWork.warmUp())
  const hotFolders = await openHotFolders(config.hotFolders)
  ends.push(() => hotFolders?.close())
  const papers = openPapers(db)
  ends.push(() => papers.close())

  const services: Services = {
    config,
    db,
    identity,
    operatorToken: newSecret(OPERATOR_KEY_PREFIX),
    models,
    files,
    hotFolders,
    imageWork,
    previewWork,
    events,
    outside,
    sealer,
    payments,
    papers,
    ...moneyServices({ db, payments }),
    log,
  }
  const app = await buildApp(services, handlers)
  ends.push(() => app.close())
  const url = (await app.listen({ port: config.port, host: '0.0.0.0' })).replace('0.0.0.0', '127.0.0.1')

  rooms.claim()
  if (hotFolders) ends.push(watchHotFolders({ db, files, imageWork, hot: hotFolders, log: report }))
  const { dataFolder } = config
  const outbox = outboxOf(services, { mailServer: openMail(config), papers })
  ends.push(() => outbox.mailServer?.transport.close())
  ends.push(await startSchedule({ db, databaseUrl, payments, files, outbox, dataFolder, log: report }))

  await writeServerFile(config.dataFolder, { url, operator_token: services.operatorToken })
  ends.push(() => rm(join(config.dataFolder, 'server.json'), { force: true }))
  const token = await createFirstOperatorLink(db)
  const signInLink = token === null ? null : `${config.publicUrl}/sign-in/${token}`
  identity.prepare().catch((fault) => log.error({ fault }, 'identity'))
  return { url, operatorToken: services.operatorToken, signInLink, services, close }
}

/** Decoder children of their own for what people wait for at the screen. */
function openPreviews(
  { models }: Pick<Services, 'models'>,
  { config, report, ends }: Pick<Starting, 'config' | 'ends'> & { report: Report },
) {
  const folder = config.dataFolder
  const work = startImageWork({ folder, models: models.current, decoders: 1, log: report })
  ends.push(() => work.close())
  return work
}

/** What requests ask of the till. */
function moneyServices(collecting: Collecting) {
  return {
    sendAttempt: (accountId, attempt) => sendAttempt(collecting, accountId, attempt),
    sendRefund: (refund) => sendRefund(collecting, refund),
    confirmPayment: (accountId, given) => confirmPayment(collecting, accountId, given),
    resolvePayment: (accountId, given) => resolvePayment(collecting, accountId, given),
    receiveEvent: (posted) => receiveEvent(collecting, posted),
    collect: (accountId) => collectAccount(collecting, accountId),
    advanceClock: (accountId, to) => advanceClock(collecting, accountId, to),
  } satisfies Partial<Services>
}

/** The embedded Postgres, started or found; answers its URL. */
async function startPostgres(
  dataFolder: string,
  { say, ends }: Pick<Starting, 'say' | 'ends'>,
): Promise<string> {
  const postgres = await openEmbedded(dataFolder, { log: say })
  ends.push(() => postgres.close())
  return postgres.url
}

function openMail({ smtpUrl, mailFrom }: Config): Mailing['mailServer'] {
  return smtpUrl === null ? null : openMailServer(smtpUrl, mailFrom)
}

/** How what leaves the house is sent. Links that are secrets are made as a mail is sent, by whoever keeps what they open. */
function outboxOf(
  { db, outside, sealer, config, identity }: Services,
  { mailServer, papers }: Pick<Mailing, 'mailServer'> & { papers: Papers },
) {
  const { publicUrl } = config
  const links: Mailing['links'] = {
    invitation: async (accountId, invitationId) =>
      `${publicUrl}/join/${await makeInvitationToken(db, { accountId, invitationId })}`,
    passwordReset: async (userId) => `${publicUrl}/new-password/${await identity.makePasswordToken(userId)}`,
  }
  // What is said inside the operator's own network is not for customers.
  const keepAnswers = config.outgoingAllowed === null
  return { db, outside, sealer, keepAnswers, publicUrl, mailServer, links, invoicePdf: papers.invoicePdf }
}

/** The key that signs session cookies and seals secrets: made once, kept beside the data, never in the database. */
async function readSecret(dataFolder: string): Promise<string> {
  const path = join(dataFolder, 'session-secret')
  try {
    await writeFile(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
  }
  return readFile(path, 'utf8')
}

/** Tells the command line on this machine where the server is and how to act as its operator. */
async function writeServerFile(dataFolder: string, content: object): Promise<void> {
  const path = join(dataFolder, 'server.json')
  await writeFile(`${path}.new`, `${JSON.stringify(content)}\n`, { mode: 0o600 })
  await chmod(`${path}.new`, 0o600)
  await rename(`${path}.new`, path)
}

/** What `npm start` does: start, say where, and end on a signal. */
async function main(): Promise<void> {
  const reading = readConfig()
  if (!reading.ok) {
    console.error(describeFaults(reading.faults))
    process.exit(1)
  }
  const { config } = reading
  if (config.dataFolderNotice) console.log(config.dataFolderNotice)
  const server = await startServer(config, { say: (sentence) => console.log(`  ${sentence}`) })
  console.log(`\nDrawdown is ready at ${config.publicUrl}`)
  if (server.signInLink) console.log(`Sign in as its operator, once, with\n  ${server.signInLink}`)
  if (config.payments === 'sandbox') console.log('Payments are in the sandbox: no real money moves.')

  const stop = () => {
    console.log('\nStopping; what is under way is finished first.')
    server.close().then(
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((fault: NodeJS.ErrnoException & { port?: number }) => {
    const inUse = `Port ${fault.port} is in use by another program. Stop it, or set PORT to another one.`
    console.error(`Drawdown could not start: ${fault.code === 'EADDRINUSE' ? inUse : fault.message}`)
    process.exit(1)
  })
}
