/**
 * Folders of photos for scenarios: crops of real photographs, no two alike, since identical work is never done twice.
 */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type PhotoName, seededCrop, testPhotos } from '../images/test-photos.ts'

const SUBJECTS = ['coffee', 'chelsea', 'astronaut', 'motorcycle'] as const satisfies readonly PhotoName[]

/** Photos `photo-001.jpg` and on, numbered from `first`; the same numbers give the same photos. Each shows a subject. */
export async function makePhotos(
  folder: string,
  first: number,
  count: number,
  subjects: readonly PhotoName[] = SUBJECTS,
): Promise<string[]> {
  const photographs = await testPhotos()
  const paths: string[] = []
  for (let number = first; number < first + count; number++) {
    const photograph = photographs[subjects[number % subjects.length]!]
    const path = join(folder, `photo-${String(number).padStart(3, '0')}.jpg`)
    await rename(await seededCrop(photograph, { seed: number, folder, longSide: 480 }), path)
    paths.push(path)
  }
  return paths
}
