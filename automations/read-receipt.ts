/**
 * What a run cost, down to image and step.
 *
 * Called by http, in a transaction of the account.
 *
 * 1. Every amount is one that was booked: the rows add up to the images, the images and the operations to the run.
 * 2. A step that was paid for before has no usage record and costs nothing.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { CheckedStep } from '../images/catalogue.ts'
import { type CataloguePlan, readOperationNames, readPlanVersion } from '../ledger/catalogue.ts'
import { type Run, readRun } from './read-run.ts'

type Paid = {
  /** Credits. */
  cost: Micros
  /** Credits. */
  drawn: Micros
  /** Currency. */
  overage: Micros
}

export type ReceiptStep = Paid & { operation: string; usageRecordId: string | null; alreadyPaid: boolean }

export type ReceiptImage = Paid & {
  itemId: string
  name: string
  status: string
  failure: string | null
  steps: ReceiptStep[]
}

/** One for each operation and unit price: an operation has two prices when the plan was changed during the run. */
export type ReceiptOperation = Paid & {
  operation: string
  name: string
  /** How many were booked at this price. */
  charged: number
  /** How many were done before in this account and paid for. */
  alreadyPaid: number
  unitPrice: Micros
}

export type Receipt = {
  run: Run
  automation: { name: string; steps: CheckedStep[] }
  /** Whose prices the run was accepted under. */
  plan: CataloguePlan
  operations: ReceiptOperation[]
  images: ReceiptImage[]
}

type StepRow = ReceiptStep & { itemId: string }

/** Null when there is no such run. */
export async function readReceipt(
  tx: Transaction,
  accountId: string,
  runId: string,
): Promise<Receipt | null> {
  const run = await readRun(tx, accountId, runId)
  if (!run) return null
  const [automation] = await tx.query<{ name: string; steps: CheckedStep[] }>(
    `select a.name, r.steps from runs r join automations a using (account_id, automation_id) where r.account_id = $1 and r.run_id = $2`,
    [accountId, runId],
  )
  const images = await tx.query<Omit<ReceiptImage, 'steps'>>(
    `select i.item_id as "itemId", m.name, i.status, i.failure_message as "failure", i.cost_micros as "cost",
       i.drawn_micros as "drawn", i.overage_micros as "overage"
     from run_items i join images m using (account_id, image_id)
     where i.account_id = $1 and i.run_id = $2 order by i.position`,
    [accountId, runId],
  )
  const steps = await tx.query<StepRow>(
    `select s.item_id as "itemId", s.operation, s.usage_record_id as "usageRecordId",
       s.already_paid as "alreadyPaid", s.cost_micros as "cost", s.drawn_micros as "drawn",
       s.overage_micros as "overage"
     from run_items i join item_steps s using (account_id, item_id)
     where i.account_id = $1 and i.run_id = $2 order by i.position, s.step`,
    [accountId, runId],
  )
  const plan = await readPlanVersion(tx, run.planVersionId)
  const stepsOf = new Map<string, ReceiptStep[]>(images.map(({ itemId }) => [itemId, []]))
  for (const { itemId, ...step } of steps) stepsOf.get(itemId)!.push(step)
  return {
    run,
    automation: automation!,
    plan,
    operations: addUpOperations(steps, automation!.steps, plan, await readOperationNames(tx)),
    images: images.map((image) => ({ ...image, steps: stepsOf.get(image.itemId)! })),
  }
}

/** In the order of the steps. Operations that nothing was booked for are there with zeros. */
function addUpOperations(
  rows: readonly StepRow[],
  steps: readonly CheckedStep[],
  plan: CataloguePlan,
  names: ReadonlyMap<string, string>,
): ReceiptOperation[] {
  const sums = new Map<string, ReceiptOperation>()
  const sumOf = (operation: string, unitPrice: Micros): ReceiptOperation => {
    const key = `${operation} ${unitPrice}`
    const known = sums.get(key)
    if (known) return known
    const name = names.get(operation) ?? operation
    const nothing = { cost: 0n, drawn: 0n, overage: 0n, charged: 0, alreadyPaid: 0 }
    const sum = { operation, name, unitPrice, ...nothing }
    sums.set(key, sum)
    return sum
  }
  const priceOf = (operation: string) => plan.prices.get(operation)?.unitPrice ?? 0n
  for (const { operation } of steps) sumOf(operation, priceOf(operation))
  for (const row of rows) {
    // A step is one use, so its cost is its unit price.
    const sum = sumOf(row.operation, row.alreadyPaid ? priceOf(row.operation) : row.cost)
    if (row.alreadyPaid) sum.alreadyPaid++
    else sum.charged++
    sum.cost += row.cost
    sum.drawn += row.drawn
    sum.overage += row.overage
  }
  return [...sums.values()]
}
