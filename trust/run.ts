/**
 * The scoreboard: how far the books can be trusted, as figures from tests that run here.
 *
 *   npm run trust                          every figure at the size for each push; fails when one is missed
 *   npm run trust -- --long                the sizes for a release; takes hours
 *   npm run trust -- --only T7             one figure, or several: --only T7,T9
 *   npm run trust -- --write               rewrites trust/results.md as well
 *
 * What each figure means stands in README.md.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { disorderedUsage } from './disordered-usage.ts'
import { faultyPayments } from './faulty-payments.ts'
import { hostileFiles } from './hostile-files.ts'
import { interleavings } from './interleavings.ts'
import { killedPostgres } from './killed-postgres.ts'
import { killedServers } from './killed-servers.ts'
import { lostAnswers } from './lost-answers.ts'
import { outgoingRequests } from './outgoing-requests.ts'
import { calendars, plantedBugs, simulatedMonths } from './pure-checks.ts'
import { asMarkdown, asText, type Check, inSeconds, type Scale, type TimedRow } from './scoreboard.ts'
import { openScratch, type Scratch } from './scratch-database.ts'
import { openServed, type Served } from './served.ts'
import { toldBooks } from './told-books.ts'

const CHECKS: readonly Check[] = [
  simulatedMonths,
  plantedBugs,
  calendars,
  disorderedUsage,
  faultyPayments,
  interleavings,
  toldBooks,
  killedServers,
  lostAnswers,
  killedPostgres,
  hostileFiles,
  outgoingRequests,
]

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})
const scale: Scale = values.long ? 'long' : 'push'
const only = values.only?.split(',')
if (values.write && only) throw new Error('results.md holds every figure: --write goes without --only')
const wanted = CHECKS.filter(({ ids }) => only === undefined || ids.some((id) => only.includes(id)))
if (wanted.length === 0) throw new Error(`There is no figure ${values.only}`)

let scratch: Promise<Scratch> | undefined
let served: Promise<Served> | undefined
const rows: TimedRow[] = []
try {
  for (const check of wanted) rows.push(...(await runTimed(check)))
} finally {
  await (await scratch)?.close()
  await (await served)?.close()
}
rows.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
console.log(`\n${asText(rows)}`)
if (values.write) writeFileSync(join(import.meta.dirname, 'results.md'), asMarkdown(rows, about()))
process.exitCode = rows.every(({ met }) => met) ? 0 : 1

/** A check that throws has missed its figures. */
async function runTimed({ ids, run }: Check): Promise<TimedRow[]> {
  const began = performance.now()
  const found = await run(scale, openOnce, serveOnce).catch((fault: unknown) =>
    ids.map((id) => {
      const notes = [fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)]
      return { id, figure: 'could not be taken', wanted: '', got: '', met: false, notes }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  for (const { id, got, met } of found)
    console.log(`${id} ${met ? 'met' : 'MISSED'}: ${got} (${inSeconds(seconds)} s)`)
  return found.map((row) => ({ ...row, seconds }))
}

function openOnce(): Promise<Scratch> {
  scratch ??= openScratch()
  return scratch
}

function serveOnce(): Promise<Served> {
  served ??= openServed()
  return served
}

function about(): string {
  const day = new Date().toISOString().slice(0, 10)
  const size = scale === 'long' ? 'for a release' : 'for each push'
  return `Measured on ${day} at the size ${size}, with ${availableParallelism()} cores and Node ${process.versions.node}. \`npm run trust -- --write\` rewrites this page.`
}
