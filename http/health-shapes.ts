/** Whether the server is there, and whether it is ready. */
import { z } from 'zod'
import { count } from './fields.ts'

export const health = z.object({ status: z.literal('ok'), version: z.string() })
export const readiness = z.object({
  status: z.enum(['ready', 'starting']),
  database: z.boolean(),
  models: z.object({
    state: z.enum(['ready', 'checking', 'fetching', 'waiting', 'refused']),
    detail: z.string(),
    done: count.nullable(),
    total: count.nullable(),
  }),
})
