import { expect, test } from 'vitest'
import { type HouseFile, readFiles } from './house.ts'
import { rules } from './text-rules.ts'

const HEADER = '/** What it is for. */\n'

/** For each rule a file that breaks it. A rule that finds nothing here would find nothing anywhere. */
const planted: Record<string, HouseFile> = {
  'begins with a comment that says what the file is for': file('ledger/a.ts', 'export const a = 1\n'),
  'has at most 400 lines': file('ledger/a.ts', `${HEADER}${'// more\n'.repeat(400)}`),
  'has no function longer than 70 lines': file(
    'ledger/a.ts',
    `${HEADER}function f() {\n${'f()\n'.repeat(70)}}\n`,
  ),
  'leaves nothing for later in the text': file('ledger/a.ts', `${HEADER}// ${'TO'}DO: round\n`),
  'names no folder of one machine': file('ledger/a.ts', `${HEADER}const a = '${'/ro'}ot/x'\n`),
  'skips no test and singles none out': file('ledger/a.test.ts', "test.skip('a', () => {})\n"),
  'reads the environment in config.ts alone': file('ledger/a.ts', `${HEADER}const a = process.env.A\n`),
  'is given its clock and its chance': file('billing/a.ts', `${HEADER}const a = Date.now()\n`),
  "asks for the account's time, not the database's": file(
    'ledger/a.ts',
    `${HEADER}const a = \`select \${1}, clock_timestamp()\`\n`,
  ),
  'knows the sandbox offset in ledger alone': file(
    'http/a.ts',
    `${HEADER}const a = 'select clock_offset_ms'\n`,
  ),
  'is no barrel': file('ledger/a.ts', `${HEADER}export * from './b.ts'\n`),
  'has no class of a vague trade': file('ledger/a.ts', `${HEADER}class GrantManager {}\n`),
}

test.each(rules)('a file that breaks it is found: $name', (rule) => {
  const offender = planted[rule.name]
  expect(offender, 'every rule has a planted offence').toBeDefined()
  expect(rule.about(offender!)).toBe(true)
  expect(rule.offences(offender!)).toHaveLength(1)
})

test.each(rules)(
  'every file $name',
  (rule) => {
    const files = readFiles('.ts', '.tsx', '.mjs', '.js', '.sql', '.css', '.md').filter(rule.about)
    expect(files.flatMap(rule.offences)).toEqual([])
    // Some rules parse every file, which takes a machine at work its time.
  },
  120_000,
)

function file(path: string, text: string): HouseFile {
  return { path, room: path.slice(0, path.indexOf('/')), text }
}
