import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser'
import { beforeAll, expect, test } from 'vitest'
import { listFolders, listPaths, ROOT, readFiles } from './house.ts'
import { importRules } from './import-rules.ts'

const TEST = '\\.test\\.tsx?$|(^|/)test-[^/]+\\.tsx?$'
/** The others are part of no product: they measure it, and use its test photos. */
const SHIPPED_ROOMS = Object.keys(importRules).filter(
  (room) => !['tidy', 'scenarios', 'bench', 'trust'].includes(room),
)

/** Programs of images/ that no server runs: sheets and the pictures of the docs. */
const LOOKED_AT = '^images/(quality/|(write-)?operations-page)'

let cruised: ICruiseResult

beforeAll(async () => {
  const rooms = listFolders().filter((folder) =>
    readFiles('.ts', '.tsx', '.mjs').some((file) => file.room === folder),
  )
  cruised = await look([...rooms, ...listPaths().filter((path) => /^[^/]+\.ts$/.test(path))])
}, 120_000)

test('every room with code says what it may import', () => {
  const rooms = new Set(readFiles('.ts', '.tsx', '.mjs').map((file) => file.room))
  rooms.delete('')
  expect([...rooms].filter((room) => importRules[room] === undefined)).toEqual([])
})

test('rooms import what they may, and there is no cycle', () => {
  const broken = cruised.summary.violations.map(
    ({ rule, from, to, cycle }) =>
      `${rule.name}: ${from} → ${cycle ? cycle.map(({ name }) => name).join(' → ') : to}`,
  )
  expect(broken).toEqual([])
})

test('a planted import, type import, package, cycle and test are caught', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-tidy-'))
  try {
    const plant = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    plant('billing/room.ts', "import '../ledger/verb.ts'\n")
    plant('ledger/verb.ts', "import './other.ts'\n")
    plant('ledger/other.ts', "import './verb.ts'\nimport './verb.test.ts'\nimport 'left-pad'\n")
    plant('ledger/verb.test.ts', "import '../http/app.ts'\n")
    plant('http/app.ts', "import { rate } from '../billing/rate.ts'\nexport const use = rate\n")
    plant('billing/rate.ts', 'export const rate = 1\n')
    const found = (await look(['billing', 'ledger', 'http'], folder)).summary.violations
    expect(found.map(({ rule, from }) => `${from}: ${rule.name}`).sort()).toEqual([
      'billing/room.ts: billing may import',
      'http/app.ts: http may import types of',
      'ledger/other.ts: every import is found',
      'ledger/other.ts: ledger may import',
      'ledger/other.ts: no cycle',
      'ledger/other.ts: what ships imports no test',
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the cruiser sees imports at all', () => {
  const ledger = cruised.modules.find(({ source }) => source === 'ledger/book-usage.ts')
  expect(ledger?.dependencies.map(({ resolved }) => resolved)).toContain('database/connect.ts')
})

async function look(paths: string[], baseDir = ROOT): Promise<ICruiseResult> {
  const answer = await cruise(
    paths,
    {
      baseDir,
      validate: true,
      ruleSet: { forbidden: forbidden() },
      tsPreCompilationDeps: true,
      doNotFollow: { path: ['node_modules'] },
      exclude: { path: ['(^|/)(dist|data)/'] },
    },
    {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  )
  return answer.output as ICruiseResult
}

function forbidden(): IForbiddenRuleType[] {
  return [
    {
      name: 'no cycle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'what ships imports no test',
      severity: 'error',
      from: {
        path: `^(${SHIPPED_ROOMS.join('|')})/`,
        pathNot: [TEST, '^database/test-cluster.ts', LOOKED_AT],
      },
      to: { path: TEST },
    },
    {
      name: 'the files of the oracle import each other, and nothing else',
      severity: 'error',
      from: { path: '^simulation/oracle' },
      to: { pathNot: '^simulation/oracle' },
    },
    { name: 'every import is found', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(importRules).flatMap(([room, rule]) => rulesOf(room, rule)),
  ]
}

function rulesOf(room: string, rule: (typeof importRules)[string]): IForbiddenRuleType[] {
  const from = { path: `^${room}/`, pathNot: [TEST] }
  const rooms = [room, ...rule.rooms].map((name) => `^${name}/`)
  const files = (rule.files ?? []).map((file) => `^${file.replaceAll('.', '\\.')}$`)
  const packages = rule.packages.includes('*')
    ? ['node_modules/']
    : rule.packages.map((name) => `(^|/)node_modules/(@types/)?${name.replace('/', '\\/')}/`)
  const allowed = [...rooms, ...files, ...packages]
  const types = (rule.types ?? []).map((name) => `^${name}/`)
  return [
    {
      name: `${room} may import`,
      severity: 'error',
      from,
      to: { pathNot: [...allowed, ...types], dependencyTypesNot: ['core'] },
    },
    ...(types.length === 0
      ? []
      : [
          {
            name: `${room} may import types of`,
            severity: 'error' as const,
            from,
            to: { path: types, pathNot: files, dependencyTypesNot: ['type-only' as const] },
          },
        ]),
  ]
}
