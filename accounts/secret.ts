/**
 * Secrets that are handed out once and kept as digests: API keys, invitation and sign-in links, the operator's token.
 *
 * 1. A secret is 32 random bytes, so its plain SHA-256 is enough: there is nothing to guess and nothing to stretch.
 * 2. The secret itself is stored and logged nowhere.
 */
import { createHash, randomBytes } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^43 > 2^256: the digits that 32 bytes may need; shorter numbers are padded, so that all secrets have one length. */
const DIGITS = 43

/** `dd_` and 43 letters and digits, for the prefix `dd_`. */
export function newSecret(prefix: string): string {
  let rest = BigInt(`0x${randomBytes(32).toString('hex')}`)
  let digits = ''
  for (let digit = 0; digit < DIGITS; digit++) {
    digits = BASE62[Number(rest % 62n)] + digits
    rest /= 62n
  }
  return prefix + digits
}

/** What is stored of a secret. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
