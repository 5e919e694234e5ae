/**
 * A file of usage as lines of JSON, one at a time: lines of JSON as they stand, or the rows of a CSV.
 *
 * Called by import-usage.ts. The first row of a CSV names its columns, in any order, as the fields of a usage record are called; cells
 * follow RFC 4180 (quotes, doubled quotes, line ends within quotes), an empty cell is an absent field.
 *
 * 1. Memory holds one piece of the file: a row longer than any usage is cut off where it is too long.
 * 2. A line's number is that of its first line in the file, so that an editor finds it.
 * 3. Nothing is judged here that the server judges: what is no number is sent as it is, and refused there by its field.
 */
import { StringDecoder } from 'node:string_decoder'
import { UsedWrongly } from './refusal.ts'

export type UsageFileFormat = 'csv' | 'ndjson'

/** `fault` says why the line cannot be sent at all. */
export type FileLine = { number: number; text: string } | { number: number; fault: string }

/** The server's own limit; what is longer is no usage. */
const MOST_CHARACTERS = 16_384
const FIELDS = ['key', 'operation', 'quantity', 'occurred_at', 'account_id']
const NEEDED = ['key', 'operation']

/** The lines of the file that are not blank, in order. Throws UsedWrongly where a CSV does not begin with its columns. */
export async function* readUsageFile(
  pieces: AsyncIterable<Buffer>,
  format: UsageFileFormat,
): AsyncGenerator<FileLine> {
  if (format === 'csv') yield* readCsv(textOf(pieces))
  else yield* readLines(textOf(pieces))
}

/** Whole characters, without a byte order mark. */
async function* textOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let first = true
  for await (const piece of pieces) {
    const text = decoder.write(piece)
    if (text === '') continue
    yield first ? text.replace(/^\uFEFF/, '') : text
    first = false
  }
  yield decoder.end()
}

async function* readLines(texts: AsyncIterable<string>): AsyncGenerator<FileLine> {
  let number = 0
  let rest = ''
  for await (const text of texts) {
    const lines = (rest + text).split('\n')
    // One character more than the most says that it is too long.
    rest = lines.pop()!.slice(0, MOST_CHARACTERS + 1)
    for (const line of lines) {
      number += 1
      if (line.trim() !== '') yield lineOf(number, line)
    }
  }
  if (rest.trim() !== '') yield lineOf(number + 1, rest)
}

function lineOf(number: number, text: string): FileLine {
  return text.length > MOST_CHARACTERS ? { number, fault: TOO_LONG } : { number, text: text.trim() }
}

const TOO_LONG = `The line is longer than ${MOST_CHARACTERS} characters.`

async function* readCsv(texts: AsyncIterable<string>): AsyncGenerator<FileLine> {
  let columns: string[] | null = null
  for await (const row of readRows(texts)) {
    if (row.cells.length === 1 && row.cells[0]!.trim() === '') continue
    if (columns === null) columns = readColumns(row.cells)
    else yield toLine(row, columns)
  }
}

function readColumns(cells: readonly string[]): string[] {
  const columns = cells.map((cell) => cell.trim().toLowerCase())
  const unknown = columns.filter((column) => !FIELDS.includes(column))
  const missing = NEEDED.filter((column) => !columns.includes(column))
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index)
  if (unknown.length + missing.length + twice.length === 0) return columns
  const faults = [
    ...missing.map((column) => `"${column}" is missing`),
    ...unknown.map((column) => `there is no field "${column.slice(0, 40)}"`),
    ...twice.map((column) => `"${column}" stands there twice`),
  ]
  throw new UsedWrongly(
    `The first row does not name the columns: ${faults.join(', ')}.`,
    `Begin the file with a row such as "key,operation,quantity,occurred_at"; ${NEEDED.join(' and ')} are needed.`,
  )
}

type Row = { number: number; cells: string[]; fault: string | null }

function toLine({ number, cells, fault }: Row, columns: readonly string[]): FileLine {
  if (fault !== null) return { number, fault }
  if (cells.length !== columns.length) {
    return { number, fault: `Expected ${columns.length} cells, as the first row has, got ${cells.length}.` }
  }
  const fields = columns.flatMap((column, index) => {
    const cell = column === 'key' ? cells[index]! : cells[index]!.trim()
    if (cell === '') return []
    return [[column, column === 'quantity' && /^-?\d{1,15}(\.\d{1,9})?$/.test(cell) ? Number(cell) : cell]]
  })
  return { number, text: JSON.stringify(Object.fromEntries(fields)) }
}

/** The rows of a CSV. A row that is too long is answered with its fault, and what is left of it is passed over. */
async function* readRows(texts: AsyncIterable<string>): AsyncGenerator<Row> {
  const reader = new RowReader()
  for await (const text of texts) yield* reader.read(text)
  yield* reader.end()
}

/** Reads character by character, since a piece may end anywhere: within a cell, or between two quotes. */
class RowReader {
  line = 1
  row: Row = { number: 1, cells: [], fault: null }
  cell = ''
  length = 0
  /** Within quotes; just after a quote that ends them, unless another follows; or neither. */
  state: 'plain' | 'quoted' | 'closed' = 'plain'

  read(text: string): Row[] {
    const rows: Row[] = []
    for (const character of text) {
      if (this.state === 'quoted') {
        if (character === '"') this.state = 'closed'
        else this.add(character)
      } else if (character === '"' && this.state === 'closed') {
        this.add('"')
        this.state = 'quoted'
      } else if (character === '"' && this.cell === '') this.state = 'quoted'
      else if (character === ',') this.endCell()
      else if (character === '\n') rows.push(this.endRow())
      else if (character !== '\r') this.add(character)
      if (character === '\n') this.line += 1
    }
    return rows
  }

  end(): Row[] {
    if (this.length === 0 && this.row.cells.length === 0) return []
    if (this.state === 'quoted') this.row.fault ??= 'A quote is never closed.'
    return [this.endRow()]
  }

  private add(character: string): void {
    this.grow()
    if (this.row.fault === null) this.cell += character
  }

  private grow(): void {
    this.length += 1
    if (this.length > MOST_CHARACTERS) this.row.fault ??= TOO_LONG
  }

  private endCell(): void {
    this.grow()
    if (this.row.fault === null) this.row.cells.push(this.cell)
    this.cell = ''
    this.state = 'plain'
  }

  private endRow(): Row {
    this.endCell()
    const row = this.row
    this.row = { number: this.line + 1, cells: [], fault: null }
    this.length = 0
    return row
  }
}
