/**
 * Takes in a photo from an address on the internet, as if it had been uploaded.
 *
 * Called by http.
 *
 * 1. The address is somebody else's: it is reached through the guard of outgoing/, and never waited for longer than IMPORT_MS.
 * 2. The file streams through to the store and is hashed on the way, like an upload; what breaks off leaves nothing behind.
 *
 * Not here: what a photo may be (register-image.ts), which addresses may be reached (outgoing).
 */
import type { Database } from '../database/connect.ts'
import type { ImageWork } from '../images/image-work.ts'
import { BrokenOff, type Outside, type OutsideRefused } from '../outgoing/outside.ts'
import type { FileStore } from '../storage/file-store.ts'
import { type Image, registerImage, type UploadRefused } from './register-image.ts'

type Rooms = { db: Database; files: FileStore; imageWork: ImageWork; outside: Outside }

/** The address at fault, or the host behind it. */
export type ImportRefused =
  | OutsideRefused
  | { ok: false; refusal: 'no_file_there'; detail: string }
  /** The file that came is no photo that is taken. */
  | { ok: false; refusal: 'file_refused'; name: string; upload: UploadRefused }

/** Fifty megabytes over a line of ten megabits. */
const IMPORT_MS = 60_000
const MOST_REDIRECTS = 5

/** `known`: the same bytes are here already. Throws on outages of our own. */
export async function importImage(
  rooms: Rooms,
  accountId: string,
  url: string,
): Promise<{ ok: true; image: Image; known: boolean } | ImportRefused> {
  const answer = await rooms.outside.request({
    url,
    method: 'GET',
    headers: { accept: 'image/*' },
    redirects: MOST_REDIRECTS,
    timeoutMs: IMPORT_MS,
  })
  if (!answer.ok) return answer
  try {
    if (answer.status !== 200) {
      const detail = `${new URL(answer.url).host} answered with status ${answer.status} instead of a file.`
      return { ok: false, refusal: 'no_file_there', detail }
    }
    const name = nameOf(url)
    const taken = await registerImage(rooms, accountId, { name, content: answer.body })
    return taken.ok ? taken : { ok: false, refusal: 'file_refused', name, upload: taken }
  } catch (fault) {
    if (!(fault instanceof BrokenOff)) throw fault
    return { ok: false, refusal: 'host_unreachable', detail: `${fault.message} Nothing was kept.` }
  } finally {
    answer.close()
  }
}

/** The last part of the address that was asked for, as the person who asked knows it. */
function nameOf(url: string): string {
  const { pathname, hostname } = new URL(url)
  const last = pathname.split('/').findLast((part) => part !== '')
  if (last === undefined) return hostname
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
