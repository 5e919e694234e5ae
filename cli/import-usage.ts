/**
 * `usage import`: a file of usage, recorded line by line.
 *
 *   file ──▶ lines (usage-file.ts) ──▶ some hundred a request, in order ──▶ what became of each: booked, known, refused
 *
 * 1. It may be repeated whole: a key is booked once, and the second time answered as the first.
 * 2. Where the server is away, lines without an outcome are sent again for a while; then it stops and says at which line to go on.
 * 3. Memory holds one request and the first refusals, whatever the length of the file.
 */
import { once } from 'node:events'
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { type DrawdownClient, DrawdownUnreachable, type UsageLine } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, showCount, showNumberOf } from './print.ts'
import { openProgress, type Progress } from './progress.ts'
import { CommandRefused, UsedWrongly } from './refusal.ts'
import { asAccount, asOperator } from './speak.ts'
import { type FileLine, readUsageFile, type UsageFileFormat } from './usage-file.ts'

export type ImportUsage = Globals & {
  format?: UsageFileFormat
  from?: number
  results?: string
  operator?: boolean
}

/** So many lines travel together: enough that the way there and back costs little, few enough that progress is seen. */
const LINES_A_REQUEST = 500
const MOST_ATTEMPTS = 6
const WAIT_MS = 1000
/** Of one mistake in a million lines, the first say enough; --results has all. */
const MOST_SHOWN = 20

type Refusal = { line: number; refusal: string; detail: string }
type Tally = { lines: number; booked: number; known: number; refused: number; refusals: Refusal[] }

export async function importUsage(file: string, options: ImportUsage): Promise<void> {
  const format = options.format ?? formatOf(file)
  const { source, size } = await openFile(file)
  const progress = openProgress('Importing', 100, options.json || size === null)
  let read = 0
  const pieces = counted(source, (bytes) => {
    read += bytes
    if (size !== null) progress.set(Math.floor((read / size) * 100))
  })
  const results = options.results === undefined ? null : createWriteStream(options.results)
  const tally: Tally = { lines: 0, booked: 0, known: 0, refused: 0, refusals: [] }
  const work = async (api: DrawdownClient) => {
    // A key that is good no more is found out before anything is read.
    await api.recordUsageLines([])
    await sendAll(api, readUsageFile(pieces, format), { from: options.from ?? 1, results, progress, tally })
  }
  try {
    await (options.operator ? asOperator(work) : asAccount(options.account, work))
  } finally {
    progress.close()
    results?.end()
    source.destroy()
  }
  if (options.json) printJson(tally)
  else printLines(...tallyLines(tally, options.results))
  if (tally.refused > 0) process.exitCode = 1
}

function formatOf(file: string): UsageFileFormat {
  const ending = extname(file).toLowerCase()
  if (ending === '.csv') return 'csv'
  if (['.ndjson', '.jsonl'].includes(ending)) return 'ndjson'
  throw new UsedWrongly(
    `"${file}" does not say of what kind it is.`,
    'Name it .csv, .ndjson or .jsonl, or give --format.',
  )
}

async function openFile(file: string) {
  if (file === '-') return { source: process.stdin, size: null }
  const found = await stat(file).catch(() => null)
  if (!found?.isFile()) throw new UsedWrongly(`There is no file "${file}".`, 'Check the path.')
  return { source: createReadStream(file), size: found.size }
}

async function* counted(source: AsyncIterable<Buffer>, count: (bytes: number) => void) {
  for await (const piece of source) {
    yield piece
    // The piece before has been sent by the time the next is asked for.
    count(piece.length)
  }
}

type Import = { from: number; results: WriteStream | null; progress: Progress; tally: Tally }

async function sendAll(api: DrawdownClient, lines: AsyncIterable<FileLine>, work: Import): Promise<void> {
  let together: FileLine[] = []
  for await (const line of lines) {
    if (line.number < work.from) continue
    together.push(line)
    if (together.length < LINES_A_REQUEST) continue
    await sendTogether(api, together, work)
    together = []
  }
  if (together.length > 0) await sendTogether(api, together, work)
}

async function sendTogether(api: DrawdownClient, lines: readonly FileLine[], work: Import): Promise<void> {
  const { tally, results, progress } = work
  const answers = await answersOf(api, lines)
  for (const [index, line] of lines.entries()) {
    const answer = answers[index]!
    tally.lines += 1
    if ('usage' in answer && answer.status === 201) tally.booked += 1
    else if ('usage' in answer) tally.known += 1
    else {
      tally.refused += 1
      const { type, detail } = answer.problem
      const refusal = { line: line.number, refusal: type.replace('/problems/', ''), detail }
      if (tally.refusals.length < MOST_SHOWN) tally.refusals.push(refusal)
    }
    results?.write(`${JSON.stringify({ ...answer, line: line.number })}\n`)
  }
  if (results?.writableNeedDrain) await once(results, 'drain')
  progress.say(`${showCount(tally.lines)} lines, ${showCount(tally.refused)} refused`)
}

/** What became of each line. Those that an outage left undecided are sent again, in order. */
async function answersOf(api: DrawdownClient, lines: readonly FileLine[]): Promise<UsageLine[]> {
  const answers: (UsageLine | undefined)[] = lines.map((line) =>
    'fault' in line ? unsendable(line.fault) : undefined,
  )
  for (let attempt = 1; ; attempt++) {
    const open = [...lines.keys()].filter((index) => answers[index] === undefined)
    if (open.length === 0) return answers as UsageLine[]
    const texts = open.map((index) => (lines[index] as { text: string }).text)
    const answered = await api.recordUsageLines(texts).catch((fault: unknown) => {
      if (fault instanceof DrawdownUnreachable) return []
      throw fault
    })
    for (const [place, answer] of answered.entries()) {
      if (answer.status < 500 && answer.status !== 429) answers[open[place]!] = answer
    }
    if (attempt === MOST_ATTEMPTS && answers.includes(undefined))
      throw stopped(lines, answers.indexOf(undefined))
    if (answers.includes(undefined)) await new Promise((resolve) => setTimeout(resolve, WAIT_MS * attempt))
  }
}

function unsendable(detail: string): UsageLine {
  const problem = {
    type: '/problems/malformed_request',
    title: 'The line could not be read',
    status: 400,
    detail,
  }
  return { line: 0, status: 400, problem: { ...problem, request_id: '' } }
}

function stopped(lines: readonly FileLine[], index: number): CommandRefused {
  const { number } = lines[index]!
  return new CommandRefused(
    `The server stayed away. Every line before line ${number} is done.`,
    `Run it again when the server is back, whole or with --from ${number}: nothing is charged twice.`,
  )
}

function tallyLines(
  { lines, booked, known, refused, refusals }: Tally,
  results: string | undefined,
): string[] {
  const more = refused - refusals.length
  return [
    `${showNumberOf(lines, 'line')}: ${showCount(booked)} booked, ${showCount(known)} known already, ${showCount(refused)} refused.`,
    ...refusals.map(({ line, refusal, detail }) => `  line ${line}: ${refusal}: ${detail}`),
    ...(more > 0
      ? [`  and ${showCount(more)} more${results === undefined ? '; --results writes them all' : ''}`]
      : []),
    ...(results === undefined ? [] : [`What became of each line stands in ${results}.`]),
  ]
}
