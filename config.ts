/**
 * What the operator set, checked. The only reader of the environment.
 *
 * Called by server.ts, and by the commands that belong to the server.
 *
 * 1. Every fault is found and reported at once: what was expected, what came, what to do.
 * 2. No secret is ever part of a report.
 * 3. What the result holds is usable as it is: paths are absolute, defaults are filled in, what contradicts was refused.
 */
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { resolveDataFolder } from './database/data-folder.ts'
import { type AddressRanges, readAddressRanges } from './outgoing/address-ranges.ts'
import { readS3Address } from './storage/s3-address.ts'

export type Config = {
  port: number
  /** Where people and links reach this service: scheme, host and path, without a slash at the end. */
  publicUrl: string
  /** Null: the embedded Postgres in `dataFolder`. */
  databaseUrl: string | null
  /** Absolute; not always the one that was asked for (`dataFolderNotice`). */
  dataFolder: string
  /** A sentence to print at start when the data is kept elsewhere than asked, else null. */
  dataFolderNotice: string | null
  /** `file:` or `s3:`; the `files` folder of the data folder by default. */
  storageUrl: string
  /** Like `storageUrl`: below it are the folders that run by themselves. Null: there are none. */
  hotFolders: string | null
  payments: 'sandbox' | 'stripe'
  /** Set if and only if `payments` is stripe. */
  stripe: { secretKey: string; webhookSecrets: readonly string[] } | null
  /** Addresses beside the public ones that photos by URL and webhooks may be at, or null. */
  outgoingAllowed: AddressRanges | null
  /** Null: mails are kept to be looked at, and not sent. */
  smtpUrl: string | null
  /** What stands in From of every mail. */
  mailFrom: string
  /** Claimers in this process; 0: none. */
  workers: number
  modelsFolder: string
  /** A model of the operator's own instead of the one that is fetched, else null. */
  modelPath: string | null
  /** Which demo catalogue a new installation starts with. */
  catalogue: 'money' | 'credits'
}

export type ConfigFault = { name: string; expected: string; came: string; remedy: string }

export type ConfigReading =
  | { ok: true; config: Config }
  | { ok: false; refusal: 'environment_invalid'; faults: ConfigFault[] }

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the whole environment. An empty variable counts as absent. */
export function readConfig(environment: Environment = process.env): ConfigReading {
  const given = Object.fromEntries(
    Object.keys(VARIABLES).map((name) => [name, environment[name]?.trim() || undefined]),
  )
  const parsed = schema.safeParse(given)
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => faultOf(String(issue.path[0]), given))
  faults.push(...missingStripe(given))
  if (!parsed.success || faults.length > 0) return { ok: false, refusal: 'environment_invalid', faults }
  return { ok: true, config: complete(parsed.data) }
}

/** The faults as a person at the terminal reads them. */
export function describeFaults(faults: readonly ConfigFault[]): string {
  const lines = faults.map(
    ({ name, expected, came, remedy }) => `  ${name}: expected ${expected}; came ${came}.\n    ${remedy}`,
  )
  const count = faults.length === 1 ? 'One setting is' : `${faults.length} settings are`
  return [`${count} not usable:`, ...lines].join('\n')
}

const urlOf = (schemes: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol))

/** A folder or a bucket. */
const place = urlOf(['file:', 's3:'])
  .refine((text) => text.startsWith('file:') || readS3Address(text) !== undefined)
  .optional()

/** `secret`: its value is never repeated. */
type Variable = { type: z.ZodType; expected: string; remedy: string; secret?: true }

