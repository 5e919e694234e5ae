/** An S3 server of its own for a test, and how it is spoken to. Called by the tests of this room and of those who keep files in a bucket. */
import type { FauxqsServer } from 'fauxqs'
import { readS3Address, type S3Address } from './s3-address.ts'

/** The bucket `photos` of a server, as STORAGE_URL names it. */
export function bucketUrl(server: { port: number }, prefix = 'some/prefix'): string {
  const endpoint = encodeURIComponent(`http://127.0.0.1:${server.port}`)
  return `s3://key:secret@photos/${prefix}?endpoint=${endpoint}`
}

export function addressOf(server: FauxqsServer): S3Address {
  return readS3Address(bucketUrl(server))!
}
