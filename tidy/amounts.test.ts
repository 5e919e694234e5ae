import ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'
import { isTest, ROOT, readFiles } from './house.ts'

/**
 * Rule R8: no `number` ever holds an amount. The type checker is asked, so that an inferred number is found as well as a written one.
 */

/** A name whose last word is one of these holds an amount. */
const AMOUNT_WORDS =
  /(^|[a-z0-9_])(micros|amounts?|balances?|costs?|overages?|fees?|prices?|discounts?|credits|consideration)$/i
/** Offences, each with what is to be said of it. */
const FORBIDDEN = [
  ['const feeMicros: number = 1', 'feeMicros'],
  ['const balance = 1.5', 'balance'],
  ['function f(unit_price: number | null) { return unit_price }', 'unit_price'],
  ['type Line = { amount?: number }', 'amount'],
  ['const f = (cost: bigint) => Number(cost)', 'Number(cost)'],
  ['const f = (line: { amount: bigint }) => Number(line.amount) / 100', 'Number(line.amount)'],
  ['const f = (text: string) => parseFloat(text)', 'parseFloat(text)'],
  ['const f = (share: number) => share.toFixed(2)', 'share.toFixed(2)'],
  ['const f = (line: { amount: string }) => +line.amount', '+line.amount'],
] as const
const ALLOWED = [
  'const balance: bigint = 1n',
  'type Line = { amount: string; creditsBuy: number }',
  'const f = (count: bigint) => Number(count)',
]
const planted = new Map(
  [...FORBIDDEN.map(([text]) => text), ...ALLOWED].map((text, index) => [
    `${ROOT}/tidy/planted-${index}.ts`,
    `export {}\n${text}\n`,
  ]),
)

/** By path: the planted files stand in the same program as the product, since to make one takes seconds. */
let found: Map<string, string[]>

beforeAll(() => {
  const paths = readFiles('.ts', '.tsx').filter((file) => !isTest(file.path))
  found = findNumbers(compile([...paths.map(({ path }) => `${ROOT}/${path}`), ...planted.keys()]))
}, 300_000)

test('no number holds an amount, and no amount becomes one', () => {
  const inHouse = [...found].filter(([path]) => !planted.has(`${ROOT}/${path}`))
  expect(inHouse.flatMap(([path, offences]) => offences.map((offence) => `${path}:${offence}`))).toEqual([])
})

test.each(FORBIDDEN.map(([text, offence], index) => ({ text, offence, index })))(
  'a planted one is found: $text',
  ({ offence, index }) => expect(found.get(`tidy/planted-${index}.ts`)).toEqual([`2 ${offence}`]),
)

test.each(ALLOWED.map((text, index) => ({ text, index: FORBIDDEN.length + index })))(
  'what is allowed is left alone: $text',
  ({ index }) => expect(found.get(`tidy/planted-${index}.ts`)).toEqual([]),
)

function findNumbers(program: ts.Program): Map<string, string[]> {
  const checker = program.getTypeChecker()
  const byPath = new Map<string, string[]>()
  for (const source of program.getSourceFiles()) {
    const path = source.fileName.slice(ROOT.length + 1)
    if (!source.fileName.startsWith(ROOT) || /(^|\/)(node_modules|generated)\//.test(path)) continue
    // Pixels and shares of a picture are not amounts; nothing in that room knows one. Nor does the product hold what stands in for Stripe.
    if (path.startsWith('images/') || isTest(path)) continue
    // Stripe's SDK takes nothing but a number: it is made there, from whole units, and goes straight into the request.
    if (path === 'payments/stripe-amounts.ts') continue
    const offences: string[] = []
    byPath.set(path, offences)
    const visit = (node: ts.Node) => {
      const offence = declaresNumber(node, checker) ?? makesNumber(node)
      if (offence !== undefined) {
        offences.push(`${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${offence}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return byPath
}

function declaresNumber(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (!isDeclaration(node) || !node.name || !(ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)))
    return undefined
  const name = node.name.text
  if (!AMOUNT_WORDS.test(name)) return undefined
  return holdsNumber(checker.getTypeAtLocation(node)) ? name : undefined
}

function isDeclaration(node: ts.Node): node is ts.NamedDeclaration & { name?: ts.Node } {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isBindingElement(node)
  )
}

function holdsNumber(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(holdsNumber)
  return (type.flags & ts.TypeFlags.NumberLike) !== 0
}

/** Number(amount), +amount, and the two that are never needed where amounts live. */
function makesNumber(node: ts.Node): string | undefined {
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken) {
    return AMOUNT_WORDS.test(lastName(node.operand)) ? node.getText() : undefined
  }
  if (!ts.isCallExpression(node)) return undefined
  const called = node.expression.getText()
  if (/(^|\.)(parseFloat|toFixed|toPrecision)$/.test(called)) return node.getText()
  const [first] = node.arguments
  if (called !== 'Number' || first === undefined) return undefined
  return AMOUNT_WORDS.test(lastName(first)) ? node.getText() : undefined
}

/** The last name in `a.b!.c`. */
function lastName(expression: ts.Expression): string {
  if (ts.isNonNullExpression(expression) || ts.isParenthesizedExpression(expression))
    return lastName(expression.expression)
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text
  return ts.isIdentifier(expression) ? expression.text : ''
}

function compile(paths: string[]): ts.Program {
  const { config } = ts.readConfigFile(`${ROOT}/tsconfig.json`, ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = (path) => planted.get(path) ?? readFile(path)
  host.fileExists = (path) => planted.has(path) || fileExists(path)
  return ts.createProgram(paths, options, host)
}
