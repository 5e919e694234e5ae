/**
 * Writes docs/operations.md and its pictures: each operation on a photo that may be shown, before and after, side by side. Run by hand when the catalogue or an example changes.
 *
 *   npx tsx images/write-operations-page.ts
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { checkSteps } from './catalogue.ts'
import { startImageWork } from './image-work.ts'
import { type OperationCode, operationCodes } from './operation.ts'
import { examples, operationsPage, pictureOf } from './operations-page.ts'
import { testModels, testPhotos } from './test-photos.ts'

const docs = join(import.meta.dirname, '..', 'docs')
const side = 220
const gap = 12

const folder = await mkdtemp(join(tmpdir(), 'drawdown-pictures-'))
const photos = await testPhotos()
const models = await testModels(1024)
const work = startImageWork({ folder, models: () => models, decoders: 1, log: console.error })

async function after(code: OperationCode): Promise<{ before: string; after: string }> {
  const { photo, steps } = examples[code]
  const before = photos[photo]
  const checked = checkSteps(steps)
  if (!checked.ok) throw new Error(checked.detail)
  const done = await work.process({
    input: before,
    steps: checked.steps,
    maskFile: join(folder, `${photo}.mask`),
    facesFile: join(folder, `${photo}.faces`),
    output: join(folder, code),
  })
  if (!done.ok) throw new Error(done.message)
  return { before, after: done.output.path }
}

/** On a checkerboard where it is transparent. */
async function tile(file: string): Promise<Buffer> {
  const small = await sharp(file).resize(side, side, { fit: 'inside' }).ensureAlpha().png().toBuffer()
  const { width, height } = await sharp(small).metadata()
  const board = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      board.fill(((x >> 3) + (y >> 3)) & 1 ? 222 : 244, at, at + 3)
    }
  return sharp(board, { raw: { width, height, channels: 3 } })
    .composite([{ input: small }])
    .png()
    .toBuffer()
}

for (const code of operationCodes) {
  const files = await after(code)
  const tiles = [await tile(files.before), await tile(files.after)]
  const sizes = await Promise.all(tiles.map(async (each) => sharp(each).metadata()))
  const height = Math.max(...sizes.map((size) => size.height))
  await sharp({ create: { width: 2 * side + gap, height, channels: 3, background: '#ffffff' } })
    .composite(
      tiles.map((input, i) => ({
        input,
        left: i * (side + gap) + Math.floor((side - sizes[i]!.width) / 2),
        top: Math.floor((height - sizes[i]!.height) / 2),
      })),
    )
    .png({ palette: true, colours: 64, effort: 10 })
    .toFile(join(docs, 'pictures', pictureOf(code)))
}
await writeFile(join(docs, 'operations.md'), operationsPage())
await work.close()
await rm(folder, { recursive: true, force: true })