const VARIABLES = {
  PORT: {
    type: z.coerce.number().int().min(1).max(65_535).default(4000),
    expected: 'a port, 1 to 65535',
    remedy: 'PORT=4000 is the default.',
  },
  PUBLIC_URL: {
    type: urlOf(['http:', 'https:']).optional(),
    expected: 'the address at which people reach this service',
    remedy: 'Like PUBLIC_URL=https://drawdown.example.com; without it, http://localhost and the port.',
  },
  DATABASE_URL: {
    type: urlOf(['postgres:', 'postgresql:']).optional(),
    expected: 'the address of a Postgres 15 or later',
    remedy:
      'Like DATABASE_URL=postgres://user:password@host:5432/drawdown; without it, an embedded Postgres runs.',
    secret: true,
  },
  DRAWDOWN_DATA: {
    type: z.string().default('data'),
    expected: 'a folder',
    remedy: 'Like DRAWDOWN_DATA=/srv/drawdown; without it, ./data.',
  },
  STORAGE_URL: {
    type: place,
    expected: 'file: and an absolute path, or s3: and a bucket',
    remedy:
      'Like STORAGE_URL=file:///srv/drawdown/files or s3://bucket/prefix?region=eu-central-1; without it, files stay in the data folder.',
    secret: true,
  },
  HOT_FOLDERS: {
    type: place,
    expected: 'file: and an absolute path, or s3: and a bucket',
    remedy:
      'Like HOT_FOLDERS=file:///srv/hot or s3://bucket/hot?region=eu-central-1; without it, customers have no folders that run by themselves.',
    secret: true,
  },
  PAYMENTS: {
    type: z.enum(['sandbox', 'stripe']).default('sandbox'),
    expected: 'sandbox or stripe',
    remedy: 'PAYMENTS=sandbox is the default and moves no money.',
  },
  STRIPE_SECRET_KEY: {
    type: z
      .string()
      .regex(/^[rs]k_/)
      .optional(),
    expected: 'a restricted or secret key of Stripe (rk_… or sk_…)',
    remedy: 'Make a restricted one in the dashboard of Stripe; docs/operating.md names its permissions.',
    secret: true,
  },
  STRIPE_WEBHOOK_SECRET: {
    type: z
      .string()
      .regex(/^whsec_[^\s,]+(\s*,\s*whsec_[^\s,]+)*$/)
      .optional(),
    expected: 'the signing secret of the webhook endpoint at Stripe (whsec_…), or two with a comma between',
    remedy: 'Without it no events are taken, and what has no outcome yet is asked for once a minute.',
    secret: true,
  },
  SMTP_URL: {
    type: urlOf(['smtp:', 'smtps:']).optional(),
    expected: 'the address of a mail server',
    remedy: 'Like SMTP_URL=smtps://user:password@mail.example.com; without it, mails are kept and not sent.',
    secret: true,
  },
  MAIL_FROM: {
    type: z
      .string()
      .regex(/^[^\r\n]*@[^\r\n]+$/)
      .optional(),
    expected: 'an e-mail address, with or without a name',
    remedy: 'Like MAIL_FROM=Drawdown <no-reply@example.com>; without it, no-reply at the host of PUBLIC_URL.',
  },
  OUTGOING_ALLOW: {
    type: z
      .string()
      .refine((text) => readAddressRanges(text) !== undefined)
      .optional(),
    expected: 'addresses or ranges of them, with commas between',
    remedy:
      'Like OUTGOING_ALLOW=10.1.0.0/16,fd00::5; without it, photos by URL and webhooks reach public addresses only.',
  },
  WORKERS: {
    type: z.coerce.number().int().min(0).max(64).default(1),
    expected: 'a whole number, 0 to 64',
    remedy: 'WORKERS=1 is the default; 0 leaves the images to other servers on the same database.',
  },
  DRAWDOWN_MODELS: {
    type: z.string().optional(),
    expected: 'a folder',
    remedy: 'Without it, `models` in the data folder.',
  },
  MODEL_PATH: {
    type: z.string().optional(),
    expected: 'a model file',
    remedy: 'Without it, the model is fetched and checked.',
  },
  DRAWDOWN_CATALOGUE: {
    type: z.enum(['money', 'credits']).default('money'),
    expected: 'money or credits',
    remedy: 'It decides the demo catalogue of a new installation; money is the default.',
  },
} as const satisfies Record<string, Variable>

type Name = keyof typeof VARIABLES

const schema = z.object(
  Object.fromEntries(Object.entries(VARIABLES).map(([name, { type }]) => [name, type])) as {
    [N in Name]: (typeof VARIABLES)[N]['type']
  },
)

function faultOf(name: string, given: Record<string, string | undefined>): ConfigFault {
  const variable: Variable = VARIABLES[name as Name]
  const came = variable.secret
    ? 'something else (not shown, it may hold a secret)'
    : JSON.stringify(given[name])
  return { name, expected: variable.expected, came, remedy: variable.remedy }
}

/** Stripe without its key would fail at the first payment instead of now. */
function missingStripe(given: Record<string, string | undefined>): ConfigFault[] {
  if (given.PAYMENTS !== 'stripe') return []
  const names: Name[] = ['STRIPE_SECRET_KEY']
  return names
    .filter((name) => given[name] === undefined)
    .map((name) => ({ ...VARIABLES[name], name, came: 'nothing, though PAYMENTS=stripe' }))
}

function complete(given: z.infer<typeof schema>): Config {
  const databaseUrl = given.DATABASE_URL ?? null
  const { folder: dataFolder, notice } = resolveDataFolder(given.DRAWDOWN_DATA, databaseUrl === null)
  return {
    port: given.PORT,
    publicUrl: (given.PUBLIC_URL ?? `http://localhost:${given.PORT}`).replace(/\/+$/, ''),
    databaseUrl,
    dataFolder,
    dataFolderNotice: notice,
    storageUrl: given.STORAGE_URL ?? pathToFileURL(join(dataFolder, 'files')).href,
    hotFolders: given.HOT_FOLDERS ?? null,
    payments: given.PAYMENTS,
    stripe:
      given.PAYMENTS === 'stripe'
        ? {
            secretKey: given.STRIPE_SECRET_KEY!,
            webhookSecrets: given.STRIPE_WEBHOOK_SECRET?.split(/\s*,\s*/) ?? [],
          }
        : null,
    smtpUrl: given.SMTP_URL ?? null,
    mailFrom: given.MAIL_FROM ?? `Drawdown <no-reply@${hostOf(given.PUBLIC_URL)}>`,
    outgoingAllowed: given.OUTGOING_ALLOW ? readAddressRanges(given.OUTGOING_ALLOW)! : null,
    workers: given.WORKERS,
    modelsFolder: given.DRAWDOWN_MODELS ? resolve(given.DRAWDOWN_MODELS) : join(dataFolder, 'models'),
    modelPath: given.MODEL_PATH ? resolve(given.MODEL_PATH) : null,
    catalogue: given.DRAWDOWN_CATALOGUE,
  }
}

function hostOf(publicUrl: string | undefined): string {
  return publicUrl === undefined ? 'localhost' : new URL(publicUrl).hostname
}
