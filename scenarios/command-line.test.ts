import { execFile } from 'node:child_process'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePhotos } from './photos.ts'
import { startTestServer, type TestServer } from './start-server.ts'

/** The command line as a person at the server's machine uses it, and as a program does. One story, in order. */

let server: TestServer
let accountId: string

beforeAll(async () => {
  server = await startTestServer()
}, 300_000)

afterAll(() => server?.close())

test('an account is made with its plan, and its key is shown once', async () => {
  const { json } =
    await drawdown`account create --name ${'Corner shop'} --email owner@example.com --plan starter --json`
  expect(json).toMatchObject({
    account_id: expect.stringMatching(/^account_/),
    api_key: expect.stringMatching(/^dd_/),
    plan_started: true,
  })
  accountId = (json as { account_id: string }).account_id
})

test('a plan whose card is declined has not started, and the command says so', async () => {
  const ended = await drawdown`account create --name Declined --plan starter --card sandbox_card_declines`
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('The plan has not started.') })
  expect(ended.out).toMatch(/^account_id +account_[0-9a-f]{32}\napi_key +dd_/)
})

test('on the machine of the server no key is needed: one is made and remembered', async () => {
  const first = await drawdown`balance --account ${accountId}`
  expect(first.out).toMatch(
    /^Plan +Starter, \$50\.00 a month\nBalance +\$50\.00 of \$50\.00\nOverage +\$0\.00, billed on /,
  )
  expect(first.out).toMatch(/ 250 +Smart crop +at \$0\.20\n +100 +Remove background +at \$0\.50\n/)
  const remembered = join(server.folder, 'config/drawdown/credentials.json')
  expect((await stat(remembered)).mode & 0o777).toBe(0o600)
  const { json } = await drawdown`balance --json`
  expect(json).toMatchObject({ balance: '50', available: { smart_crop: 250, remove_background: 100 } })
})

test('what goes back, what is owed and where events go are seen and changed', async () => {
  const payments = (await drawdown`refund payments --account ${accountId} --json`).json as {
    data: { id: string }[]
  }
  const payment = payments.data[0]!.id
  const refund = [
    'refund',
    'create',
    '--account',
    accountId,
    '--payment',
    payment,
    '--amount',
    '5',
    '--reason',
    'Late',
  ]
  expect((await runWith({}, [...refund, '--key', 'r1'])).out).toBe('$5.00 goes back to the card.\n')
  expect((await runWith({}, [...refund, '--key', 'r1'])).code).toBe(0)
  expect((await drawdown`refund list --account ${accountId}`).out).toMatch(/\$5\.00 +succeeded .* Late\n$/)
  expect((await drawdown`unpaid list`).out).toBe('Everything is paid.\n')
  expect(await drawdown`unpaid write-off NONE-0001 --reason Gone`).toMatchObject({
    code: 1,
    err: expect.stringContaining('No unpaid invoice is "NONE-0001".'),
  })
  const hook = (await drawdown`webhook create https://example.com/hook --event run.finished --json`).json as {
    id: string
  }
  expect((await drawdown`webhook list`).out).toMatch(
    /enabled +0 +run\.finished +https:\/\/example\.com\/hook/,
  )
  expect(await drawdown`webhook create http://127.0.0.1/hook`).toMatchObject({ code: 1 })
  expect((await drawdown`webhook deliveries ${hook.id}`).out).toBe('Nothing was sent there.\n')
  expect((await drawdown`webhook remove ${hook.id}`).out).toBe('Removed.\n')
  expect((await drawdown`account interim --account ${accountId} --at 100`).out).toMatch(
    /^Overage of \$100\.00 that is on no invoice is billed at once/,
  )
  expect((await drawdown`account interim --account ${accountId} --off`).out).toMatch(/^No interim invoices/)
})

test('credits are granted once a key, billed where they are sold, and taken back', async () => {
  const grant = (...words: string[]) => runWith({}, ['grant', ...words, '--account', accountId])
  const create = ['create', '--key', 'spring', '--reason', 'Spring sale', '--credits', '100']
  const sale = [...create, '--source', 'purchase', '--price', '80', '--json']
  const sold = (await grant(...sale)).json as { id: string }
  expect(sold).toMatchObject({ source: 'purchase', granted: '100', price: '80', remaining: '100' })
  expect((await grant(...sale)).json).toMatchObject({ id: sold.id })
  expect((await drawdown`invoice list`).out).toMatch(/paid +.*\$80\.00/)
  const { code, err } = await grant(...create, '--source', 'promotion')
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('granted something else') })
  expect((await drawdown`balance --json`).json).toMatchObject({ balance: '150' })
  await grant('void', sold.id, '--reason', 'Sold twice')
  expect((await grant('list')).out).toMatch(
    /purchase +100 +0 .* taken back: Sold twice +Spring sale\n.* plan +50 +50 /,
  )
  expect((await drawdown`balance --json`).json).toMatchObject({ balance: '50' })
})

test('the mix planner and its inverse', async () => {
  expect((await drawdown`mix --fixed smart_crop=100 --json`).json).toMatchObject({
    cost: '20',
    balance_after: '30',
    available: { smart_crop: 150, remove_background: 60 },
  })
  expect((await drawdown`mix --target smart_crop=300 remove_background=10 --json`).json).toMatchObject({
    balance_needed: '65',
  })
  expect((await drawdown`mix --automation ${'marketplace square'}`).out).toContain(
    '71 images through Marketplace square',
  )
})

