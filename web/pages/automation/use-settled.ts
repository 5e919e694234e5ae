/** A value once it has stopped changing: for asking a server about what somebody types. */
import { useEffect, useState } from 'react'

/** The latest value that stood for `ms`; the first one at once. */
export function useSettled<Value>(value: Value, ms: number): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
