/**
 * Makes the OpenAPI 3.1 document from the rows of routes.ts and the schemas of the files of shapes, which are also what validates and
 * encodes: the document cannot say anything else than the service does.
 *
 * Called by app.ts for /openapi.json and /docs, and by write-openapi.ts for the file that the typed client is made from.
 *
 * 1. Every exported schema of the files of shapes that FILES names is a component named like it: `runList` is `RunList`.
 * 2. operationId is the row's key. The same rows give the same text, byte for byte.
 */
import { z } from 'zod'
import * as accountShapes from './account-shapes.ts'
import * as billingShapes from './billing-shapes.ts'
import * as healthShapes from './health-shapes.ts'
import * as hot from './hot-folder-shapes.ts'
import * as invoiceShapes from './invoice-shapes.ts'
import { keepsAnswer } from './keep-answer.ts'
import * as mails from './mail-shapes.ts'
import * as operators from './operator-shapes.ts'
import * as papers from './paper-shapes.ts'
import * as payments from './payment-shapes.ts'
import * as rehearsals from './rehearsal-shapes.ts'
import { type Access, type Route, routes } from './routes.ts'
import * as shapes from './shapes.ts'
import * as usageShapes from './usage-shapes.ts'
import * as proofs from './verify-shapes.ts'
import * as webhooks from './webhook-shapes.ts'
import * as workShapes from './work-shapes.ts'

type Json = Record<string, unknown>

export const DOCUMENT_VERSION = '0.1.0'

/** The document as a plain value. */
export function openApiDocument(): Json {
  const components: Json = {}
  const paths: Record<string, Json> = {}
  for (const [name, row] of Object.entries<Route>(routes)) {
    const path = row.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [row.method.toLowerCase()]: operationOf(name, row, components) }
  }
  const tags = [...new Set(Object.values<Route>(routes).map((row) => row.tag))]
  schemaOf(shapes.problem, components)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Drawdown',
      version: DOCUMENT_VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This installation' }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: Object.fromEntries(PROBLEM_RESPONSES.map(([name, , text]) => [name, problemResponse(text)])),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key of an account: `dd_…`.' },
        session: { type: 'apiKey', in: 'cookie', name: 'drawdown.session' },
        operator: { type: 'http', scheme: 'bearer', description: "The operator's token." },
      },
    },
  }
}

const DESCRIPTION = `Amounts are decimal strings ("49.8") in the credit unit or the currency: compare numbers, not texts. Instants are RFC 3339 UTC.
Lists take \`limit\` and \`cursor\`. Every write takes an \`Idempotency-Key\`; usage carries keys of its own. Every refusal is a problem document (RFC 9457), whose
\`type\` is a page that explains it.`

// ---------------------------------------------------------------------------------------------- operations

function operationOf(name: string, row: Route, components: Json): Json {
  const parameters = [
    ...parametersOf('path', row.params, components),
    ...parametersOf('query', row.query, components),
    ...accountParameters(row),
    ...(row.idempotent || keepsAnswer(row) ? [IDEMPOTENCY_KEY] : []),
  ]
  const status = String(row.status ?? 200)
  return {
    operationId: name,
    tags: [row.tag],
    summary: row.summary,
    security: SECURITY[row.access],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBodyOf(row, components),
    responses: {
      [status]: successOf(row, components),
      ...(row.idempotent || name === 'recordUsage'
        ? { 200: { ...successOf(row, components), description: 'Known already' } }
        : {}),
      ...Object.fromEntries(
        PROBLEM_RESPONSES.filter(([, , , applies]) => applies(row)).map(([response, code]) => [
          code,
          { $ref: `#/components/responses/${response}` },
        ]),
      ),
    },
  }
}

function successOf(row: Route, components: Json): Json {
  if (row.produces !== undefined)
    return { description: 'Success', content: { [row.produces]: { schema: fileSchema(row.produces) } } }
  if (row.response === undefined) return { description: 'Done' }
  return {
    description: 'Success',
    content: { 'application/json': { schema: schemaOf(row.response, components) } },
  }
}

const fileSchema = (produces: string): Json =>
  produces.startsWith('text/') ? { type: 'string' } : { type: 'string', format: 'binary' }

function requestBodyOf(row: Route, components: Json): Json {
  if (row.consumes === 'multipart/form-data') {
    const files = { type: 'array', items: { type: 'string', format: 'binary' } }
    const schema = { type: 'object', properties: { files }, required: ['files'] }
    const json = row.body && { 'application/json': { schema: schemaOf(row.body, components) } }
    return { requestBody: { required: true, content: { [row.consumes]: { schema }, ...json } } }
  }
  if (row.consumes !== undefined) {
    const schema = { type: 'string', format: 'binary' }
    return { requestBody: { required: true, content: { [row.consumes]: { schema } } } }
  }
  if (row.body === undefined) return {}
  const schema = schemaOf(row.body, components)
  const required = !row.body.safeParse({}).success
  const others = Object.entries(row.bodies ?? {}).map(([type, body]) => [
    type,
    { schema: schemaOf(body, components) },
  ])
  const lines = row.streams === undefined ? {} : { [row.streams]: { schema: { type: 'string' } } }
  const content = { 'application/json': { schema }, ...Object.fromEntries(others), ...lines }
  return { requestBody: { required, content } }
}

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined, components: Json): Json[] {
  if (schema === undefined) return []
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(field as z.ZodType, components),
  }))
}

