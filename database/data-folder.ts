/**
 * Where the data is kept: the folder that was asked for, or /var/lib/drawdown.
 *
 * Called by config.ts, so that the server and every command come to the same answer.
 *
 * 1. Postgres refuses to run as root. Started by root it runs as another user, who must be able to reach the data; where one
 *    of the folders above is closed to that user (0700, as /root is), the data goes to /var/lib/drawdown instead.
 * 2. A cluster that exists keeps its owner, so that `sudo npm start` finds what `npm start` made.
 *
 * Not here: creating anything. Asking changes nothing on disk.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Who runs Postgres: user and group number. */
export type DatabaseUser = { uid: number; gid: number }

export type DataFolder = {
  /** Absolute. */
  folder: string
  /** Why it is not the one that was asked for, in a sentence to print at start; null when it is. */
  notice: string | null
}

const SYSTEM_FOLDER = '/var/lib/drawdown'

/** The folder to use for an asked one. `embedded` is false where DATABASE_URL names a Postgres that looks after its own files. */
export function resolveDataFolder(asked: string, embedded: boolean): DataFolder {
  const folder = resolve(asked)
  if (!embedded || !isRoot()) return { folder, notice: null }
  const closed = closedAncestor(folder, databaseUser(folder) ?? NOBODY)
  if (closed === null) return { folder, notice: null }
  const notice = `${closed} is closed to the user that runs Postgres, so the data is kept in ${SYSTEM_FOLDER} instead of ${folder}.`
  return { folder: SYSTEM_FOLDER, notice }
}

/** Stands for a user that does not exist yet, and so has the rights of "others" alone. */
const NOBODY: DatabaseUser = { uid: -1, gid: -1 }

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Root's choice of user for the cluster in this data folder: its owner, else `postgres`; null while there is no such user. */
export function databaseUser(folder: string): DatabaseUser | null {
  const owner = statSync(join(folder, 'postgres', 'cluster'), { throwIfNoEntry: false })
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return line === null ? null : { uid: Number(line[1]), gid: Number(line[2]) }
}

/** The outermost existing folder on the way to `path`, itself included, that the user may not pass; null when all are open. */
export function closedAncestor(path: string, user: DatabaseUser): string | null {
  let inner = path
  while (statSync(inner, { throwIfNoEntry: false }) === undefined) inner = dirname(inner)
  const way: string[] = []
  for (let at = realpathSync(inner); ; at = dirname(at)) {
    way.unshift(at)
    if (at === dirname(at)) break
  }
  return way.find((folder) => statSync(folder).isDirectory() && !mayPass(folder, user)) ?? null
}

function mayPass(folder: string, user: DatabaseUser): boolean {
  const { mode, uid, gid } = statSync(folder)
  if (uid === user.uid) return (mode & 0o100) !== 0
  if (gid === user.gid) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}
