/**
 * Bugs to be planted, one line each: the text that is replaced stands in the file exactly once.
 *
 * Called by plant.ts. Each is of a kind that a billing system has really had; the simulator must catch every one of them, or its
 * zero means nothing.
 */
import { MONEY_PATCHES } from './money-patches.ts'
import { TERM_PATCHES } from './term-patches.ts'
import { USAGE_PATCHES } from './usage-patches.ts'

export type Patch = {
  /** What the bug does, as its victim would say it. */
  name: string
  file: string
  from: string
  to: string
}

export const PATCHES: readonly Patch[] = [...USAGE_PATCHES, ...TERM_PATCHES, ...MONEY_PATCHES]
