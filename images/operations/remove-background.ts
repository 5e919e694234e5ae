/**
 * `remove_background`: cuts the subject out at full resolution.
 *
 * The mask of the photo (one inference, shared with every other step and size) becomes an alpha channel of the frame's own size; half-transparent pixels get the subject's colour without what shone
 * through from behind, and pixels that are fully transparent lose their colour: the removed background cannot be recovered from the file. A picture that comes with a real alpha channel keeps it.
 * A mask that does not know what the subject is, or two looks that do not agree, make the item wait for a person.
 */
import { z } from 'zod'
import { layBackdrop } from '../backdrop.ts'
import { failed } from '../failure.ts'
import { applyMatte, clearTransparent, matteOfFrame, withoutHaze } from '../matte.ts'
import { defineOperation } from '../operation.ts'
import { confidenceOf, coverageOf } from '../subject.ts'
import { backdropShape } from './setting-shapes.ts'

/** Below are fog, half a thing or nothing; above what people would take, but for what the model is sure of and wrong about. Chosen on 53 photographs, judged on 36 others (decision 096). */
const leastConfidence = 0.85

/** Below, there is no subject: the largest wrong one covered 0.4 % of its photo. */
const leastCoverage = 0.005

export const removeBackground = defineOperation({
  code: 'remove_background',
  name: 'Remove background',
  description: 'Cuts the subject out, with soft edges at full resolution.',
  settings: z
    .strictObject({
      fill: z
        .enum(['transparent', 'colour', 'gradient', 'image'])
        .default('transparent')
        .describe('What stands behind the subject afterwards.'),
      ...backdropShape,
      hold_uncertain: z
        .boolean()
        .default(true)
        .describe('A cut-out of low confidence waits for a person and is not charged until accepted.'),
    })
    .refine((s) => s.fill !== 'image' || s.image !== undefined, {
      path: ['image'],
      message: 'give the id of the image that stands behind the subject',
    }),
  codeVersion: 4,
  needsMask: true,
  async apply(bench, settings) {
    let findings: { confidence: number; coverage: number; maskReused: boolean; method: string }
    if (bench.cutOut && bench.frame.channels === 4) {
      const alpha = bench.pixels.alphaOf(bench.frame)!
      clearTransparent(bench.frame)
      findings = { confidence: 1, coverage: coverageOf(alpha), maskReused: true, method: 'own_alpha' }
    } else {
      const mask = await bench.mask()
      if ('ok' in mask) return mask
      findings = {
        confidence: Math.min(confidenceOf(mask), mask.agreement),
        coverage: coverageOf(mask),
        maskReused: mask.reused,
        method: 'model',
      }
      if (findings.coverage >= leastCoverage) {
        bench.frame = bench.pixels.withAlpha(bench.frame)
        bench.pixels.collect(bench.frame)
        await applyMatte(bench.frame, await matteOfFrame(bench, withoutHaze(mask)), bench.pixels)
        bench.cutOut = true
      }
    }
    if (findings.coverage < leastCoverage) {
      return failed(
        'no_subject',
        'Nothing in this photo stands out from its background. Send one where the subject is larger or clearer.',
      )
    }
    if (settings.hold_uncertain && findings.confidence < leastConfidence) {
      bench.hold(
        'low_confidence',
        'A part of the cut-out is unclear: please look at it before you pay for it.',
      )
    }
    if (settings.fill !== 'transparent' || settings.shadow !== 'none') {
      const laid = await layBackdrop(bench, settings)
      if (!laid.ok) return laid
      if (settings.fill !== 'transparent') bench.cutOut = false
    }
    return { ok: true, ...findings }
  },
})
