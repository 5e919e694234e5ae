/**
 * The product's HTTP server in a process of its own, so that a bench can be a client beside it: the same app and handlers as server.ts
 * composes, without claimers, jobs and models.
 *
 * Started by serve.ts, which tells it the database; it tells where it listens, and ends when its parent does.
 */
import pino from 'pino'
import { createIdentity } from '../accounts/identity.ts'
import { readConfig } from '../config.ts'
import { connect } from '../database/connect.ts'
import { handlers } from '../http/all-handlers.ts'
import { buildApp } from '../http/app.ts'
import type { Services } from '../http/rooms.ts'
import { openSandbox } from '../payments/sandbox.ts'

const [databaseUrl] = process.argv.slice(2)
if (databaseUrl === undefined || process.send === undefined) throw new Error('It is started by serve.ts.')
const reading = readConfig({ DATABASE_URL: databaseUrl })
if (!reading.ok) throw new Error('The settings of the bench are wrong.')
const { config } = reading
const db = connect(databaseUrl)
const services: Partial<Services> = {
  config,
  db,
  identity: createIdentity({
    databaseUrl,
    secret: 'of a bench, which nobody signs in to',
    publicUrl: config.publicUrl,
    onFault: () => {},
  }),
  operatorToken: `ddo_${'b'.repeat(43)}`,
  payments: openSandbox(db),
  log: pino({ level: 'silent' }),
}
const app = await buildApp(services as Services, handlers, { requestsPerTenSeconds: 10_000_000 })
const url = await app.listen({ port: 0, host: '127.0.0.1' })
process.once('disconnect', () => process.exit(0))
process.send({ url })
