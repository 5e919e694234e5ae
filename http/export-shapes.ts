/** Queries of the exports. */
import { z } from 'zod'

/** A day begins at midnight in the zone of the account. */
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

/** Half-open; absent is no limit. */
export const exportQuery = z.object({ from: moment.optional(), until: moment.optional() })
