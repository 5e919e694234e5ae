/** What marketplaces ask of a picture, and whether one output meets it. */
import { itemCompliance, listPresets } from '../automations/item-compliance.ts'
import { readItem } from '../automations/read-run.ts'
import type { Handlers } from './handlers.ts'
import { refuse } from './problem.ts'

export const handlers = {
  listPresets: () => ({
    data: listPresets().map(({ code, name, sources, readOn, note, steps }) => ({
      code,
      name,
      sources,
      read_on: readOn,
      note: note ?? null,
      steps: steps.map(({ operation, settings }) => ({ operation, settings: settings ?? {} })),
    })),
    next_cursor: null,
  }),

  checkItem: async ({ services, accountId, params }) => {
    const item = await services.db.asTenant(accountId, (tx) => readItem(tx, accountId, params.id))
    if (!item) return refuse('item_not_found')
    const found = itemCompliance(item)
    return found ? { data: found, next_cursor: null } : refuse('no_result')
  },
} satisfies Partial<Handlers>
