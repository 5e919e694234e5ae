/**
 * Writes the results of a run into a folder, each under the name of its photo with the ending of the result.
 *
 * 1. A file appears under its name when it is whole: it is written beside it and renamed.
 * 2. The server names no path: where a result goes is decided by the name of the photo on this machine.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import type { DrawdownClient, Item } from '@drawdown/client'

const ENDINGS: Record<string, string> = { jpeg: 'jpg' }

/** Writes one item's result for each photo it was made of; answers the paths. */
export async function writeResult(
  api: DrawdownClient,
  item: Item & { output: NonNullable<Item['output']> },
  names: readonly string[],
  folder: string,
): Promise<string[]> {
  const blob = (await api.getItemFile({ path: { id: item.id }, parseAs: 'blob' })) as Blob
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const ending = ENDINGS[item.output.format] ?? item.output.format
  const paths: string[] = []
  for (const name of names) {
    const path = join(folder, `${name.slice(0, name.length - extname(name).length)}.${ending}`)
    await mkdir(dirname(path), { recursive: true })
    const partial = `${path}.partial`
    await writeFile(partial, bytes)
    await rename(partial, path)
    paths.push(path)
  }
  return paths
}
