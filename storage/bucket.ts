/**
 * One S3 bucket under one prefix: the few requests of the protocol that are used here, each whole or not at all.
 *
 * Called by s3-store.ts and hot-folders.ts.
 *
 * 1. What is written is checked on its way by its MD5, part by part, and its size afterwards: servers of the protocol differ in which newer checksums
 *    they know, and at least one keeps a stream's framing as content.
 * 2. Every body that is sent is in memory, so that the SDK can send it again; longer files go up in parts of PART_BYTES.
 * 3. Absent is an answer. Everything else that is not as it should be is an outage, thrown as StoreUnavailable with its cause.
 */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { StoreUnavailable } from './file-store.ts'
import type { S3Address } from './s3-address.ts'

export type BucketFile = {
  /** Without the prefix. */
  key: string
  bytes: number
  /** Differs when the content does. */
  etag: string
  changedAt: Date
}

export type Bucket = {
  /** Undefined when there is nothing under the key. */
  head(key: string): Promise<{ bytes: number; changedAt: Date } | undefined>
  /** Undefined when there is nothing under the key, or something else than was asked for. */
  open(key: string, version?: { etag: string }): Promise<Readable | undefined>
  /** What is under the key already is replaced. */
  put(key: string, content: Uint8Array): Promise<void>
  /** A file of this machine, of any length. */
  putFile(key: string, path: string): Promise<void>
  /** Does nothing when there is nothing under the key. */
  delete(key: string): Promise<void>
  /** A page of what is there; `next` asks for the one behind it, and is null at the end. */
  list(options: { under: string; page: string | null }): Promise<{ files: BucketFile[]; next: string | null }>
  close(): void
}

/** S3 takes parts from 5 MiB; some servers take no request above 11 MiB. */
const PART_BYTES = 8 * 1024 * 1024
const CONNECT_MS = 5_000
/** Without a byte. */
const SILENT_MS = 30_000

export function openBucket(address: S3Address): Bucket {
  const client = new S3Client({
    region: address.region,
    ...(address.endpoint === null ? {} : { endpoint: address.endpoint }),
    ...(address.credentials === null ? {} : { credentials: address.credentials }),
    forcePathStyle: address.pathStyle,
    maxAttempts: 4,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: SILENT_MS },
  })
  const named = (key: string) => ({ Bucket: address.bucket, Key: `${address.prefix}${key}` })
  const bucket: Bucket = {
    async head(key) {
      const found = await answerOf(address, () => client.send(new HeadObjectCommand(named(key))))
      return found && { bytes: found.ContentLength ?? 0, changedAt: found.LastModified ?? new Date(0) }
    },
    async open(key, version) {
      const found = await answerOf(address, () => client.send(new GetObjectCommand(named(key))))
      const body = found?.Body as Readable | undefined
      // Servers differ in how they refuse a condition, and agree on this.
      if (version === undefined || found?.ETag?.replaceAll('"', '') === version.etag) return body
      body?.destroy()
      return undefined
    },
    async put(key, content) {
      const ContentMD5 = md5(content)
      await answerOf(address, () =>
        client.send(
          new PutObjectCommand({ ...named(key), Body: content, ContentLength: content.length, ContentMD5 }),
        ),
      )
    },
    async putFile(key, path) {
      const file = await open(path, 'r')
      try {
        const { size } = await file.stat()
        if (size <= PART_BYTES) return await bucket.put(key, await file.readFile())
        await putParts(file, size)
        const stored = await bucket.head(key)
        if (stored?.bytes === size) return
        await bucket.delete(key)
        throw new StoreUnavailable(`The bucket holds ${stored?.bytes ?? 0} bytes of ${size} that were sent.`)
      } finally {
        await file.close()
      }

      async function putParts(from: Awaited<ReturnType<typeof open>>, size: number): Promise<void> {
        await answerOf(address, async () => {
          const { UploadId } = await client.send(new CreateMultipartUploadCommand(named(key)))
          const upload = { ...named(key), UploadId }
          try {
            const Parts: { ETag: string | undefined; PartNumber: number }[] = []
            for (let at = 0; at < size; at += PART_BYTES) {
              const Body = Buffer.allocUnsafe(Math.min(PART_BYTES, size - at))
              await from.read(Body, 0, Body.length, at)
              const PartNumber = Parts.length + 1
              const part = { ...upload, PartNumber, Body, ContentLength: Body.length, ContentMD5: md5(Body) }
              Parts.push({ PartNumber, ETag: (await client.send(new UploadPartCommand(part))).ETag })
            }
            const whole = { ...upload, MultipartUpload: { Parts } }
            await client.send(new CompleteMultipartUploadCommand(whole))
          } catch (fault) {
            await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {})
            throw fault
          }
        })
      }
    },
    async delete(key) {
      await answerOf(address, () => client.send(new DeleteObjectCommand(named(key))))
    },
    async list({ under, page }) {
      const found = await answerOf(address, () =>
        client.send(
          new ListObjectsV2Command({
            Bucket: address.bucket,
            Prefix: `${address.prefix}${under}`,
            ...(page === null ? {} : { ContinuationToken: page }),
          }),
        ),
      )
      const files = (found?.Contents ?? []).map(({ Key = '', Size = 0, ETag = '', LastModified }) => ({
        key: Key.slice(address.prefix.length),
        bytes: Size,
        etag: ETag.replaceAll('"', ''),
        changedAt: LastModified ?? new Date(0),
      }))
      return { files, next: found?.NextContinuationToken ?? null }
    },
    close: () => client.destroy(),
  }
  return bucket
}

/** Undefined for what is not there. The names of the protocol's errors, since servers differ in everything else. */
async function answerOf<Answer>(address: S3Address, ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask()
  } catch (cause) {
    if (cause instanceof Error && /^(NotFound|NoSuchKey)$/.test(cause.name)) return undefined
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    const where = `${address.bucket}${address.endpoint === null ? '' : ` at ${address.endpoint}`}`
    throw new StoreUnavailable(`The bucket ${where} answered otherwise: ${reason}`, { cause })
  }
}

const md5 = (content: Uint8Array): string => createHash('md5').update(content).digest('base64')
