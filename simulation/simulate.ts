/**
 * Tells stories to the books in memory and to the oracle, and says where the two disagree.
 *
 * Called by its own test, by the planted bugs and by the scoreboard. By hand: `tsx simulation/simulate.ts <first seed> <seeds>`.
 * The same seed tells the same story on every machine.
 */
import { inventStory } from './invent-story.ts'
import { oracle } from './oracle.ts'
import type { Account } from './oracle-account.ts'
import * as calendar from './oracle-calendar.ts'
import { type Counts, SITUATIONS, type Situation } from './situation-list.ts'
import { countSituations } from './situations.ts'
import { differencesOf, standOfOracle, standOfShelf } from './stand.ts'
import type { Story } from './story.ts'
import { Crashed, type Told, tellInMemory, type Watcher } from './tell-in-memory.ts'

/** What is wrong with a story: a crash, an answer that is not the oracle's, or a state that is not. */
export type Violation = { kind: 'crash' | 'answer' | 'state'; text: string }

export type Simulated = {
  seeds: number
  /** Months of subscriptions lived through. */
  accountMonths: number
  /** Uses sent, refused and repeated ones with them. */
  uses: number
  invoices: number
  violations: { seed: number; violation: Violation }[]
  situations: Counts
}

/** Lives through seeds from `first` on, until `accountMonths` or `seeds` are reached, or too much has gone wrong. */
export function simulate(wanted: {
  first: number
  seeds?: number
  accountMonths?: number
  mostViolations?: number
}): Simulated {
  const { first, seeds = Infinity, accountMonths = Infinity, mostViolations = 10 } = wanted
  const situations: Counts = new Map()
  const counter = countSituations(situations)
  const done: Simulated = { seeds: 0, accountMonths: 0, uses: 0, invoices: 0, violations: [], situations }
  for (let seed = first; done.seeds < seeds && done.accountMonths < accountMonths; seed++) {
    const story = inventStory(seed)
    const judged = judge(story, counter.watch())
    done.seeds += 1
    for (const command of story.commands) if (command.do === 'use') done.uses += command.uses.length
    done.accountMonths += judged.accountMonths
    for (const account of judged.accounts) {
      counter.look(account)
      done.invoices += account.invoices.length
    }
    if (judged.violation) done.violations.push({ seed, violation: judged.violation })
    if (done.violations.length >= mostViolations) break
  }
  return done
}

/** Situations that were not reached as often as wanted. */
export function unreached(counts: Counts, atLeast = 1): Situation[] {
  return SITUATIONS.filter((situation) => (counts.get(situation) ?? 0) < atLeast)
}

type Judged = { violation: Violation | null; accountMonths: number; accounts: Account[] }

/** Tells one story both ways; the first violation, if there is one. */
export function judge(story: Story, watch?: Watcher): Judged {
  try {
    const told = tellInMemory(story, watch)
    const { answers, accounts } = oracle(told.log, calendar)
    const accountMonths = told.shelves.reduce((sum, { months }) => sum + months, 0)
    return { violation: compare(told, answers, accounts), accountMonths, accounts }
  } catch (fault) {
    if (!(fault instanceof Crashed)) throw fault
    return { violation: { kind: 'crash', text: fault.message }, accountMonths: 0, accounts: [] }
  }
}

function compare(
  { answers, log, shelves }: Told,
  expected: string[][],
  accounts: Account[],
): Violation | null {
  for (const [command, words] of expected.entries()) {
    for (const [index, text] of words.entries()) {
      const found = answers[command]![index]
      if (found === text) continue
      const { do: act } = log.commands[command]!
      return { kind: 'answer', text: `command ${command} (${act}): expected ${text}, found ${found}` }
    }
  }
  for (const [index, account] of accounts.entries()) {
    const shelf = shelves[index]!
    const [first] = differencesOf(standOfOracle(account, shelf.books.now.getTime()), standOfShelf(shelf))
    if (!first) continue
    const text = `account ${index}, ${first.name}:\n  expected ${first.expected}\n  found    ${first.found}`
    return { kind: 'state', text }
  }
  return null
}

if (process.argv[1] === import.meta.filename) {
  const [first, seeds] = [Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 100)]
  const { violations, situations, ...figures } = simulate({ first, seeds })
  for (const { seed, violation } of violations)
    console.log(`seed ${seed}: ${violation.kind}: ${violation.text}`)
  for (const situation of SITUATIONS)
    console.log(`${String(situations.get(situation) ?? 0).padStart(8)} ${situation}`)
  console.log(figures, `${violations.length} violations`)
}
