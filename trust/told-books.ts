/**
 * Books of a real Postgres, made by telling it stories: their invoices are rebuilt from raw usage (T11), and then somebody tampers
 * with them (T12).
 *
 * Called by run.ts. An invoice is rebuilt twice: verify/ derives its lines and totals from the records of usage, and the story is
 * told again to books in memory, whose every line must come out the same, to the letter.
 */

import { openTestBooks } from '../ledger/test-account.ts'
import { compareWithPostgres, storyForPostgres } from '../simulation/compare-with-postgres.ts'
import type { Story } from '../simulation/story.ts'
import { tamper } from '../verify/tamper.ts'
import { TAMPERINGS } from '../verify/tampering.ts'
import { liveSomeMonths } from '../verify/test-months.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { type Check, count, type Row } from './scoreboard.ts'
import type { Scratch } from './scratch-database.ts'

/** Longer ones take Postgres minutes, and hold nothing that shorter ones do not. */
const MOST_COMMANDS = 400
const SHOWN = 5

type Books = { accountIds: string[]; accountMonths: number; wrong: string[] }

export const toldBooks: Check = {
  ids: ['T11', 'T12'],
  async run(scale, scratch) {
    const opened = await scratch()
    const books: Books = { accountIds: [], accountMonths: 0, wrong: [] }
    for (const story of stories(scale === 'long' ? 400 : 30)) await tell(opened, story, books)
    const told = await rebuilt(opened, books)
    // What no story tells of: refunds, disputes, and what is given up.
    const test = await openTestBooks(opened)
    for (const turn of [1, 2]) books.accountIds.push(await liveSomeMonths(test, turn))
    return [told, await tampered(opened, books, scale === 'long' ? 200 : TAMPERINGS.length)]
  },
}

function* stories(howMany: number): Generator<Story> {
  for (let seed = 1, told = 0; told < howMany; seed++) {
    const story = storyForPostgres(seed)
    if (story.commands.length > MOST_COMMANDS || story.commands.length < 20) continue
    told += 1
    yield story
  }
}

async function tell({ db }: Scratch, story: Story, books: Books): Promise<void> {
  const { differences, accountIds, accountMonths } = await compareWithPostgres(db, story)
  books.accountIds.push(...accountIds)
  books.accountMonths += accountMonths
  for (const { name, expected, found } of differences) {
    books.wrong.push(`${story.name}, ${name}: expected ${expected}, found ${found}`)
  }
  for (const id of accountIds) {
    for (const { check, row, detail } of await db.asTenant(id, (tx) => verifyAccount(tx, id))) {
      books.wrong.push(`${story.name}, ${check}: ${row}: ${detail}`)
    }
  }
}

async function rebuilt({ db }: Scratch, { accountIds, accountMonths, wrong }: Books): Promise<Row> {
  let [invoices, lines] = [0, 0]
  for (const id of accountIds) {
    const [found] = await db.asTenant(id, (tx) =>
      tx.query<{ invoices: number; lines: number }>(
        `select (select count(*)::integer from invoices where account_id = $1) as invoices,
           (select count(*)::integer from invoice_lines where account_id = $1) as lines`,
        [id],
      ),
    )
    invoices += found!.invoices
    lines += found!.lines
  }
  return {
    id: 'T11',
    figure: 'invoices rebuilt from raw usage, to the letter; differences',
    wanted: 'all / 0',
    got: `${count(invoices)} / ${wrong.length}`,
    met: invoices > 0 && wrong.length === 0,
    notes: [
      `${count(lines)} lines of ${count(accountMonths)} account-months in Postgres, each with all answers and sums`,
      ...wrong.slice(0, SHOWN),
    ],
  }
}

async function tampered({ url }: Scratch, { accountIds }: Books, times: number): Promise<Row> {
  const done = await tamper({ databaseUrl: url, accountIds, seed: 12, count: times })
  const missed = done.filter(({ detected }) => !detected)
  const unnamed = done.filter(({ detected, named }) => detected && !named)
  return {
    id: 'T12',
    figure: `tampering of ${new Set(done.map(({ kind }) => kind)).size} kinds detected, and the row named`,
    wanted: `${count(times)} / ${count(times)}`,
    got: `${count(done.length - missed.length - unnamed.length)} / ${count(done.length)}`,
    met: missed.length + unnamed.length === 0,
    notes: [
      ...missed.map(({ kind, row }) => `not detected: ${kind} (${row})`),
      ...unnamed.map(({ kind, row, findings }) => `${kind}: ${row} is not named, but ${findings[0]!.row}`),
    ].slice(0, SHOWN),
  }
}
