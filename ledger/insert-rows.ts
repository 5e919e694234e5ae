/**
 * Writes many rows with one statement: every column travels as one array and `unnest` makes rows of them. A batch of
 * five thousand and a single row are the same statement, so both keep their plan.
 *
 * Called by save-books.ts and the verbs that write what books do not carry.
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
  const names = Object.keys(columns)
  await tx.query(
    `insert into ${table} (${names.join(', ')})
     select ${selected(columns)} from unnest(${arrays(columns)}) as given (${names.join(', ')}) ${onConflict}`,
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
  const names = Object.keys(columns)
  await tx.query(
    `update ${table} set ${clauses.set}
     from (select ${selected(columns)} from unnest(${arrays(columns)}) as sent (${names.join(', ')})) as given
     where ${clauses.where}`,
    columnArrays(columns, rows),
  )
}

function selected(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, type]) => (type.endsWith('[]') ? `${name}::${type} as ${name}` : name))
    .join(', ')
}

function arrays(columns: Columns): string {
  return Object.values(columns)
    .map((type, index) => `$${index + 1}::${type.endsWith('[]') ? 'text' : type}[]`)
    .join(', ')
}

/** Each column of the rows as one parameter. */
function columnArrays(columns: Columns, rows: readonly (readonly unknown[])[]): unknown[] {
  return Object.values(columns).map((type, column) => {
    if (!type.endsWith('[]')) return arrayValue(type, rows.length, (row) => rows[row]![column])
    return arrayValue('text', rows.length, (row) => `{${(rows[row]![column] as unknown[]).join(',')}}`)
  })
}
