/**
 * Hostile files through the API of a whole server (T14), and what they cost in memory (T15): bombs, and honest pictures of every format with bytes changed by a seed, are uploaded as a customer would,
 * and what is taken goes through a paid automation.
 *
 * What must not happen, whatever was in a file: an answer of 500 and above, a request or a run that does not end, a decoder that crashes, a charge for an item that failed, books that do not add up.
 * A refusal, and a decoder that its watchdog stopped, are what is wanted.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient, type DrawdownClient, type Item } from '@drawdown/client'
import sharp from 'sharp'
import { parseMicros } from '../billing/micros.ts'
import { bombs, honestFiles, mutated } from '../images/test-hostile-files.ts'
import { seededCrop, testPhotos } from '../images/test-photos.ts'
import { childrenRunning, memoryOf } from './process-memory.ts'
import { type Check, count, type Row, type Scale } from './scoreboard.ts'

const FILES: Record<Scale, number> = { push: 1_000, long: 50_000 }
/** So many files a request, and before the server counts as warm. */
const A_REQUEST = 50
const WARM = 200
/** Far above what any file takes on a busy machine; the limits of images/ are far below. */
const PATIENCE_MS = 120_000
const MOST_DECODER_BYTES = 768 * 1024 * 1024
const MOST_GROWTH_BYTES = 50 * 1024 * 1024

/** A paid step with its window given, so that no file waits for a model, and a free one. */
const STEPS = [
  {
    operation: 'smart_crop',
    settings: { width: 64, height: 64, photo_box: { x: 0.1, y: 0.1, width: 0.8, height: 0.8 } },
  },
  { operation: 'convert', settings: { format: 'jpeg' } },
]

type Served = { child: ChildProcess; url: string; operatorToken: string; folder: string }
type Tally = { sent: number; taken: number; succeeded: number; failed: number; faults: string[] }
type Memory = { decoder: number; warm: number | undefined; end: number | undefined }

export const hostileFiles: Check = {
  ids: ['T14', 'T15'],
  async run(scale) {
    const served = await serve()
    const memory: Memory = { decoder: 0, warm: undefined, end: undefined }
    const watch = setInterval(() => {
      for (const pid of childrenRunning(served.child.pid!, 'decoder-child'))
        memory.decoder = Math.max(memory.decoder, memoryOf(pid, 'VmHWM') ?? 0)
    }, 20)
    try {
      const tally = await attack(served, FILES[scale], () => {
        memory.warm ??= memoryOf(served.child.pid!, 'VmRSS')
      })
      memory.end = memoryOf(served.child.pid!, 'VmRSS')
      return rowsOf(tally, memory, FILES[scale])
    } finally {
      clearInterval(watch)
      await end(served)
    }
  },
}

