/** Fields that many bodies have, and that are no bodies: no component of the document is named like them. */
import { z } from 'zod'
import { amount } from './shapes.ts'

/** A share of one: 19 % is "0.19". */
export const taxRate = amount.meta({ description: 'A share of one as a decimal string: 19 % is "0.19".' })
export const operationCode = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/)
export const name = z.string().trim().min(1).max(200)
/** Counts come from bigint columns; every count that this service can hold is a safe integer. */
export const count = z.number().int().nonnegative()
export const quantity = z.number().int().positive().max(1_000_000_000)
