/**
 * One line of CSV (RFC 4180), that no spreadsheet takes for anything but data.
 *
 * Called by every export.
 *
 * 1. A text that begins like a formula (= + - @, tab, carriage return) gets an apostrophe before it; numbers stay numbers.
 * 2. A line ends with CR LF; a cell that holds a comma, a quote or a line break is quoted.
 */

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text)
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
