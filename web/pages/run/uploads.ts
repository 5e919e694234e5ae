/**
 * Uploading a dropped folder: many files, a few at a time, one file a request, so that one refused file stops no other
 * and a broken folder can be dropped again (the server knows what it already has).
 *
 * 1. Entries keep their order and place; only their state changes.
 * 2. What reads them is told ten times a second at most, however fast files arrive.
 * 3. The server judges every file. What is no picture at all, or plainly too large, is not sent in the first place.
 */
import type { Image } from '@drawdown/client'
import { apiOf, faultText } from '../../api.ts'

export type Upload = {
  file: File
  state: 'waiting' | 'sending' | 'ready' | 'refused'
  image?: Image
  /** Why it was refused, as a sentence. */
  reason?: string
}

export type Uploads = {
  readonly all: readonly Upload[]
  readonly ready: number
  readonly refused: readonly Upload[]
  readonly busy: boolean
  /** Of everything ready, without repeats, in order. */
  readonly imageIds: readonly string[]
}

const AT_ONCE = 4
const TELL_EVERY_MS = 100
const LARGEST_BYTES = 50_000_000

export type UploadQueue = {
  add: (files: readonly File[]) => void
  /** Takes one out of what will be run; what was sent stays with the server and costs nothing. */
  remove: (upload: Upload) => void
  clear: () => void
  subscribe: (listener: () => void) => () => void
  read: () => Uploads
}

/** A queue of one page visit and account. */
export function createUploadQueue(accountId: string): UploadQueue {
  let all: Upload[] = []
  let snapshot: Uploads = summarize(all)
  let sending = 0
  let telling = false
  const listeners = new Set<() => void>()

  const tellSoon = () => {
    if (telling) return
    telling = true
    setTimeout(() => {
      telling = false
      snapshot = summarize(all)
      for (const listener of listeners) listener()
    }, TELL_EVERY_MS)
  }

  const sendNext = () => {
    while (sending < AT_ONCE) {
      const next = all.find(({ state }) => state === 'waiting')
      if (!next) return
      next.state = 'sending'
      sending++
      void send(accountId, next).finally(() => {
        sending--
        tellSoon()
        sendNext()
      })
    }
  }

  return {
    add(files) {
      const known = new Set(all.map(({ file }) => keyOf(file)))
      const fresh = files.filter((file) => !file.name.startsWith('.') && !known.has(keyOf(file)))
      all = [...all, ...fresh.map(judge)]
      tellSoon()
      sendNext()
    },
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

function keyOf(file: File): string {
  return `${file.webkitRelativePath || file.name} ${file.size} ${file.lastModified}`
}

function judge(file: File): Upload {
  if (file.type !== '' && !file.type.startsWith('image/')) {
    return { file, state: 'refused', reason: 'This is not a picture.' }
  }
  if (file.size > LARGEST_BYTES) return { file, state: 'refused', reason: 'It is larger than 50 MB.' }
  return { file, state: 'waiting' }
}

async function send(accountId: string, upload: Upload): Promise<void> {
  try {
    const answer = await apiOf(accountId).uploadImages({ body: { files: [upload.file] } })
    const image = answer.images[0]
    if (image) {
      upload.image = image
      upload.state = 'ready'
    } else {
      upload.reason = answer.refused[0]?.detail ?? 'It was refused without a reason.'
      upload.state = 'refused'
    }
  } catch (fault) {
    upload.reason = faultText(fault)
    upload.state = 'refused'
  }
}

function summarize(all: readonly Upload[]): Uploads {
  const imageIds = new Set<string>()
  for (const { image } of all) if (image) imageIds.add(image.id)
  return {
    all: [...all],
    ready: all.filter(({ state }) => state === 'ready').length,
    refused: all.filter(({ state }) => state === 'refused'),
    busy: all.some(({ state }) => state === 'waiting' || state === 'sending'),
    imageIds: [...imageIds],
  }
}
