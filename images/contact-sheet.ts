/**
 * A sheet to look at: for each photo of a folder the input, the cut-out on a checkerboard, smart crops, and the marketplace square. Figures do not tell whether hair looks like hair; eyes do.
 *
 *   tsx images/contact-sheet.ts <folder of photos> <models folder> <output folder>
 *
 * Writes `sheet-1.png` and so on, eight photos each; keeps masks in the output folder, so that a second sheet costs no inference.
 */
import { mkdir, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { checkSteps, type Step } from './catalogue.ts'
import { type ImageDone, startImageWork } from './image-work.ts'
import { ensureModels } from './models.ts'

const cell = 300
const rowsASheet = 8

const columns: { name: string; steps: Step[]; checkered?: boolean }[] = [
  {
    name: 'cut-out',
    steps: [
      { operation: 'remove_background', settings: { hold_uncertain: true } },
      { operation: 'convert', settings: { format: 'png' } },
    ],
    checkered: true,
  },
  { name: '1:1', steps: [{ operation: 'smart_crop', settings: { aspect: '1:1' } }] },
  { name: '9:16', steps: [{ operation: 'smart_crop', settings: { aspect: '9:16' } }] },
  { name: 'close', steps: [{ operation: 'smart_crop', settings: { aspect: '4:5', mode: 'subject' } }] },
  {
    name: 'square',
    steps: [
      { operation: 'remove_background' },
      { operation: 'smart_crop', settings: { width: 2000, height: 2000 } },
      { operation: 'background' },
      { operation: 'convert', settings: { format: 'jpeg' } },
    ],
  },
]

const [photos = '', modelsFolder = '', into = ''] = process.argv.slice(2)
await mkdir(into, { recursive: true })
const models = await ensureModels({ folder: modelsFolder, onProgress() {} })
const work = startImageWork({
  folder: into,
  models: () => models,
  decoders: 1,
  log: (event) => console.error(event),
})

async function make(
  input: string,
  column: (typeof columns)[number],
): Promise<{ file: string; done: ImageDone } | { reason: string }> {
  const checked = checkSteps(column.steps)
  if (!checked.ok) throw new Error(checked.detail)
  const name = basename(input)
  const file = join(into, `${name}.${column.name.replace(':', 'x')}`)
  const done = await work.process({
    input,
    steps: checked.steps,
    maskFile: join(into, `${name}.mask.png`),
    facesFile: join(into, `${name}.faces.json`),
    output: file,
  })
  return done.ok ? { file, done } : { reason: `${done.failure}: ${done.message}` }
}

async function tile(file: string, checkered: boolean): Promise<Buffer> {
  const small = await sharp(file)
    .autoOrient()
    .resize(cell - 4, cell - 4, { fit: 'inside' })
    .ensureAlpha()
    .png()
    .toBuffer()
  if (!checkered) return small
  const { width, height } = await sharp(small).metadata()
  const board = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      board.fill(((x >> 3) + (y >> 3)) & 1 ? 90 : 150, (y * width + x) * 3, (y * width + x) * 3 + 3)
  return sharp(board, { raw: { width, height, channels: 3 } })
    .composite([{ input: small }])
    .png()
    .toBuffer()
}

const files = (await readdir(photos)).filter((name) => /\.(jpe?g|png|webp|avif|tiff?)$/i.test(name)).sort()
for (let first = 0, sheet = 1; first < files.length; first += rowsASheet, sheet++) {
  const tiles: { input: Buffer; left: number; top: number }[] = []
  for (const [row, name] of files.slice(first, first + rowsASheet).entries()) {
    const input = join(photos, name)
    tiles.push({ input: await tile(input, false), left: 0, top: row * cell })
    for (const [index, column] of columns.entries()) {
      const made = await make(input, column)
      if ('reason' in made) {
        console.log(name, column.name, made.reason)
        continue
      }
      tiles.push({
        input: await tile(made.file, column.checkered === true),
        left: (index + 1) * cell,
        top: row * cell,
      })
      const report = made.done.steps[0]
      const figures = column.checkered
        ? `confidence ${report?.confidence?.toFixed(2)} coverage ${report?.coverage?.toFixed(2)} inference ${Math.round(made.done.ms.inference)}`
        : `${report?.method} faces ${report?.faces}`
      console.log(
        `sheet ${sheet} row ${row + 1}`,
        name,
        column.name,
        figures,
        made.done.held ? `HELD ${made.done.held.reason}` : '',
      )
    }
  }
  const height = cell * Math.min(rowsASheet, files.length - first)
  await sharp({ create: { width: cell * (columns.length + 1), height, channels: 3, background: '#333333' } })
    .composite(tiles)
    .png()
    .toFile(join(into, `sheet-${sheet}.png`))
}
await work.close()
