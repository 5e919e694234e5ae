/**
 * What the scoreboard is made of: rows, and how they are written for a terminal and for trust/results.md.
 *
 * Called by run.ts with the rows that the checks have answered. Knows no check and runs none.
 */
import type { Scratch } from './scratch-database.ts'
import type { Served } from './served.ts'

/** How much is tried: on each push, or for a release. */
export type Scale = 'push' | 'long'

/** One figure as it came out. A zero stands with its denominator. */
export type Row = {
  /** `T7`. */
  id: string
  figure: string
  wanted: string
  got: string
  met: boolean
  /** What went wrong, one sentence each; for a figure that was met, what else there is to know. */
  notes: readonly string[]
}

/** A row with how long its check took. Rows of one check share its time. */
export type TimedRow = Row & { seconds: number }

/** One check of the scoreboard; it answers a row for each of its ids. */
export type Check = {
  ids: readonly string[]
  /** `scratch` opens the database of the run, `served` a place for servers to be killed in, when one is needed. */
  run: (scale: Scale, scratch: () => Promise<Scratch>, served: () => Promise<Served>) => Promise<Row[]>
}

/** A table in columns, with the notes of what was missed below it. */
export function asText(rows: readonly TimedRow[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  const notes = rows.flatMap(({ id, notes }) => notes.map((note) => `${id}: ${note}`))
  return [...lines, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n')
}

/** The page that is committed. `about` says when and on what it was measured. */
export function asMarkdown(rows: readonly TimedRow[], about: string): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const notes = rows.flatMap(({ id, notes }) => notes.map((note) => `- ${id}: ${note}`))
  return [
    '# Results',
    '',
    about,
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...rows.map((row) => line(cellsOf(row))),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
  ].join('\n')
}

const HEAD = ['id', 'figure', 'wanted', 'got', '', 's']

function cellsOf({ id, figure, wanted, got, met, seconds }: TimedRow): string[] {
  return [id, figure, wanted, got, met ? 'met' : 'MISSED', inSeconds(seconds)]
}

/** 100000 as `100,000`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** 1.25 as `1.3`. */
export function inSeconds(seconds: number): string {
  return seconds.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
}
