/**
 * Which steps a run over given images would have to pay for, from what this account has paid for before.
 *
 * Called by create-quote.ts. What it counts as unpaid is what finish-item.ts would charge if every item succeeded: the quote
 * is a maximum, and equals the receipt when all succeed and nothing else is run meanwhile.
 *
 * 1. The same content twice in one run is paid once.
 * 2. Without models, contents that depend on them cannot be known: everything counts as unpaid.
 */
import { setImmediate } from 'node:timers/promises'
import { type CheckedStep, needsModels } from '../images/catalogue.ts'
import { stepContentKeys } from '../images/content-key.ts'
import { type PhotoCrops, stepsFor } from './photo-crops.ts'

/** So many images for which a run would charge the same steps. */
export type UnpaidGroup = {
  /** Operations to be booked, in order; free ones are booked too, at 0. */
  operations: string[]
  images: number
}

/** A hundred thousand images are half a million hashes: other requests get their turn in between. */
const IMAGES_A_SLICE = 1_000

/** The content key of every step of every image; null when they cannot be known. Runs outside a transaction. */
export async function contentKeysOf(
  imageHashes: readonly string[],
  work: { steps: CheckedStep[]; crops: PhotoCrops; modelHash: string | undefined },
): Promise<string[][] | null> {
  const { steps, crops, modelHash } = work
  if (modelHash === undefined && needsModels(steps)) return null
  const keys: string[][] = []
  for (const [index, sha256] of imageHashes.entries()) {
    if (index % IMAGES_A_SLICE === IMAGES_A_SLICE - 1) await setImmediate()
    keys.push(stepContentKeys(sha256, stepsFor(steps, crops, sha256), modelHash ?? ''))
  }
  return keys
}

/**
 * Groups images by what would be booked for them, in order of first appearance. `priced` are the operations that cost
 * something: the others are booked every time. `paid` are the contents that were paid for before.
 */
export function groupUnpaid(work: {
  steps: readonly CheckedStep[]
  contentKeys: readonly string[][]
  priced: ReadonlySet<string>
  paid: ReadonlySet<string>
}): UnpaidGroup[] {
  const { steps, contentKeys, priced } = work
  const paid = new Set(work.paid)
  const groups = new Map<string, UnpaidGroup>()
  for (const keys of contentKeys) {
    const unpaid = steps.filter((_, step) => !paid.has(keys[step]!))
    for (const [step, { operation }] of steps.entries()) if (priced.has(operation)) paid.add(keys[step]!)
    const operations = unpaid.map(({ operation }) => operation)
    const group = groups.get(operations.join()) ?? { operations, images: 0 }
    group.images++
    groups.set(operations.join(), group)
  }
  return [...groups.values()]
}
