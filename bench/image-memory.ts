/**
 * Whether memory stays flat: what the decoder children and the inference child hold together at the end of a long run of pictures, beside what they held after its first tenth.
 *
 * Called by a row of benches.ts. The small model makes a picture a fifth of the work; what could pile up in the children does so all the same.
 */
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { median, type Round } from './alternate.ts'
import { openImageStand } from './image-stand.ts'

const AT_ONCE = 2

/** One round: megabytes, each the median of a tenth of the pictures. */
export async function imageMemory({ pictures }: { pictures: number }): Promise<Round[]> {
  const stand = await openImageStand({ decoders: AT_ONCE, inputSize: 320 })
  const held: number[] = []
  try {
    let left = pictures
    const claimers = Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) {
        const photo = await stand.photo()
        await stand.run(photo, [
          { operation: 'remove_background', settings: { hold_uncertain: false } },
          { operation: 'smart_crop', settings: { width: 500, height: 500 } },
        ])
        await rm(photo)
        const { decoders, inference } = stand.work.childPids()
        held.push(
          [...decoders, ...(inference ? [inference] : [])].reduce((sum, pid) => sum + megabytesOf(pid), 0),
        )
      }
    })
    await Promise.all(claimers)
  } finally {
    await stand.close()
  }
  const tenth = Math.max(1, Math.floor(pictures / 10))
  const [early, late] = [held.slice(tenth, 2 * tenth), held.slice(-tenth)]
  return [{ a: { value: median(late) }, b: { value: median(early) } }]
}

/** Resident; 0 for a child that has just ended. */
function megabytesOf(pid: number): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6
  } catch {
    return 0
  }
}
