/**
 * Ids at the edge: `run_0193…`, the kind and the UUIDv7 without its dashes. Inside, everything is a plain UUID.
 */
import { z } from 'zod'

export type IdKind =
  | 'account'
  | 'alert'
  | 'api_key'
  | 'automation'
  | 'credit_note'
  | 'delivery'
  | 'dispute'
  | 'endpoint'
  | 'entry'
  | 'event'
  | 'grant'
  | 'hot_folder'
  | 'image'
  | 'invitation'
  | 'invoice'
  | 'item'
  | 'mail'
  | 'payment'
  | 'payment_method'
  | 'plan'
  | 'preview'
  | 'quote'
  | 'refund'
  | 'rehearsal'
  | 'run'
  | 'subscription'
  | 'usage'

/** A codec between `kind_<32 hex>` on the wire and a UUID inside. */
export function idOf(kind: IdKind) {
  return z.codec(z.string().regex(new RegExp(`^${kind}_[0-9a-f]{32}$`)), z.uuid(), {
    decode: (text) => uuidOf(text.slice(kind.length + 1)),
    encode: (uuid) => encodeId(kind, uuid),
  })
}

/** `encodeId('run', uuid)` is `run_` and the UUID without dashes. */
export function encodeId(kind: IdKind, uuid: string): string {
  return `${kind}_${uuid.replaceAll('-', '')}`
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
