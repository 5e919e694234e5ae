import { expect, test } from 'vitest'
import { type Config, describeFaults, type Environment, readConfig } from './config.ts'

/** What an environment leads to: the fields that a row of the table names, or the names of the variables at fault. */
function check(environment: Environment, expected: Partial<Config> | string[]) {
  const reading = readConfig({
    DRAWDOWN_DATA: '/srv/drawdown',
    DATABASE_URL: 'postgres://db/x',
    ...environment,
  })
  if (Array.isArray(expected)) {
    expect(reading.ok ? [] : reading.faults.map(({ name }) => name)).toEqual(expected)
  } else {
    expect(reading).toMatchObject({ ok: true, config: expected })
  }
}

test('an empty environment is a complete configuration', () => {
  const reading = readConfig({})
  expect(reading).toMatchObject({
    ok: true,
    config: {
      port: 4000,
      publicUrl: 'http://localhost:4000',
      databaseUrl: null,
      payments: 'sandbox',
      stripe: null,
      smtpUrl: null,
      workers: 1,
      outgoingAllowed: null,
      modelPath: null,
      catalogue: 'money',
    },
  })
})

test.each<[string, Environment, Partial<Config> | string[]]>([
  [
    'the public address follows the port',
    { PORT: '4010' },
    { port: 4010, publicUrl: 'http://localhost:4010' },
  ],
  [
    'a slash at its end is dropped',
    { PUBLIC_URL: 'https://a.example/x/' },
    { publicUrl: 'https://a.example/x' },
  ],
  ['an empty variable is absent', { PORT: ' ', PAYMENTS: '' }, { port: 4000, payments: 'sandbox' }],
  ['files stay in the data folder', {}, { storageUrl: 'file:///srv/drawdown/files' }],
  ['models stay in the data folder', {}, { modelsFolder: '/srv/drawdown/models' }],
  ['models may be shared', { DRAWDOWN_MODELS: '/srv/models' }, { modelsFolder: '/srv/models' }],
  ['no claimer here', { WORKERS: '0' }, { workers: 0 }],
  ['a port is a number', { PORT: 'http' }, ['PORT']],
  ['a port is not 0', { PORT: '0' }, ['PORT']],
  ['a range is of addresses', { OUTGOING_ALLOW: '10.0.0.0/8,intranet' }, ['OUTGOING_ALLOW']],
  ['half a claimer', { WORKERS: '0.5' }, ['WORKERS']],
  ['another database', { DATABASE_URL: 'mysql://db/x' }, ['DATABASE_URL']],
  ['no scheme', { PUBLIC_URL: 'drawdown.example' }, ['PUBLIC_URL']],
  [
    'Stripe',
    { PAYMENTS: 'stripe', STRIPE_SECRET_KEY: 'rk_test_1' },
    { stripe: { secretKey: 'rk_test_1', webhookSecrets: [] } },
  ],
  [
    'two secrets for events',
    { PAYMENTS: 'stripe', STRIPE_SECRET_KEY: 'rk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_a, whsec_b' },
    { stripe: { secretKey: 'rk_test_1', webhookSecrets: ['whsec_a', 'whsec_b'] } },
  ],
  ['Stripe without its key', { PAYMENTS: 'stripe' }, ['STRIPE_SECRET_KEY']],
  ['an unknown provider', { PAYMENTS: 'paypal' }, ['PAYMENTS']],
  [
    'all faults at once, a wrong key of Stripe among them',
    {
      PORT: '-1',
      SMTP_URL: 'mail',
      PAYMENTS: 'stripe',
      STRIPE_SECRET_KEY: 'pk_swapped',
    },
    ['PORT', 'STRIPE_SECRET_KEY', 'SMTP_URL'],
  ],
])('%s', (_name, environment, expected) => check(environment, expected))

test('a report says what to do and repeats no secret', () => {
  const reading = readConfig({
    PORT: 'abc',
    DATABASE_URL: 'mysql://u:hunter2@db/x',
    STRIPE_SECRET_KEY: 'hunter2',
  })
  if (reading.ok) throw new Error('it was taken')
  const text = describeFaults(reading.faults)
  expect(text).toContain('3 settings are not usable')
  expect(text).toContain('PORT: expected a port, 1 to 65535; came "abc".\n    PORT=4000 is the default.')
  expect(text).not.toContain('hunter2')
})
