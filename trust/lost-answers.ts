/**
 * Answers lost after Postgres has committed: the server that asked never hears of it, or the caller of the server does not (T6).
 *
 * Called by run.ts. One request at a time or a few at once; the wire is cut as Postgres says that a transaction which wrote is
 * committed. Whoever got no answer asks again under the same key, and is answered as the first time would have been. What counts is
 * a loss where something had been done: the answer to the second request is a repetition.
 */
import { chanceOf } from '../simulation/chance.ts'
import {
  type Answer,
  ask,
  askUntilAnswered,
  type Customer,
  compareUses,
  OPERATIONS,
  openCustomers,
  type Request,
  type SentUse,
  toldOf,
  verifyBooks,
} from './callers.ts'
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.ts'
import { type Check, count } from './scoreboard.ts'
import type { Served, Server } from './served.ts'

const SHOWN = 5

type World = {
  served: Served
  proxy: CuttingProxy
  server: Server
  customers: Customer[]
  uses: SentUse[][]
  /** Keys of the operator's grants, by customer. */
  grants: string[][]
  lost: { server: number; caller: number }
  wrong: string[]
}

export const lostAnswers: Check = {
  ids: ['T6'],
  async run(scale, _, open) {
    const wanted = scale === 'long' ? 10_000 : 200
    const served = await open()
    const proxy = await openCuttingProxy(served.databaseUrl)
    try {
      const server = await served.start({ workers: 0, name: 'behind a proxy', databaseUrl: proxy.url })
      const customers = await openCustomers(server, ['Lost first', 'Lost second'])
      const empty = () => customers.map(() => [])
      const lost = { server: 0, caller: 0 }
      const world: World = {
        served,
        proxy,
        server,
        customers,
        uses: empty(),
        grants: empty(),
        lost,
        wrong: [],
      }
      await loseAnswers(world, wanted)
      await server.kill()
      for (const [index, { accountId }] of customers.entries()) {
        world.wrong.push(...(await compareUses(served.db, accountId, world.uses[index]!)))
        world.wrong.push(...(await compareGrants(world, index)))
      }
      const ids = customers.map(({ accountId }) => accountId)
      world.wrong.push(...(await verifyBooks(served.db, ids)))
      return [rowOf(world, wanted)]
    } finally {
      await proxy.close()
    }
  },
}

async function loseAnswers(world: World, wanted: number): Promise<void> {
  const chance = chanceOf(6)
  for (let turn = 0; world.lost.server + world.lost.caller < wanted; turn++) {
    if (turn > 10 * wanted) throw new Error(`only ${JSON.stringify(world.lost)} answers could be lost`)
    const account = chance.whole(world.customers.length)
    if (chance.happens(15)) {
      await grant(world, account, turn)
      continue
    }
    // Several at once share a transaction, and lose its answer together.
    const atOnce = chance.pick([1, 1, 3])
    const batches = Array.from({ length: atOnce }, (_, sender) =>
      Array.from({ length: chance.pick([1, 1, 5]) }, (__, index) => ({
        key: `${turn} ${sender} ${index}`,
        operation: chance.pick(OPERATIONS),
        quantity: 1 + chance.whole(9),
      })),
    )
    const requests = batches.map((uses) => ({
      path: '/v1/usage',
      apiKey: world.customers[account]!.apiKey,
      body: uses.length === 1 ? uses[0] : uses,
    }))
    const answers = await loseOne(world, requests, turn % 2 === 0 ? 'server' : 'caller')
    for (const [index, { status, body }] of answers.entries()) {
      if (status > 201) world.wrong.push(`usage was refused: ${JSON.stringify(body)}`)
      const told = Array.isArray(body) ? (body as Answer['body'][]) : [body]
      const uses = batches[index]!.map((use, place) => ({ ...use, told: toldOf(told[place] ?? {}) }))
      world.uses[account]!.push(...uses)
    }
  }
}

/** Credits by the operator's hand, under a key in a header. */
async function grant(world: World, account: number, turn: number): Promise<void> {
  const { accountId } = world.customers[account]!
  const request = {
    path: '/v1/operator/grants',
    apiKey: world.server.operatorToken,
    key: `grant-${turn}`,
    body: {
      account_id: `account_${accountId.replaceAll('-', '')}`,
      source: 'promotion',
      credits: '1.5',
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
      reason: 'An answer is going to be lost',
    },
  }
  const [answer] = await loseOne(world, [request], turn % 2 === 0 ? 'server' : 'caller')
  if (answer!.status > 201) world.wrong.push(`a grant was refused: ${JSON.stringify(answer!.body)}`)
  world.grants[account]!.push(`operator:grant-${turn}`)
}

/** Sends the requests together, with the wire cut at the next commit; then asks again for what was not answered. */
async function loseOne(
  { proxy, server, lost }: World,
  requests: readonly Request[],
  whose: 'server' | 'caller',
): Promise<Answer[]> {
  const hangUp = new AbortController()
  const before = proxy.done()
  proxy.arm(whose === 'server' ? 'cut' : () => hangUp.abort())
  const first = await Promise.all(
    requests.map((request) => ask(server.url, { ...request, signal: hangUp.signal })),
  )
  proxy.arm(null)
  const wasDone = proxy.done() > before
  return Promise.all(
    requests.map(async (request, index) => {
      if (first[index]!.status !== 0) return first[index]!
      const { answer } = await askUntilAnswered(() => server.url, request)
      // 201 where it was done only now: what was lost then was another transaction of the request, or of the server's own.
      if (wasDone && answer.status === 200) lost[whose] += 1
      return answer
    }),
  )
}

async function compareGrants({ served, customers, grants }: World, account: number): Promise<string[]> {
  const { accountId } = customers[account]!
  const rows = await served.db.asTenant(accountId, (tx) =>
    tx.query<{ key: string }>(
      `select natural_key as key from credit_grants where account_id = $1 and source = 'promotion' order by 1`,
      [accountId],
    ),
  )
  const [found, expected] = [rows.map(({ key }) => key), grants[account]!.toSorted()]
  return found.join() === expected.join()
    ? []
    : [`grants: expected ${expected.length}, found ${found.length}`]
}

function rowOf({ lost, uses, wrong }: World, wanted: number) {
  const sent = uses.reduce((sum, { length }) => sum + length, 0)
  return {
    id: 'T6',
    figure: 'answers lost after the commit, asked again; doubled or lost',
    wanted: `${count(wanted)} / 0`,
    got: `${count(lost.server + lost.caller)} / ${wrong.length}`,
    met: lost.server + lost.caller >= wanted && wrong.length === 0,
    notes: [
      `${lost.server} on the way to the server, ${lost.caller} on the way to its caller; ${count(sent)} uses`,
      ...wrong.slice(0, SHOWN),
    ],
  }
}
