/**
 * Publishes the plans that ship: operations, plans and their first versions, where they are not there yet.
 *
 * Called at every start with the demo catalogue, and repeatable: a plan that exists is left as the operator has it.
 */
import { operationName } from '../billing/describe-line.ts'
import type { PlanDraft } from '../billing/plan.ts'
import type { Transaction } from '../database/connect.ts'
import { insertRows } from './insert-rows.ts'
import { publishNewPlan } from './publish-plan.ts'

/** Installs the plans that are missing. Throws when a draft breaks a rule: a catalogue that ships is right. */
export async function installCatalogue(tx: Transaction, drafts: readonly PlanDraft[]): Promise<void> {
  // What ships is done by this service.
  const operations = new Set(drafts.flatMap(({ prices }) => prices.map(({ operation }) => operation)))
  await insertRows(
    tx,
    'operations',
    { code: 'text', name: 'text', kind: 'text' },
    [...operations].map((code) => [code, operationName(code), 'image']),
    'on conflict do nothing',
  )
  for (const draft of drafts) {
    const published = await publishNewPlan(tx, draft)
    if (published.ok || published.refusal === 'plan_exists') continue
    throw new Error(`plan ${draft.code}: ${published.refusal}. ${published.detail}`)
  }
}
