/**
 * `drawdown distribute`: hands over to the server's own command, in a process of its own that reads the server's settings and
 * database.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Globals } from './globals.ts'

export type Distribute = Globals & { dryRun?: boolean }

export async function distribute({ json, dryRun }: Distribute): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const flags = ['--import', 'tsx', join(root, 'jobs', 'distribute-command.ts')]
  if (dryRun) flags.push('--dry-run')
  if (json) flags.push('--json')
  const child = spawn(process.execPath, flags, { cwd: root, stdio: 'inherit' })
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
