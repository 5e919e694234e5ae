/**
 * `plan list`, `plan rehearse`, `plan withdraw` and `plan offer` (operator), and `advice` (the customer's own).
 *
 * 1. A rehearsal is run by the server; this waits for it with a bar and may be interrupted: it goes on, and `--id` shows it.
 */
import type { DrawdownClient, Rehearsal, RehearsalRequest } from '@drawdown/client'
import type { Globals } from './globals.ts'
import {
  micros,
  printJson,
  printLines,
  showAmount,
  showCount,
  showDay,
  showNumberOf,
  tableLines,
} from './print.ts'
import { openProgress } from './progress.ts'
import { readJson } from './read-json.ts'
import { CommandRefused, UsedWrongly } from './refusal.ts'
import { asAccount, asOperator } from './speak.ts'

const ASK_EVERY_MS = 500
const SHOWN = 20

export type Rehearse = Globals & { terms: number; everyone?: boolean; id?: string }

export async function rehearse(file: string | undefined, options: Rehearse): Promise<void> {
  if ((file === undefined) === (options.id === undefined)) {
    throw new UsedWrongly('Which draft is meant?', 'Give the file of a draft, or --id of a rehearsal.')
  }
  const body = file === undefined ? null : readDraft(file, options)
  await asOperator(async (api) => {
    const begun = body === null ? { id: options.id! } : await api.createRehearsal({ body })
    const done = await waitFor(api, begun.id, options.json)
    if (done.status === 'failed') {
      throw new CommandRefused(`The rehearsal failed: ${done.fault}.`, 'The log of the server says more.')
    }
    const accounts = await api.listRehearsedAccounts({ path: { id: done.id }, query: { limit: SHOWN } })
    if (options.json) return printJson({ ...done, most_more: accounts.data })
    printLines(...rehearsalLines(done))
    if (accounts.data.length > 0) {
      printLines(
        '',
        ...tableLines(
          [
            ['account', 'terms', 'paid', 'would have paid', 'change'],
            ...accounts.data.map((row) => [
              row.name,
              showCount(row.terms),
              showAmount(row.paid, done.currency),
              showAmount(row.rehearsed, done.currency),
              showAmount(row.change, done.currency),
            ]),
          ],
          [1, 2, 3, 4],
        ),
      )
    }
  })
}

function readDraft(file: string, { terms, everyone }: Rehearse): RehearsalRequest {
  const draft = readJson(file, 'A draft is what POST /v1/operator/plans takes.') as RehearsalRequest
  return { ...draft, terms, among: everyone ? 'everyone' : 'subscribers' }
}

async function waitFor(api: DrawdownClient, id: string, json: boolean | undefined): Promise<Rehearsal> {
  const progress = openProgress('Rehearsing', 100, json)
  try {
    for (;;) {
      const rehearsal = await api.getRehearsal({ path: { id } })
      const { status, done, accounts } = rehearsal
      progress.set(accounts ? Math.floor((done / accounts) * 100) : 0)
      progress.say(
        accounts === null ? 'waiting' : `${showCount(done)} of ${showNumberOf(accounts, 'account')}`,
      )
      if (status === 'done' || status === 'failed') return rehearsal
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
    }
  } finally {
    progress.close()
  }
}

function rehearsalLines(rehearsal: Rehearsal): string[] {
  const {
    currency,
    draft,
    done,
    winners,
    losers,
    unchanged,
    left_out: leftOut,
    not_offered: missing,
  } = rehearsal
  const money = (text: string) => showAmount(text, currency)
  return [
    `${draft.name}, rehearsed over the last ${showNumberOf(rehearsal.terms, 'term')} of ${showNumberOf(done, 'account')}.`,
    ...tableLines([
      ['Paid', `${money(rehearsal.paid)}, of it ${money(rehearsal.paid_overage)} overage`],
      [
        'Would have been',
        `${money(rehearsal.rehearsed)}, of it ${money(rehearsal.rehearsed_overage)} overage`,
      ],
      ['Change', money(rehearsal.change)],
      [
        'Accounts',
        `${showCount(winners)} would have paid less, ${showCount(losers)} more, ${showCount(unchanged)} the same`,
      ],
    ]),
    ...(leftOut > 0 ? [`${showNumberOf(leftOut, 'term')} left out, because the plan changed within.`] : []),
    ...(missing.length > 0 ? [`Used, and not in the draft: ${missing.join(', ')}.`] : []),
  ]
}

export async function listCatalogue({ json }: Globals): Promise<void> {
  const catalogue = await asOperator((api) => api.listOperatorPlans())
  if (json) return printJson(catalogue)
  printLines(
    ...tableLines(
      [
        ['code', 'name', 'version', 'fee', 'subscribers', ''],
        ...catalogue.data.map(({ code, name, offered, subscribers, versions: [newest] }) => [
          code,
          name,
          String(newest!.version),
          showAmount(newest!.fee, newest!.currency),
          showCount(subscribers),
          offered ? 'on offer' : 'withdrawn',
        ]),
      ],
      [2, 3, 4],
    ),
  )
}

export async function offerPlan(code: string, offered: boolean, { json }: Globals): Promise<void> {
  const plan = await asOperator((api) => api.updateOperatorPlan({ path: { code }, body: { offered } }))
  if (json) return printJson(plan)
  const goesOn = `It goes on for the ${showNumberOf(plan.subscribers, 'account')} that have it.`
  printLines(offered ? `${plan.name} is on offer.` : `${plan.name} is withdrawn. ${goesOn}`)
}

export type Advise = Globals & { terms: number }

export async function showAdvice({ account, json, terms }: Advise): Promise<void> {
  const [advice, billing] = await asAccount(
    account,
    async (api) => [await api.getAdvice({ query: { terms } }), await api.getBilling()] as const,
  )
  if (json) return printJson(advice)
  const { currency, plans, recommendation } = advice
  if (advice.terms.length === 0) return printLines('No term has passed yet that advice could be taken from.')
  const first = advice.terms[0]!
  printLines(
    `The last ${showNumberOf(advice.terms.length, 'term')}, from ${showDay(first.period.start, billing.zone)}, would have cost`,
    ...tableLines(
      plans.map((plan) => [
        `  ${plan.name}${plan.is_current ? ' (yours)' : ''}`,
        showAmount(plan.total, currency),
        micros(plan.overage) === 0n ? '' : `of it ${showAmount(plan.overage, currency)} overage`,
        plan.not_offered.length === 0 ? '' : `without ${plan.not_offered.join(', ')}`,
      ]),
      [1],
    ),
    ...(recommendation === null
      ? ['Your plan was the best of them.']
      : [
          `${plans.find(({ code }) => code === recommendation.code)!.name} would have saved ${showAmount(recommendation.saves, currency)}.`,
        ]),
  )
}
