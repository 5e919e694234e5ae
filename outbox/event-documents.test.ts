import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { eventCatalogue } from './event-catalogue.ts'

/** docs/events.md is this, made from the catalogue: `npx vitest run outbox/event-documents.test.ts -u` writes it. */

type Schema = {
  type?: string | string[]
  const?: unknown
  enum?: string[]
  pattern?: string
  format?: string
  description?: string
  properties?: Record<string, Schema>
  anyOf?: Schema[]
  oneOf?: Schema[]
}

const HEAD = `# Events

What a webhook can be sent, and what each says. How they are sent, signed and tried again is told in [webhooks.md](webhooks.md).

Every body has the same outside: \`id\` (that of the header \`webhook-id\`), \`type\`, \`version\`, \`timestamp\` (when it happened),
\`account_id\` and \`data\`, which is what the tables below show. Amounts are decimal strings in the credit unit or the currency, instants are
RFC 3339 in UTC, ids carry their kind. Fields are added and never change their meaning; be ready for ones that you do not know. The same, as
JSON Schema, is at \`GET /v1/webhooks/events\`.
`

test('docs/events.md says what the catalogue says', async () => {
  const sections = Object.entries(eventCatalogue).map(([type, { when, version, data }]) => {
    const schema = z.toJSONSchema(data, { io: 'input' }) as Schema
    const rows = fieldsOf(schema, '').map(({ name, kind, note }) => `| \`${name}\` | ${kind} | ${note} |`)
    return `## ${type}\n\n${when} Version ${version}.\n\n| field | is | |\n| --- | --- | --- |\n${rows.join('\n')}\n`
  })
  const text = [HEAD, ...sections].join('\n')
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '../docs/events.md'))
})

type Field = { name: string; kind: string; note: string }

function fieldsOf(schema: Schema, path: string): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const inside = field.properties ? field : field.anyOf?.find(({ properties }) => properties)
    const note = field.description ?? ''
    const row = {
      name: path + name,
      kind: kindOf(field),
      note: note.startsWith('Decimal string') ? '' : note,
    }
    return inside ? [row, ...fieldsOf(inside, `${path}${name}.`)] : [row]
  })
}

function kindOf(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map(kindOf).join(' or ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.type === 'object') {
    const fixed = Object.entries(schema.properties ?? {}).filter(([, field]) => field.const ?? field.enum)
    return fixed.length > 0
      ? `object with ${fixed.map(([name, field]) => `${name} ${kindOf(field)}`).join(', ')}`
      : 'object'
  }
  if (schema.format === 'date-time') return 'instant'
  const id = /^\^(\w+)_\[0-9a-f\]/.exec(schema.pattern ?? '')
  if (id) return `id \`${id[1]}_…\``
  if (schema.pattern?.startsWith('^-?(0')) return 'amount'
  return String(schema.type)
}
