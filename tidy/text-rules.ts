/**
 * The rules of the house that can be read off one file: each is a function from a file to what is wrong with it.
 *
 * Called by text-rules.test.ts, which first plants an offence against each rule and then reads the whole repository.
 *
 * 1. A rule that is broken for a reason has the reason beside the exception, in this file and nowhere else.
 * 2. Code is judged by its syntax tree, not by its letters: a word in a comment or a string breaks no rule about code.
 */
import ts from 'typescript'
import { type HouseFile, isTest } from './house.ts'

export type Rule = {
  name: string
  /** Which files it is about. */
  about: (file: HouseFile) => boolean
  /** Sentences, each beginning with `path:line`; none when all is well. */
  offences: (file: HouseFile) => string[]
}

const isCode = (file: HouseFile) => /\.(ts|tsx|mjs|js)$/.test(file.path)
const isProduct = (file: HouseFile) => isCode(file) && !isTest(file.path)

const MOST_LINES = 400
const MOST_LINES_OF_FUNCTION = 70

const MAY_READ_ENVIRONMENT = new Map([
  ['config.ts', 'the one place that does'],
  ['start.mjs', 'hands the environment over before there is a config'],
  ['cli/settings.ts', 'a program of its own, which does not load the server'],
  ['bench/bench.ts', 'a program of its own, which is no part of the product'],
])

/** Rooms in which time, chance and the world come only by argument. */
const GIVEN_EVERYTHING = ['billing', 'ledger']

/** In ledger the time is the account's (rule R33). These files ask the database, each for its reason. */
const MAY_ASK_THE_TIME = new Map([
  ['ledger/open-books.ts', "reads the account's time, under its lock"],
  ['ledger/open-for-booking.ts', "reads the account's time, under its lock"],
  [
    'ledger/clock.ts',
    "moves the sandbox clock, which is the difference between the account's time and the database's",
  ],
  ['ledger/list-accounts.ts', 'shows what time it is for each account'],
  ['ledger/save-books.ts', 'due times are kept in wall time, for the sweeper'],
  ['ledger/change-plan.ts', 'previews expire in wall time'],
  ['ledger/rehearse-plan.ts', 'a rehearsal is of no account; when it ended is wall time'],
])

