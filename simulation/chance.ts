/**
 * Seeded chance that can be split: each part of a story draws from a stream of its own, so that taking one part away leaves the
 * others as they were.
 *
 * Called by invent-story.ts. The same seed and names give the same draws on every machine: 32-bit integers alone (sfc32).
 */

export type Chance = {
  /** A whole number from 0 to `below - 1`. */
  whole(below: number): number
  /** From `low` to `high`, both included. */
  between(low: number, high: number): number
  /** True in `percent` of a hundred cases. */
  happens(percent: number): boolean
  pick<Value>(values: readonly Value[]): Value
  /** A stream of its own, which depends on the seed and the names alone. */
  split(name: string): Chance
}

/** The chance of a seed. */
export function chanceOf(seed: number, path = ''): Chance {
  const next = sfc32(hash(`${seed}/${path}`))
  const whole = (below: number) => Math.floor((next() / 4_294_967_296) * below)
  return {
    whole,
    between: (low, high) => low + whole(high - low + 1),
    happens: (percent) => whole(100) < percent,
    pick: (values) => values[whole(values.length)]!,
    split: (name) => chanceOf(seed, `${path}/${name}`),
  }
}

/** Four words from a text (FNV-1a, stirred apart). */
function hash(text: string): [number, number, number, number] {
  let word = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    word = Math.imul(word ^ text.charCodeAt(index), 0x01000193)
  }
  return [word, Math.imul(word, 0x85ebca6b), Math.imul(word, 0xc2b2ae35), 1]
}

function sfc32([first, second, third, fourth]: [number, number, number, number]): () => number {
  let [a, b, c, counter] = [first, second, third, fourth]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 12; round++) next()
  return next
}
