/**
 * Taking in a dropped folder, archives and addresses: many of them, a few at a time, one a request, so that one refused file stops no other.
 *
 * 1. Entries keep their order and place; only their state changes.
 * 2. What reads them is told ten times a second at most, however fast files arrive.
 * 3. What the server has already is not sent again, where the browser can tell (it hashes only on https and on this machine): a folder
 *    that is dropped a second time, after a reload or on another day, is ready at once.
 * 4. A line that breaks refuses nothing: what was under way is tried again until the server answers.
 * 5. The server judges every file. What is no picture at all, or plainly too large, is not sent in the first place.
 */
import { DrawdownUnreachable, type Image } from '@drawdown/client'
import { apiOf, faultText } from '../../api.ts'

export type Upload = {
  /** The address, or where the file stood in its folder. */
  name: string
  source: File | { url: string }
  state: 'waiting' | 'sending' | 'ready' | 'refused'
  /** One, or those of an archive as they come. */
  images: Image[]
  /** How many photos it is, as far as is known. */
  total: number
  /** Why it was refused, as a sentence. */
  reason?: string
}

export type Uploads = {
  readonly all: readonly Upload[]
  /** Photos. */
  readonly ready: number
  /** Photos, without those refused. */
  readonly total: number
  readonly refused: readonly Upload[]
  readonly busy: boolean
  /** The server does not answer; it is tried again. */
  readonly stalled: boolean
  /** Of everything ready, without repeats, in order. */
  readonly imageIds: readonly string[]
}

const AT_ONCE = 4
const TELL_EVERY_MS = 100
const LARGEST_BYTES = 50_000_000
const LARGEST_ARCHIVE_BYTES = 2_000_000_000
/** A smaller file is sent as quickly as it is asked about. */
const ASKED_ABOVE_BYTES = 100_000
/** After a broken line; twice as long after each try in vain. */
const TRY_AGAIN_MS = { first: 1_000, last: 15_000 }

export type UploadQueue = {
  add: (files: readonly File[]) => void
  /** Photos at addresses, which the server fetches. */
  fetch: (urls: readonly string[]) => void
  /** Takes one out of what will be run; what was sent stays with the server and costs nothing. */
  remove: (upload: Upload) => void
  clear: () => void
  subscribe: (listener: () => void) => () => void
  read: () => Uploads
}

