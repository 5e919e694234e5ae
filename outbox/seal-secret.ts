/**
 * Secrets at rest: what has to be read again, such as the secret that signs a webhook, is sealed by the server's key.
 *
 * Called by endpoints.ts, deliver-webhooks.ts and mail-preferences.ts. The key lies beside the data and never in the database, so that a copy of it opens nothing.
 *
 * A sealed secret belongs to one row: moved into another, it does not open.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

export type Sealer = {
  /** `owner` says which row it is for. */
  seal(secret: string, owner: string): Buffer
  /** Throws where it was sealed by another key or for another row, or was changed. */
  open(sealed: Buffer, owner: string): string
  /** A proof that this server has said the text, for links that need no secret of their own. */
  prove(text: string): string
  isProven(text: string, proof: string): boolean
}

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Of how it is sealed, so that another way can follow. */
const FORM = 1

/** `serverSecret` is what the server keeps beside its data. */
export function openSealer(serverSecret: string): Sealer {
  const keyFor = (use: string) => Buffer.from(hkdfSync('sha256', serverSecret, '', `drawdown: ${use}`, 32))
  const key = keyFor('secrets at rest')
  const proofKey = keyFor('proofs')
  const prove = (text: string) => createHmac('sha256', proofKey).update(text).digest()
  return {
    prove: (text) => prove(text).toString('base64url'),
    isProven(text, proof) {
      const given = Buffer.from(proof, 'base64url')
      const right = prove(text)
      return (
        given.toString('base64url') === proof &&
        given.length === right.length &&
        timingSafeEqual(given, right)
      )
    },
    seal(secret, owner) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner))
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(FORM), nonce, cipher.getAuthTag(), sealed])
    },
    open(sealed, owner) {
      if (sealed[0] !== FORM) throw new Error('This secret was sealed in a way that is not known here')
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
      const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
      const rest = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)
      return Buffer.concat([decipher.update(rest), decipher.final()]).toString('utf8')
    },
  }
}
