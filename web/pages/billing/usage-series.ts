/**
 * The usage of a period as bars: one a day, stacked by operation.
 *
 * Amounts stay micros until the length of a bar is wanted.
 */
import type { UsageSummary } from '@drawdown/client'
import { readAmount } from '../../format.ts'

/** `cost` adds credits and overage, which is only right where both are the same money. */
export type Measure = 'cost' | 'credits' | 'overage' | 'operations'

export type Bar = {
  /** A civil date in the account's zone. */
  day: string
  total: bigint
  /** In the order of `operations`, without empty ones. */
  parts: { operation: string; value: bigint }[]
}

type Row = UsageSummary['days'][number]

function measured(row: Row, measure: Measure): bigint {
  if (measure === 'operations') return BigInt(row.quantity)
  if (measure === 'credits') return readAmount(row.from_credits)
  if (measure === 'overage') return readAmount(row.overage)
  return readAmount(row.from_credits) + readAmount(row.overage)
}

/** One bar a day, also for days without usage, and the operations that have any, largest first. */
export function barsOf(usage: UsageSummary, days: readonly string[], measure: Measure) {
  const totals = new Map<string, bigint>()
  const cells = new Map<string, bigint>()
  for (const row of usage.days) {
    const value = measured(row, measure)
    if (value === 0n) continue
    totals.set(row.operation, (totals.get(row.operation) ?? 0n) + value)
    const cell = `${row.day} ${row.operation}`
    cells.set(cell, (cells.get(cell) ?? 0n) + value)
  }
  const operations = [...totals].sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0)).map(([name]) => name)
  const bars = days.map((day): Bar => {
    const parts = operations
      .map((operation) => ({ operation, value: cells.get(`${day} ${operation}`) ?? 0n }))
      .filter(({ value }) => value > 0n)
    return { day, parts, total: parts.reduce((sum, { value }) => sum + value, 0n) }
  })
  let highest = 0n
  for (const { total } of bars) if (total > highest) highest = total
  return { bars, operations, highest, totals }
}
