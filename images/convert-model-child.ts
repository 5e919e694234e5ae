/**
 * Converts the segmentation model in a process of its own, because it takes seconds and a gigabyte: a server that answers requests meanwhile would notice. Forked by `models.ts`; argv: what, from,
 * into. Writes `into` and ends; any error ends it with a message on standard error.
 */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { rescaleInput, rewriteAsFloat32 } from './onnx-rewrite.ts'
import { readTarball } from './read-tarball.ts'

/** The chunks of `/models/medium` put together: fp16, twelve outputs. */
const shippedSha256 = 'b6e8497ba978a6f5fbb647e419d2696cd80df5a23cb6a8ea532021911bd76acb'

const resources = z.object({
  '/models/medium': z.object({ chunks: z.array(z.object({ hash: z.string() })) }),
})

async function shippedModel(tarball: string): Promise<Buffer> {
  const files = new Map<string, Buffer>()
  for await (const { name, content } of readTarball(tarball, (path) => path.startsWith('package/dist/'))) {
    files.set(basename(name), Buffer.from(content))
  }
  const { chunks } = resources.parse(JSON.parse(String(files.get('resources.json'))))['/models/medium']
  const model = Buffer.concat(
    chunks.map(({ hash }) => {
      const chunk = files.get(hash)
      if (chunk === undefined) throw new Error(`the package lacks the chunk ${hash}`)
      return chunk
    }),
  )
  const found = createHash('sha256').update(model).digest('hex')
  if (found !== shippedSha256) throw new Error(`the model in the package has sha256 ${found}`)
  return model
}

process.on('disconnect', () => process.exit(1))
const [what, from = '', into = '', side = ''] = process.argv.slice(2)
const model =
  what === 'rewrite'
    ? rewriteAsFloat32(await shippedModel(from), 'output')
    : rescaleInput(await readFile(from), 1024, Number(side))
await writeFile(into, model)
process.exit(0)
