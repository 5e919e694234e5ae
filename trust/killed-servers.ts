/**
 * Servers and their workers killed with kill -9, in the middle of whatever they are doing (T4).
 *
 * Called by run.ts. Two servers share a database and a folder of files. Customers go on sending usage and photos to whichever
 * lives, and ask again where no answer came. First whole servers die, with the claimers and children in them; then, while the
 * leases of the dead run out, the children that decode photos.
 *
 * What must come of it: every use that was sent is booked once; an item that succeeded has its result and is charged once for each
 * step, one that did not is not charged; nothing is left lying.
 */
import { type Chance, chanceOf } from '../simulation/chance.ts'
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
  uuidOf,
  verifyBooks,
} from './callers.ts'
import { littlePicture } from './little-picture.ts'
import { childrenOf, killNow } from './processes.ts'
import { type Check, count } from './scoreboard.ts'
import type { Served, Server } from './served.ts'

const SENDERS = 3
const IMAGES_A_RUN = 3
/** For so long nobody may take over the photo that a dead server worked on (automations/claim-item.ts). */
const LEASES_END_AFTER_MS = 30_000
const SHOWN = 5
const STEPS = [
  { operation: 'resize', settings: { long_side: 32 } },
  { operation: 'convert', settings: { format: 'jpeg' } },
]

type Slot = { server: Server | null }
type World = {
  served: Served
  slots: readonly Slot[]
  customers: readonly Customer[]
  uses: SentUse[][]
  /** Wire ids of the runs of each customer. */
  runs: string[][]
  automations: string[]
  /** Requests that were answered so far. */
  answers: { uses: number; photos: number }
  isOver: boolean
  wrong: string[]
  kills: { servers: number; workers: number }
}

export const killedServers: Check = {
  ids: ['T4'],
  async run(scale, _, open) {
    const wanted = scale === 'long' ? { servers: 2_000, workers: 3_000 } : { servers: 30, workers: 70 }
    const served = await open()
    const world = await prepare(served)
    const customers = [...Array(SENDERS).keys()].map((sender) =>
      sendUsage(world, chanceOf(4, `uses ${sender}`)),
    )
    customers.push(...world.customers.map((_, index) => sendPhotos(world, index)))
    await Promise.all([...customers, killAll(world, wanted)])
    await allEnded(world, performance.now() + 2 * LEASES_END_AFTER_MS)
    const items = await judgeItems(world)
    for (const [index, { accountId }] of world.customers.entries()) {
      world.wrong.push(...(await compareUses(served.db, accountId, world.uses[index]!)))
    }
    const ids = world.customers.map(({ accountId }) => accountId)
    world.wrong.push(...(await verifyBooks(served.db, ids)))
    for (const { server } of world.slots) await server?.kill()
    return [rowOf(world, items)]
  },
}

async function prepare(served: Served): Promise<World> {
  const slots = await Promise.all([0, 1].map(async (index) => ({ server: await startOne(served, index) })))
  const first = slots[0]!.server
  const customers = await openCustomers(first, ['Killed first', 'Killed second'])
  const automations: string[] = []
  for (const { apiKey } of customers) {
    const body = { name: 'Little', steps: STEPS }
    const made = await ask(first.url, { path: '/v1/automations', apiKey, body })
    automations.push(String(made.body.id))
  }
  const empty = () => customers.map(() => [])
  const kills = { servers: 0, workers: 0 }
  return {
    served,
    slots,
    customers,
    uses: empty(),
    runs: empty(),
    automations,
    answers: { uses: 0, photos: 0 },
    isOver: false,
    wrong: [],
    kills,
  }
}

function startOne(served: Served, index: number): Promise<Server> {
  return served.start({ workers: 1, name: `server ${index}`, databaseUrl: served.databaseUrl })
}

/** A server that lives, or lived a moment ago: nobody tells a caller. */
function someUrl({ slots }: World, chance: Chance): string {
  const alive = slots.flatMap(({ server }) => server ?? [])
  return alive.length === 0 ? 'http://127.0.0.1:1' : chance.pick(alive).url
}

async function askSomeone(world: World, chance: Chance, request: Request): Promise<Answer> {
  const { answer } = await askUntilAnswered(() => someUrl(world, chance), request)
  world.answers[request.path === '/v1/usage' ? 'uses' : 'photos'] += 1
  return answer
}

