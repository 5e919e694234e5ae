/**
 * Plans and their versions come into the catalogue (rules R1, R10 and R25).
 *
 * Called by http/ for the operator, and by install-catalogue.ts for the plans that ship.
 *
 * Invariants:
 *   1. A published version never changes; what is new is a new version.
 *   2. Currency and credit unit of a plan never change, nor does a plan become a trial or cease to be one.
 *   3. Publishing touches no account: who gets the version and when follows from its notice (plan-succession.ts).
 */

import { operationName } from '../billing/describe-line.ts'
import { type PlanDraft, type PlanRefusal, type PlanTerms, publishPlan } from '../billing/plan.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type CataloguePlan, readPlanVersion, readPlanVersions } from './catalogue.ts'
import { insertRows } from './insert-rows.ts'

/** No subscriber waits longer than a year and a day for a boundary that is theirs to know. */
const MOST_NOTICE_DAYS = 366

export type PublishRefusal =
  | PlanRefusal
  | 'plan_not_found'
  | 'plan_exists'
  | 'unit_mismatch'
  | 'notice_invalid'
  | 'trial_successor_unknown'

export type PublishRefused = {
  ok: false
  refusal: PublishRefusal
  detail: string
  field?: string
  operation?: string
}

export type VersionDraft = Omit<PlanDraft, 'code' | 'name'>

/** Publishes the first version of a new plan. */
export async function publishNewPlan(
  tx: Transaction,
  draft: PlanDraft,
): Promise<{ ok: true; plan: CataloguePlan } | PublishRefused> {
  const latest = await lockCatalogue(tx)
  if (latest.has(draft.code)) {
    return refuse('plan_exists', `There is a plan "${draft.code}" already; publish a new version of it.`)
  }
  const checked = checkTerms(draft, latest)
  if (!checked.ok) return checked
  const planId = newId()
  await tx.query('insert into plans (plan_id, code, name, position) values ($1, $2, $3, $4)', [
    planId,
    draft.code,
    draft.name,
    latest.size,
  ])
  return { ok: true, plan: await insertVersion(tx, { planId, version: 1, noticeDays: null }, checked.terms) }
}

/**
 * Publishes a new version of a plan: what whoever chooses the plan gets from now on. Its subscribers get it at the first
 * boundary after `noticeDays`; null leaves them on theirs.
 */
export async function publishVersion(
  tx: Transaction,
  { code, draft, noticeDays }: { code: string; draft: VersionDraft; noticeDays: number | null },
): Promise<{ ok: true; plan: CataloguePlan } | PublishRefused> {
  const latest = await lockCatalogue(tx)
  const before = latest.get(code)
  if (!before) return refuse('plan_not_found', `There is no plan "${code}".`)
  const checked = checkVersion({ before, draft, noticeDays }, latest)
  if (!checked.ok) return checked
  const place = { planId: before.planId, version: before.version + 1, noticeDays }
  return { ok: true, plan: await insertVersion(tx, place, checked.terms) }
}

/** The terms that a draft would have, of a new plan or as a new version of one; or why it could not be published. */
export async function checkDraft(
  tx: Transaction,
  draft: PlanDraft,
): Promise<{ ok: true; terms: PlanTerms } | PublishRefused> {
  const latest = await readLatest(tx)
  const before = latest.get(draft.code)
  return before ? checkVersion({ before, draft, noticeDays: null }, latest) : checkTerms(draft, latest)
}

function checkVersion(
  version: { before: CataloguePlan; draft: VersionDraft; noticeDays: number | null },
  latest: ReadonlyMap<string, CataloguePlan>,
): { ok: true; terms: PlanTerms } | PublishRefused {
  const { before, draft, noticeDays } = version
  const isNotice = Number.isInteger(noticeDays) && noticeDays! >= 0 && noticeDays! <= MOST_NOTICE_DAYS
  if (noticeDays !== null && !isNotice) {
    return refuse('notice_invalid', `A notice is 0 to ${MOST_NOTICE_DAYS} whole days.`)
  }
  const { code, name, currency, creditUnit } = before
  if (draft.currency !== currency || draft.creditUnit !== creditUnit) {
    const detail = `${name} is in ${currency} with credits in ${creditUnit}, which never change.`
    return refuse('unit_mismatch', detail)
  }
  if ((before.trial === null) !== !draft.trial) {
    return refuse(
      'trial_invalid',
      'A plan does not become a trial, and a trial stays one: publish another plan.',
    )
  }
  return checkTerms({ ...draft, code, name }, latest)
}

/** The newest version of each plan, by code; nobody else publishes until this transaction ends. */
async function lockCatalogue(tx: Transaction): Promise<Map<string, CataloguePlan>> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('install_catalogue'))`)
  return readLatest(tx)
}

async function readLatest(tx: Transaction): Promise<Map<string, CataloguePlan>> {
  const rows = await tx.query<{ id: string }>(
    'select distinct on (plan_id) plan_version_id as "id" from plan_versions order by plan_id, version desc',
  )
  const plans = await readPlanVersions(
    tx,
    rows.map(({ id }) => id),
  )
  return new Map([...plans.values()].map((plan) => [plan.code, plan]))
}

function checkTerms(
  draft: PlanDraft,
  latest: ReadonlyMap<string, CataloguePlan>,
): { ok: true; terms: PlanTerms } | PublishRefused {
  const published = publishPlan(draft)
  if (!published.ok) {
    const { refusal, field, operation } = published
    const where = operation === undefined ? field : `${field} of "${operation}"`
    const extra = operation === undefined ? { field } : { field, operation }
    return { ...refuse(refusal, `The fault is in ${where}.`), ...extra }
  }
  const { terms } = published
  const successor = terms.trial && latest.get(terms.trial.successor)
  if (terms.trial && (!successor || successor.trial)) {
    const detail = `No plan "${terms.trial.successor}" is there to follow the trial.`
    return refuse('trial_successor_unknown', detail)
  }
  if (successor && (successor.currency !== terms.currency || successor.creditUnit !== terms.creditUnit)) {
    return refuse('unit_mismatch', `${successor.name} counts in another currency or unit than its trial.`)
  }
  return { ok: true, terms }
}

/** Writes a version. Operations that nobody has named before are metered: they run elsewhere. */
async function insertVersion(
  tx: Transaction,
  { planId, version, noticeDays }: { planId: string; version: number; noticeDays: number | null },
  terms: PlanTerms,
): Promise<CataloguePlan> {
  const operations = [...terms.prices.keys()]
  await insertRows(
    tx,
    'operations',
    { code: 'text', name: 'text', kind: 'text' },
    operations.map((code) => [code, operationName(code), 'metered']),
    'on conflict do nothing',
  )
  const versionId = newId()
  await tx.query(
    `insert into plan_versions (plan_version_id, plan_id, version, currency, credit_unit, credit_price_micros,
       list_price_micros, discount_micros, credits_micros, rollover_cap_micros, rollover_periods, trial_days,
       trial_successor, notice_days)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      versionId,
      planId,
      version,
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
      noticeDays,
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
  return readPlanVersion(tx, versionId)
}

function refuse(refusal: PublishRefusal, detail: string): PublishRefused {
  return { ok: false, refusal, detail }
}
