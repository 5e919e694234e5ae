/**
 * `usage record`: usage of an operation that ran elsewhere.
 */
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount, showCount } from './print.ts'
import { asAccount } from './speak.ts'

export type RecordUsage = Globals & { key: string; occurredAt?: string }

export async function recordUsage(operation: string, quantity: number, options: RecordUsage): Promise<void> {
  const { key, occurredAt, json } = options
  const body = { key, operation, quantity, ...(occurredAt === undefined ? {} : { occurred_at: occurredAt }) }
  const [record, billing] = await asAccount(options.account, async (api) => {
    const answer = await api.recordUsage({ body })
    return [Array.isArray(answer) ? answer[0]! : answer, json ? undefined : await api.getBilling()] as const
  })
  if (json || billing === undefined) return printJson(record)
  printLines(
    `${showCount(record.quantity)} × ${record.operation}: ${showAmount(record.from_credits, billing.credit_unit)} from credits, ` +
      `${showAmount(record.overage, billing.currency)} overage, ${showAmount(record.balance_after, billing.credit_unit)} left.`,
  )
}
