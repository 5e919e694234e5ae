/**
 * The page of results: one row a bench, with when, on which commit and under which load it was measured.
 *
 * Called by bench.ts. A bench that is measured again replaces its own row and no other.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Measured } from './alternate.ts'
import { type Bench, benches } from './benches.ts'

const PAGE = join(import.meta.dirname, 'results.md')

const HEAD = `# Results

Written by \`npm run bench -- --write\`. A is the engine, B what stands beside it in the same run; figures are medians, the ratio is the
median of the rounds' own ratios with the lowest and the highest. The load is the machine's average over a minute, before and after: above the number of
its processors, others were working too.

| bench | A to B | must, aim | A | B | unit | rounds | measured |
| --- | --- | --- | --- | --- | --- | --- | --- |
`

export type Result = { name: string; measured: Measured; bench: Bench; load: string; small: boolean }

/** Writes or replaces the row of this bench. */
export function writeResults(result: Result): void {
  const rows = readRows()
  rows.set(result.name, rowOf(result))
  const inOrder = Object.keys(benches).flatMap((name) => rows.get(name) ?? [])
  writeFileSync(PAGE, `${HEAD}${inOrder.join('\n')}\n`)
}

function readRows(): Map<string, string> {
  const lines = readFileSync(PAGE, 'utf8').split('\n')
  return new Map(lines.flatMap((line) => (/^\| `/.test(line) ? [[line.split('`')[1]!, line]] : [])))
}

function rowOf({ name, measured, bench, load, small }: Result): string {
  const { a, b, ratio, lowest, highest, rounds } = measured
  const when = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${commit()}${small ? ', small' : ''}, ${describeMachine()}, load ${load}`
  const cells = [
    `\`${name}\``,
    `**${figure(ratio)}** (${figure(lowest)}–${figure(highest)})`,
    `${bench.must}, ${bench.aim}`,
    `${bench.a}: ${figure(a)}`,
    `${bench.b}: ${figure(b)}`,
    `${bench.unit}${describeCpu(measured)}`,
    String(rounds),
    when,
  ]
  return `| ${cells.join(' | ')} |`
}

const DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** As people read it: whole above a hundred, three digits below. */
export function figure(value: number): string {
  return (value >= 100 ? WHOLE : DIGITS).format(value)
}

/** What each one takes of the processors on both sides, which says more than the clock where others are at work. */
export function describeCpu({ cpu }: Measured): string {
  if (cpu === null) return ''
  return `; ${figure(cpu.a)} ${cpu.b === null ? '' : `against ${figure(cpu.b)} `}µs of processor time each`
}

export function describeMachine(): string {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`
}

export function describeLoad(): string {
  return figure(loadavg()[0]!)
}

/** Short, with a mark where the sources were changed since. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`
}
