/** Automations, and the catalogue of operations that they are made of. */
import {
  createAutomation,
  deleteAutomation,
  listAutomations,
  readAutomation,
  type StepsRefused,
  updateAutomation,
} from '../automations/automations.ts'
import { listOperations } from '../automations/list-operations.ts'
import type { Step } from '../images/catalogue.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { isRefused, type Refused, refuse } from './problem.ts'
import { fieldErrors } from './read-input.ts'
import { shownAutomation, shownOperation } from './show-work.ts'

export const handlers = {
  listOperations: () => ({ data: listOperations().map(shownOperation), next_cursor: null }),

  listAutomations: async ({ services, accountId, query }) => {
    const after = cursorKey(query.cursor, isUuid)
    if (isRefused(after)) return after
    const rows = await services.db.asTenant(accountId, (tx) =>
      listAutomations(tx, accountId, { after, limit: query.limit + 1 }),
    )
    return pageOf(rows.map(shownAutomation), query.limit, ({ id }) => id)
  },

  createAutomation: async ({ services, accountId, body }) => {
    const draft = { name: body.name, steps: stepsOf(body.steps) }
    const created = await services.db.asTenant(accountId, (tx) => createAutomation(tx, accountId, draft))
    return created.ok ? shownAutomation(created.automation) : refuseStep(created)
  },

  getAutomation: async ({ services, accountId, params }) => {
    const found = await services.db.asTenant(accountId, (tx) => readAutomation(tx, accountId, params.id))
    return found ? shownAutomation(found) : refuse('automation_not_found')
  },

  updateAutomation: async ({ services, accountId, params, body }) => {
    const change = { id: params.id, name: body.name, steps: body.steps && stepsOf(body.steps) }
    const updated = await services.db.asTenant(accountId, (tx) => updateAutomation(tx, accountId, change))
    if (updated.ok) return shownAutomation(updated.automation)
    return updated.refusal === 'automation_not_found' ? refuse(updated.refusal) : refuseStep(updated)
  },

  deleteAutomation: async ({ services, accountId, params }) => {
    const deleted = await services.db.asTenant(accountId, (tx) => deleteAutomation(tx, accountId, params.id))
    return deleted ? undefined : refuse('automation_not_found')
  },
} satisfies Partial<Handlers>

export function stepsOf(
  steps: readonly { operation: string; settings?: Record<string, unknown> | undefined }[],
): Step[] {
  return steps.map(({ operation, settings }) => (settings ? { operation, settings } : { operation }))
}

/** At the settings that are at fault, where it is known which. */
export function refuseStep({ refusal, step, detail, fault }: StepsRefused): Refused {
  if (!fault) {
    const part = refusal === 'unknown_operation' ? 'operation' : 'settings'
    return refuse(refusal, detail, { errors: [{ field: `steps[${step}].${part}`, message: detail }] })
  }
  const found = fieldErrors(fault.issues, fault.settings, '')
  const told = found.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`))
  const errors = found.map(({ field, message }) => {
    return { field: `steps[${step}].settings${field === '' ? '' : `.${field}`}`, message }
  })
  return refuse(refusal, `${detail} ${told.join('; ')}`, { errors })
}
