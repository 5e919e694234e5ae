/**
 * Reads the JSON Schema of an operation's settings into the few kinds of fields that an editor draws.
 *
 * What it does not know (a box drawn by a person, for example) it leaves out; such settings are kept as they are.
 */

export type SettingField = {
  key: string
  /** "Long side" for `long_side`. */
  name: string
  hint: string
  required: boolean
  /** What holds when nothing is said. */
  fallback: unknown
  /** It means something only while another setting has one of these values. */
  onlyWith: [string, string[]] | undefined
} & (
  | { kind: 'choice'; options: string[] }
  | { kind: 'switch' }
  | { kind: 'number'; min: number | undefined; max: number | undefined; whole: boolean }
  | { kind: 'colour' }
  | { kind: 'text'; most: number | undefined }
)

type Property = {
  type?: string
  enum?: unknown[]
  description?: string
  default?: unknown
  only_with?: Record<string, string[]>
  minimum?: number
  maximum?: number
  maxLength?: number
  pattern?: string
}

export function settingFields(schema: Record<string, unknown>): SettingField[] {
  const properties = (schema.properties ?? {}) as Record<string, Property>
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  return Object.entries(properties).flatMap(([key, property]) => {
    const kind = kindOf(property)
    if (!kind) return []
    const head = {
      key,
      name: wordsOf(key),
      hint: property.description ?? '',
      required: required.has(key),
      fallback: property.default,
      onlyWith: Object.entries(property.only_with ?? {})[0],
    }
    return [{ ...head, ...kind }]
  })
}

/** Those that mean something beside these settings, and those that were set. */
export function fieldsFor(
  fields: readonly SettingField[],
  settings: Record<string, unknown>,
): SettingField[] {
  return fields.filter(({ key, onlyWith }) => {
    if (onlyWith === undefined || settings[key] !== undefined) return true
    const [other, values] = onlyWith
    const value = settings[other] ?? fields.find((field) => field.key === other)?.fallback
    return values.includes(String(value))
  })
}

/** What a step begins with: the first choice of each setting that has to be made, so that nothing is wrong before anybody has chosen. */
export function startingSettings(schema: Record<string, unknown>): Record<string, unknown> {
  const needed = settingFields(schema).flatMap((field) =>
    field.kind === 'choice' && field.required ? [[field.key, field.options[0]]] : [],
  )
  return Object.fromEntries(needed)
}

function kindOf(property: Property) {
  if (property.enum) return { kind: 'choice' as const, options: property.enum.map(String) }
  if (property.type === 'boolean') return { kind: 'switch' as const }
  if (property.type === 'number' || property.type === 'integer') {
    const whole = property.type === 'integer'
    return { kind: 'number' as const, min: property.minimum, max: property.maximum, whole }
  }
  if (property.type !== 'string') return undefined
  if (property.pattern?.includes('[0-9a-fA-F]{6}')) return { kind: 'colour' as const }
  return { kind: 'text' as const, most: property.maxLength }
}

/** "top_left" as "Top left". */
export function wordsOf(key: string): string {
  const words = key.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
