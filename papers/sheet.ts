/**
 * What stands on a paper, ready to be set: every word, date and amount is text already.
 *
 * Made by describe-invoice.ts, describe-credit-note.ts and describe-receipt.ts; set by paper.typ, which has no word and no arithmetic
 * of its own and prints what it is given as text, never as markup.
 */
import type { Logo } from './parties.ts'

export type Sheet = {
  /** Title of the file: "Invoice ACME-0003". */
  title: string
  /** Of the seller; the author of the file. */
  author: string
  /** Civil date on which it was made out, for the file: a sheet of the same facts is the same file for ever. */
  date: { year: number; month: number; day: number }
  language: string
  size: 'a4' | 'us-letter'
  /** The image is handed over beside the sheet. */
  logo: Logo['type'] | null
  /** "Invoice", in large. */
  kind: string
  /** "ACME-0003", under it; null where a paper has no number. */
  number: string | null
  /** One line above the buyer's address, as window envelopes show it. */
  senderLine: string | null
  buyer: string[]
  facts: Fact[]
  /** What matters most, in one sentence: "$65.00 paid on 2 December 2026". */
  headline: { text: string; tone: 'settled' | 'open' | 'plain' } | null
  /** Below the headline, in the order of the page. */
  tables: Table[]
  /** Right under the tables, the last one strong. */
  totals: { name: string; amount: string; strong: boolean }[]
  notes: string[]
  /** Tables that are not added up, after everything else. */
  annex: Table[]
  /** Columns at the foot of each page. */
  footer: string[][]
  /** "Page {page} of {pages}" */
  pageWords: string
}

export type Fact = { name: string; value: string }

export type Table = {
  title: string | null
  /** The first is text, the others are figures at the right. */
  columns: string[]
  /** As many cells as columns. `detail` stands small under the first cell. */
  rows: { cells: string[]; detail: string | null }[]
}
