/**
 * Which room may import from which, and which packages belong to one room alone. One row a room, as in STYLE.md.
 *
 * 1. A room that has no row here fails the test, so a new room decides what it leans on before it has a second file.
 * 2. `types` may be imported as types only: nothing of that room runs in this one.
 * 3. Tests may import anything; what ships imports no test.
 */

export type ImportRule = {
  /** Rooms whose values may be used. */
  rooms: readonly string[]
  /** Rooms of which only types may be used. */
  types?: readonly string[]
  /** Single files beyond that, each for its reason. */
  files?: readonly string[]
  /** Packages, besides those that every room may use (node: modules). */
  packages: readonly string[]
}

/** The wire form of amounts belongs to the amounts; whoever shows or carries them uses these two. */
const AMOUNTS = ['billing/micros.ts', 'billing/format-amount.ts']

/** What happens is recorded by whoever makes it happen, in the same transaction (decisions/045). Delivering it is the outbox's alone. */
const EVENTS = ['outbox/record-event.ts', 'outbox/event-catalogue.ts']

export const importRules: Readonly<Record<string, ImportRule>> = {
  billing: { rooms: [], packages: ['temporal-polyfill'] },
  ledger: { rooms: ['billing', 'database'], files: EVENTS, packages: [] },
  database: { rooms: [], packages: ['uuidv7', 'pg', 'graphile-worker', 'node-pg-migrate', 'vitest'] },
  images: { rooms: [], packages: ['sharp', 'onnxruntime-node', 'zod'] },
  automations: {
    rooms: ['ledger', 'images', 'storage', 'database', 'outgoing'],
    types: ['billing'],
    // A quote and the customer's own limit are rules of billing; this room asks them and does what they say (rules R13, R24).
    files: [...AMOUNTS, ...EVENTS, 'billing/quote-run.ts', 'billing/budget.ts'],
    packages: ['temporal-polyfill', 'yauzl', 'yazl', 'zod'],
  },
  storage: { rooms: [], packages: ['flydrive', '@aws-sdk/client-s3'] },
  payments: {
    rooms: [],
    types: ['billing', 'database'],
    // The least that can be charged is a number of minor units.
    files: [...AMOUNTS, 'billing/currency.ts', 'database/new-id.ts'],
    packages: ['stripe'],
  },
  accounts: {
    rooms: ['database'],
    files: EVENTS,
    packages: ['better-auth', '@better-auth/core', '@better-auth/utils', 'better-call', 'zod'],
  },
  outbox: {
    rooms: ['database', 'outgoing'],
    // Ids and amounts leave the house as the API writes them.
    files: [...AMOUNTS, 'http/ids.ts'],
    packages: [
      '@react-email/components',
      '@react-email/render',
      'nodemailer',
      'react',
      'standardwebhooks',
      'zod',
    ],
  },
  papers: {
    rooms: ['ledger', 'automations'],
    types: ['billing', 'database'],
    // Amounts are written as everywhere; children are started with nothing in their environment, as for pictures.
    files: [...AMOUNTS, 'billing/currency.ts', 'images/child-process.ts'],
    packages: [
      '@cantoo/pdf-lib',
      '@e-invoice-eu/core',
      'ajv',
      '@myriaddreamin/typst-ts-node-compiler',
      'yazl',
    ],
  },
  outgoing: { rooms: [], packages: [] },
  http: {
    rooms: ['ledger', 'automations', 'accounts', 'papers', 'storage', 'payments', 'outbox', 'verify'],
    types: ['billing', 'database', 'images', 'jobs', 'outgoing'],
    files: [
      ...AMOUNTS,
      'config.ts',
      // How an outage of the database is called, for the one handler that meets it.
      'database/connect.ts',
      'database/new-id.ts',
      // What a balance buys: arithmetic on what ledger read, with nothing to lock and nothing to book.
      'billing/mix.ts',
      'billing/plan.ts',
    ],
    packages: [
      'fastify',
      '@fastify/helmet',
      '@fastify/multipart',
      '@fastify/rate-limit',
      '@fastify/static',
      '@fastify/swagger',
      '@fastify/swagger-ui',
      'fastify-type-provider-zod',
      'zod',
    ],
  },
  jobs: {
    rooms: ['ledger', 'automations', 'payments', 'outbox', 'database', 'storage', 'verify'],
    // Fetching the models is the one job that serves no account.
    // The command that verifies reads the server's settings itself.
    files: ['images/models.ts', 'config.ts'],
    packages: ['graphile-worker', 'pino'],
  },
  client: { rooms: [], packages: ['@hey-api/openapi-ts'] },
  cli: {
    rooms: ['client'],
    // An invoice is proven on the customer's machine, by code that knows neither engine nor database.
    files: [...AMOUNTS, 'verify/prove-invoice.ts', 'verify/invoice-proof.ts'],
    packages: ['@drawdown/client', 'commander', '@clack/prompts', 'cli-progress', 'tsx'],
  },
  // Its dependencies are its own workspace's, and knip sees that each is used.
  web: { rooms: ['client', 'billing'], packages: ['*'] },
  // They speak to a server as its users do, and start it as its operator does.
  scenarios: {
    rooms: ['client', 'database', 'images', 'verify'],
    files: ['server.ts', 'config.ts'],
    packages: ['*'],
  },
  tidy: { rooms: ['database', 'http', 'client'], packages: ['*'] },
  // It measures the verbs as the product calls them.
  bench: {
    rooms: ['ledger', 'database', 'http', 'jobs', 'payments', 'accounts', 'images'],
    files: ['config.ts'],
    packages: ['pg', 'pino', 'sharp', 'onnxruntime-node'],
  },
  // What checks the engine leans on nothing of it.
  verify: { rooms: ['database'], packages: ['pg'] },
  // The engine is what is simulated; the oracle beside it has a rule of its own in imports.test.ts.
  simulation: {
    rooms: ['billing', 'ledger'],
    types: ['database'],
    files: ['database/new-id.ts'],
    packages: ['esbuild'],
  },
  // Takes the figures: asks the engine, and those who check it.
  trust: {
    // Payments under faults go through the jobs and the real SDK, to the Stripe of the tests.
    rooms: [
      'simulation',
      'verify',
      'ledger',
      'billing',
      'database',
      'images',
      'client',
      'jobs',
      'payments',
      'outgoing',
    ],
    // Hostile files are sent to a whole server, in a process of its own.
    files: ['server.ts', 'config.ts'],
    packages: ['esbuild', 'pg', '@drawdown/client', 'sharp'],
  },
}
