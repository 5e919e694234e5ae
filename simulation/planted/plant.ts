/**
 * Plants one bug at a time and sees whether the simulator catches it.
 *
 * Called by its test with a few, by the scoreboard with all: `tsx simulation/planted/plant.ts` prints each.
 *
 * Invariants:
 *   1. The tree is never touched: the bug exists in a bundle of its own, in a temporary folder, run by a process of its own.
 *   2. A text that does not stand in its file exactly once is a fault of the patch, and thrown.
 *   3. A bug that makes the simulator run for ever counts as caught: the simulation did not come to its end.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { PATCHES, type Patch } from './patches.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const LIMIT_MS = 120_000

export type Planted = { patch: Patch; caught: boolean; how: string }

/** Plants the bug and lives through up to `accountMonths`. The simulator stops at its first violation. */
export async function plant(patch: Patch, accountMonths: number): Promise<Planted> {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-planted-'))
  try {
    const bundle = join(folder, 'simulate.mjs')
    await bundleWith(patch, bundle, accountMonths)
    const { code, text } = await run(bundle)
    return { patch, caught: code !== 0, how: text.trim().split('\n')[0] ?? '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Puts the simulator and everything it needs into one file, with the bug in it. */
async function bundleWith(
  { file, from, to, name }: Patch,
  outfile: string,
  accountMonths: number,
): Promise<void> {
  const path = join(ROOT, file)
  const pieces = readFileSync(path, 'utf8').split(from)
  if (pieces.length !== 2) throw new Error(`"${name}": its text stands ${pieces.length - 1} times in ${file}`)
  const contents = `
    import { simulate } from './simulation/simulate.ts'
    const { violations, accountMonths } = simulate({ first: 1, accountMonths: ${accountMonths}, mostViolations: 1 })
    const [first] = violations
    console.log(first ? \`seed \${first.seed}: \${first.violation.text}\` : \`nothing in \${accountMonths} account-months\`)
    process.exitCode = first ? 1 : 0`
  await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'silent',
    // Nothing in the bundle is the program that was called.
    define: { 'import.meta.filename': '""' },
    plugins: [
      {
        name: 'plant',
        setup(own) {
          own.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
            loaded === path ? { contents: pieces.join(to), loader: 'ts' } : undefined,
          )
        },
      },
    ],
  })
}

function run(bundle: string): Promise<{ code: number; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle], { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.stderr.on('data', (chunk) => {
      text += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, text: code === null ? 'ran for ever' : text }))
  })
}

if (process.argv[1] === import.meta.filename) {
  const only = process.argv[2]
  let missed = 0
  const wanted = PATCHES.filter(({ name }) => only === undefined || name.includes(only))
  for (const patch of wanted) {
    const { caught, how } = await plant(patch, 20_000)
    if (!caught) missed += 1
    console.log(`${caught ? 'caught' : 'MISSED'}  ${patch.name}\n        ${how.slice(0, 200)}`)
  }
  console.log(`${wanted.length - missed} of ${wanted.length} caught`)
  process.exitCode = missed === 0 ? 0 : 1
}
