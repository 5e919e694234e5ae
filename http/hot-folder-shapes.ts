/** Bodies of the routes of hot folders: which automation runs over what comes into one, when, and what became of each file. */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { instant, listOf } from './shapes.ts'

const count = z.number().int().nonnegative()

const starts = z
  .enum(['at_once', 'hourly', 'daily', 'weekdays'])
  .meta({ description: 'When what has come is run. weekdays: Monday to Friday.' })
const at = z
  .string()
  .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'expected a time such as "02:00"')
  .meta({ description: 'Time of day in the zone of the account; with daily and weekdays.' })
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/

const needsTime = (value: string | undefined) => value === 'daily' || value === 'weekdays'
const timeFits = (body: { starts?: string | undefined; at?: string | undefined }) =>
  needsTime(body.starts) === (body.at !== undefined)
const timeMessage = { path: ['at'], message: 'expected with "starts": "daily" or "weekdays", and only there' }

export const hotFolderRequest = z
  .object({
    name: z
      .string()
      .regex(NAME, '1 to 40 lower-case letters, digits and hyphens, such as "new-shoes"')
      .meta({ description: 'Of the folder itself. A name is used once.' }),
    automation_id: idOf('automation'),
    starts: starts.default('at_once'),
    at: at.optional(),
  })
  .strict()
  .refine(timeFits, timeMessage)

export const hotFolderPatch = z
  .object({
    automation_id: idOf('automation').optional(),
    starts: starts.optional(),
    at: at.optional(),
    paused: z.boolean().optional(),
  })
  .strict()
  .refine(timeFits, timeMessage)

export const hotFolder = z
  .object({
    id: idOf('hot_folder'),
    name: z.string(),
    automation_id: idOf('automation'),
    starts,
    at: at.nullable(),
    /** Null: as soon as something comes. */
    next_start_at: instant.nullable(),
    /** Where files are put. What comes back lies in "out" beside "in". */
    place: z.string(),
    paused: z.boolean(),
    /** Why it does not go on; null while it does. */
    trouble: z.string().nullable(),
    trouble_since: instant.nullable(),
    looked_at: instant.nullable(),
    files: z.object({ waiting: count, refused: count, started: count }),
    created_at: instant,
  })
  .meta({ id: 'HotFolder' })
export const hotFolderList = listOf(hotFolder).extend({
  /** False: the operator has no place for hot folders, and none can be made. */
  available: z.boolean(),
})

export const hotFile = z
  .object({
    path: z.string(),
    bytes: count,
    seen_at: instant,
    /** arriving: it may still be written to. waiting: for the start. Else as its item is. */
    status: z.enum([
      'arriving',
      'waiting',
      'refused',
      'queued',
      'working',
      'succeeded',
      'failed',
      'held',
      'cancelled',
    ]),
    /** Why there is no result. */
    message: z.string().nullable(),
    run_id: idOf('run').nullable(),
    item_id: idOf('item').nullable(),
    /** Its result below "out", once it lies there. */
    result: z.string().nullable(),
  })
  .meta({ id: 'HotFile' })
export const hotFileList = listOf(hotFile)
