/** What an automation makes of one photo while it is being edited. */
import { type Preview, previewAutomation } from '../automations/preview-automation.ts'
import { refuseStep, stepsOf } from './automation-routes.ts'
import type { Handlers } from './handlers.ts'
import { refuse } from './problem.ts'

export const handlers = {
  previewAutomation: async ({ services, accountId, body }) => {
    const request = { steps: stepsOf(body.steps), imageId: body.image_id, sketch: body.sketch }
    const made = await previewAutomation(services, accountId, request)
    if (made.ok) return shownPreview(made.preview)
    if ('step' in made) return refuseStep(made)
    if (made.refusal === 'preview_failed') return refuse(made.refusal, made.detail, { failure: made.failure })
    return refuse(made.refusal, made.detail)
  },
} satisfies Partial<Handlers>

function shownPreview(preview: Preview) {
  const {
    picture,
    pictureWidth,
    pictureHeight,
    format,
    width,
    height,
    placeInPhoto,
    held,
    compliance,
    maskReused,
    sketched,
  } = preview
  return {
    picture: {
      media_type: 'image/webp',
      base64: picture.toString('base64'),
      width: pictureWidth,
      height: pictureHeight,
    },
    output: { format, width, height },
    place_in_photo: placeInPhoto,
    held,
    compliance,
    mask_reused: maskReused,
    sketched,
  }
}
