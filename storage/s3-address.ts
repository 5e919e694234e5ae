/**
 * What `STORAGE_URL=s3:…` says: which bucket, where, and as whom.
 *
 *     s3://bucket/prefix?region=eu-central-1
 *     s3://key:secret@bucket?endpoint=https://s3.example.com:9000
 *
 * Called by config.ts, which refuses what cannot be read, and by s3-store.ts.
 *
 * 1. Without key and secret the SDK of AWS looks where it always does: its environment variables, profile, or the machine's role.
 * 2. An endpoint is anything that speaks S3 and is not AWS; buckets are then part of the path, unless `path_style=0`.
 */
export type S3Address = {
  bucket: string
  /** Before every key: empty, or ending in a slash. */
  prefix: string
  region: string
  /** Null: AWS. */
  endpoint: string | null
  pathStyle: boolean
  /** Null: as the SDK finds them. */
  credentials: { accessKeyId: string; secretAccessKey: string } | null
}

/** The names of buckets that AWS takes; other servers take no more. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const REGION = /^[a-z0-9-]{1,40}$/
const PREFIX = /^[\w!.*'()/-]*$/
const QUESTIONS = ['region', 'endpoint', 'path_style']

/** Undefined when it is no such address, or says something that is not known. */
export function readS3Address(text: string): S3Address | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const region = url.searchParams.get('region') ?? 'us-east-1'
  const endpoint = url.searchParams.get('endpoint')
  const pathStyle = url.searchParams.get('path_style') ?? (endpoint === null ? '0' : '1')
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  const isKnown = [...url.searchParams.keys()].every((name) => QUESTIONS.includes(name))
  const isHalf = (url.username === '') !== (url.password === '')
  if (url.protocol !== 's3:' || !BUCKET.test(url.hostname) || !REGION.test(region)) return undefined
  if (!PREFIX.test(prefix) || !isKnown || isHalf || !/^[01]$/.test(pathStyle)) return undefined
  if (endpoint !== null && !isHttp(endpoint)) return undefined
  return {
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region,
    endpoint,
    pathStyle: pathStyle === '1',
    credentials:
      url.username === ''
        ? null
        : {
            accessKeyId: decodeURIComponent(url.username),
            secretAccessKey: decodeURIComponent(url.password),
          },
  }
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