function rowsOf(tally: Tally, memory: Memory, wanted: number): Row[] {
  const { sent, taken, succeeded, failed, faults } = tally
  const growth = (memory.end ?? 0) - (memory.warm ?? 0)
  const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`
  const measured = memory.warm !== undefined && memory.decoder > 0
  return [
    {
      id: 'T14',
      figure: 'hostile files through the API: crash, 5xx, hang, charge for a failure',
      wanted: `${count(wanted)} / 0`,
      got: `${count(sent)} / ${count(faults.length)}`,
      met: sent >= wanted && faults.length === 0,
      notes: [
        ...faults.slice(0, 10),
        `${count(sent - taken)} refused at the door, ${count(failed)} failed for nothing, ${count(succeeded)} done and paid for`,
      ],
    },
    {
      id: 'T15',
      figure: 'peak memory of a decoder; growth of the server',
      wanted: `≤ ${megabytes(MOST_DECODER_BYTES)}; ≤ ${megabytes(MOST_GROWTH_BYTES)}`,
      got: measured ? `${megabytes(memory.decoder)}; ${megabytes(growth)}` : 'not measured',
      met: measured && memory.decoder <= MOST_DECODER_BYTES && growth <= MOST_GROWTH_BYTES,
      notes: measured ? [] : ['Memory is read from /proc, which this system does not have.'],
    },
  ]
}

async function serve(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-hostile-'))
  // Run by root, Postgres is another user and has to get in.
  chmodSync(folder, 0o755)
  const entry = fileURLToPath(new URL('./hostile-server-child.ts', import.meta.url))
  const child = fork(entry, [folder, String(await freePort())], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const told = await new Promise<{ url: string; operatorToken: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { url: string; operatorToken: string }))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  return { child, folder, ...told }
}

async function end({ child, folder }: Served): Promise<void> {
  const gone = child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : undefined
  if (child.connected) child.disconnect()
  await gone
  rmSync(folder, { recursive: true, force: true })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Bombs first, so that what they leave behind would hurt the rest; then mutants in runs of a thousand. */
async function attack(served: Served, files: number, warm: () => void): Promise<Tally> {
  const tally: Tally = { sent: 0, taken: 0, succeeded: 0, failed: 0, faults: [] }
  const operator = createClient({ url: served.url, apiKey: served.operatorToken })
  const { api_key: apiKey } = await operator.createOperatorAccount({
    body: { name: 'Mallory', plan: 'scale' },
  })
  const api = createClient({ url: served.url, apiKey })
  const automation = await api.createAutomation({ body: { name: 'Hostile', steps: STEPS } })
  const photo = await seededCrop((await testPhotos()).motorcycle, {
    seed: 14,
    folder: served.folder,
    longSide: 120,
  })
  const honest = await honestFiles(await sharp(photo).toBuffer())
  for (const { make } of bombs) await send(api, [await make()], automation.id, tally)
  for (let seed = 0; tally.sent < files; ) {
    const batch: Buffer[] = []
    for (; batch.length < Math.min(1_000, files - tally.sent); seed++)
      batch.push(mutated(honest[seed % honest.length]!, seed))
    for (let at = 0; at < batch.length && tally.sent < WARM; at += A_REQUEST)
      await send(api, batch.splice(0, A_REQUEST), automation.id, tally)
    warm()
    await send(api, batch, automation.id, tally)
  }
  if (served.child.exitCode !== null) tally.faults.push('the server ended')
  return tally
}

async function send(api: DrawdownClient, files: Buffer[], automationId: string, tally: Tally): Promise<void> {
  const ids: string[] = []
  for (let at = 0; at < files.length; at += A_REQUEST) {
    const part = files
      .slice(at, at + A_REQUEST)
      .map((bytes, i) => new File([new Uint8Array(bytes)], `${tally.sent + at + i}.jpg`))
    const answer = await inTime(api.uploadImages({ body: { files: part } }), 'an upload', tally)
    if (answer === undefined) continue
    for (const { id } of answer.images) ids.push(id)
    if (answer.images.length + answer.refused.length !== part.length) tally.faults.push('a file was lost')
  }
  tally.sent += files.length
  if (ids.length > 0) await work(api, { automationId, ids: [...new Set(ids)] }, tally)
}

async function work(
  api: DrawdownClient,
  given: { automationId: string; ids: string[] },
  tally: Tally,
): Promise<void> {
  const { automationId, ids } = given
  const before = amount((await api.getBilling()).balance)
  const request = { automation_id: automationId, image_ids: ids }
  const started = await inTime(api.createRun({ body: request }), 'a start', tally)
  const ended = started && (await inTime(waitFor(api, started.id), 'a run', tally))
  if (ended === undefined) return
  const { items } = ended
  tally.taken += items.total
  tally.succeeded += items.succeeded
  tally.failed += items.failed
  if (items.succeeded + items.failed !== items.total)
    tally.faults.push(`of ${items.total} items some did not end`)
  const fell = before - amount((await api.getBilling()).balance)
  if (fell !== amount(ended.from_credits))
    tally.faults.push(`the balance fell by ${fell}, not ${ended.from_credits}`)
  const charged = await chargedFor(api, ended.id, tally)
  if (charged !== amount(ended.cost)) tally.faults.push(`items cost ${charged}, the run ${ended.cost}`)
}

/** What the items of a run cost, with what is wrong about any of them. */
async function chargedFor(api: DrawdownClient, runId: string, tally: Tally): Promise<bigint> {
  let charged = 0n
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === '' ? {} : { cursor }) }
    const page: { data: Item[]; next_cursor: string | null } = await api.listItems({
      path: { id: runId },
      query,
    })
    for (const { image, status, cost, failure } of page.data) {
      charged += amount(cost)
      if (status !== 'succeeded' && amount(cost) !== 0n)
        tally.faults.push(`${image.name} is ${status} and cost ${cost}`)
      if (failure && ['crashed', 'interrupted'].includes(failure.code))
        tally.faults.push(`${image.name}: ${failure.code}, ${failure.message}`)
    }
    cursor = page.next_cursor
  }
  return charged
}

const amount = (text: string) => parseMicros(text)!

async function waitFor(api: DrawdownClient, runId: string) {
  for (;;) {
    for await (const _ of api.watchRun(runId)) {
      // Only the end is waited for.
    }
    const run = await api.getRun({ path: { id: runId } })
    if (run.status === 'finished' || run.status === 'cancelled') return run
  }
}

/** What did not come in time, or came as a fault of the server, is counted and told; refusals of a request are faults of this check. */
async function inTime<T>(promise: Promise<T>, what: string, tally: Tally): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), PATIENCE_MS * Math.max(1, tally.sent > 500 ? 5 : 1))
  })
  try {
    const answer = await Promise.race([promise, late])
    if (answer !== 'late') return answer
    tally.faults.push(`${what} did not end within ${PATIENCE_MS / 1000} s`)
  } catch (fault) {
    tally.faults.push(`${what}: ${fault instanceof Error ? fault.message : String(fault)}`)
  } finally {
    clearTimeout(timer)
  }
  return undefined
}
