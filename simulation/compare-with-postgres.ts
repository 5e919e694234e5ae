/**
 * The same story told in memory and in Postgres: every answer, grant, invoice line, number, word and ledger sum must be the same,
 * so that what the million stories in memory prove holds for the product.
 *
 * Called by its test and by the scoreboard.
 */
import { describeLine } from '../billing/describe-line.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { inventStory } from './invent-story.ts'
import type { Shelf } from './memory-books.ts'
import { type Difference, differencesOf, type Stand } from './stand.ts'
import type { Story } from './story.ts'
import { tellInMemory } from './tell-in-memory.ts'
import { tellInPostgres } from './tell-in-postgres.ts'

/**
 * A story that Postgres can be told: a version that nobody publishes in it is a plan of its own, whoever chooses a plan gets its
 * newest version, and nothing was previewed.
 */
export function storyForPostgres(seed: number): Story {
  const story = inventStory(seed)
  const noticed = new Set(
    story.commands.flatMap((command) => (command.do === 'publish' ? [command.plan] : [])),
  )
  const firstOf = (code: string) => story.plans.findIndex((plan) => plan.code === code)
  const nameOf = (code: string, index: number) =>
    `s${seed}_${code}_${noticed.has(index) ? firstOf(code) : index}`
  const plans = story.plans.map((plan, index) => ({
    ...plan,
    code: nameOf(plan.code, index),
    trial: plan.trial && {
      ...plan.trial,
      successor: nameOf(plan.trial.successor, firstOf(plan.trial.successor)),
    },
  }))
  const published = new Set<number>()
  const newestOf = (plan: number): number => {
    const { code } = plans[plan]!
    const later = [...published].filter((index) => plans[index]!.code === code)
    return later.at(-1) ?? plans.findIndex((one) => one.code === code)
  }
  const commands = story.commands.map((command) => {
    if (command.do === 'publish' && command.lost !== 'transaction') published.add(command.plan)
    if (command.do === 'change') return { ...command, plan: newestOf(command.plan), pinnedAt: null }
    if (command.do !== 'use') return command
    return { ...command, uses: command.uses.map((use) => ({ ...use, pinned: null })) }
  })
  return { ...story, plans, commands }
}

/** Where the two disagree; empty when they are one. `accountIds` are those in the database, for further checks. */
export async function compareWithPostgres(
  db: Database,
  story: Story,
): Promise<{ differences: Difference[]; accountIds: string[]; accountMonths: number }> {
  const memory = tellInMemory(story)
  const { answers, accountIds, at } = await tellInPostgres(db, story)
  const differences: Difference[] = []
  const answered = story.commands.filter(({ lost }) => lost !== 'transaction')
  for (const [command, found] of answers.entries()) {
    // What is granted with a change of plan is told by memory alone; the grants themselves are compared below.
    const expected = memory.answers[command]!.map((text) =>
      text.replace(/^((awaiting|effective) \d+) \d+$/, '$1'),
    )
    const { do: act } = answered[command]!
    const texts = {
      name: `command ${command} (${act})`,
      expected: expected.join('; '),
      found: found.join('; '),
    }
    if (texts.expected !== texts.found) differences.push(texts)
  }
  const last = story.commands.at(-1)?.at ?? 0
  for (const [index, shelf] of memory.shelves.entries()) {
    const found = await at(accountIds[index]!, last, (tx) => standInPostgres(tx, accountIds[index]!))
    const wrong = differencesOf(standInMemory(shelf), found)
    differences.push(...wrong.map((one) => ({ ...one, name: `account ${index}, ${one.name}` })))
  }
  const accountMonths = memory.shelves.reduce((sum, { months }) => sum + months, 0)
  return { differences, accountIds, accountMonths }
}

