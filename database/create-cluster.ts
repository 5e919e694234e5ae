/**
 * Makes the files of a new embedded Postgres: a cluster, a login, an empty database.
 *
 * Called by embedded.ts on the first start in a data folder.
 *
 * 1. `postgres/` appears whole or not at all: everything is made beside it and renamed into place. Of two that race, one wins and
 *    the other uses the winner's.
 * 2. Text is UTF-8 and sorted by code point on every machine, whatever its locale.
 * 3. Nobody can log in but `drawdown`, with a random password that only the owner of the data folder can read. It is no superuser;
 *    the superuser has no password and so no way in over the network (`postgres --single` is the way in for repairs).
 *
 *      postgres/cluster/    the files of Postgres, 0700, owned by whoever runs it
 *      postgres/password    of the login, 0600
 *      postgres/port        of the last start
 */
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { DatabaseUser } from './data-folder.ts'
import { isAlive } from './postmaster.ts'

export type ClusterRecipe = {
  /** Folder with the `bin` of Postgres. */
  binaries: string
  dataFolder: string
  /** Who runs Postgres; null: whoever runs this process. */
  user: DatabaseUser | null
}

/** Does nothing when `postgres/cluster` is there. Throws with what initdb said when it cannot be made. */
export async function createCluster({ binaries, dataFolder, user }: ClusterRecipe): Promise<void> {
  const home = join(dataFolder, 'postgres')
  if (existsSync(join(home, 'cluster'))) return
  clearLeftovers(dataFolder)
  const fresh = `${home}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  const cluster = join(fresh, 'cluster')
  makeFolder(fresh, 0o711)
  makeFolder(cluster, 0o700)
  if (user !== null) chownSync(cluster, user.uid, user.gid)
  try {
    await run(join(binaries, 'bin', 'initdb'), [...INITDB_FLAGS, '-D', cluster], { user, input: '' })
    const password = randomBytes(24).toString('base64url')
    const flags = ['--single', '-D', cluster, 'postgres']
    await run(join(binaries, 'bin', 'postgres'), flags, { user, input: firstStatements(password) })
    writeFileSync(join(fresh, 'password'), password, { mode: 0o600 })
    writeFileSync(join(fresh, 'port'), String(randomPort()), { mode: 0o644 })
    renameSync(fresh, home)
  } catch (fault) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(join(home, 'cluster'))) throw fault
  }
}

/** What a start that was killed half-way left. */
function clearLeftovers(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    const pid = /^postgres\.new-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(dataFolder, name), { recursive: true, force: true })
  }
}

const INITDB_FLAGS = [
  '--username=postgres',
  '--auth-local=reject',
  '--auth-host=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  // One call for the whole file system instead of one for each of a thousand files: the same safety in a tenth of the time.
  '--sync-method=syncfs',
  '--no-instructions',
]

function firstStatements(password: string): string {
  return [
    `create role drawdown login createdb createrole password '${password}'`,
    'create database drawdown owner drawdown',
    '',
  ].join(';\n')
}

/** Below the range from which the system takes ports for outgoing connections, which would one day be in our way. */
export function randomPort(): number {
  return randomInt(20_000, 32_000)
}

function makeFolder(path: string, mode: number): void {
  mkdirSync(path, { recursive: true })
  // The mode of mkdir is cut by the umask; this one is not.
  chmodSync(path, mode)
}

/** Nothing of our own environment reaches Postgres: no PG* setting, no locale, no secret. */
export const CLEAN_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

async function run(
  program: string,
  flags: string[],
  { user, input }: { user: DatabaseUser | null; input: string },
): Promise<void> {
  const child = spawn(program, flags, { ...user, cwd: '/', env: CLEAN_ENVIRONMENT, stdio: 'pipe' })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0 || /^.*(ERROR|FATAL|PANIC): /m.test(said))
    throw new Error(`${program} failed:\n${said.trim()}`)
}
