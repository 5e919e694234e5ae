/**
 * Reads the token out of a signed session cookie, so that a request with a session costs one select instead of the library's several
 * milliseconds. The library writes the cookie: `token.signature`, percent-encoded, the signature an HMAC-SHA256 in base64.
 *
 * Called by identity.ts, whose tests hold this file and the library to the same answers.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Null when there is no such cookie, or its signature is not ours. Of several with one name the first counts, as browsers send them. */
export function readSessionToken(cookieHeader: string, cookieName: string, secret: string): string | null {
  const pair = cookieHeader.split(';').find((part) => part.trim().startsWith(`${cookieName}=`))
  const value = decode(pair?.slice(pair.indexOf('=') + 1).trim() ?? '')
  const dot = value.lastIndexOf('.')
  if (dot < 1) return null
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1))
  const right = Buffer.from(createHmac('sha256', secret).update(token).digest('base64'))
  return given.length === right.length && timingSafeEqual(given, right) ? token : null
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
