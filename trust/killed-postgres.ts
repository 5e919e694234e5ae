/**
 * Postgres killed with kill -9, postmaster and all, while usage comes in (T5).
 *
 * Called by run.ts. The server has its own embedded Postgres, with fsync, as `npm start` gives it: it starts it again by itself.
 * What was acknowledged before the kill must be there after it, and what was not is sent again under its key.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { inspectPostmaster } from '../database/postmaster.ts'
import { type Chance, chanceOf } from '../simulation/chance.ts'
import {
  type Answer,
  askUntilAnswered,
  type Customer,
  compareUses,
  OPERATIONS,
  openCustomers,
  type SentUse,
  toldOf,
  verifyBooks,
} from './callers.ts'
import { childrenOf, killNow } from './processes.ts'
import { type Check, count } from './scoreboard.ts'
import type { Server } from './served.ts'

const SENDERS = 6
const SHOWN = 5

type World = {
  server: Server
  customers: Customer[]
  uses: SentUse[][]
  acknowledged: number
  /** Of those that had to be sent again. */
  repeated: number
  isOver: boolean
  wrong: string[]
}

export const killedPostgres: Check = {
  ids: ['T5'],
  async run(scale, _, open) {
    const wanted = scale === 'long' ? 500 : 20
    const served = await open()
    // Its data folder is that of the Postgres that is killed, which it finds and looks after as its own.
    const server = await served.start({ workers: 0, name: 'postgres' })
    const customers = await openCustomers(server, ['Durable first', 'Durable second'])
    const uses = customers.map((): SentUse[] => [])
    const world: World = { server, customers, uses, acknowledged: 0, repeated: 0, isOver: false, wrong: [] }
    const senders = Array.from({ length: SENDERS }, (_, sender) => send(world, chanceOf(5, `${sender}`)))
    await Promise.all([...senders, killAll(world, served.cluster, wanted)])
    await server.kill()
    for (const [index, { accountId }] of customers.entries()) {
      world.wrong.push(...(await compareUses(served.db, accountId, uses[index]!)))
    }
    const ids = customers.map(({ accountId }) => accountId)
    world.wrong.push(...(await verifyBooks(served.db, ids)))
    return [rowOf(world, wanted)]
  },
}

/** Books one use after another until it is over. */
async function send(world: World, chance: Chance): Promise<void> {
  for (let sent = 0; !world.isOver; sent++) {
    const account = chance.whole(world.customers.length)
    const use = {
      key: `${chance.whole(2 ** 31)} ${sent}`,
      operation: chance.pick(OPERATIONS),
      quantity: 1 + chance.whole(5),
    }
    const { apiKey } = world.customers[account]!
    const request = { path: '/v1/usage', apiKey, body: use }
    const { answer, attempts } = await askUntilAnswered(() => world.server.url, request)
    note(world, account, use, answer)
    if (attempts > 1) world.repeated += 1
  }
}

function note(world: World, account: number, use: Omit<SentUse, 'told'>, { status, body }: Answer): void {
  world.acknowledged += 1
  if (status > 201) world.wrong.push(`${use.key} was refused: ${JSON.stringify(body)}`)
  else world.uses[account]!.push({ ...use, told: toldOf(body) })
}

/** Each time after some more uses have been acknowledged, at whatever moment that is. */
async function killAll(world: World, cluster: string, times: number): Promise<void> {
  const chance = chanceOf(5, 'kills')
  for (let kill = 0; kill < times; kill++) {
    const enough = world.acknowledged + 20 + chance.whole(60)
    while (world.acknowledged < enough) await pause(5)
    await pause(chance.whole(10))
    const postmaster = inspectPostmaster(cluster)
    if (postmaster.state !== 'running') throw new Error(`Postgres is ${postmaster.state}`)
    const backends = childrenOf(postmaster.pid)
    killNow(postmaster.pid)
    for (const { pid } of backends) killNow(pid)
  }
  world.isOver = true
}

function rowOf({ uses, acknowledged, repeated, wrong }: World, wanted: number) {
  return {
    id: 'T5',
    figure: 'kill -9 of Postgres; acknowledged usage lost or doubled',
    wanted: `${count(wanted)} / 0`,
    got: `${count(wanted)} / ${wrong.length}`,
    met: wrong.length === 0 && acknowledged >= wanted && uses.length > 0,
    notes: [
      `${count(acknowledged)} uses acknowledged, ${count(repeated)} of them after they were sent again`,
      ...wrong.slice(0, SHOWN),
    ],
  }
}
