/**
 * How fast pictures are worked on, beside the model alone, beside a plain resize, and beside the peers of bench/peers.
 *
 * Called by the rows of benches.ts. Rates are pictures a second; each round uses pictures of its own.
 */
import sharp from 'sharp'
import type { Step } from '../images/catalogue.ts'
import { alternate, type Round } from './alternate.ts'
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

async function onStand(
  rounds: number,
  sides: (stand: ImageStand) => { a: () => Promise<number>; b: () => Promise<number> },
): Promise<Round[]> {
  const stand = await openImageStand({ decoders: AT_ONCE, inputSize: 1024 })
  try {
    return await alternate(rounds, sides(stand))
  } finally {
    await stand.close()
  }
}

/** So many pictures, some at a time as claimers do. */
function rateOfAll(
  count: number,
  photos: string[],
  work: (photo: string) => Promise<unknown>,
): Promise<number> {
  return rateOf(count, async () => {
    const left = [...photos]
    const claimers = Array.from({ length: AT_ONCE }, async () => {
      for (let photo = left.pop(); photo !== undefined; photo = left.pop()) await work(photo)
    })
    await Promise.all(claimers)
  })
}

async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return (count * 1000) / (performance.now() - began)
}

async function many(count: number, photo: () => Promise<string>): Promise<string[]> {
  const photos: string[] = []
  for (let i = 0; i < count; i++) photos.push(await photo())
  return photos
}

export function removeBackground(options: { rounds: number; photos: number }): Promise<Round[]> {
  const { rounds, photos: count } = options
  return onStand(rounds, (stand) => ({
    async a() {
      const photos = await many(count, () => stand.photo())
      return rateOfAll(count, photos, (photo) => stand.run(photo, cutOut))
    },
    b: async () => (count * 1000) / (await stand.bareInference(count)),
  }))
}

/** Side B is the least that the crop can be made of: a resize that lets the JPEG decoder shrink, and one mask. */
export function smartCrop(options: { rounds: number; photos: number }): Promise<Round[]> {
  const { rounds, photos: count } = options
  return onStand(rounds, (stand) => ({
    async a() {
      const photos = await many(count, () => stand.photo(TWELVE_MEGAPIXELS))
      return rateOfAll(count, photos, (photo) => stand.run(photo, crop))
    },
    async b() {
      const photos = await many(count, () => stand.photo(TWELVE_MEGAPIXELS))
      return rateOf(count, async () => {
        for (const photo of photos) await plainResize(photo)
        await stand.bareInference(count)
      })
    },
  }))
}

const plainResize = (file: string) =>
  sharp(file).resize(1000, 1000, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer()

/** A pipeline that uses one mask twice, beside the one that uses it once. */
export function oneMask(options: { rounds: number; photos: number }): Promise<Round[]> {
  const { rounds, photos: count } = options
  const side = (stand: ImageStand, steps: Step[]) => async () => {
    const photos = await many(count, () => stand.photo())
    return rateOfAll(count, photos, (photo) => stand.run(photo, steps))
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
      return rateOf(count, async () => {
        for (const photo of photos) await stand.run(photo, cutOut)
      })
    },
    async b() {
      const photos = await many(count, () => stand.photo())
      return rateOf(count, async () => {
        for (const file of photos) await stand.peer({ peer: 'imgly', file, size })
      })
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
      return rateOf(count, async () => {
        for (const photo of photos) await stand.run(photo, crop, true)
      })
    },
    async b() {
      const photos = await many(count, () => stand.photo(TWELVE_MEGAPIXELS))
      return rateOf(count, async () => {
        for (const file of photos) await stand.peer({ peer: 'smartcrop', file, size })
      })
    },
  }))
}