/** The account is a header; where a browser fetches by itself (images, streams, downloads) it may be in the query. */
function accountParameters(row: Route): Json[] {
  if (!row.access.startsWith('account:')) return []
  const description = 'For a session of a user with several accounts.'
  const schema = { type: 'string', pattern: '^account_[0-9a-f]{32}$' }
  const header = { name: 'Drawdown-Account', in: 'header', required: false, description, schema }
  if (row.produces === undefined) return [header]
  return [
    header,
    {
      name: 'account',
      in: 'query',
      required: false,
      description: `${description} In place of the header.`,
      schema,
    },
  ]
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same body is done once: the second time answers what the first did.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
}

const SECURITY: Record<Access, Json[]> = {
  public: [],
  signed_in: [{ session: [] }],
  'account:read': [{ apiKey: [] }, { session: [] }],
  'account:work': [{ apiKey: [] }, { session: [] }],
  'account:billing': [{ apiKey: [] }, { session: [] }],
  'account:manage': [{ session: [] }],
  'usage:write': [{ apiKey: [] }, { operator: [] }, { session: [] }],
  operator: [{ operator: [] }, { session: [] }],
}

/** Component, status, text, and on which rows it can occur. */
const PROBLEM_RESPONSES: [string, number, string, (row: Route) => boolean][] = [
  ['Malformed', 400, 'The request could not be read', () => true],
  ['Unauthenticated', 401, 'No valid key or session', (row) => row.access !== 'public'],
  ['Forbidden', 403, 'Known, but not allowed to do this', (row) => row.access !== 'public'],
  [
    'NotFound',
    404,
    'Not there, or of another account',
    (row) => row.params !== undefined || row.access.startsWith('account:'),
  ],
  ['Conflict', 409, 'The present state does not allow it', (row) => row.method !== 'GET'],
  ['TooLarge', 413, 'The body is too large', (row) => row.body !== undefined || row.consumes !== undefined],
  [
    'UnsupportedMediaType',
    415,
    'This kind of body is not accepted',
    (row) => row.body !== undefined || row.consumes !== undefined,
  ],
  [
    'Invalid',
    422,
    'Fields are not valid; "errors" names them',
    (row) => row.body !== undefined || row.query !== undefined || row.consumes !== undefined,
  ],
  ['TooManyRequests', 429, 'Slow down; see Retry-After', () => true],
  ['Unavailable', 503, 'Not available at this moment', () => true],
]

function problemResponse(description: string): Json {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

// ---------------------------------------------------------------------------------------------- schemas

/** Where exported schemas become components. */
const FILES: readonly Record<string, unknown>[] = [
  shapes,
  accountShapes,
  billingShapes,
  healthShapes,
  hot,
  invoiceShapes,
  mails,
  operators,
  papers,
  payments,
  proofs,
  rehearsals,
  usageShapes,
  webhooks,
  workShapes,
]

/** Names of the exported schemas, and what they said of themselves. */
const named = z.registry<{ id: string; description?: string }>()
for (const [name, schema] of FILES.flatMap((file) => Object.entries<unknown>(file))) {
  if (!(schema instanceof z.ZodType)) continue
  const meta = schema.meta()
  const id = meta?.id ?? name.charAt(0).toUpperCase() + name.slice(1)
  named.add(schema, { id, ...(meta?.description === undefined ? {} : { description: meta.description }) })
}

/**
 * The JSON Schema of what is on the wire (the input side: codecs turn it into what is inside). Named schemas go into `components`
 * and are referred to.
 */
function schemaOf(schema: z.ZodType, components: Json): unknown {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    metadata: named,
    override: ({ jsonSchema }) => {
      // The format says it; the pattern beside it is a monster that knows leap years.
      if (jsonSchema.format === 'date-time' || jsonSchema.format === 'email') delete jsonSchema.pattern
    },
  })
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & {
    $defs?: Json
  }
  for (const [name, definition] of Object.entries($defs)) {
    if (name.startsWith('__'))
      throw new Error(`A schema without a name is shared: ${name}. Export it from its file of shapes`)
    components[name] = definition
  }
  const id = named.get(schema)?.id
  if (id === undefined || '$ref' in rest) return rest
  components[id] = rest
  return { $ref: `#/components/schemas/${id}` }
}

/** The document as the text of http/openapi.json. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`
}
