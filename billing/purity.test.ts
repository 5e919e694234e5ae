import { readdirSync, readFileSync } from 'node:fs'
import { createContext, Script } from 'node:vm'
import { buildSync } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'

// The rules are given their time, their state and their arithmetic. Here they are run in a world
// that has nothing else: no clock, no chance, no process, no network, no code made from text.

const room = import.meta.dirname
const rules = readdirSync(room).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))

test.each(rules)('%s imports its neighbours and temporal-polyfill alone', (file) => {
  const text = readFileSync(`${room}/${file}`, 'utf8')
  const imported = [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, name]) => name!,
  )
  const foreign = imported.filter(
    (name) => name !== 'temporal-polyfill' && !rules.includes(name.replace('./', '')),
  )
  expect(foreign).toEqual([])
})

test.each(rules)('%s has its tests beside it', (file) => {
  expect(readdirSync(room)).toContain(file.replace('.ts', '.test.ts'))
})

let bundle: Script

beforeAll(() => {
  const names = rules.map((file, index) => `import * as rule${index} from './${file}'`)
  const all = rules.map((_, index) => `...rule${index}`)
  const contents = `${names.join('\n')}\nglobalThis.billing = { ${all.join(', ')} }`
  const built = buildSync({
    stdin: { contents, resolveDir: room, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    // What temporal-polyfill has for people who ask it the time is never called by the rules.
    treeShaking: true,
  })
  bundle = new Script(built.outputFiles[0]!.text)
})

// A term of each kind, told with every part of the room; the result is plain JSON.
const STORY = `
  const deepFreeze = (value) => {
    if (typeof value === 'object' && value !== null && !(value instanceof Map) && !(value instanceof Date)) {
      Object.values(value).forEach(deepFreeze)
      Object.freeze(value)
    }
    return value
  }
  const b = globalThis.billing
  const at = new Date('2026-11-12T00:00:00Z')
  const published = b.publishPlan(deepFreeze({
    code: 'studio', name: 'Studio', currency: 'USD', creditUnit: 'credits', creditPrice: '0.065',
    listPrice: '500', discount: '250', credits: '4570',
    prices: [{ operation: 'smart_crop', unitPrice: '1.3' }],
  }))
  const { prices } = published.terms
  const grants = deepFreeze(['b', 'a'].map((id) => ({
    id, remaining: b.micros('2285'), priority: 50, startsAt: new Date(0), expiresAt: null,
  })))
  const purse = b.openPurse(grants, at)
  const rated = b.rateUsage({ quantity: 4000, price: prices.get('smart_crop') }, purse)
  const anchor = b.anchorAt(new Date('2026-11-02T00:00:00Z'), 'America/New_York')
  const period = b.periodOf(anchor, b.periodAt(anchor, at))
  const facts = deepFreeze({
    currency: 'USD', creditUnit: 'credits', planChange: null, purchases: [], lateUsage: [],
    fee: { planVersionId: 'v', planName: 'Studio', listPrice: b.micros('500'), discount: b.micros('250'), period },
    usage: [{ planVersionId: 'v', planName: 'Studio', operation: 'smart_crop', quantity: 4000n,
      overageUnitPrice: b.micros('0.0845'), overage: rated.overage }],
    creditsUsed: [{ source: 'plan', credits: rated.fromCredits }],
  })
  const net = b.invoiceLines(facts)
  const lines = [...net, ...b.taxLines(b.totalOf(net), [{ name: 'VAT', rate: b.micros('0.19') }], 'USD')]
  const units = { currency: 'USD', creditUnit: 'credits' }
  const story = {
    published: [...prices], rated, purse, anchor, period, lines,
    words: lines.map((line) => b.describeLine(line, 'USD')),
    draw: b.drawDown(b.micros('3000'), grants, at),
    mix: [...b.planMix({ balance: b.micros('10'), prices, fixed: new Map([['smart_crop', 3]]) }).available],
    quote: b.quoteRun({ perImage: ['smart_crop'], images: 9, prices, purse: b.openPurse(grants, at) }),
    prorated: b.prorate(b.micros('150'), period, at),
    recognised: b.recognisedToDate({ consideration: b.micros('250'), granted: b.micros('4570') }, rated.fromCredits),
    entries: b.usageBooked(units, { draws: [], overage: rated.overage }),
    settled: b.settle({ total: 5n, openingBalance: 3n, customerCredit: 2n, minimumCharge: 1n }),
    retry: b.afterFailure({ firstFailedAt: at, failedAt: at }),
    rolled: b.rollOver([{ id: 'a', remaining: 9n, rolled: 0 }], { cap: 5n, periods: 1 }),
    claim: b.mayClaim({ limit: 1n, accrued: 0n, balance: 0n, claimed: [], item: [] }),
    reversed: b.reverseInOpenPeriod({ record: { price: prices.get('smart_crop'), draws: rated.draws,
      uncovered: rated.uncovered, overage: rated.overage }, cost: rated.cost, later: [], usableGrantIds: new Set(['a']) }),
  }
  JSON.stringify(story, (key, value) => (typeof value === 'bigint' ? value.toString() : value))
`

/** A world without a clock, without chance and without a host, in which asking for one is a crash. */
function bareWorld() {
  const world = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } })
  new Script(`
    const Calendar = Date
    globalThis.Date = new Proxy(Calendar, {
      construct(target, args) {
        if (args.length === 0) throw new Error('the rules read no clock')
        return new target(...args)
      },
      apply() { throw new Error('the rules read no clock') },
      get(target, name) {
        if (name === 'now') throw new Error('the rules read no clock')
        return target[name]
      },
    })
    Object.defineProperty(Math, 'random', { get() { throw new Error('the rules know no chance') } })
    for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly', 'WeakRef', 'FinalizationRegistry']) {
      delete globalThis[name]
    }
  `).runInContext(world)
  return world
}

test('the bare world refuses what a rule must not ask for', () => {
  for (const wish of [
    'Date.now()',
    'new Date()',
    'Date()',
    'Math.random()',
    'process.env',
    'setTimeout(0)',
    'fetch',
  ]) {
    expect(() => new Script(wish).runInContext(bareWorld()), wish).toThrow()
  }
})

test('the rules tell the same story in a world without anything else, every time', () => {
  const tell = () => {
    const world = bareWorld()
    bundle.runInContext(world)
    return String(new Script(STORY).runInContext(world))
  }
  const story = tell()
  expect(JSON.parse(story)).toMatchObject({
    rated: { cost: '5200000000', overage: '40950000' },
    words: ['Studio plan', 'Discount on the Studio plan', expect.any(String), expect.any(String), 'VAT 19 %'],
  })
  expect(tell()).toBe(story)
})