export const rules: Rule[] = [
  {
    name: 'begins with a comment that says what the file is for',
    about: (file) => isProduct(file) && file.path !== 'cli/drawdown.mjs' && !file.path.endsWith('.d.ts'),
    offences: (file) =>
      /^(#!.*\n)?(\/\/ biome-ignore-all .*\n)?\/\*\*/.test(file.text)
        ? []
        : [`${file.path}:1 has no header comment`],
  },
  {
    name: `has at most ${MOST_LINES} lines`,
    about: isCode,
    offences: (file) => {
      const lines = file.text.split('\n').length - 1
      return lines > MOST_LINES ? [`${file.path}:${lines} is longer than ${MOST_LINES} lines`] : []
    },
  },
  {
    name: `has no function longer than ${MOST_LINES_OF_FUNCTION} lines`,
    about: isProduct,
    offences: (file) => findLongFunctions(parse(file), file.path),
  },
  {
    name: 'leaves nothing for later in the text',
    about: (file) => !file.path.startsWith('tidy/'),
    offences: (file) => lineMatches(file, /\b(TODO|FIXME|HACK)\b/, 'leaves something for later'),
  },
  {
    name: 'names no folder of one machine',
    about: (file) => !file.path.startsWith('tidy/'),
    offences: (file) =>
      lineMatches(
        file,
        /(^|["'`\s(=:])\/(work|root|tmp|home\/\w+|Users\/\w+)\//,
        'names a folder of one machine',
      ),
  },
  {
    name: 'skips no test and singles none out',
    about: (file) => isTest(file.path),
    offences: (file) =>
      findNodes(file, (node) =>
        ts.isPropertyAccessExpression(node) &&
        /^(skip|only|todo|fails|skipIf|runIf)$/.test(node.name.text) &&
        /^(it|test|describe|suite)$/.test(node.expression.getText())
          ? `does not run every test: ${node.getText()}`
          : undefined,
      ),
  },
  {
    name: 'reads the environment in config.ts alone',
    about: (file) => isProduct(file) && !isExemptFromEnvironment(file),
    offences: (file) =>
      findNodes(file, (node) =>
        ts.isPropertyAccessExpression(node) && node.getText() === 'process.env'
          ? 'reads the environment'
          : undefined,
      ),
  },
  {
    name: 'is given its clock and its chance',
    about: (file) => isProduct(file) && GIVEN_EVERYTHING.includes(file.room),
    offences: (file) => findNodes(file, clockOrChance),
  },
  {
    name: "asks for the account's time, not the database's",
    about: (file) => isProduct(file) && file.room === 'ledger' && !MAY_ASK_THE_TIME.has(file.path),
    offences: (file) =>
      findNodes(file, (node) =>
        isText(node) && /\b(now\(\)|clock_timestamp|statement_timestamp|current_timestamp)/i.test(node.text)
          ? "asks the database for the time, which is not the account's"
          : undefined,
      ),
  },
  {
    name: 'knows the sandbox offset in ledger alone',
    about: (file) => isProduct(file) && file.room !== 'ledger' && file.room !== 'tidy',
    offences: (file) =>
      findNodes(file, (node) =>
        isText(node) && node.text.includes('clock_offset_ms') ? 'reads the sandbox offset' : undefined,
      ),
  },
  {
    name: 'is no barrel',
    about: (file) => isProduct(file) && file.path !== 'client/index.ts',
    offences: (file) => {
      const statements = parse(file).statements
      const forwards = statements.filter((one) => ts.isExportDeclaration(one) && one.moduleSpecifier)
      return statements.length > 0 && forwards.length === statements.length
        ? [`${file.path}:1 only passes on what others export`]
        : []
    },
  },
  {
    name: 'has no class of a vague trade',
    about: isProduct,
    offences: (file) =>
      findNodes(file, (node) =>
        ts.isClassDeclaration(node) && /(Manager|Service|Helper|Utils?)$/.test(node.name?.text ?? '')
          ? `says nothing by its name: ${node.name?.text}`
          : undefined,
      ),
  },
]

function isExemptFromEnvironment(file: HouseFile): boolean {
  // Scenarios start servers and so compose the environment of a child; tidy runs tools.
  return MAY_READ_ENVIRONMENT.has(file.path) || file.room === 'scenarios' || file.room === 'tidy'
}

function clockOrChance(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) {
    return 'reads a clock: new Date()'
  }
  if (!ts.isPropertyAccessExpression(node)) return undefined
  const text = node.getText()
  if (/^(Date\.now|performance\.now|Temporal\.Now|Math\.random)$/.test(text))
    return `reads a clock or chance: ${text}`
  return undefined
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
}

function parse(file: HouseFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
}

function findNodes(file: HouseFile, fault: (node: ts.Node) => string | undefined): string[] {
  const source = parse(file)
  const found: string[] = []
  const visit = (node: ts.Node) => {
    const text = fault(node)
    if (text !== undefined) found.push(`${file.path}:${lineOf(source, node)} ${text}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/**
 * A function that makes others and hands them out is as long as a file may be: what counts are its own lines, those of the named or
 * handed-out functions inside it aside.
 */
function findLongFunctions(source: ts.SourceFile, path: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): number => {
    let inner = 0
    ts.forEachChild(node, (child) => {
      inner += visit(child)
    })
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return inner
    const first = lineOf(source, node)
    const lines = source.getLineAndCharacterOfPosition(node.end).line + 2 - first
    if (lines - inner > MOST_LINES_OF_FUNCTION) {
      found.push(`${path}:${first} is a function of ${lines - inner} lines`)
    }
    return isPartOfStory(node) ? inner : lines
  }
  visit(source)
  return found
}

/** A function written into a call, such as what is done to each of a list, belongs to the story around it. */
function isPartOfStory(node: ts.Node): boolean {
  return (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && ts.isCallExpression(node.parent)
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

function lineMatches(file: HouseFile, pattern: RegExp, fault: string): string[] {
  return file.text
    .split('\n')
    .flatMap((line, index) =>
      pattern.test(line) ? [`${file.path}:${index + 1} ${fault}: ${line.trim()}`] : [],
    )
}