/** Books one use after another, now and then several at once, until it is over. */
async function sendUsage(world: World, chance: Chance): Promise<void> {
  for (let sent = 0; !world.isOver; sent++) {
    const account = chance.whole(world.customers.length)
    const uses = Array.from({ length: chance.pick([1, 1, 1, 4]) }, (_, index) => ({
      key: `${chance.whole(2 ** 31)} ${sent} ${index}`,
      operation: chance.pick(OPERATIONS),
      quantity: 1 + chance.whole(5),
    }))
    const { apiKey } = world.customers[account]!
    const body = uses.length === 1 ? uses[0] : uses
    const request = { path: '/v1/usage', apiKey, body }
    const answer = await askSomeone(world, chance, request)
    noteUses(world, account, uses, answer)
  }
}

function noteUses(
  world: World,
  account: number,
  uses: Omit<SentUse, 'told'>[],
  { status, body }: Answer,
): void {
  if (status > 201) {
    world.wrong.push(`usage was refused: ${JSON.stringify(body)}`)
    return
  }
  const told = Array.isArray(body) ? (body as Answer['body'][]) : [body]
  for (const [index, use] of uses.entries()) world.uses[account]!.push({ ...use, told: toldOf(told[index]!) })
}

/** Uploads photos and runs over them, a few at a time, until it is over. */
async function sendPhotos(world: World, account: number): Promise<void> {
  const chance = chanceOf(4, `photos ${account}`)
  const { apiKey } = world.customers[account]!
  for (let run = 0; !world.isOver; run++) {
    const images: string[] = []
    while (images.length < IMAGES_A_RUN) {
      const photo = new Uint8Array(
        littlePicture((account + 1) * 1_000_000 + run * IMAGES_A_RUN + images.length),
      )
      const body = new FormData()
      body.append('files', new File([photo], `${run}-${images.length}.png`, { type: 'image/png' }))
      const answer = await askSomeone(world, chance, { path: '/v1/images', apiKey, body })
      // A photo whose decoder dies as it is looked at is refused, and sent again.
      images.push(...(answer.body.images as { id: string }[]).map(({ id }) => id))
    }
    const body = { automation_id: world.automations[account], image_ids: images }
    const request = { path: '/v1/runs', apiKey, body, key: `run-${run}` }
    const answer = await askSomeone(world, chance, request)
    if (answer.status > 201) world.wrong.push(`a run was refused: ${JSON.stringify(answer.body)}`)
    else world.runs[account]!.push(String(answer.body.id))
    // As many photos at a time as are worked on while servers die.
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

/** First servers; then, while what they had claimed comes back, workers. */
async function killAll(world: World, wanted: { servers: number; workers: number }): Promise<void> {
  const each = wanted.servers / world.slots.length
  await Promise.all(world.slots.map((slot, index) => killServers(world, slot, index, each)))
  await killWorkers(world, wanted.workers)
  world.isOver = true
}

async function killServers(world: World, slot: Slot, index: number, times: number): Promise<void> {
  const chance = chanceOf(4, `server ${index}`)
  for (let kill = 0; kill < times; kill++) {
    const of = chance.pick(['uses', 'photos'] as const)
    await answered(world, of, 1 + chance.whole(of === 'uses' ? 12 : 3))
    await new Promise((resolve) => setTimeout(resolve, chance.whole(30)))
    const dying = slot.server!
    slot.server = null
    await dying.kill()
    world.kills.servers += 1
    slot.server = await startOne(world.served, index)
  }
}

/** Waits until so many more requests have been answered: a server that dies before it has done anything proves nothing. */
async function answered({ answers }: World, of: keyof World['answers'], more: number): Promise<void> {
  const enough = answers[of] + more
  while (answers[of] < enough) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** The children that decode photos, as often as there are any. */
async function killWorkers(world: World, times: number): Promise<void> {
  const chance = chanceOf(4, 'workers')
  for (const giveUpAt = performance.now() + times * 3_000; world.kills.workers < times; ) {
    await new Promise((resolve) => setTimeout(resolve, 50 + chance.whole(300)))
    if (performance.now() > giveUpAt) throw new Error(`only ${world.kills.workers} workers could be killed`)
    const { pid } = chance.pick(world.slots).server!
    const workers = childrenOf(pid).filter(({ command }) => command.includes('decoder-child'))
    if (workers.length === 0) continue
    killNow(chance.pick(workers).pid)
    world.kills.workers += 1
  }
}

/** Waits until no item is queued or worked on. */
async function allEnded({ served, customers }: World, until: number): Promise<void> {
  for (;;) {
    let open = 0n
    for (const { accountId } of customers) {
      const [found] = await served.db.asTenant(accountId, (tx) =>
        tx.query<{ open: bigint }>(
          `select count(*) as open from run_items where account_id = $1 and status in ('queued', 'working')`,
          [accountId],
        ),
      )
      open += found!.open
    }
    if (open === 0n || performance.now() > until) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

type Item = {
  id: string
  runId: string
  status: string
  failure: string | null
  interrupted: number
  charges: string[]
}
type Items = { succeeded: number; givenUp: number; interrupted: number }

/** Every item of every run that was answered: its end, its charges and its result. */
async function judgeItems(world: World): Promise<Items> {
  const { served, customers, runs, wrong } = world
  const items: Items = { succeeded: 0, givenUp: 0, interrupted: 0 }
  for (const [index, { accountId, apiKey }] of customers.entries()) {
    const found = await served.db.asTenant(accountId, (tx) =>
      tx.query<Item>(
        `select item_id as "id", run_id as "runId", status, failure, interrupted,
           array(select u.operation from usage_records u where u.account_id = i.account_id and u.item_id = i.item_id
             order by u.operation) as charges
         from run_items i where account_id = $1`,
        [accountId],
      ),
    )
    const expected = new Set(runs[index]!.map(uuidOf))
    if (found.length !== expected.size * IMAGES_A_RUN || found.some(({ runId }) => !expected.has(runId))) {
      wrong.push(`${found.length} items of ${expected.size} runs that were answered`)
    }
    for (const item of found) {
      if (item.interrupted > 0) items.interrupted += 1
      if (item.status === 'succeeded') items.succeeded += 1
      if (item.failure === 'interrupted') items.givenUp += 1
      wrong.push(...judgeItem(item))
      if (item.status === 'succeeded') wrong.push(...(await missingResult(world, item, apiKey)))
    }
  }
  return items
}

/** The third interruption is an item's last; whatever did not succeed costs nothing. */
export function judgeItem({
  id,
  status,
  failure,
  charges,
}: Pick<Item, 'id' | 'status' | 'failure' | 'charges'>): string[] {
  const paid = status === 'succeeded' ? 'convert,resize' : ''
  const isEnded = status === 'succeeded' || (status === 'failed' && /interrupted|crashed/.test(failure ?? ''))
  return [
    ...(isEnded ? [] : [`item ${id} is ${status} ${failure ?? ''}`]),
    ...(charges.join() === paid
      ? []
      : [`item ${id} is ${status} and was charged for ${charges.join() || 'nothing'}`]),
  ]
}

async function missingResult({ slots }: World, { id }: Item, apiKey: string): Promise<string[]> {
  const path = `/v1/items/item_${id.replaceAll('-', '')}/file`
  const headers = { authorization: `Bearer ${apiKey}` }
  const answer = await fetch(`${slots[0]!.server!.url}${path}`, { headers })
  const bytes = (await answer.arrayBuffer()).byteLength
  return answer.ok && bytes > 0 ? [] : [`item ${id} has no result: ${answer.status}`]
}

function rowOf({ uses, wrong, kills }: World, items: Items) {
  const killed = kills.servers + kills.workers
  const sent = uses.reduce((sum, { length }) => sum + length, 0)
  return {
    id: 'T4',
    figure: 'kill -9 of servers and workers; uses and items lost, doubled or stuck',
    wanted: `${count(killed)} / 0`,
    got: `${count(killed)} / ${wrong.length}`,
    met: wrong.length === 0,
    notes: [
      `${kills.servers} servers and ${kills.workers} workers; ${count(sent)} uses, ${count(items.succeeded)} photos, ` +
        `${items.interrupted} of them interrupted, ${items.givenUp} given up uncharged`,
      ...wrong.slice(0, SHOWN),
    ],
  }
}
