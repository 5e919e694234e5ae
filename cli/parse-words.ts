/**
 * How words of the command line become values, and what is said of those that do not: argument parsers for drawdown.ts.
 */
import { InvalidArgumentError } from 'commander'

export function quantities(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [, operation, digits] = /^([a-z][a-z0-9_]*)=(\d{1,10})$/.exec(text) ?? []
  if (operation === undefined || digits === undefined) {
    throw new InvalidArgumentError('Expected an operation and a whole number, such as smart_crop=100.')
  }
  return { ...before, [operation]: Number.parseInt(digits, 10) }
}

export function naturalNumber(text: string): number {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number.parseInt(text, 10)
}

export function manyPercents(text: string, before: number[] = []): number[] {
  const percent = /^([1-9]\d?|100)%?$/.exec(text)?.[1]
  if (percent === undefined) throw new InvalidArgumentError('Expected a whole percentage from 1 to 100.')
  return [...before, Number.parseInt(percent, 10)]
}

export function taxRates(text: string, before: { name: string; rate: string }[] = []) {
  const [, name, rate] = /^(.+)=(\d+(?:\.\d{1,6})?)$/.exec(text) ?? []
  if (name === undefined || rate === undefined) {
    throw new InvalidArgumentError('Expected a name and a share of one, such as VAT=0.19.')
  }
  return [...before, { name, rate }]
}

export function isoMonth(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text))
    throw new InvalidArgumentError('Expected a month such as 2027-01.')
  return text
}

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number of at least 1.')
  return Number.parseInt(text, 10)
}
