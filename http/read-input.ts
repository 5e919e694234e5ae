/**
 * From what came over the wire to what a handler is given, by the schemas of the row; or the refusal that names each field at fault,
 * what was expected there, and what was given.
 *
 * Called by bind-route.ts.
 *
 * 1. What the database cannot hold (NUL, half a surrogate pair) and what is nested too deep is refused here, as input.
 * 2. A value is repeated to its sender, shortened; but never that of a password or a token.
 */
import type { z } from 'zod'
import { type FieldError, type Refused, refuse, refuseFields } from './problem.ts'
import type { Route } from './routes.ts'

export type Input = { params: unknown; query: unknown; body: unknown }

/** Deeper than any body of this API; a parser of ours recurses into it. */
const MOST_DEPTH = 20

/** An address that cannot be an id is the address of nothing: 404, like an id that does not exist. */
export function readInput(
  row: { [Part in 'params' | 'query' | 'body']?: Route[Part] | undefined },
  raw: Input,
): { ok: true; input: Input } | Refused {
  const errors = [...textErrors(raw.query, ''), ...textErrors(raw.body, '')]
  if (errors.length > 0) return refuseFields(errors)

  const params = row.params?.safeParse(raw.params)
  if (params?.success === false) return refuse('not_found')
  const query = row.query?.safeParse(raw.query)
  if (query?.success === false) return refuseFields(fieldErrors(query.error.issues, raw.query, 'query'))
  const given = raw.body ?? {}
  const body = row.body?.safeParse(given)
  if (body?.success === false) return refuseFields(fieldErrors(body.error.issues, given, 'body'))
  return { ok: true, input: { params: params?.data, query: query?.data, body: body?.data } }
}

function textErrors(value: unknown, field: string, depth = 0): FieldError[] {
  if (typeof value === 'string')
    return isStorable(value) ? [] : [{ field: field || 'body', message: UNSTORABLE }]
  if (typeof value !== 'object' || value === null || value instanceof Date) return []
  if (depth > MOST_DEPTH) return [{ field, message: `expected at most ${MOST_DEPTH} levels of nesting` }]
  const errors: FieldError[] = []
  for (const [key, child] of Object.entries(value)) {
    const path = Array.isArray(value) ? `${field}[${key}]` : joined(field, key)
    if (!isStorable(key)) errors.push({ field: field || 'body', message: `a name in it: ${UNSTORABLE}` })
    errors.push(...textErrors(child, path, depth + 1))
    if (errors.length >= MOST_ERRORS) break
  }
  return errors
}

const UNSTORABLE = 'expected Unicode text without NUL and without half a surrogate pair'

function isStorable(text: string): boolean {
  return !text.includes('\0') && (text as string & { isWellFormed(): boolean }).isWellFormed()
}

/** A batch of a thousand records with one mistake in each says enough in fifty. */
const MOST_ERRORS = 50

/** One error a field. `whole` names the input where the fault is in no field of it. */
export function fieldErrors(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  whole: string,
): FieldError[] {
  return issues.flatMap((issue) => errorsOf(issue, [], input, whole)).slice(0, MOST_ERRORS)
}

function errorsOf(
  issue: z.core.$ZodIssue,
  outer: readonly PropertyKey[],
  input: unknown,
  whole: string,
): FieldError[] {
  const path = [...outer, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return meantBranch(issue.errors).flatMap((inner) => errorsOf(inner, path, input, whole))
  const field = fieldName(path) || whole
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: joined(fieldName(path), key),
      message: 'there is no such field',
    }))
  const given = valueAt(input, path)
  if (issue.code === 'custom') return [{ field, message: issue.message }]
  return [{ field, message: `${expectation(issue)}, got ${shown(given, field)}` }]
}

/** Of the shapes that a body may have, the one whose kind was given; then what is wrong within it says most. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const kindIsRight = (issues: readonly z.core.$ZodIssue[]) =>
    !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0)
  return branches.find(kindIsRight) ?? branches[0]!
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
    case 'too_small':
      return `expected ${sizeOf(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`
    case 'too_big':
      return `expected ${sizeOf(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`
    case 'invalid_format':
      return `expected ${FORMATS[issue.format] ?? patternText(issue)}`
    default:
      return issue.message
  }
}

const KINDS: Record<string, string> = { record: 'object', int: 'a whole number' }

function sizeOf(origin: string, bound: string, size: number | bigint): string {
  const unit = origin === 'string' ? 'character' : origin === 'array' ? 'element' : null
  if (unit === null) return `${bound} ${size}`
  return `${bound} ${size} ${unit}${Number(size) === 1 ? '' : 's'}`
}

const FORMATS: Record<string, string> = {
  datetime: 'an instant such as "2026-11-22T09:00:00Z"',
  date: 'a day such as "2026-11-22"',
  email: 'an e-mail address',
  uuid: 'a UUID',
}

/** A message of the schema's own says more than its pattern. */
function patternText(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (!issue.message.startsWith('Invalid')) return issue.message
  return issue.pattern === undefined ? issue.format : `text like ${issue.pattern}`
}

// ---------------------------------------------------------------------------------------------- paths and values

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) => (typeof part === 'number' ? `${name}[${part}]` : joined(name, String(part))),
    '',
  )
}

const joined = (name: string, part: string): string => (name === '' ? part : `${name}.${part}`)

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    input,
  )
}

const SECRET = /password|token|secret/i
const SHOWN_LENGTH = 60

function shown(value: unknown, field: string): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'string' && SECRET.test(field)) return `${value.length} characters`
  const text = JSON.stringify(value)
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}
