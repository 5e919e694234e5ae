/**
 * `drawdown verify`: hands over to the server's own verification, in a process of its own that reads the server's settings and
 * database, whether or not a server is running.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Globals } from './globals.ts'

export async function verify({ json }: Globals): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const flags = ['--import', 'tsx', join(root, 'jobs', 'verify-command.ts'), ...(json ? ['--json'] : [])]
  const child = spawn(process.execPath, flags, { cwd: root, stdio: 'inherit' })
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
