/**
 * `grant create`, `grant list`, `grant void`: credits that the operator gives, sells and takes back.
 */
import type { OperatorGrant, OperatorGrantRequest } from '@drawdown/client'
import { instantOf } from './clock-commands.ts'
import type { Globals } from './globals.ts'
import { printJson, printLines, showDay, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { UsedWrongly } from './refusal.ts'
import { asOperator } from './speak.ts'

export type CreateGrant = Globals & {
  source: OperatorGrantRequest['source']
  credits: string
  reason: string
  price?: string
  starts?: string
  expires?: string
  priority?: number
  key?: string
}

export type VoidGrant = Globals & { reason: string }

export async function createGrant(options: CreateGrant): Promise<void> {
  const { source, credits, reason, price, starts, expires, priority, key } = options
  const granted = await asOperator((api) =>
    api.grantCredits({
      body: {
        account_id: accountOf(options),
        source,
        credits,
        reason,
        ...(price === undefined ? {} : { price }),
        ...(starts === undefined ? {} : { starts_at: instantOf(starts) }),
        ...(expires === undefined ? {} : { expires_at: instantOf(expires) }),
        ...(priority === undefined ? {} : { priority }),
      },
      ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
    }),
  )
  show(granted, options)
}

export async function listGrants(options: Globals): Promise<void> {
  const account_id = accountOf(options)
  const grants = await asOperator((api) =>
    readAll((query) => api.listOperatorGrants({ query: { ...query, account_id } })),
  )
  if (options.json) return printJson({ data: grants, next_cursor: null })
  if (grants.length === 0) return printLines('Nothing was granted to this account yet.')
  printLines(
    ...tableLines(
      [['grant', 'source', 'granted', 'left', 'from', 'until', 'state', 'reason'], ...grants.map(row)],
      [2, 3],
    ),
  )
}

export async function voidGrant(id: string, options: VoidGrant): Promise<void> {
  const account_id = accountOf(options)
  const { reason } = options
  const voided = await asOperator((api) => api.voidGrant({ path: { id }, body: { account_id, reason } }))
  show(voided, options)
}

function show(grant: OperatorGrant, { json }: Globals): void {
  const [id, source, granted, left, from, until, state, reason] = row(grant)
  if (json) printJson(grant)
  else {
    printLines(
      ...tableLines([
        ['grant_id', id!],
        ['source', source!],
        ['granted', granted!],
        ['left', left!],
        ['usable', `from ${from}, until ${until}`],
        ...(grant.price === '0' ? [] : [['price', grant.price]]),
        ...(state === '' ? [] : [['state', state!]]),
        ['reason', reason!],
      ]),
    )
  }
}

function row(grant: OperatorGrant): string[] {
  const { id, source, granted, remaining, expires_at, void_reason } = grant
  const ended = grant.ended_at === null ? '' : 'ended'
  return [
    id,
    source,
    granted,
    remaining,
    showDay(grant.starts_at, 'UTC'),
    expires_at === null ? 'never' : showDay(expires_at, 'UTC'),
    void_reason === null ? ended : `taken back: ${void_reason}`,
    grant.reason ?? '',
  ]
}

function accountOf({ account }: Globals): string {
  if (account !== undefined) return account
  throw new UsedWrongly('Whose credits are meant?', 'Name the account with --account account_….')
}
