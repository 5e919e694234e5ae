/** Photos in a ZIP archive, told of one after another as they are taken in. */
import { Readable } from 'node:stream'
import { z } from 'zod'
import { openArchive, type UnpackedPhoto } from '../automations/unpack-photos.ts'
import { archiveLine } from './archive-shapes.ts'
import type { Handlers } from './handlers.ts'
import { refuse } from './problem.ts'
import { shownImage } from './show-work.ts'
import { NDJSON } from './usage-lines.ts'

export const handlers = {
  uploadArchive: async ({ services, accountId, raw, reply }) => {
    if (!(raw.body instanceof Readable)) return refuse('upload_empty', 'Send the archive as the body.')
    const opened = await openArchive(services, accountId, raw.body)
    if (!opened.ok) return refuse(opened.refusal, opened.detail)
    // Whoever goes away ends it, also before its first line.
    reply.raw.once('close', () => void opened.close())
    return reply.type(NDJSON).send(Readable.from(linesOf(opened.photos)))
  },
} satisfies Partial<Handlers>

async function* linesOf(photos: AsyncIterable<UnpackedPhoto>): AsyncGenerator<string> {
  for await (const photo of photos) {
    const { entry, of, name } = photo
    const became =
      'image' in photo
        ? { image: shownImage(photo.image), known: photo.known }
        : { refusal: photo.refusal, detail: photo.detail }
    yield `${JSON.stringify(z.encode(archiveLine, { entry, of, name, ...became }))}\n`
  }
}
