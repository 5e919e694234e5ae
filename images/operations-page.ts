/**
 * The page of the docs about operations, written from the catalogue: what each does, its settings, and a picture before and after. A test keeps the page as this file makes it;
 * `npx tsx images/write-operations-page.ts` writes it and its pictures.
 */
import { z } from 'zod'
import { operations, type Step } from './catalogue.ts'
import type { OperationCode } from './operation.ts'
import type { PhotoName } from './test-photos.ts'

/** The photo and the steps of an operation's picture. */
export const examples: Record<OperationCode, { photo: PhotoName; steps: Step[]; caption: string }> = {
  remove_background: {
    photo: 'coffee',
    steps: [{ operation: 'remove_background', settings: { shadow: 'soft' } }],
    caption: 'with shadow `soft`, on transparency',
  },
  smart_crop: {
    photo: 'astronaut',
    steps: [{ operation: 'smart_crop', settings: { aspect: '4:5', mode: 'head' } }],
    caption: 'mode `head`, aspect `4:5`',
  },
  resize: {
    photo: 'chelsea',
    steps: [{ operation: 'resize', settings: { width: 200, height: 200, fit: 'cover' } }],
    caption: '200 × 200, fit `cover`',
  },
  pad: {
    photo: 'chelsea',
    steps: [{ operation: 'pad', settings: { aspect: '1:1', colour: '#d9a066' } }],
    caption: 'aspect `1:1`, a colour',
  },
  trim: {
    photo: 'coffee',
    steps: [{ operation: 'remove_background' }, { operation: 'trim' }],
    caption: 'after `remove_background`',
  },
  rotate: {
    photo: 'chelsea',
    steps: [{ operation: 'rotate', settings: { angle: 12, mirror: 'left_right' } }],
    caption: '12 degrees, mirrored',
  },
  background: {
    photo: 'coffee',
    steps: [
      { operation: 'remove_background' },
      {
        operation: 'background',
        settings: { fill: 'gradient', colour: '#f4d9b0', colour_to: '#7a4a2b', shadow: 'soft' },
      },
    ],
    caption: 'a gradient behind a cut-out, with shadow `soft`',
  },
  sharpen: {
    photo: 'chelsea',
    steps: [
      { operation: 'smart_crop', settings: { box: { x: 150, y: 60, width: 120, height: 80 } } },
      { operation: 'sharpen', settings: { amount: 'strong' } },
    ],
    caption: 'amount `strong`, a part at four times its size',
  },
  watermark: {
    photo: 'chelsea',
    steps: [{ operation: 'watermark', settings: { text: 'Sample', opacity: 0.45, tile: true, size: 0.2 } }],
    caption: 'a text, tiled',
  },
  convert: {
    photo: 'chelsea',
    steps: [{ operation: 'convert', settings: { format: 'webp', max_bytes: 8_000 } }],
    caption: 'WebP below 8 kB',
  },
  strip_metadata: {
    photo: 'chelsea',
    steps: [{ operation: 'strip_metadata' }],
    caption: 'the pixels stay; camera, place and comments go',
  },
}

export const pictureOf = (code: OperationCode) => `operation-${code.replaceAll('_', '-')}.png`

type Property = {
  type?: string
  enum?: unknown[]
  default?: unknown
  description?: string
  minimum?: number
  maximum?: number
}

export function operationsPage(): string {
  const parts = Object.values(operations).map(({ code, name, description, settings, needsMask }) => {
    const schema = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })
    const { photo, caption } = examples[code]
    return [
      `## ${name}`,
      '',
      `\`${code}\`. ${description}${needsMask ? ' It looks for the subject; the mask is found once a photo, whatever uses it.' : ''}`,
      '',
      `![${name}: ${photo}, before and after](pictures/${pictureOf(code)})`,
      '',
      `The picture: ${caption}.`,
      '',
      ...settingsTable((schema.properties ?? {}) as Record<string, Property>),
    ].join('\n')
  })
  return `${head}\n${parts.join('\n')}`
}

const head = `# Operations

What can be done to a photo, each as a step of an automation. Steps run in their order on the pixels in memory: a photo is decoded once, and encoded once at the end. EXIF orientation is applied
before the first step; JPEG, PNG, WebP, AVIF, TIFF and GIF come in, of 8 or 16 bits, in grey, palette, CMYK or with a colour profile, and leave as sRGB without anything the camera wrote, or
with the photo's own RGB profile where \`convert\` is told to keep it.
\`remove_background\` and \`smart_crop\` are paid, the others are free; \`GET /v1/operations\` has the same as JSON Schema.

This page is written from the catalogue.
`

function settingsTable(properties: Record<string, Property>): string[] {
  const rows = Object.entries(properties).map(
    ([name, property]) => `| \`${name}\` | ${valuesOf(property)} | ${textOf(property)} |`,
  )
  return rows.length === 0 ? [] : ['| setting | values | |', '| --- | --- | --- |', ...rows, '']
}

function valuesOf({ type, enum: choices, minimum, maximum, default: usual }: Property): string {
  const plain = Number.MAX_SAFE_INTEGER
  const bounded = minimum !== undefined && maximum !== undefined && maximum < plain
  const kind = choices
    ? choices.map((choice) => `\`${String(choice)}\``).join(', ')
    : bounded
      ? `${minimum} to ${maximum}`
      : type === 'boolean'
        ? 'yes or no'
        : type === 'object'
          ? '`x`, `y`, `width`, `height`'
          : type === 'string'
            ? 'text'
            : 'a number'
  return usual === undefined ? kind : `${kind}; \`${String(usual)}\` unless given`
}

const textOf = ({ description }: Property) => (description ?? '').replaceAll('|', '\\|')
