/**
 * `credit-note create` (operator), `credit-note list` and `credit-note show`.
 */
import type { CreditNote, CreditNoteSummary, DrawdownClient } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount, showDay, showNumberOf, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { CommandRefused, UsedWrongly } from './refusal.ts'
import { asAccount, asOperator, findAccount } from './speak.ts'

export type CreateCreditNote = Globals & { usage?: string[]; run?: string; item?: string[]; reason: string }

export async function createCreditNote(options: CreateCreditNote): Promise<void> {
  const { account, usage, run, item, reason, json } = options
  if (account === undefined) throw new UsedWrongly('Whose usage is it?', 'Name the account with --account.')
  if ([usage, run, item].filter((one) => one !== undefined).length !== 1) {
    throw new UsedWrongly('Which usage is to be credited?', 'Give one of --usage, --run and --item.')
  }
  const chosen = {
    ...(usage === undefined ? {} : { usage_ids: usage }),
    ...(run === undefined ? {} : { run_id: run }),
    ...(item === undefined ? {} : { item_ids: item }),
  }
  const note = await asOperator(async (api) => {
    const { id } = await findAccount(api, account)
    return api.createCreditNote({ body: { account_id: id, reason, ...chosen } })
  })
  if (json) printJson(note)
  else printLines(...noteLines(note))
}

export async function listCreditNotes({ account, json }: Globals): Promise<void> {
  const notes = await asAccount(account, readNotes)
  if (json) return printJson({ data: notes, next_cursor: null })
  if (notes.length === 0) return printLines('No credit note yet.')
  printLines(
    ...tableLines(
      [
        ['number', 'date', 'customer credit', 'credits', 'reason'],
        ...notes.map((note) => [
          note.number,
          showDay(note.created_at, 'UTC'),
          showAmount(note.customer_credit, note.currency),
          ['credits_returned', 'credits_adjusted']
            .map((name) => note[name as 'credits_returned'])
            .filter((amount) => amount !== '0')
            .map((amount) => showAmount(amount, note.credit_unit))
            .join(' + ') || '–',
          note.reason,
        ]),
      ],
      [2, 3],
    ),
  )
}

/** `which`: a number or an id. */
export async function showCreditNote(which: string, { account, json }: Globals): Promise<void> {
  const note = await asAccount(account, async (api) =>
    api.getCreditNote({ path: { id: await findNote(api, which) } }),
  )
  if (json) return printJson(note)
  printLines(...noteLines(note))
}

export async function findNote(api: DrawdownClient, which: string): Promise<string> {
  if (which.startsWith('credit_note_')) return which
  const found = (await readNotes(api)).find((one) => one.number.toLowerCase() === which.toLowerCase())
  if (found) return found.id
  throw new CommandRefused(`There is no credit note "${which}".`, 'drawdown credit-note list names them.')
}

function readNotes(api: DrawdownClient): Promise<CreditNoteSummary[]> {
  return readAll((query) => api.listCreditNotes({ query }))
}

function noteLines(note: CreditNote): string[] {
  const money = (text: string) => showAmount(text, note.currency)
  const credits = (text: string) => showAmount(text, note.credit_unit)
  const below: [string, string, string][] = [
    ['Customer credit', note.customer_credit, money(note.customer_credit)],
    ['Of it back to the payment method', note.refunded, money(note.refunded)],
    ['Overage cancelled', note.overage_cancelled, money(note.overage_cancelled)],
    ['Credits returned', note.credits_returned, credits(note.credits_returned)],
    ['Credits as a grant of their own', note.credits_adjusted, credits(note.credits_adjusted)],
  ]
  return [
    `Credit note ${note.number}: ${note.reason}`,
    `${note.account.name}, ${showDay(note.created_at, 'UTC')}, ${showNumberOf(note.usage.length, 'usage record')}`,
    '',
    ...tableLines(
      [
        ...note.lines.map((line) => [line.description, money(line.amount)]),
        ...below.filter(([, amount]) => amount !== '0').map(([name, , shown]) => [name, shown]),
      ],
      [1],
    ),
  ]
}
