/**
 * Publishes plans: writes operations, plans and their first versions where they are not there yet.
 *
 * Called at every start with the demo catalogue, and repeatable: a plan that exists is left as the operator has it.
 */
import { uuidv7 } from 'uuidv7'
import { operationName } from '../billing/describe-line.ts'
import { type PlanDraft, type PlanTerms, publishPlan } from '../billing/plan.ts'
import type { Transaction } from '../database/connect.ts'
import { insertRows } from './insert-rows.ts'

/** Installs the plans that are missing. Throws when a draft breaks a rule: a catalogue that ships is right. */
export async function installCatalogue(tx: Transaction, drafts: readonly PlanDraft[]): Promise<void> {
  // Two servers may start at once.
  await tx.query(`select pg_advisory_xact_lock(hashtext('install_catalogue'))`)
  const existing = await tx.query<{ code: string }>('select code from plans')
  const codes = new Set(existing.map(({ code }) => code))
  for (const [position, draft] of drafts.entries()) {
    if (codes.has(draft.code)) continue
    const published = publishPlan(draft)
    if (!published.ok) throw new Error(`plan ${draft.code}: ${published.refusal} in ${published.field}`)
    await insertPlan(tx, published.terms, position)
  }
}

async function insertPlan(tx: Transaction, terms: PlanTerms, position: number): Promise<void> {
  const operations = [...terms.prices.keys()]
  await insertRows(
    tx,
    'operations',
    { code: 'text', name: 'text', kind: 'text' },
    operations.map((code) => [code, operationName(code), 'image']),
    'on conflict do nothing',
  )
  const [planId, versionId] = [uuidv7(), uuidv7()]
  await tx.query('insert into plans (plan_id, code, name, position) values ($1, $2, $3, $4)', [
    planId,
    terms.code,
    terms.name,
    position,
  ])
  await tx.query(
    `insert into plan_versions (plan_version_id, plan_id, version, currency, credit_unit, credit_price_micros,
       list_price_micros, discount_micros, credits_micros, rollover_cap_micros, rollover_periods, trial_days,
       trial_successor)
     values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      versionId,
      planId,
      terms.currency,
      terms.creditUnit,
      terms.creditPrice,
      terms.listPrice,
      terms.discount,
      terms.credits,
      terms.rollover?.cap ?? null,
      terms.rollover?.periods ?? null,
      terms.trial?.days ?? null,
      terms.trial?.successor ?? null,
    ],
  )
  await insertRows(
    tx,
    'plan_prices',
    {
      plan_version_id: 'uuid',
      operation: 'text',
      unit_price_micros: 'bigint',
      overage_unit_price_micros: 'bigint',
      position: 'integer',
    },
    operations.map((operation, index) => {
      const price = terms.prices.get(operation)!
      return [versionId, operation, price.unitPrice, price.overageUnitPrice, index]
    }),
  )
}
