/** Sends a ZIP archive and reads the lines of its answer as they come. See DrawdownClient.unpackArchive. */
import type { Client } from './generated/client/index.ts'
import type { Image } from './generated/types.gen.ts'
import { DrawdownUnreachable } from './problem.ts'

/** What became of one file of an archive; `entry` counts from 1 to `of`. */
export type ArchiveLine = { entry: number; of: number; name: string } & (
  | { image: Image; known: boolean }
  | { refusal: string; detail: string }
)

const PATH = '/v1/images/archive'

/** Ends after the last file. A line that broke in the middle is a DrawdownUnreachable: sent again, what is in is known. */
export async function* readArchiveLines(
  client: Client,
  archive: Blob | ReadableStream,
): AsyncGenerator<ArchiveLine> {
  const body = (await client.post({
    url: PATH,
    body: archive,
    bodySerializer: null,
    responseStyle: 'data',
    parseAs: 'stream',
    // Sent once and as it is read: an archive is not held in memory to be sent again.
    fetch: globalThis.fetch,
    ...{ duplex: 'half' },
    headers: { 'Content-Type': 'application/zip' },
  })) as unknown as ReadableStream<Uint8Array>
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let last: ArchiveLine | undefined
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw new DrawdownUnreachable(PATH, cause)
      })
      if (done) break
      text += decoder.decode(value, { stream: true })
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) {
        last = JSON.parse(line) as ArchiveLine
        yield last
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
  if (last === undefined || last.entry < last.of) {
    throw new DrawdownUnreachable(PATH, new Error('The answer broke off.'))
  }
}
