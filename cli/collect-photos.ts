/**
 * Finds the photos that the arguments of `run` name: files and ZIP archives as they are, folders with everything below them that looks like a photo.
 *
 * 1. The order is that of a person: 2.jpg before 10.jpg.
 * 2. No file is named twice, and no two results would get the same name.
 */
import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join, relative, resolve } from 'node:path'
import { CommandRefused } from './refusal.ts'

export type Photo = {
  /** Absolute. */
  path: string
  /** Where it stood below its folder, with forward slashes: what its result will be called, but for the ending. */
  name: string
  bytes: number
}

/** What the server reads. A file named outright is sent whatever its ending, and the server judges. */
const ENDINGS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif'])

/** Throws CommandRefused when an argument names nothing, or when there is no photo at all. */
export async function collectPhotos(paths: readonly string[]): Promise<Photo[]> {
  const found = new Map<string, Photo>()
  for (const argument of paths) {
    const path = resolve(argument)
    const at = await stat(path).catch(() => undefined)
    if (at === undefined)
      throw new CommandRefused(`There is no file or folder "${argument}".`, 'Check the path.')
    const photos = at.isDirectory()
      ? await photosBelow(path)
      : [{ path, name: basename(path), bytes: at.size }]
    for (const photo of photos) if (!found.has(photo.path)) found.set(photo.path, photo)
  }
  if (found.size === 0) {
    throw new CommandRefused(
      `There is no photo in ${paths.map((path) => `"${path}"`).join(', ')}.`,
      `Photos are files that end in ${[...ENDINGS].join(', ')}.`,
    )
  }
  return withOwnNames([...found.values()])
}

async function photosBelow(folder: string): Promise<Photo[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && ENDINGS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split('/')
          .some((part) => part.startsWith('.')),
    )
  const order = new Intl.Collator('en', { numeric: true })
  files.sort((a, b) => order.compare(a, b))
  return Promise.all(
    files.map(async (path) => ({ path, name: relative(folder, path), bytes: (await stat(path)).size })),
  )
}

/** `a.jpg` and `a.png` would both become `a.<ending>`: the second is called `a-2`. */
export function withOwnNames(photos: Photo[]): Photo[] {
  const taken = new Set<string>()
  return photos.map((photo) => {
    const ending = extname(photo.name)
    const stem = photo.name.slice(0, photo.name.length - ending.length)
    let name = stem
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem}-${count}`
    taken.add(name.toLowerCase())
    return { ...photo, name: `${name}${ending}` }
  })
}
