/**
 * A table of rows: the first column names the row, numbers stand at the right. What is too wide scrolls within itself, with a
 * shadow at the edge beyond which there is more. It lies on a panel, whose colour hides the shadows at either end.
 */
import type { ReactNode } from 'react'

export type Column = { name: ReactNode; right?: boolean }
export type Row = { key: string; cells: readonly ReactNode[] }

export function Table({
  label,
  columns,
  rows,
  width = 'min-w-xl',
}: {
  /** Names the table for assistive technology. */
  label: string
  columns: readonly Column[]
  rows: readonly Row[]
  /** Least width: below it, it scrolls. */
  width?: string
}) {
  const side = (index: number) =>
    `${index > 0 ? 'pl-5' : ''} ${columns[index]?.right ? 'text-right figures' : ''}`
  return (
    // Relative, since what is hidden from sight within must not widen the page.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a form, and a section is a landmark beside its own
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div role="group" aria-label={label} tabIndex={0} className="edge-shadows relative overflow-x-auto">
      <table className={`w-full text-left ${width}`}>
        <thead className="text-ink-2">
          <tr>
            {columns.map(({ name }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <th key={index} scope="col" className={`py-2 font-normal ${side(index)}`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [first, ...rest] }) => (
            <tr key={key} className="border-t border-line align-top">
              <th scope="row" className="py-2 font-medium">
                {first}
              </th>
              {rest.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                <td key={index} className={`py-2 ${side(index + 1)}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
