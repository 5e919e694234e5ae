/**
 * Values as they leave the house: ids with their kind, amounts as decimal strings, instants in UTC. Inside they are UUID, bigint and Date.
 *
 * Called by event-catalogue.ts. The HTTP API writes them the same way (http/shapes.ts).
 */
import { z } from 'zod'
import { formatMicros, isAmount, type Micros, parseMicros } from '../billing/micros.ts'

/** In the credit unit or the currency. */
export const amount = z
  .codec(
    z.string().regex(/^-?(0|[1-9]\d{0,12})(\.\d{1,6})?$/),
    z.custom<Micros>((value) => typeof value === 'bigint' && isAmount(value)),
    {
      decode: (text): Micros => parseMicros(text)!,
      encode: (micros: Micros): string => formatMicros(micros),
    },
  )
  .meta({ description: 'Decimal string in the credit unit or the currency, without trailing zeros.' })

export const instant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})
