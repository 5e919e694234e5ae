/**
 * The catalogue as the books read it: plan versions, which never change once published, and which are on offer.
 *
 * Called by every verb that needs a price. A version is read from the database once per process; what is on offer is
 * read each time, since the operator may change it.
 */
import { assert } from '../billing/assert.ts'
import type { PlanVersion } from '../billing/plan.ts'
import type { Transaction } from '../database/connect.ts'

/** A published version of a plan, with the plan it belongs to. */
export type CataloguePlan = PlanVersion & { planId: string; version: number }

type VersionRow = {
  id: string
  planId: string
  version: number
  code: string
  name: string
  currency: string
  creditUnit: string
  creditPrice: bigint
  listPrice: bigint
  discount: bigint
  credits: bigint
  rolloverCap: bigint | null
  rolloverPeriods: number | null
  trialDays: number | null
  trialSuccessor: string | null
  operations: string[]
  unitPrices: bigint[]
  overageUnitPrices: bigint[]
}

const SELECT_VERSIONS = `
  select v.plan_version_id as "id", p.plan_id as "planId", v.version, p.code, p.name, v.currency,
    v.credit_unit as "creditUnit", v.credit_price_micros as "creditPrice", v.list_price_micros as "listPrice",
    v.discount_micros as "discount", v.credits_micros as "credits", v.rollover_cap_micros as "rolloverCap",
    v.rollover_periods as "rolloverPeriods", v.trial_days as "trialDays", v.trial_successor as "trialSuccessor",
    x.operations, x."unitPrices", x."overageUnitPrices"
  from plan_versions v
  join plans p using (plan_id)
  cross join lateral (
    select coalesce(array_agg(operation order by position, operation), '{}') as operations,
      coalesce(array_agg(unit_price_micros order by position, operation), '{}') as "unitPrices",
      coalesce(array_agg(overage_unit_price_micros order by position, operation), '{}') as "overageUnitPrices"
    from plan_prices where plan_version_id = v.plan_version_id) x`

const known = new Map<string, CataloguePlan>()

/** The versions with these ids. Throws when one does not exist: references in the books make that a bug. */
export async function readPlanVersions(
  tx: Transaction,
  ids: Iterable<string>,
): Promise<Map<string, CataloguePlan>> {
  const wanted = [...new Set(ids)]
  const missing = wanted.filter((id) => !known.has(id))
  if (missing.length > 0) {
    const rows = await tx.query<VersionRow>(
      `${SELECT_VERSIONS} where v.plan_version_id in (select unnest($1::uuid[]))`,
      [missing],
    )
    for (const row of rows) known.set(row.id, toPlan(row))
  }
  return new Map(
    wanted.map((id) => {
      const plan = known.get(id)
      assert(plan, `plan version ${id} is in the catalogue`)
      return [id, plan]
    }),
  )
}

export async function readPlanVersion(tx: Transaction, id: string): Promise<CataloguePlan> {
  return (await readPlanVersions(tx, [id])).get(id)!
}

/** The newest version of each plan on offer, in the operator's order. */
export async function readOfferedPlans(tx: Transaction): Promise<CataloguePlan[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct on (p.position, p.code) v.plan_version_id as "id"
     from plans p join plan_versions v using (plan_id)
     where p.offered order by p.position, p.code, v.version desc`,
  )
  const plans = await readPlanVersions(
    tx,
    rows.map(({ id }) => id),
  )
  return rows.map(({ id }) => plans.get(id)!)
}

/** Display names of operations by code, in the order of the catalogue. */
export async function readOperationNames(tx: Transaction): Promise<Map<string, string>> {
  const rows = await tx.query<{ code: string; name: string }>(
    'select code, name from operations order by code',
  )
  return new Map(rows.map(({ code, name }) => [code, name]))
}

function toPlan(row: VersionRow): CataloguePlan {
  return {
    id: row.id,
    planId: row.planId,
    version: row.version,
    code: row.code,
    name: row.name,
    currency: row.currency,
    creditUnit: row.creditUnit,
    creditPrice: row.creditPrice,
    listPrice: row.listPrice,
    discount: row.discount,
    credits: row.credits,
    prices: new Map(
      row.operations.map((operation, index) => [
        operation,
        { unitPrice: row.unitPrices[index]!, overageUnitPrice: row.overageUnitPrices[index]! },
      ]),
    ),
    rollover: row.rolloverPeriods === null ? null : { cap: row.rolloverCap, periods: row.rolloverPeriods },
    trial: row.trialDays === null ? null : { days: row.trialDays, successor: row.trialSuccessor! },
  }
}
