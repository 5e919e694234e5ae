/**
 * `npm run bench`: measures the engine beside something else in the same run on the same machine, and says the ratio.
 *
 *   npm run bench                       every bench
 *   npm run bench -- book-many close    these
 *   npm run bench -- --write            writes what was measured into results.md
 *   npm run bench -- --small            an everyday size
 *
 * 1. Figures of a machine say little; each bench has two sides that take turns, and its median ratio is what counts.
 * 2. A bench that cannot run here (a file or a program is missing) says what it needs, and the others run.
 *    One that fails is told, and the others run.
 * 3. Missing a ratio is no failure of the program: a shared machine is measured, not judged.
 */
import { parseArgs } from 'node:util'
import { summarize } from './alternate.ts'
import { type Bench, benches, type Settings } from './benches.ts'
import { describeCpu, describeLoad, describeMachine, figure, writeResults } from './results.ts'
import { openStand } from './stand.ts'

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'boolean' }, small: { type: 'boolean' } },
  })
  const chosen = positionals.length === 0 ? Object.keys(benches) : positionals
  const unknown = chosen.filter((name) => benches[name] === undefined)
  if (unknown.length > 0) {
    throw new Error(`There is no bench ${unknown.join(', ')}; there is ${Object.keys(benches).join(', ')}.`)
  }
  const settings: Settings = { small: values.small === true, pgledgerSql: process.env.PGLEDGER_SQL }
  console.log(describeMachine())
  for (const name of chosen) {
    const row = await runBench(name, benches[name]!, settings).catch((fault: unknown) => ({ name, fault }))
    if ('fault' in row) {
      process.exitCode = 1
      console.error(`${name}: failed.`, row.fault)
      continue
    }
    console.log(row.text)
    if (values.write && row.measured) writeResults(row)
  }
}

async function runBench(name: string, bench: Bench, settings: Settings) {
  const stand = await openStand()
  try {
    const before = describeLoad()
    const answer = await bench.run(stand, settings)
    if ('missing' in answer) return { name, text: `${name}: not run. ${answer.missing}`, measured: null }
    const measured = summarize(answer)
    const { ratio, lowest, highest } = measured
    const sides = `${bench.a} ${figure(measured.a)}, ${bench.b} ${figure(measured.b)} ${bench.unit}`
    const text = `${name}: ${figure(ratio)} (${figure(lowest)}–${figure(highest)}), must be ${bench.must}; ${sides}${describeCpu(measured)}`
    const load = `${before} to ${describeLoad()}`
    return { name, text, measured, bench, load, small: settings.small }
  } finally {
    await stand.close()
  }
}

await main()
