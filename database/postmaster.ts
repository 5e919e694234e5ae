/**
 * Tells from the outside whether a Postgres runs on a cluster's files, and stops it.
 *
 * Called by embedded.ts and by the tests' clean-up.
 *
 * 1. A process number alone proves nothing: after a kill -9 it may belong to a zombie that nobody reaps, or to another program.
 *    The postmaster of a cluster is the process whose working folder is the cluster.
 * 2. The lock file of a dead postmaster is taken away only once none of its children works on the files any more: Postgres keeps
 *    two from writing to one cluster by that file.
 */
import { readdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export type Postmaster =
  | { state: 'stopped' }
  | { state: 'running'; pid: number; port: number; status: 'ready' | 'starting' | 'stopping' | 'unknown' }
  /** A lock file is there, its process is not a Postgres of this cluster. */
  | { state: 'dead'; pid: number; lockFile: string }

const POLL_MS = 10

/** What the lock file and the processes say now. */
export function inspectPostmaster(cluster: string): Postmaster {
  const lockFile = readLockFile(cluster)
  if (lockFile === null) return { state: 'stopped' }
  const lines = lockFile.split('\n')
  // A Postgres that is just starting has made the file and not yet written its number.
  const pid = lockFile === '' ? (processesIn(cluster)[0] ?? 0) : Math.abs(Number(lines[0]))
  if (!worksIn(pid, cluster)) return { state: 'dead', pid, lockFile }
  const words = ['ready', 'starting', 'stopping'] as const
  const status = words.find((word) => word === lines[7]?.trim()) ?? 'unknown'
  return { state: 'running', pid, port: Number(lines[3]), status }
}

function readLockFile(cluster: string): string | null {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8')
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fault
  }
}

/** A zombie has no working folder any more, so it does not. */
function worksIn(pid: number, cluster: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
  } catch {
    return false
  }
}

/** Makes a cluster startable whose postmaster died: ends the children it left and takes away its lock file. */
export async function clearDeadPostmaster(
  cluster: string,
  dead: Postmaster & { state: 'dead' },
): Promise<void> {
  for (const pid of processesIn(cluster)) signal(pid, 'SIGQUIT')
  await until(() => processesIn(cluster).length === 0, 10_000, 'the children of a dead Postgres to end')
  // Somebody may have started it in the meantime; then the file is theirs and goes back.
  const aside = join(cluster, `postmaster.pid.dead-${process.pid}`)
  if (readLockFile(cluster) !== dead.lockFile) return
  renameSync(join(cluster, 'postmaster.pid'), aside)
  if (readFileSync(aside, 'utf8') === dead.lockFile) rmSync(aside)
  else renameSync(aside, join(cluster, 'postmaster.pid'))
}

function processesIn(cluster: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && worksIn(pid, cluster))
}

/** Ends the Postgres of this cluster, cleanly if it can (connections are cut, work in progress is rolled back). Returns when it is gone. */
export async function stopPostmaster(cluster: string): Promise<void> {
  const postmaster = inspectPostmaster(cluster)
  if (postmaster.state !== 'running') return
  const gone = () => !worksIn(postmaster.pid, cluster)
  signal(postmaster.pid, 'SIGINT')
  await until(gone, 60_000, 'Postgres to stop').catch(async () => {
    signal(postmaster.pid, 'SIGQUIT')
    await until(gone, 10_000, 'Postgres to stop at once')
  })
}

/** Polls a condition. Throws, saying what was awaited, when it does not come true in time. */
export async function until(holds: () => boolean, timeoutMs: number, awaited: string): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${awaited}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** Whether any process has this number; a zombie has. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (fault) {
    // Somebody else's process is alive too.
    return (fault as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ESRCH') throw fault
  }
}