test('a run asks before it costs, and says so where nobody can answer', async () => {
  const photos = join(server.folder, 'photos')
  await makePhotos(photos, 1, 3)
  await mkdir(join(photos, 'more'))
  await makePhotos(join(photos, 'more'), 1, 1)
  const out = join(server.folder, 'results')
  const asked = await drawdown`run ${'Square crop'} ${photos} --out ${out}`
  expect(asked.code).toBe(2)
  expect(asked.out).toContain('3 photos: at most $0.60 from credits, $0.00 overage, $49.40 left after')
  expect(asked.err).toContain('Say --yes')

  const done = await drawdown`run ${'square crop'} ${photos} --out ${out} --yes`
  expect(done.code).toBe(0)
  expect(done.out).toContain('3 photos: $0.60, of it $0.60 from credits, $0.00 overage')
  expect(done.out).not.toContain('at most')
  expect(done.out).toContain(`4 files in ${out}. $49.40 left.`)
  // The fourth is the first under another name: worked on and paid for once, written under both.
  expect((await readdir(out, { recursive: true })).sort()).toEqual(
    ['more', 'more/photo-001.jpg', 'photo-001.jpg', 'photo-002.jpg', 'photo-003.jpg'].sort(),
  )

  const again = await drawdown`run ${'Square crop'} ${photos} --out ${out} --yes --json`
  expect(again.json).toMatchObject({
    cost: '0',
    operations: expect.arrayContaining([expect.objectContaining({ already_paid: 3 })]),
  })
}, 120_000)

test('usage is booked once for its key', async () => {
  const first = await drawdown`usage record smart_crop 300 --key a --json`
  expect(first.json).toMatchObject({ cost: '60', from_credits: '49.4', overage: '10.6', balance_after: '0' })
  expect((await drawdown`usage record smart_crop 300 --key a --json`).json).toEqual(first.json)
  const other = await drawdown`usage record smart_crop 301 --key a --json`
  expect(other.code).toBe(1)
  expect(JSON.parse(other.err)).toMatchObject({ type: '/problems/idempotency_conflict', status: 409 })
})

test('a change of plan is shown with its amount, and done when agreed to', async () => {
  const asked = await drawdown`plan change growth`
  expect([asked.code, asked.out]).toEqual([2, expect.stringMatching(/\$1\d\d\.\d\d/)])
  expect((await drawdown`plan change growth --yes`).out).toContain('You are on Growth now.')
  expect((await drawdown`plan change starter --yes --json`).json).toMatchObject({
    kind: 'at_boundary',
    status: 'scheduled',
  })
})

test('the clock moves to the anchor day, and the invoice is there by its number', async () => {
  const { json } = await drawdown`balance --json`
  const { end } = (json as { period: { end: string } }).period
  const moved = await drawdown`clock advance --to ${end} --account ${accountId} --json`
  const [number] = (moved.json as { accounts: { invoices: string[] }[] }).accounts[0]!.invoices
  const shown = await drawdown`invoice show ${number!}`
  expect(shown.out).toContain(`Invoice ${number}: paid`)
  expect(shown.out).toMatch(/Starter plan +\$50\.00\n/)
  expect(shown.out).toMatch(/Total +\$60\.60\nPaid +\$60\.60\nAmount due +\$0\.00/)
  expect((await drawdown`invoice show upcoming`).out).toContain('The next invoice, as it would be now\n')
  expect((await drawdown`invoice list --json`).json).toMatchObject({
    data: [{ number }, { kind: 'upgrade' }, { kind: 'purchase' }, { kind: 'start' }],
  })
})

test.each([
  ['balance --account nobody', 1, 'There is no one account "nobody".'],
  ['invoice show NOPE-0001', 1, 'There is no invoice "NOPE-0001".'],
  ['run nope . --out no-such-folder', 1, 'There is no automation "nope".'],
  ['usage record nope 1 --key b', 1, 'does not offer "nope"'],
  ['clock advance --to 2030-01-01', 2, 'Whose clock is to be moved?'],
  ['clock advance --to yesterday --all', 2, '"yesterday" is not an instant.'],
  ['mix --fixed smart_crop', 2, 'such as smart_crop=100'],
  ['nonsense', 2, "unknown command 'nonsense'"],
])('%s ends with %i and says why', async (words, code, sentence) => {
  const ended = await runWith({}, words.split(' '))
  expect(ended).toMatchObject({ code, err: expect.stringContaining(sentence) })
})

test('where no server answers, that is what is said', async () => {
  const ended = await runWith({ DRAWDOWN_URL: 'http://127.0.0.1:1', DRAWDOWN_API_KEY: 'dd_x' }, ['balance'])
  expect(ended).toMatchObject({
    code: 1,
    err: expect.stringContaining('No Drawdown server answers at http://127.0.0.1:1.'),
  })
})

type Ended = { code: number; out: string; err: string; json: unknown }

/** drawdown`run ${'Square crop'} ${folder} --out x`: words as in a shell, and what is put in is one word each. */
function drawdown(words: TemplateStringsArray, ...values: string[]): Promise<Ended> {
  const args = words.flatMap((text, index) => {
    const split = text.split(' ').filter((word) => word !== '')
    return index < values.length ? [...split, values[index]!] : split
  })
  return runWith({}, args)
}

function runWith(environment: Record<string, string>, args: string[]): Promise<Ended> {
  const program = join(import.meta.dirname, '../cli/drawdown.mjs')
  const env = {
    PATH: process.env.PATH,
    HOME: server.folder,
    XDG_CONFIG_HOME: join(server.folder, 'config'),
    DRAWDOWN_DATA: join(server.folder, 'data'),
    ...environment,
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (fault, out, err) => {
      const json = args.includes('--json') && out !== '' ? JSON.parse(out) : undefined
      resolve({ code: fault === null ? 0 : Number(fault.code), out, err, json })
    })
  })
}
