/**
 * How the statements of a transaction reach a Citus cluster (distribute.ts), written as they are for one Postgres.
 *
 * Called by connect.ts, which asks once a process whether the tables are spread, and by ledger/, whose statements join the rows that they are
 * given to tables of accounts.
 *
 * 1. A statement that names one account in every table goes whole to the node that has it. Lists become arrays for that (`onCluster`), and a
 *    table that is only joined says its account once more (`onItsNode`).
 * 2. Rows of several nodes are locked and joined by no statement: whoever works on many accounts does so one after another (`byNode`), in the
 *    order of their ids, within one transaction, which Citus commits on all nodes or none.
 * 3. Rows that are selected and inserted are copied, which row-level security refuses; with an answer they are inserted on their node.
 * 4. What changes rows reads the clock as its statement begins, or by a query of its own.
 * 5. On one Postgres nothing of this costs anything: the texts are as they were.
 */

type Place = { readonly isSpread: boolean }

/** Answers one row, `spread`. */
export const ASKS_WHETHER_SPREAD =
  "select exists (select from pg_extension where extname = 'citus') as spread"

const INSERTS = /^\s*insert into /i
const SELECTS = /\bselect\b/i
const ANSWERS = /\breturning\b|\bon conflict\b/i
const LISTED = /\bin \(select unnest\((\$\d+::uuid\[\])\)\)/g
const CHANGES = /\bupdate\b[^;]*\bset\b/i
/** A clock that is read only perhaps, or compared with what a row has. */
const PERHAPS = /(\b(?:then|(?:coalesce|least|greatest)\([^()]*,)\s*)((?:clock_timestamp|now)\(\))/g

/** The statement as a cluster takes it. */
export function onCluster(text: string): string {
  const pruned = text.replace(LISTED, '= any ($1)')
  if (INSERTS.test(pruned)) {
    return SELECTS.test(pruned) && !ANSWERS.test(pruned) ? `${pruned} returning null` : pruned
  }
  if (!CHANGES.test(pruned)) return pruned
  return pruned
    .replace(PERHAPS, '$1(select $2)')
    .replace(/(?<!select )clock_timestamp\(\)/g, 'statement_timestamp()')
}

/**
 * A condition by which Citus finds the node of a table that is joined to given rows: that its account is among those of a parameter. Only one
 * Postgres finds it by the join, and is not asked twice.
 */
export function onItsNode({ isSpread }: Place, accountId: string, parameter = '$1'): string {
  return isSpread ? `and ${accountId} = any (${parameter}::uuid[])` : ''
}

/**
 * Thrown inside a transaction that cannot go on before a statement has been committed on its own: it is, under the service's role, and the
 * transaction is run again. A cluster makes no partition in a transaction that has read.
 */
export class Beforehand extends Error {
  override readonly name = 'Beforehand'
  readonly text: string
  readonly values: readonly unknown[]

  constructor(text: string, values: readonly unknown[]) {
    super(`Has to be committed beforehand: ${text}`)
    this.text = text
    this.values = values
  }
}

/**
 * How a transaction begins there, a statement each: what is set for it alone travels to the nodes with the text that it stood in. The role
 * goes back to that of the session, which does not travel: nodes are spoken to under the role of the moment anyway, also inside a function
 * of the owner's. No plan is kept: which node a statement goes to is seen in its values.
 */
export function beginningOnCluster(begin: string): string[] {
  const texts = begin.split('; ').filter((text) => !text.startsWith('set local plan_cache_mode'))
  return texts.map((text) => text.replace(/^set local role \w+$/, 'reset role'))
}

/**
 * Runs `work` for the things of all accounts together, and on a cluster, where one statement reads or locks what one node holds, for those of
 * one account after another, in the order of their ids. Answers what it answered.
 */
export async function byNode<Thing, Answer>(
  { isSpread }: Place,
  things: readonly Thing[],
  {
    accountOf,
    work,
  }: { accountOf: (thing: Thing) => string; work: (some: readonly Thing[]) => Promise<Answer> },
): Promise<Answer[]> {
  if (!isSpread) return [await work(things)]
  const answers: Answer[] = []
  for (const accountId of [...new Set(things.map(accountOf))].sort())
    answers.push(await work(things.filter((thing) => accountOf(thing) === accountId)))
  return answers
}