/** A queue of one page visit and account. */
export function createUploadQueue(accountId: string): UploadQueue {
  let all: Upload[] = []
  let stalled = 0
  let snapshot: Uploads = summarize(all, false)
  let sending = 0
  let telling = false
  const listeners = new Set<() => void>()

  const tellSoon = () => {
    if (telling) return
    telling = true
    setTimeout(() => {
      telling = false
      snapshot = summarize(all, stalled > 0)
      for (const listener of listeners) listener()
    }, TELL_EVERY_MS)
  }

  /** Until it is done, refused, or taken out of the queue. */
  const sendPatiently = async (upload: Upload) => {
    let waitMs = TRY_AGAIN_MS.first
    while (all.includes(upload)) {
      try {
        return await send(accountId, upload, { tellSoon, refuse: (refused) => all.push(refused) })
      } catch (fault) {
        if (!(fault instanceof DrawdownUnreachable)) {
          upload.reason = faultText(fault)
          upload.state = 'refused'
          return
        }
      }
      stalled++
      tellSoon()
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      stalled--
      waitMs = Math.min(2 * waitMs, TRY_AGAIN_MS.last)
    }
  }

  const sendNext = () => {
    while (sending < AT_ONCE) {
      const next = all.find(({ state }) => state === 'waiting')
      if (!next) return
      next.state = 'sending'
      sending++
      void sendPatiently(next).finally(() => {
        sending--
        tellSoon()
        sendNext()
      })
    }
  }

  const append = (uploads: Upload[]) => {
    const known = new Set(all.map(keyOf))
    all = [...all, ...uploads.filter((upload) => !known.has(keyOf(upload)))]
    tellSoon()
    sendNext()
  }

  return {
    add: (files) => append(files.filter(({ name }) => !name.startsWith('.')).map(judge)),
    fetch: (urls) =>
      append(urls.map((url) => ({ name: url, source: { url }, state: 'waiting', images: [], total: 1 }))),
    remove(upload) {
      all = all.filter((each) => each !== upload)
      tellSoon()
    },
    clear() {
      all = []
      tellSoon()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => snapshot,
  }
}

export function isArchive(file: File): boolean {
  return /\.zip$/i.test(file.name)
}

function keyOf({ name, source }: Upload): string {
  return source instanceof File ? `${name} ${source.size} ${source.lastModified}` : name
}

function judge(file: File): Upload {
  const upload = { name: file.webkitRelativePath || file.name, source: file, images: [], total: 1 }
  const refused = (reason: string): Upload => ({ ...upload, state: 'refused', reason })
  if (isArchive(file)) {
    if (file.size > LARGEST_ARCHIVE_BYTES) return refused('It is larger than 2 GB. Send it in several.')
    return { ...upload, state: 'waiting' }
  }
  if (file.type !== '' && !file.type.startsWith('image/')) return refused('This is not a picture.')
  if (file.size > LARGEST_BYTES) return refused('It is larger than 50 MB.')
  return { ...upload, state: 'waiting' }
}

type Sending = { tellSoon: () => void; refuse: (upload: Upload) => void }

/** Throws what broke the line. */
async function send(accountId: string, upload: Upload, sending: Sending): Promise<void> {
  const { source } = upload
  const api = apiOf(accountId)
  if (source instanceof File && isArchive(source)) return sendArchive(accountId, upload, sending)
  const known = source instanceof File ? await findKnown(accountId, source) : undefined
  const answer = known
    ? { images: [known], refused: [] }
    : source instanceof File
      ? await api.uploadImages({ body: { files: [source] } })
      : await api.fetchImage({ url: source.url })
  upload.images = answer.images
  upload.state = answer.images.length > 0 ? 'ready' : 'refused'
  if (upload.state === 'refused')
    upload.reason = answer.refused[0]?.detail ?? 'It was refused without a reason.'
}

/** Its photos count as they come; each that is refused stands beside it under its own name. */
async function sendArchive(accountId: string, upload: Upload, { tellSoon, refuse }: Sending): Promise<void> {
  const images: Image[] = []
  const refused: Upload[] = []
  for await (const line of apiOf(accountId).unpackArchive(upload.source as File)) {
    upload.total = line.of - refused.length
    if ('image' in line) images.push(line.image)
    else {
      const name = `${upload.name}: ${line.name}`
      refused.push({ name, source: { url: '' }, state: 'refused', images: [], total: 0, reason: line.detail })
      upload.total--
    }
    // Sent again after a broken line, it begins anew; what was there stays until it is passed.
    if (images.length > upload.images.length) upload.images = [...images]
    tellSoon()
  }
  upload.images = images
  upload.total = images.length
  for (const each of refused) refuse(each)
  upload.state = images.length > 0 ? 'ready' : 'refused'
  if (images.length === 0) upload.reason = 'None of its files can be used.'
}

/** What the server has of these very bytes. */
async function findKnown(accountId: string, file: File): Promise<Image | undefined> {
  const { subtle } = globalThis.crypto
  if (file.size < ASKED_ABOVE_BYTES || subtle === undefined) return undefined
  const digest = await subtle.digest('SHA-256', await file.arrayBuffer())
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const { data } = await apiOf(accountId).findImages({ body: { sha256: [sha256] } })
  return data[0]
}

function summarize(all: readonly Upload[], stalled: boolean): Uploads {
  const imageIds = new Set<string>()
  for (const { images } of all) for (const { id } of images) imageIds.add(id)
  const refused = all.filter(({ state }) => state === 'refused')
  const kept = all.filter(({ state }) => state !== 'refused')
  return {
    all: [...all],
    ready: kept.reduce((sum, { images }) => sum + images.length, 0),
    total: kept.reduce((sum, { total }) => sum + total, 0),
    refused,
    busy: all.some(({ state }) => state === 'waiting' || state === 'sending'),
    stalled,
    imageIds: [...imageIds],
  }
}
