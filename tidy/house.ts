/**
 * The files of this repository, as the tests of this room read them.
 *
 * 1. What is generated, installed, built or data is not the house's writing and is never listed.
 * 2. Paths are relative to the root, with forward slashes, in a stable order.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

export type HouseFile = {
  /** `ledger/book-usage.ts`. */
  path: string
  /** The folder at the root that it stands in; '' for a file at the root. */
  room: string
  text: string
}

const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'generated', '.git', 'test-results'])

/** Folders at the root. Those whose name begins with a dot belong to tools and are no rooms. */
export function listFolders(): string[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_OURS.has(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
}

/** Every path of the repository, written or drawn: for rules about names. */
export function listPaths(folder = ''): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true })
  return entries
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      return entry.isDirectory() ? listPaths(path) : [path]
    })
    .sort()
}

/** Files with one of these endings, read. */
export function readFiles(...endings: string[]): HouseFile[] {
  return listPaths()
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({
      path,
      room: path.includes('/') ? path.slice(0, path.indexOf('/')) : '',
      text: readFileSync(join(ROOT, path), 'utf8'),
    }))
}

/** Tests and what only tests use. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)test-[^/]+\.tsx?$/.test(path)
}
