/**
 * Writes docs/operations.md and its pictures: each operation on a photo that may be shown, before and after, side by side. Run by hand when the catalogue or an example changes.
 *
 *   npx tsx images/write-operations-page.ts
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAndAfter } from './before-and-after.ts'
import { checkSteps } from './catalogue.ts'
import { startImageWork } from './image-work.ts'
import { type OperationCode, operationCodes } from './operation.ts'
import { examples, operationsPage, pictureOf } from './operations-page.ts'
import { testModels, testPhotos } from './test-photos.ts'

const docs = join(import.meta.dirname, '..', 'docs')

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

for (const code of operationCodes) {
  const files = await after(code)
  await writeFile(join(docs, 'pictures', pictureOf(code)), await beforeAndAfter(files.before, files.after))
}
await writeFile(join(docs, 'operations.md'), operationsPage())
await work.close()
await rm(folder, { recursive: true, force: true })
