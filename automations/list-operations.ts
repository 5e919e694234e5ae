/**
 * The operations that steps are made of, with the JSON Schema of their settings: what an editor is drawn from.
 *
 * Called by http. The schema is that of the very check that steps go through.
 */
import { z } from 'zod'
import { operations } from '../images/catalogue.ts'

export type ListedOperation = {
  code: string
  name: string
  description: string
  settingsSchema: Record<string, unknown>
}

/** In the order of the catalogue. */
export function listOperations(): ListedOperation[] {
  return Object.values(operations).map(({ code, name, description, settings }) => {
    const settingsSchema = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })
    return { code, name, description, settingsSchema }
  })
}