function standInMemory(shelf: Shelf): Stand {
  const { books, grants, invoices, sums, plans } = shelf
  const codeOf = (id: string | null) => (id === null ? null : plans.get(id)!.code)
  const term = books.subscription
  const stand: Stand = new Map()
  const pending =
    term?.pending?.kind === 'change' ? codeOf(term.pending.plan.id) : (term?.pending?.kind ?? null)
  stand.set('plan', [codeOf(term?.plan.id ?? null), pending, term?.periodNumber ?? null].join(' '))
  stand.set('period', [term?.periodStartsAt, term?.periodEndsAt].map((at) => at?.toISOString()).join(' '))
  stand.set('overage', `${books.period?.overage ?? 0n}`)
  stand.set('customer credit', `${books.customerCredit}`)
  stand.set(
    'next',
    `${books.nextEventAt?.toISOString()} ${books.lastBookedAt?.toISOString()} ${books.entrySequence}`,
  )
  for (const [index, grant] of [...grants.values()].entries()) {
    const { source, granted, remaining, consideration, recognised, priority, startsAt, expiresAt, endedAt } =
      grant
    const times = [startsAt, expiresAt, endedAt].map((at) => at?.toISOString())
    const amounts = [granted, remaining, consideration, recognised, priority]
    stand.set(`grant ${index}`, [source, ...amounts, ...times].join(' '))
  }
  for (const [index, invoice] of invoices.entries()) {
    const { kind, number, status, total, tax, treatment, opening, credit, paid, currency } = invoice
    const sums = [total, tax, treatment, opening, credit, paid]
    stand.set(`invoice ${index}`, [kind, number, status, ...sums].join(' '))
    for (const [place, line] of invoice.lines.entries()) {
      const { operation, planVersionId, quantity, unitPrice, amount, exactAmount } = line
      const facts = [line.kind, operation, codeOf(planVersionId), quantity, unitPrice, amount, exactAmount]
      stand.set(`invoice ${index} line ${place + 1}`, [...facts, describeLine(line, currency)].join('|'))
    }
  }
  for (const [name, amount] of sums) if (amount !== 0n) stand.set(name, `${amount}`)
  return stand
}

type Named = { name: string; text: string }

/** The same texts, put together by SQL from the rows alone. */
export async function standInPostgres(tx: Transaction, accountId: string): Promise<Stand> {
  const stand: Stand = new Map()
  for (const query of QUERIES) {
    for (const { name, text } of await tx.query<Named>(query, [accountId])) stand.set(name, text)
  }
  return stand
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const QUERIES = [
  `select 'plan' as name, concat(p.code, ' ',
     case s.pending_kind when 'change' then q.code else s.pending_kind end, ' ', s.period_number) as text
   from accounts a
   left join subscriptions s on s.account_id = a.account_id and s.status = 'active'
   left join plan_versions v on v.plan_version_id = s.plan_version_id
   left join plans p on p.plan_id = v.plan_id
   left join plan_versions w on w.plan_version_id = s.pending_plan_version_id
   left join plans q on q.plan_id = w.plan_id
   where a.account_id = $1`,
  `select 'period' as name, concat(${iso('s.period_starts_at')}, ' ', ${iso('s.period_ends_at')}) as text
   from accounts a left join subscriptions s on s.account_id = a.account_id and s.status = 'active'
   where a.account_id = $1`,
  `select 'overage' as name, coalesce(sum(p.overage_micros), 0)::text as text
   from periods p join subscriptions s using (account_id, subscription_id)
   where p.account_id = $1 and s.status = 'active' and p.period_number = s.period_number`,
  `select 'customer credit' as name, customer_credit_micros::text as text from accounts where account_id = $1`,
  `select 'next' as name, concat(coalesce(${iso('next_event_at')}, 'undefined'), ' ',
     coalesce(${iso('last_booked_at')}, 'undefined'), ' ', entry_sequence) as text
   from accounts where account_id = $1`,
  `select 'grant ' || row_number() over (order by grant_id) - 1 as name, concat_ws(' ', source, granted_micros,
     remaining_micros, consideration_micros, recognised_micros, priority, ${iso('starts_at')},
     coalesce(${iso('expires_at')}, ''), coalesce(${iso('ended_at')}, '')) as text
   from credit_grants where account_id = $1`,
  `select 'invoice ' || place as name, concat(kind, ' ', substring(number from '-(\\d+)$')::integer, ' ',
     status, ' ', total_micros, ' ',
     tax_micros, ' ', tax_treatment, ' ', opening_balance_micros, ' ', customer_credit_micros, ' ', paid_micros) as text
   from (select *, row_number() over (order by invoice_id) - 1 as place from invoices where account_id = $1) i`,
  `select 'invoice ' || i.place || ' line ' || l.line as name, concat(l.kind, '|', l.operation, '|', p.code, '|',
     l.quantity, '|', l.unit_price_micros, '|', l.amount_micros, '|', l.exact_micros, '|', l.description) as text
   from (select account_id, invoice_id, row_number() over (order by invoice_id) - 1 as place
         from invoices where account_id = $1) i
   join invoice_lines l using (account_id, invoice_id)
   left join plan_versions v using (plan_version_id)
   left join plans p using (plan_id)`,
  `select ledger_account || ' ' || commodity as name, sum(amount_micros)::text as text
   from ledger_entries where account_id = $1 group by 1 having sum(amount_micros) <> 0`,
]
