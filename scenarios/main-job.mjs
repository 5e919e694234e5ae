/**
 * The main job by the command line, against a server that runs already: a smoke test for anybody, and for CI against a fresh clone.
 *
 *   node scenarios/main-job.mjs [url] [--photos <folder>] [--count 8]
 *
 * Without a URL it is the server that `drawdown` finds by itself, the one of this clone on this machine. It makes an account of its own
 * and touches nothing else. Without a folder it uses the photos of the tests, fetched once.
 *
 * 1. Every amount is compared with what the price list says, to the micro.
 * 2. It ends with 0 when all was right, and with 1 and the first difference when not.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { register } from 'tsx/esm/api'

register()

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { photos: { type: 'string' }, count: { type: 'string', default: '8' } },
})
const ROOT = join(import.meta.dirname, '..')
const IS_PHOTO = /\.(jpe?g|png|webp)$/i
const where = positionals[0] === undefined ? {} : { DRAWDOWN_URL: positionals[0] }

const scratch = await mkdtemp(join(tmpdir(), 'drawdown-main-job-'))
try {
  await mainJob(values.photos ?? (await preparePhotos()))
} finally {
  await rm(scratch, { recursive: true, force: true })
}

async function mainJob(photos) {
  const count = (await readdir(photos, { recursive: true })).filter((name) => IS_PHOTO.test(name)).length

  step('An account on Starter')
  const email = `main-job-${Date.now()}@example.com`
  const created = await drawdown(
    {},
    'account',
    'create',
    '--name',
    'Main job',
    '--email',
    email,
    '--plan',
    'starter',
  )
  const customer = { DRAWDOWN_API_KEY: created.api_key }
  const before = await drawdown(customer, 'balance')
  equal(before.balance, '50')
  assert.deepEqual([before.available.smart_crop, before.available.remove_background], [250, 100])

  step(`${count} photos through "Marketplace square"`)
  const out = join(scratch, 'results')
  const receipt = await drawdown(customer, 'run', 'Marketplace square', photos, '--out', out, '--yes')
  assert.deepEqual(
    receipt.images.filter((image) => image.status !== 'succeeded'),
    [],
  )
  equal(receipt.images.length, count)
  equal(micros(receipt.cost), BigInt(count) * micros('0.7'))
  const results = await readdir(out)
  equal(results.length, count)
  for (const name of results) {
    equal(extname(name), '.jpg')
    assert.deepEqual(
      [...(await readFile(join(out, name))).subarray(0, 3)],
      [0xff, 0xd8, 0xff],
      `${name} is no JPEG`,
    )
  }

  step('The balance went down by just that')
  const after = await drawdown(customer, 'balance')
  equal(micros(after.balance), micros('50') - micros(receipt.cost))
  equal(after.overage, '0')

  step('Use beyond the balance is overage; the same key is booked once')
  await drawdown(customer, 'usage', 'record', 'smart_crop', '300', '--key', 'main-job')
  equal((await drawdown(customer, 'usage', 'record', 'smart_crop', '300', '--key', 'main-job')).cost, '60')
  const beyond = await drawdown(customer, 'balance')
  equal(beyond.balance, '0')
  equal(micros(beyond.overage), micros('60') + micros(receipt.cost) - micros('50'))
  const mix = await drawdown(customer, 'mix', '--target', 'smart_crop=300', 'remove_background=10')
  equal(mix.balance_needed, '65')

  step('On the anchor day one invoice, paid, and credits anew')
  const clock = ['clock', 'advance', '--to', beyond.period.end, '--account', created.account_id]
  const [moved] = (await drawdown({}, ...clock)).accounts
  equal(moved.invoices.length, 1)
  const invoice = await drawdown(customer, 'invoice', 'show', moved.invoices[0])
  equal(invoice.status, 'paid')
  equal(micros(invoice.total), micros('50') + micros(beyond.overage))
  equal(invoice.amount_due, '0')
  const anew = await drawdown(customer, 'balance')
  assert.deepEqual([anew.balance, anew.overage], ['50', '0'])
  console.log(
    `The main job works: ${count} photos, invoice ${invoice.number} of ${invoice.total} ${invoice.currency}, paid.`,
  )
}

async function preparePhotos() {
  const { makePhotos } = await import('./photos.ts')
  const folder = join(scratch, 'photos')
  // A cup on a table: a subject that the model is sure of, so that nothing is held for a person to look at.
  await makePhotos(folder, 1, Number.parseInt(values.count, 10), ['coffee'])
  return folder
}

/** Runs the command as a person would, but with --json, and parses what it prints. */
async function drawdown(environment, ...words) {
  const env = { ...process.env, ...where, ...environment }
  const running = promisify(execFile)('npx', ['drawdown', ...words, '--json'], {
    cwd: ROOT,
    env,
    maxBuffer: 2 ** 26,
  })
  const { stdout } = await running.catch((fault) => {
    throw new Error(`drawdown ${words.join(' ')}\n${fault.stderr}`)
  })
  return JSON.parse(stdout)
}

function step(name) {
  console.log(`· ${name}`)
}

/** Decimal strings as whole micros, so that "70" and "70.00" are the same and nothing is rounded. */
function micros(text) {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text)
  return BigInt(`${sign}${whole}${fraction.padEnd(6, '0')}`)
}

function equal(came, expected) {
  assert.strictEqual(came, expected)
}
