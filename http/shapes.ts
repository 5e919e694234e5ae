/**
 * What the bodies of the HTTP API are made of. Each subject has its bodies in a file of shapes of its own: what validates requests,
 * serializes answers and makes the OpenAPI document is the same schema.
 *
 * Snake case. Amounts are decimal strings of the credit unit or the currency ("49.8"); inside they are bigint
 * micros. Instants are RFC 3339 UTC; inside they are Date. Ids carry their kind; inside they are UUIDs.
 */
import { z } from 'zod'
import { formatMicros, MAX_MICROS, type Micros, parseMicros } from '../billing/micros.ts'

const decimal = z
  .string()
  .regex(/^-?(0|[1-9]\d{0,12})(\.\d{1,6})?$/, {
    error: 'a decimal number with at most 6 decimals, such as "49.8"',
    abort: true,
  })
  .refine((text) => parseMicros(text) !== undefined, 'an amount beyond the largest that can be held')

/** An amount in the credit unit or the currency. */
export const amount = z
  .codec(decimal, z.custom<Micros>(isMicros), {
    decode: (text): Micros => parseMicros(text)!,
    encode: (micros: Micros): string => formatMicros(micros),
  })
  .meta({ description: 'Decimal string in the credit unit or the currency, without trailing zeros.' })

function isMicros(value: unknown): value is Micros {
  return typeof value === 'bigint' && value >= -MAX_MICROS && value <= MAX_MICROS
}

export const instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})

export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() })
}

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .loose()
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })
