/** The figures of quality: what a crop keeps of the subject and of faces, and the page that says so. Called by quality.ts. */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { type Box, inShares, shareWithin } from '../geometry.ts'
import type { Photograph } from './photographs.ts'

/** A crop by one way: share of the subject that it keeps, faces that it shows whole, and faces that it cuts. */
export type Kept = { subject: number; whole: number; cutFaces: number }

export type CropFigures = {
  name: string
  heldOut: boolean
  centre: Kept
  ours: Kept
  smartcrop: Kept | undefined
}

export type AlphaError = { all: number; soft: number }

export type Figures = {
  photos: { tuned: number; heldOut: number; held: string[] }
  alphas: { name: string; heldOut: boolean; ours: AlphaError | undefined; imgly: AlphaError | undefined }[]
  crops: { tuned: KeptRow[]; heldOut: KeptRow[] }
}

type KeptRow = { way: string; mean: number; below80: number; whole: number; cutFaces: number; of: number }

const ratio = 9 / 16

/** `own` is what the files of mask and faces begin with; `ours` is in shares of the photo, `smartcrop` in its pixels. */
export async function cropFigures(
  own: string,
  photo: Photograph,
  boxes: { ours: Box; smartcrop: Box | undefined },
): Promise<CropFigures> {
  const { width, height } = (await sharp(photo.path).metadata()).autoOrient
  const mask = await sharp(`${own}.mask`).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
  const kept = JSON.parse(await readFile(`${own}.faces`, 'utf8')) as { faces: { box: Box }[] }
  const whole = { x: 0, y: 0, width, height }
  const faces = kept.faces.map(({ box }) => inShares(box, whole))
  const measure = (box: Box): Kept => {
    const seen = faces.map((face) => shareWithin(face, box))
    return {
      subject: subjectWithin(mask.data, mask.info.width, mask.info.height, box),
      whole: seen.filter((share) => share > 0.98).length,
      cutFaces: seen.filter((share) => share > 0.02 && share <= 0.98).length,
    }
  }
  const wide = width / height > ratio
  const centre = wide
    ? { width: (height * ratio) / width, height: 1 }
    : { width: 1, height: width / ratio / height }
  return {
    name: photo.name,
    heldOut: photo.heldOut,
    centre: measure({ x: (1 - centre.width) / 2, y: (1 - centre.height) / 2, ...centre }),
    ours: measure(boxes.ours),
    smartcrop: boxes.smartcrop && measure(inShares(boxes.smartcrop, whole)),
  }
}

function subjectWithin(data: Buffer, width: number, height: number, box: Box): number {
  let inside = 0
  let all = 0
  for (let y = 0, at = 0; y < height; y++) {
    const py = (y + 0.5) / height
    for (let x = 0; x < width; x++, at++) {
      const value = data[at]!
      if (value < 25) continue
      all += value
      const px = (x + 0.5) / width
      if (px >= box.x && px < box.x + box.width && py >= box.y && py < box.y + box.height) inside += value
    }
  }
  return all === 0 ? 1 : inside / all
}

export function keptBy(crops: CropFigures[]): KeptRow[] {
  const ways = [
    { way: 'the middle', kept: crops.map(({ centre }) => centre) },
    { way: 'smartcrop', kept: crops.flatMap(({ smartcrop }) => smartcrop ?? []) },
    { way: 'ours', kept: crops.map(({ ours }) => ours) },
  ]
  return ways
    .filter(({ kept }) => kept.length > 0)
    .map(({ way, kept }) => ({
      way,
      mean: kept.reduce((sum, { subject }) => sum + subject, 0) / kept.length,
      below80: kept.filter(({ subject }) => subject < 0.8).length,
      whole: kept.reduce((sum, { whole }) => sum + whole, 0),
      cutFaces: kept.reduce((sum, { cutFaces }) => sum + cutFaces, 0),
      of: kept.length,
    }))
}

export function resultsPage({ photos, alphas, crops }: Figures): string {
  const thousandths = (error: AlphaError | undefined) =>
    error ? `${(error.all * 1000).toFixed(1)} · ${(error.soft * 1000).toFixed(0)}` : '–'
  const alphaRows = (heldOut: boolean) =>
    alphas
      .filter((row) => row.heldOut === heldOut)
      .map(({ name, ours, imgly }) => `| ${name} | ${thousandths(ours)} | ${thousandths(imgly)} |`)
  return [
    '# Quality',
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run quality -- --write\` on ${photos.tuned + photos.heldOut} photographs and ${alphas.length} composites. How the sheets look is in no table.`,
    `Thresholds and methods were chosen on ${photos.tuned} photographs and their composites; ${photos.heldOut} are held out: nothing was chosen on them. Of these, ${photos.held.length} wait for a person: ${photos.held.join(', ')}.`,
    '',
    'Mean error of alpha in thousandths: over the whole picture · where the truth is neither 0 nor 1.',
    '',
    '| composite | ours | @imgly/background-removal-node |',
    '| --- | --- | --- |',
    ...alphaRows(false),
    '| *held out* | | |',
    ...alphaRows(true),
    '',
    'Crops to 9:16. The subject is what our own mask says.',
    '',
    '| crop | subject kept, mean | photos below 80 % | faces whole | faces cut | photos |',
    '| --- | --- | --- | --- | --- | --- |',
    ...crops.tuned.map(keptLine),
    '| *held out* | | | | | |',
    ...crops.heldOut.map(keptLine),
    '',
  ].join('\n')
}

function keptLine({ way, mean, below80, whole, cutFaces, of }: KeptRow): string {
  return `| ${way} | ${(mean * 100).toFixed(1)} % | ${below80} | ${whole} | ${cutFaces} | ${of} |`
}
