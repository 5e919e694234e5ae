/**
 * Sends a stored file: how photos, results and archives leave the house.
 *
 * Called by the routes of images and runs.
 *
 * 1. Whatever it is, a browser that is led here saves it or shows it as an image, and runs nothing of it: an attachment, of the
 *    type we gave it, under a policy that allows nothing.
 * 2. What is stored under a hash never changes, so it may be kept for a year; by this browser only, never by a cache between.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FileStore } from '../storage/file-store.ts'

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
}

/** The whole file with status 200, or 304 when the browser has it. Throws when the store does not. */
export async function sendImage(
  request: { raw: FastifyRequest; reply: FastifyReply; files: FileStore; accountId: string },
  file: { sha256: string; bytes: number | null; format: string; name: string },
): Promise<FastifyReply> {
  const { raw, reply, files, accountId } = request
  const etag = `"${file.sha256}"`
  protect(reply)
    .header('cache-control', 'private, max-age=31536000, immutable')
    .header('etag', etag)
    .header('vary', 'authorization, cookie, drawdown-account')
    .header('content-disposition', attachment(file.name))
    .type(MEDIA_TYPES[file.format] ?? 'application/octet-stream')
  if (raw.headers['if-none-match'] === etag) return reply.code(304).send()
  if (file.bytes !== null) reply.header('content-length', file.bytes)
  return reply.send(await files.open(accountId, file.sha256))
}

/** Headers for anything that is made of what customers sent. */
export function protect(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .header('cross-origin-resource-policy', 'same-origin')
}

/** RFC 6266: a plain name for old clients, the real one in UTF-8. */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
