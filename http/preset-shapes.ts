/** Presets of marketplaces, and what their rules say of one output. */
import { z } from 'zod'
import { listOf } from './shapes.ts'
import { step } from './work-shapes.ts'

const preset = z.object({
  /** `amazon_main`. */
  code: z.string(),
  name: z.string(),
  /** Pages that the numbers were read from, and the day. */
  sources: z.array(z.string()),
  read_on: z.string(),
  note: z.string().nullable(),
  /** What makes a picture meet the rules; put them into an automation. */
  steps: z.array(step),
})
export const presetList = listOf(preset)

const verdict = z.object({
  /** `white_background`. */
  rule: z.string(),
  met: z.boolean(),
  /** Missed, it is told and keeps nobody from the upload. */
  advice: z.boolean(),
  /** For people: `1500 px`, `≥ 1600 px`. */
  measured: z.string(),
  wanted: z.string(),
})

export const compliance = z.object({
  preset: z.string(),
  name: z.string(),
  /** `meets`: every rule. `meets_with_advice`: all that is required, with advice left. `misses`: something required. */
  verdict: z.enum(['meets', 'meets_with_advice', 'misses']),
  rules: z.array(verdict),
})
export const complianceList = listOf(compliance)
