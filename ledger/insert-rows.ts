/**
 * Writes many rows with one statement: every column travels as one array, and unnesting them side by side makes rows. A batch of
 * five thousand and a single row are the same statement, so both keep their plan.
 *
 * Called by save-books.ts, by the booking path, and by the verbs that write what books do not carry.
 *
 * `unnest` stands in the select list, not in the from clause: there each column would first be kept as a table of its own, which
 * costs a batch as much as a fifth of its inserts.
 */
import { arrayValue } from '../database/array-value.ts'
import type { Transaction } from '../database/connect.ts'

/** Column name and its type in Postgres. An array type travels as text, since unnest would flatten it. */
export type Columns = Readonly<Record<string, string>>

/** Inserts the rows, each in the order of the columns. `onConflict` is the clause after the select. */
export async function insertRows(
  tx: Transaction,
  table: string,
  columns: Columns,
  rows: readonly (readonly unknown[])[],
  onConflict = '',
): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into ${table} (${Object.keys(columns).join(', ')}) select ${selected(columns)} from ${given(columns)} ${onConflict}`,
    columnArrays(columns, rows),
  )
}

/** Updates rows by key: `set` and `where` speak of the table by its name and of `given`. */
export async function updateRows(
  tx: Transaction,
  table: string,
  columns: Columns,
  rows: readonly (readonly unknown[])[],
  clauses: { set: string; where: string },
): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `update ${table} set ${clauses.set} from (select ${selected(columns)} from ${given(columns)}) as given
     where ${clauses.where}`,
    columnArrays(columns, rows),
  )
}

/** Rows of the parameters `$1…`, as something to select from. */
function given(columns: Columns): string {
  return `(select ${unnested(columns)}) as given`
}

function selected(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, type]) => (type.endsWith('[]') ? `${name}::${type} as ${name}` : name))
    .join(', ')
}

function unnested(columns: Columns): string {
  return Object.entries(columns)
    .map(
      ([name, type], index) => `unnest($${index + 1}::${type.endsWith('[]') ? 'text' : type}[]) as ${name}`,
    )
    .join(', ')
}

/** Each column of the rows as one parameter. */
function columnArrays(columns: Columns, rows: readonly (readonly unknown[])[]): unknown[] {
  return Object.values(columns).map((type, column) => {
    if (!type.endsWith('[]')) return arrayValue(type, rows.length, (row) => rows[row]![column])
    return arrayValue('text', rows.length, (row) => `{${(rows[row]![column] as unknown[]).join(',')}}`)
  })
}
