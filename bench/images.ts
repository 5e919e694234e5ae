/**
 * How fast pictures are worked on, beside the model alone, beside a plain resize, and beside the peers of bench/peers.
 *
 * Called by the rows of benches.ts. Rates are pictures a second; each round uses pictures of its own. What has been measured so far is told
 * while it runs: a round takes from seconds to minutes.
 */
import sharp from 'sharp'
import type { Step } from '../images/catalogue.ts'
import { alternate, type Round } from './alternate.ts'
import { measure, type Timed } from './cpu-time.ts'
import { havePeers, type ImageStand, openImageStand } from './image-stand.ts'

type Missing = { missing: string }

/** The work of two decoders keeps the inference child busy; a third waits. */
const AT_ONCE = 3
const TWELVE_MEGAPIXELS = 4000

const cutOut: Step[] = [
  { operation: 'remove_background' },
  { operation: 'convert', settings: { format: 'png' } },
]
const crop: Step[] = [
  { operation: 'smart_crop', settings: { width: 1000, height: 1000 } },
  { operation: 'convert', settings: { format: 'jpeg' } },
]

const NO_PEERS: Missing = { missing: 'It needs the peers: npm install --prefix bench/peers' }

type Measure = () => Promise<Timed>

async function onStand(
  rounds: number,
  sides: (stand: ImageStand) => { a: Measure; b: Measure },
): Promise<Round[]> {
  const stand = await openImageStand({ decoders: AT_ONCE, inputSize: 1024 })
  try {
    const { a, b } = sides(stand)
    return await alternate(rounds, { a: told('A', rounds, a), b: told('B', rounds, b) })
  } finally {
    await stand.close()
  }
}

function told(side: string, rounds: number, work: Measure): (round: number) => Promise<Timed> {
  return async (round) => {
    const timed = await work()
    const { rate: pictures, cpu } = timed
    const what = round === 0 ? 'warming' : `round ${round} of ${rounds}`
    console.error(
      `  ${what}, ${side}: ${Math.round(pictures * 1000) / 1000} a second, ${Math.round(cpu / 1000)} ms of processor time each`,
    )
    return timed
  }
}

/** So many pictures, some at a time as claimers do. */
function rateOfAll(
  stand: ImageStand,
  photos: string[],
  work: (photo: string) => Promise<unknown>,
): Promise<Timed> {
  return measure(stand, photos.length, () => {
    const left = [...photos]
    const claimers = Array.from({ length: AT_ONCE }, async () => {
      for (let photo = left.pop(); photo !== undefined; photo = left.pop()) await work(photo)
    })
    return Promise.all(claimers)
  })
}

/** One after the other. */
function rateOfEach(
  stand: ImageStand,
  photos: string[],
  work: (photo: string) => Promise<unknown>,
): Promise<Timed> {
  return measure(stand, photos.length, async () => {
    for (const photo of photos) await work(photo)
  })
}

async function many(count: number, photo: () => Promise<string>): Promise<string[]> {
  const photos: string[] = []
  for (let i = 0; i < count; i++) photos.push(await photo())
  return photos
}

/**
 * Side B is the model alone, as often as side A has just shown it a photo: of some photos it looks twice, and what is measured is what else
 * the work costs.
 */
export function removeBackground(options: { rounds: number; photos: number }): Promise<Round[]> {
  const { rounds, photos: count } = options
  return onStand(rounds, (stand) => {
    let looks = 0
    return {
      async a() {
        const photos = await many(count, () => stand.photo())
        looks = 0
        return rateOfAll(stand, photos, async (photo) => {
          const done = await stand.run(photo, cutOut)
          looks += done.looks
        })
      },
      b: () => measure(stand, count, () => stand.bareInference(looks)),
    }
  })
}

/** Side B is the least that the crop can be made of: a resize that lets the JPEG decoder shrink, and the model as often as side A needed it. */
export function smartCrop(options: { rounds: number; photos: number }): Promise<Round[]> {
  const { rounds, photos: count } = options
  return onStand(rounds, (stand) => {
    let looks = 0
    return {
      async a() {
        const photos = await many(count, () => stand.photo(TWELVE_MEGAPIXELS))
        looks = 0
        return rateOfAll(stand, photos, async (photo) => {
          const done = await stand.run(photo, crop)
          looks += done.looks
        })
      },
      async b() {
        const photos = await many(count, () => stand.photo(TWELVE_MEGAPIXELS))
        return measure(stand, count, async () => {
          for (const photo of photos) await plainResize(photo)
          await stand.bareInference(looks)
        })
      },
    }
  })
}

const plainResize = (file: string) =>
  sharp(file).resize(1000, 1000, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer()

/** A pipeline that uses one mask twice, beside the one that uses it once. */
export function oneMask(options: { rounds: number; photos: number }): Promise<Round[]> {
  const { rounds, photos: count } = options
  const side = (stand: ImageStand, steps: Step[]) => async () => {
    const photos = await many(count, () => stand.photo())
    return rateOfAll(stand, photos, (photo) => stand.run(photo, steps))
  }
  return onStand(rounds, (stand) => ({
    a: side(stand, [cutOut[0]!, { operation: 'smart_crop', settings: { aspect: '1:1' } }, cutOut[1]!]),
    b: side(stand, cutOut),
  }))
}

export async function besideImgly(options: { rounds: number; photos: number }): Promise<Round[] | Missing> {
  if (!havePeers()) return NO_PEERS
  const { rounds, photos: count } = options
  const size = { width: 1000, height: 1000 }
  return onStand(rounds, (stand) => ({
    async a() {
      const photos = await many(count, () => stand.photo())
      return rateOfEach(stand, photos, (photo) => stand.run(photo, cutOut))
    },
    async b() {
      const photos = await many(count, () => stand.photo())
      return rateOfEach(stand, photos, (file) => stand.peer({ peer: 'imgly', file, size }))
    },
  }))
}

/** The crop of a photo whose mask another step has paid for, as in a pipeline and at every further size. */
export async function besideSmartcrop(options: {
  rounds: number
  photos: number
}): Promise<Round[] | Missing> {
  if (!havePeers()) return NO_PEERS
  const { rounds, photos: count } = options
  const size = { width: 1000, height: 1000 }
  return onStand(rounds, (stand) => ({
    async a() {
      const photos = await many(count, () => stand.photo(TWELVE_MEGAPIXELS))
      for (const photo of photos) await stand.run(photo, crop, true)
      return rateOfEach(stand, photos, (photo) => stand.run(photo, crop, true))
    },
    async b() {
      const photos = await many(count, () => stand.photo(TWELVE_MEGAPIXELS))
      return rateOfEach(stand, photos, (file) => stand.peer({ peer: 'smartcrop', file, size }))
    },
  }))
}
