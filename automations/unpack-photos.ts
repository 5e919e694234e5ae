/**
 * Takes in the photos of a ZIP archive, one after another, as if each had been uploaded.
 *
 *      bytes ──▶ staged ──▶ its list read and judged ──▶ each file inflated on its way into the store ──▶ a line each
 *
 * Called by http.
 *
 * 1. The list is judged before anything is inflated: how many files, how long they say they are, how much they would grow, and
 *    whether two of them share bytes. What grows on its way beyond what it said is cut off.
 * 2. Names are words to show, never paths: nothing is written under one. Archives within are refused, not opened.
 * 3. One file that is refused stops no other. Whoever goes away in the middle sends the archive again: what is in is known.
 * 4. In memory is the list, and a piece of one file.
 *
 * Not here: what a photo may be (register-image.ts).
 */
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl'
import type { Database } from '../database/connect.ts'
import type { ImageWork } from '../images/image-work.ts'
import type { FileStore } from '../storage/file-store.ts'
import { type Image, plainName, registerImage, type UploadRefused } from './register-image.ts'

type Rooms = { db: Database; files: FileStore; imageWork: ImageWork }

/** What became of one file; `entry` counts from 1 to `of`. */
export type UnpackedPhoto = { entry: number; of: number; name: string } & (
  | { image: Image; known: boolean }
  | { refusal: UploadRefused['refusal'] | 'nested_archive' | 'entry_unreadable'; detail: string }
)

export type ArchiveRefused = {
  ok: false
  refusal: 'archive_too_large' | 'archive_invalid' | 'archive_empty' | 'archive_bomb'
  detail: string
}

export type OpenedArchive = {
  ok: true
  photos: AsyncGenerator<UnpackedPhoto>
  /** For a caller who does not take all of them. */
  close(): Promise<void>
}

/** Ten thousand photos of 200 kB. */
export const MOST_ARCHIVE_BYTES = 2_000_000_000
const MOST_ENTRIES = 10_000
const MOST_INFLATED_BYTES = 20_000_000_000
/** Photos hardly shrink; drawings as TIFF do, to a fiftieth. What grows more than this is made to fill a disk. */
const MOST_GROWTH = 200
const GROWTH_COUNTED_ABOVE = 1_000_000

const ARCHIVES = /\.(zip|7z|rar|tar|gz|tgz|bz2|xz|zst|jar|iso|cab)$/i
/** Names that computers put beside photos. */
const CLUTTER = /(^|\/)(__MACOSX\/|\.(?!\.?\/)|Thumbs\.db$|desktop\.ini$)/i

/** Reads `content` to its end. Refuses the archive as a whole, with nothing taken in. */
export async function openArchive(
  rooms: Rooms,
  accountId: string,
  content: AsyncIterable<Uint8Array>,
): Promise<OpenedArchive | ArchiveRefused> {
  const received = await rooms.files.receive(content, MOST_ARCHIVE_BYTES)
  if (!received.ok)
    return refused('archive_too_large', 'The archive is larger than 2 GB. Send it in several.')
  const { file } = received
  const listed = await listEntries(file.path)
  if (!listed.ok) {
    await file.discard()
    return listed
  }
  const { zip, entries } = listed
  const close = async () => {
    zip.close()
    await file.discard()
  }
  return { ok: true, photos: unpackEach(rooms, accountId, { zip, entries, close }), close }
}

type NamedEntry = { entry: Entry; path: string }

async function listEntries(
  path: string,
): Promise<{ ok: true; zip: ZipFile; entries: NamedEntry[] } | ArchiveRefused> {
  let zip: ZipFile | undefined
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false })
    const all: Entry[] = []
    if (zip.entryCount > MOST_ENTRIES) throw new Refusal(tooMany(zip.entryCount))
    for await (const entry of zip.eachEntry()) all.push(entry)
    const bomb = bombIn(all)
    if (bomb) throw new Refusal(bomb)
    const entries = all.map((entry) => ({ entry, path: pathOf(entry) })).filter(({ path }) => isMeant(path))
    if (entries.length > 0) return { ok: true, zip, entries }
    throw new Refusal(refused('archive_empty', 'There is no file in the archive.'))
  } catch (fault) {
    zip?.close()
    if (fault instanceof Refusal) return fault.refused
    const reason = fault instanceof Error ? fault.message : String(fault)
    return refused('archive_invalid', `This is no ZIP archive that can be read (${reason.slice(0, 120)}).`)
  }
}

