/**
 * Other people's programs for the same work, as they are meant to be used: works through files and says how long each took. They are installed in bench/peers, outside the product's dependencies.
 *
 * Started by image-stand.ts and by `npm run quality`. Messages: { peer, file, into, aspect }; answers: { ms, box }.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'

export type PeerTask = {
  peer: 'imgly' | 'smartcrop'
  file: string
  into: string
  /** Of the crop that smartcrop is asked for. */
  size: { width: number; height: number }
}
export type PeerAnswer = { ms: number; box?: { x: number; y: number; width: number; height: number } }

type Smartcrop = {
  crop(
    file: string,
    size: object,
  ): Promise<{ topCrop: { x: number; y: number; width: number; height: number } }>
}
type Imgly = { removeBackground(file: string, options: object): Promise<Blob> }

const peers = createRequire(join(import.meta.dirname, 'peers', 'package.json'))

async function work({ peer, file, into, size }: PeerTask): Promise<PeerAnswer> {
  await mkdir(dirname(into), { recursive: true })
  if (peer === 'imgly') {
    const { removeBackground } = peers('@imgly/background-removal-node') as Imgly
    // It would look for its model below the folder that it is started in.
    const publicPath = pathToFileURL(
      join(import.meta.dirname, 'peers/node_modules/@imgly/background-removal-node/dist/'),
    ).href
    const began = performance.now()
    const blob = await removeBackground(pathToFileURL(file).href, {
      publicPath,
      model: 'medium',
      output: { format: 'image/png' },
    })
    await writeFile(into, Buffer.from(await blob.arrayBuffer()))
    return { ms: performance.now() - began }
  }
  const smartcrop = peers('smartcrop-sharp') as Smartcrop
  const began = performance.now()
  const { topCrop: box } = await smartcrop.crop(file, size)
  await sharp(file)
    .extract({ left: box.x, top: box.y, width: box.width, height: box.height })
    .resize(size.width, size.height)
    .jpeg({ quality: 90 })
    .toFile(into)
  return { ms: performance.now() - began, box }
}

process.on('message', async (task: PeerTask) => {
  work(task).then(
    (answer) => process.send?.(answer),
    (fault: unknown) => process.send?.({ ms: Number.NaN, fault: String(fault) }),
  )
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
