/**
 * Two sides measured in turns on the same machine, and what that says: a ratio, because machines differ and are shared.
 *
 * Called by the benches; bench.ts prints what it answers.
 */

export type Round = { a: number; b: number }

export type Measured = {
  a: number
  b: number
  ratio: number
  lowest: number
  highest: number
  rounds: number
}

/** Runs side A and side B in turns after one round that warms both; answers each round's figures. */
export async function alternate(
  rounds: number,
  sides: { a: (round: number) => Promise<number>; b: (round: number) => Promise<number> },
): Promise<Round[]> {
  const measured: Round[] = []
  for (let round = 0; round <= rounds; round++) {
    const a = await sides.a(round)
    const b = await sides.b(round)
    if (round > 0) measured.push({ a, b })
  }
  return measured
}

/** Medians of both sides, and the median, lowest and highest of the rounds' own ratios. */
export function summarize(rounds: readonly Round[]): Measured {
  const ratios = rounds.map(({ a, b }) => a / b)
  return {
    a: median(rounds.map(({ a }) => a)),
    b: median(rounds.map(({ b }) => b)),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    rounds: rounds.length,
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** How many a second. */
export async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const begin = performance.now()
  await work()
  return (count * 1000) / (performance.now() - begin)
}
