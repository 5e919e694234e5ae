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
 * 4. What changes rows calls no volatile function: the time is that at which its statement began.
 * 5. On one Postgres nothing of this costs anything: the texts are as they were.
 */

type Place = { readonly isSpread: boolean }

/** Answers one row, `spread`. */
export const ASKS_WHETHER_SPREAD =
  "select exists (select from pg_extension where extname = 'citus') as spread"

const INSERTS_SELECTED = /^\s*insert into .*?\bselect\b/is
const ANSWERS = /\breturning\b|\bon conflict\b/i
const LISTED = /\bin \(select unnest\((\$\d+::uuid\[\])\)\)/g
const CHANGES = /\bupdate\b[^;]*\bset\b/i

/** The statement as a cluster takes it. */
export function onCluster(text: string): string {
  const pruned = text.replace(LISTED, '= any ($1)')
  if (INSERTS_SELECTED.test(pruned) && !ANSWERS.test(pruned)) return `${pruned} returning null`
  return CHANGES.test(pruned) ? pruned.replaceAll('clock_timestamp()', 'statement_timestamp()') : pruned
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
 * is set by a function, which does not travel: nodes are spoken to under the role of the moment anyway, also inside a function of the owner's.
 */
export function beginningOnCluster(begin: string): string[] {
  return begin
    .split('; ')
    .map((text) => text.replace(/^set local role (\w+)$/, "select set_config('role', '$1', true)"))
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
