/**
 * `drawdown start` is `npm start`: hands over to start.mjs in a process of its own, with this terminal, its signals and its exit code.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export async function start(): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const server = spawn(process.execPath, [join(root, 'start.mjs')], { cwd: root, stdio: 'inherit' })
  // A terminal sends Ctrl-C to both; what is sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => server.kill(signal))
  process.exitCode = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
}
