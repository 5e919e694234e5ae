/**
 * `drawdown worker`: hands over to worker.ts in a process of its own, with this terminal, its signals and its exit code.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export async function work(): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const worker = spawn(process.execPath, ['--import', 'tsx', join(root, 'worker.ts')], {
    cwd: root,
    stdio: 'inherit',
  })
  // A terminal sends Ctrl-C to both; what is sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => worker.kill(signal))
  process.exitCode = await new Promise<number>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
}
