/**
 * Amounts on screen: digits of one width, and what lies below the smallest coin shown more quietly.
 *
 * `TickingMoney` runs from the amount before to the amount now. In between it computes with whole micros like everybody else.
 */
import { useEffect, useRef, useState } from 'react'
import type { Micros } from '../../billing/micros.ts'
import { amountText, readAmount, splitAmountText } from '../format.ts'

type MoneyProps = {
  /** Micros, or an amount of the wire. */
  amount: Micros | string
  /** A currency ("USD") or a credit unit ("credits"). */
  unit: string
  className?: string
}

export function Money({ amount, unit, className = '' }: MoneyProps) {
  const [coins, below] = splitAmountText(amountText(amount, unit))
  return (
    <span className={`figures ${className}`}>
      {coins}
      {below && <span className="text-[0.8em] text-ink-3">{below}</span>}
    </span>
  )
}

const TICK_MS = 600
const STEPS = 1000n

export function TickingMoney({ amount, unit, className = '' }: MoneyProps) {
  const target = typeof amount === 'string' ? readAmount(amount) : amount
  const [shown, setShown] = useState(target)
  const from = useRef(target)
  useEffect(() => {
    const start = from.current
    if (start === target) return
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) {
      from.current = target
      setShown(target)
      return
    }
    const startedAt = performance.now()
    let frame = requestAnimationFrame(function tick(now) {
      const step = BigInt(Math.min(1000, Math.max(0, Math.round(((now - startedAt) / TICK_MS) * 1000))))
      const between = ((target - start) * step) / STEPS
      // Whole hundredths on the way, so that the number keeps its length.
      from.current = step === STEPS ? target : start + (between / 10_000n) * 10_000n
      setShown(from.current)
      if (step < STEPS) frame = requestAnimationFrame(tick)
    })
    return () => cancelAnimationFrame(frame)
  }, [target])
  return <Money amount={shown} unit={unit} className={className} />
}
