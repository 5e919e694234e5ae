/**
 * The catalogue of operations: what can be done to a picture, under which names, with which settings. Prices are none of its business. Read by automations (to run them), by http (to list and to
 * check them) and by the decoder child.
 */
import type { z } from 'zod'
import { type Operation, type OperationCode, operationCodes } from './operation.ts'
import { backgroundOperation } from './operations/background.ts'
import { convert } from './operations/convert.ts'
import { pad } from './operations/pad.ts'
import { removeBackground } from './operations/remove-background.ts'
import { resize } from './operations/resize.ts'
import { rotate } from './operations/rotate.ts'
import { sharpen } from './operations/sharpen.ts'
import { smartCrop } from './operations/smart-crop.ts'
import { stripMetadata } from './operations/strip-metadata.ts'
import { trim } from './operations/trim.ts'
import { watermark } from './operations/watermark.ts'

export type { OperationCode } from './operation.ts'

/** As a person or a program wrote it. */
export type Step = { operation: string; settings?: Record<string, unknown> }

/** As it runs: the operation exists, every setting has its value. Plain JSON. */
export type CheckedStep = { operation: OperationCode; settings: Record<string, unknown> }

export const operations: Record<OperationCode, Operation> = {
  remove_background: removeBackground,
  smart_crop: smartCrop,
  resize,
  pad,
  trim,
  rotate,
  background: backgroundOperation,
  sharpen,
  watermark,
  convert,
  strip_metadata: stripMetadata,
}

export type StepsRefused = {
  ok: false
  refusal: 'unknown_operation' | 'settings_invalid'
  /** Which step, from 0. */
  step: number
  detail: string
  /** The settings at fault, and what their schema says of them. */
  fault?: { settings: unknown; issues: readonly z.core.$ZodIssue[] }
}

/** Fills in every default. Refuses at the first step that names no operation or has settings it does not know or that contradict each other. */
export function checkSteps(steps: Step[]): { ok: true; steps: CheckedStep[] } | StepsRefused {
  const checked: CheckedStep[] = []
  for (const [index, step] of steps.entries()) {
    const code = operationCodes.find((each) => each === step.operation)
    if (code === undefined) {
      const detail = `There is no operation “${step.operation}”. There are: ${operationCodes.join(', ')}.`
      return { ok: false, refusal: 'unknown_operation', step: index, detail }
    }
    const given = step.settings ?? {}
    const settings = operations[code].settings.safeParse(given)
    if (!settings.success) {
      const fault = { settings: given, issues: settings.error.issues }
      const detail = `${operations[code].name} does not take these settings.`
      return { ok: false, refusal: 'settings_invalid', step: index, detail, fault }
    }
    checked.push({ operation: code, settings: settings.data })
  }
  return { ok: true, steps: checked }
}

/** True when one of these steps asks for faces. */
export function needsFaces(steps: CheckedStep[]): boolean {
  return steps.some((step) => operations[step.operation].needsFaces === true)
}

/** True when the models must be there before these steps can run. */
export function needsModels(steps: CheckedStep[]): boolean {
  return steps.some((step) => operations[step.operation].needsMask)
}
