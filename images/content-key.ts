/**
 * What makes two pieces of work the same work. Pure. Callers store a result under its key and find it again by it, within one account (rule R16): the same work is never done twice.
 *
 * Invariants
 *  1. Key i depends on the image's bytes, on steps 0..i with their defaulted settings, on each one's code version, and on the models if one of these steps asks them; on nothing else.
 *  2. The order in which settings were written down does not matter.
 */
import { createHash } from 'node:crypto'
import { type CheckedStep, operations } from './catalogue.ts'

/** Raised when decoding or encoding itself changes what comes out. */
const pipelineVersion = 1

/**
 * One key a step, hexadecimal sha256; key i identifies the output after step i.
 * `modelHash` is `Models.hash`; an empty string stands for "no model", as long as no step needs one.
 */
export function stepContentKeys(imageSha256: string, steps: CheckedStep[], modelHash: string): string[] {
  let before = sha256(`drawdown image work ${pipelineVersion}\n${imageSha256}`)
  return steps.map((step) => {
    const { codeVersion, needsMask } = operations[step.operation]
    const work = [step.operation, codeVersion, needsMask ? modelHash : null, step.settings]
    before = sha256(`${before}\n${canonicalJson(work)}`)
    return before
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** JSON with the keys of every object in order and absent ones left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
