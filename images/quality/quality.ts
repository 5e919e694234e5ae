/**
 * Quality, looked at and measured: `npm run quality`.
 *
 *   npm run quality                        every photograph, the composites, and the peers if they are installed (npm install --prefix bench/peers)
 *   npm run quality -- --photos 8          the first of them only
 *   npm run quality -- --only paper-kit-2,opencv-doc
 *   npm run quality -- --folder ../sheets  where sheets and masks go; a temporary folder unless said
 *   npm run quality -- --peers none      without what stands beside it, which takes two thirds of the time
 *   npm run quality -- --write             rewrites results.md as well
 *
 * Sheets: input, our cut-out, the peer's, our crop to 9:16, the peer's. Figures: alpha error over composites whose alpha is known, share of the subject that a 9:16 crop keeps, and faces that it cuts.
 * The subject of a photograph is what our own mask says, which flatters us where the mask is wrong: look at the sheets.
 */
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkSteps, type Step } from '../catalogue.ts'
import type { Box } from '../geometry.ts'
import { type ImageDone, startImageWork } from '../image-work.ts'
import { testModels } from '../test-photos.ts'
import { alphaError, composites } from './composites.ts'
import { type CropFigures, cropFigures, type Figures, keptBy, resultsPage } from './figures.ts'
import { keyedComposites } from './keyed.ts'
import { type Photograph, photographs } from './photographs.ts'
import { drawSheets, type SheetRow } from './sheets.ts'

const { values } = parseArgs({
  options: {
    photos: { type: 'string' },
    only: { type: 'string' },
    folder: { type: 'string', default: join(tmpdir(), 'drawdown-quality') },
    peers: { type: 'string', default: 'all' },
    write: { type: 'boolean', default: false },
  },
})
const folder = values.folder
const bench = join(import.meta.dirname, '..', '..', 'bench')
const cropSize = { width: 540, height: 960 }

await mkdir(folder, { recursive: true })
const models = await testModels(1024)
const work = startImageWork({ folder, models: () => models, decoders: 1, log: console.error })
const peer =
  values.peers !== 'none' && existsSync(join(bench, 'peers', 'node_modules'))
    ? fork(join(bench, 'peer-child.ts'), [], { execArgv: ['--import', 'tsx'] })
    : undefined
if (peer) await new Promise((resolve) => peer.once('message', resolve))
else if (values.peers !== 'none') console.log('The peers are not installed: npm install --prefix bench/peers')

/** What the peer makes of a file, or undefined when it is not there or cannot. */
async function askPeer(
  name: 'imgly' | 'smartcrop',
  file: string,
): Promise<{ file: string; box?: Box } | undefined> {
  if (!peer) return undefined
  const into = join(folder, `${file.split('/').at(-1)}.${name}.${name === 'imgly' ? 'png' : 'jpg'}`)
  if (name === 'imgly' && existsSync(into)) return { file: into }
  const answered = new Promise<{ ms: number; box?: Box; fault?: string }>((resolve) =>
    peer.once('message', (answer) => resolve(answer as { ms: number })),
  )
  peer.send({ peer: name, file, into, size: cropSize })
  const { box, fault } = await answered
  if (fault) console.log(`${name} fails on ${file}: ${fault}`)
  return fault ? undefined : { file: into, ...(box ? { box } : {}) }
}

async function ours(
  name: string,
  input: string,
  steps: Step[],
): Promise<{ file: string; done: ImageDone } | undefined> {
  const checked = checkSteps(steps)
  if (!checked.ok) throw new Error(checked.detail)
  const own = join(folder, input.split('/').at(-1)!)
  const output = `${own}.${name}`
  const done = await work.process({
    input,
    steps: checked.steps,
    maskFile: `${own}.mask`,
    facesFile: `${own}.faces`,
    output,
  })
  if (!done.ok) console.log(`${input}: ${done.failure}`)
  return done.ok ? { file: output, done } : undefined
}

const cut: Step[] = [
  { operation: 'remove_background' },
  { operation: 'convert', settings: { format: 'png' } },
]

async function lookAt(
  photo: Photograph,
): Promise<{ row: SheetRow; crop: CropFigures | undefined; isHeld: boolean }> {
  const cutOut = await ours('cut-out', photo.path, cut)
  const crop = await ours('9x16', photo.path, [{ operation: 'smart_crop', settings: { aspect: '9:16' } }])
  const imgly = await askPeer('imgly', photo.path)
  const smartcrop = await askPeer('smartcrop', photo.path)
  const report = cutOut?.done.steps[0]
  const words = report
    ? `${photo.name}: ${photo.about}, confidence ${report.confidence?.toFixed(2)}${cutOut?.done.held ? ', held' : ''}`
    : `${photo.name}: ${photo.about}, no subject`
  console.log(words)
  const box = crop?.done.steps[0]?.photoBox
  const figures =
    box &&
    (await cropFigures(join(folder, photo.path.split('/').at(-1)!), photo, {
      ours: box,
      smartcrop: smartcrop?.box,
    }))
  return {
    row: { words, files: [photo.path, cutOut?.file, imgly?.file, crop?.file, smartcrop?.file] },
    crop: figures,
    isHeld: cutOut?.done.held !== undefined,
  }
}

const all = await photographs(join(folder, 'photographs'), values.only?.split(','))
const chosen = all.slice(0, values.photos === undefined ? all.length : Number(values.photos))
const rows: SheetRow[] = []
const crops: CropFigures[] = []
const held: string[] = []
for (const photo of chosen) {
  const { row, crop, isHeld } = await lookAt(photo)
  if (isHeld && photo.heldOut) held.push(photo.name)
  rows.push(row)
  if (crop) crops.push(crop)
}

const alphas: Figures['alphas'] = []
const maskOf = (photo: Photograph) => join(folder, `${photo.path.split('/').at(-1)!}.mask`)
const withMasks = chosen.filter((photo) => existsSync(maskOf(photo)))
for (const truth of [...(await composites(folder)), ...(await keyedComposites(withMasks, maskOf, folder))]) {
  const cutOut = await ours('cut-out', truth.path, cut)
  const imgly = await askPeer('imgly', truth.path)
  const errors = {
    name: truth.name,
    heldOut: truth.heldOut,
    ours: cutOut && (await alphaError(cutOut.file, truth)),
    imgly: imgly && (await alphaError(imgly.file, truth)),
  }
  console.log(JSON.stringify(errors))
  alphas.push(errors)
  rows.push({ words: truth.name, files: [truth.path, cutOut?.file, imgly?.file] })
}
await work.close()
peer?.disconnect()
await drawSheets(rows, folder)
const count = (heldOut: boolean) => chosen.filter((photo) => photo.heldOut === heldOut).length
const keptOf = (heldOut: boolean) => keptBy(crops.filter((crop) => crop.heldOut === heldOut))
const page = resultsPage({
  photos: { tuned: count(false), heldOut: count(true), held },
  alphas,
  crops: { tuned: keptOf(false), heldOut: keptOf(true) },
})
console.log(`\n${page}\nSheets and masks: ${folder}`)
if (values.write) await writeFile(join(import.meta.dirname, 'results.md'), page)
