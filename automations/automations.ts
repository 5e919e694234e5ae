/**
 * Automations: saved lists of operation steps with settings.
 *
 * Called by http and, for the demo ones, by whoever creates an account. All verbs run in a transaction of the account.
 *
 * 1. Stored steps passed the catalogue of operations when they were stored, as they were written: a default that improves
 *    later improves them. A run keeps its own copy, with every default filled in.
 * 2. A deleted automation is hidden, never gone: its runs stay explained.
 *
 * Not here: what a step costs, what it does.
 */

import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import {
  type CheckedStep,
  checkSteps,
  type Step,
  type StepsRefused as Unchecked,
} from '../images/catalogue.ts'
import { assetNames, readAssets } from './step-assets.ts'

export type Automation = { id: string; name: string; steps: Step[]; createdAt: Date; updatedAt: Date }

export type StepsRefused =
  | Unchecked
  | { ok: false; refusal: 'image_not_found'; step: number; detail: string; fault?: undefined }

type NotFound = { ok: false; refusal: 'automation_not_found'; detail: string }

const COLUMNS = `automation_id as "id", name, steps, created_at as "createdAt", updated_at as "updatedAt"`

/** Saves a new automation. Refuses steps that the catalogue does not take or that name an image that is not there. */
export async function createAutomation(
  tx: Transaction,
  accountId: string,
  draft: { name: string; steps: Step[] },
): Promise<{ ok: true; automation: Automation } | StepsRefused> {
  const refused = await refuseSteps(tx, accountId, draft.steps)
  if (refused) return refused
  const rows = await tx.query<Automation>(
    `insert into automations (account_id, automation_id, name, steps) values ($1, $2, $3, $4) returning ${COLUMNS}`,
    [accountId, newId(), draft.name, JSON.stringify(draft.steps)],
  )
  return { ok: true, automation: rows[0]! }
}

/** Null when there is none, or it was deleted. */
export async function readAutomation(
  tx: Transaction,
  accountId: string,
  automationId: string,
): Promise<Automation | null> {
  const rows = await tx.query<Automation>(
    `select ${COLUMNS} from automations
     where account_id = $1 and automation_id = $2 and deleted_at is null`,
    [accountId, automationId],
  )
  return rows[0] ?? null
}

/** Newest first, those older than `after`. */
export async function listAutomations(
  tx: Transaction,
  accountId: string,
  page: { after: string | null; limit: number },
): Promise<Automation[]> {
  return tx.query<Automation>(
    `select ${COLUMNS} from automations
     where account_id = $1 and deleted_at is null and ($2::uuid is null or automation_id < $2)
     order by automation_id desc limit $3`,
    [accountId, page.after, page.limit],
  )
}

/** Changes name or steps. Runs under way keep theirs. */
export async function updateAutomation(
  tx: Transaction,
  accountId: string,
  { id, ...change }: { id: string; name?: string | undefined; steps?: Step[] | undefined },
): Promise<{ ok: true; automation: Automation } | StepsRefused | NotFound> {
  const refused = change.steps && (await refuseSteps(tx, accountId, change.steps))
  if (refused) return refused
  const rows = await tx.query<Automation>(
    `update automations
     set name = coalesce($3, name), steps = coalesce($4, steps), updated_at = now()
     where account_id = $1 and automation_id = $2 and deleted_at is null
     returning ${COLUMNS}`,
    [accountId, id, change.name ?? null, change.steps ? JSON.stringify(change.steps) : null],
  )
  return rows[0] ? { ok: true, automation: rows[0] } : automationNotFound()
}

/** False when there is none. */
export async function deleteAutomation(
  tx: Transaction,
  accountId: string,
  automationId: string,
): Promise<boolean> {
  const rows = await tx.query(
    `update automations set deleted_at = now()
     where account_id = $1 and automation_id = $2 and deleted_at is null returning 1`,
    [accountId, automationId],
  )
  return rows.length > 0
}

export function automationNotFound(): NotFound {
  return {
    ok: false,
    refusal: 'automation_not_found',
    detail: 'There is no such automation in this account.',
  }
}

/** The steps of an automation as they run today, or why they no longer do. */
export function checkedStepsOf(automation: Automation): { ok: true; steps: CheckedStep[] } | StepsRefused {
  return checkSteps(automation.steps)
}

async function refuseSteps(
  tx: Transaction,
  accountId: string,
  steps: Step[],
): Promise<StepsRefused | undefined> {
  const checked = checkSteps(steps)
  if (!checked.ok) return checked
  const found = await readAssets(tx, accountId, assetNames(checked.steps))
  const missing = checked.steps.findIndex(({ settings }) => {
    return typeof settings.image === 'string' && !found.has(settings.image)
  })
  if (missing < 0) return undefined
  const detail = `There is no image “${checked.steps[missing]!.settings.image}” in this account. Upload it first.`
  return { ok: false, refusal: 'image_not_found', step: missing, detail }
}
