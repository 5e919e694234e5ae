/**
 * Folders of photos for scenarios: crops of real photographs, no two alike, since identical work is never done twice.
 */
import { copyFile, mkdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type PhotoName, seededCrop, testPhotos } from '../images/test-photos.ts'

const SUBJECTS = ['coffee', 'chelsea', 'astronaut', 'motorcycle'] as const satisfies readonly PhotoName[]

/** Kept from one test file, and one run of the tests, to the next: each is a fifth of a second of a machine at work. */
const CROPS = join(tmpdir(), `drawdown-crops-${userInfo().uid}`)

/** Photos `photo-001.jpg` and on, numbered from `first`; the same numbers give the same photos. Each shows a subject. */
export async function makePhotos(
  folder: string,
  first: number,
  count: number,
  subjects: readonly PhotoName[] = SUBJECTS,
): Promise<string[]> {
  const photographs = await testPhotos()
  const paths: string[] = []
  await mkdir(folder, { recursive: true })
  for (let number = first; number < first + count; number++) {
    const photograph = photographs[subjects[number % subjects.length]!]
    const path = join(folder, `photo-${String(number).padStart(3, '0')}.jpg`)
    await copyFile(await seededCrop(photograph, { seed: number, folder: CROPS, longSide: 480 }), path)
    paths.push(path)
  }
  return paths
}
