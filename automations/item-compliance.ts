/**
 * What marketplaces would say of an item's output, before anyone uploads it: every preset's rules against what was measured when the output was made.
 *
 * Called by http. Reads nothing and decodes nothing: sizes and measures stand with the item.
 */
import { type Compliance, checkCompliance, type FinishedOutput } from '../images/compliance.ts'
import { type Preset, presets } from '../images/presets.ts'
import type { Item } from './read-run.ts'

/** In the order of the catalogue of presets. */
export function listPresets(): readonly Preset[] {
  return presets
}

/** Undefined while there is no output, or one from before outputs were measured. */
export function itemCompliance(item: Item): Compliance[] | undefined {
  const measures = item.report?.at(-1)?.output as FinishedOutput['measures'] | undefined
  if (item.outputSha256 === null || measures === undefined) return undefined
  const output = {
    width: item.outputWidth!,
    height: item.outputHeight!,
    format: item.outputFormat as FinishedOutput['format'],
    bytes: Number(item.outputBytes),
    measures,
  }
  return presets.map((preset) => checkCompliance(output, preset))
}
