/**
 * Two sides measured in turns on the same machine, and what that says: a ratio, because machines differ and are shared.
 *
 * Called by the benches; bench.ts prints what it answers.
 */
import type { Timed } from './cpu-time.ts'

/** What a side measured: a figure, and where it was taken, the processor time of each one in microseconds. */
export type Side = { value: number; cpu?: number }
export type Round = { a: Side; b: Side }

export type Measured = {
  a: number
  b: number
  ratio: number
  lowest: number
  highest: number
  rounds: number
  /** Microseconds of processor time for each one; of side B where it took it too. */
  cpu: { a: number; b: number | null } | null
}

type Measure = (round: number) => Promise<number | Timed>

/** Runs side A and side B in turns after one round that warms both; answers each round's figures. */
export async function alternate(rounds: number, sides: { a: Measure; b: Measure }): Promise<Round[]> {
  const measured: Round[] = []
  for (let round = 0; round <= rounds; round++) {
    const a = sideOf(await sides.a(round))
    const b = sideOf(await sides.b(round))
    if (round > 0) measured.push({ a, b })
  }
  return measured
}

function sideOf(answer: number | Timed): Side {
  return typeof answer === 'number' ? { value: answer } : { value: answer.rate, cpu: answer.cpu }
}

/** Medians of both sides, and the median, lowest and highest of the rounds' own ratios. */
export function summarize(rounds: readonly Round[]): Measured {
  const ratios = rounds.map(({ a, b }) => a.value / b.value)
  const cpuOf = (side: 'a' | 'b') => {
    const taken = rounds.flatMap((round) => round[side].cpu ?? [])
    return rounds.length > 0 && taken.length === rounds.length ? median(taken) : null
  }
  const [a, b] = [cpuOf('a'), cpuOf('b')]
  return {
    a: median(rounds.map(({ a }) => a.value)),
    b: median(rounds.map(({ b }) => b.value)),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    rounds: rounds.length,
    cpu: a === null ? null : { a, b },
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value below which this share of them lies: 0.99 for all but the slowest hundredth. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