/** What is wrong with the whole, by what its list says. */
function bombIn(entries: readonly Entry[]): ArchiveRefused | undefined {
  const inflated = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (inflated > MOST_INFLATED_BYTES) {
    return refused('archive_bomb', 'Unpacked, the archive would have more than 20 GB. Send it in several.')
  }
  const grown = entries.find(
    ({ uncompressedSize: bytes, compressedSize }) =>
      bytes > GROWTH_COUNTED_ABOVE && bytes > compressedSize * MOST_GROWTH,
  )
  if (grown) {
    const detail = `A file in the archive would grow to more than ${MOST_GROWTH} times its size, which no photo does.`
    return refused('archive_bomb', detail)
  }
  const inPlace = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  const overlaps = inPlace.some((entry, at) => {
    const next = inPlace[at + 1]
    return next && entry.relativeOffsetOfLocalHeader + entry.compressedSize > next.relativeOffsetOfLocalHeader
  })
  return overlaps
    ? refused('archive_bomb', 'Files in the archive share bytes, which no program writes.')
    : undefined
}

async function* unpackEach(
  rooms: Rooms,
  accountId: string,
  archive: { zip: ZipFile; entries: NamedEntry[]; close(): Promise<void> },
): AsyncGenerator<UnpackedPhoto> {
  const { zip, entries } = archive
  try {
    for (const [index, { entry, path }] of entries.entries()) {
      const place = { entry: index + 1, of: entries.length, name: plainName(path) }
      yield { ...place, ...(await unpackOne(rooms, accountId, { zip, entry, name: place.name })) }
    }
  } finally {
    await archive.close()
  }
}

async function unpackOne(
  rooms: Rooms,
  accountId: string,
  { zip, entry, name }: { zip: ZipFile; entry: Entry; name: string },
) {
  if (ARCHIVES.test(name)) {
    const detail = 'This is an archive within the archive. Send it by itself.'
    return { refusal: 'nested_archive' as const, detail }
  }
  if (entry.isEncrypted()) return unreadable('It is locked with a password')
  if (!entry.canDecodeFileData()) return unreadable('It is packed in a way that is not read here')
  let inflateFault: unknown
  /** What is wrong with the archive is told; what is wrong with this service is thrown on. */
  async function* inflate() {
    try {
      for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk as Buffer
    } catch (fault) {
      inflateFault = fault
      throw fault
    }
  }
  try {
    const taken = await registerImage(rooms, accountId, { name, content: inflate() })
    return taken.ok
      ? { image: taken.image, known: taken.known }
      : { refusal: taken.refusal, detail: taken.detail }
  } catch (fault) {
    if (inflateFault === undefined) throw fault
    return unreadable('It is damaged')
  }
}

function unreadable(what: string) {
  return {
    refusal: 'entry_unreadable' as const,
    detail: `${what}. Pack the photo again, or send it by itself.`,
  }
}

function pathOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false).replaceAll('\\', '/')
}

function isMeant(path: string): boolean {
  return !path.endsWith('/') && !CLUTTER.test(path)
}

function tooMany(count: number): ArchiveRefused {
  const detail = `The archive holds ${count} files; at most ${MOST_ENTRIES} are taken. Send it in several.`
  return refused('archive_too_large', detail)
}

class Refusal extends Error {
  readonly refused: ArchiveRefused

  constructor(of: ArchiveRefused) {
    super(of.detail)
    this.refused = of
  }
}

function refused(refusal: ArchiveRefused['refusal'], detail: string): ArchiveRefused {
  return { ok: false, refusal, detail }
}
