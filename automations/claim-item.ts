/**
 * Takes the next item to work on, under a lease.
 *
 * Called by claimers, however many there are in however many processes.
 *
 *      queued ──claimItem──▶ working ──finish-item, fail-item──▶ succeeded, held, failed
 *        ▲                     │  │ ╰──cancel-run──▶ cancelled
 *        ╰────release-item─────╯  ╰──lease ran out──claimItem──▶ working, one more interruption
 *
 *      held ──decide-held-item──▶ succeeded, cancelled
 *
 * 1. Each claim raises the item's fencing number (`lease`). Whoever ends an item names the number it was claimed under; a
 *    claimer that was thought dead and comes back changes nothing.
 * 2. Accounts take turns, the one served longest ago first, an item a turn: ten thousand items of one do not delay the single
 *    one of another.
 * 3. Nobody waits for a lock: what another claimer is looking at is passed over.
 * 4. An account leaves the directory only when, under the lock of its row there, it has nothing queued and nothing working; so
 *    a run that starts at that moment is not forgotten.
 *
 * 5. No account is locked for a claim, but for one whose customer has set a limit of overage: its items are `budgeted`, and
 *    claimed by claim-within-budget.ts alone.
 *
 * Not here: whether an account can pay. That never stops an item (rule R2).
 */
import type { Database } from '../database/connect.ts'
import type { CheckedStep } from '../images/catalogue.ts'
import { claimWithinBudget } from './claim-within-budget.ts'

export type ClaimedItem = {
  accountId: string
  runId: string
  itemId: string
  /** The fencing number of this claim. */
  lease: number
  /** How many earlier claims ended without a word. */
  interrupted: number
  steps: CheckedStep[]
  /** Whose prices the run was accepted under (rule R17). */
  planVersionId: string
  /** Business time at which that version was accepted. */
  pinnedAt: Date
  imageSha256: string
}

/** How long a claim holds without a heartbeat: a dead claimer's item is taken over after this. */
export const LEASE_MS = 30_000

/** A turn that finds nothing costs two short transactions, so a claimer asks a few accounts and then rests. */
const ACCOUNTS_A_TURN = 8

/** Null when nothing can be claimed now. Without models, items that need them are passed over. */
export async function claimItem(
  db: Database,
  options: { modelsReady: boolean; leaseMs?: number },
): Promise<ClaimedItem | null> {
  for (let turn = 0; turn < ACCOUNTS_A_TURN; turn++) {
    const next = await nextAccount(db)
    if (next === null) return null
    const { accountId, budgeted } = next
    const { modelsReady, leaseMs = LEASE_MS } = options
    const item = budgeted
      ? await claimWithinBudget(db, accountId, { modelsReady, leaseMs })
      : await claimOf(db, accountId, { modelsReady, leaseMs })
    if (item) return item
    if (!budgeted) await restAccount(db, accountId)
  }
  return null
}

async function nextAccount(db: Database): Promise<{ accountId: string; budgeted: boolean } | null> {
  const rows = await db.asService((tx) =>
    tx.query<{ accountId: string; budgeted: boolean }>(
      `update runnable_directory set served_at = clock_timestamp()
       where account_id = (
         select account_id from runnable_directory where wake_at <= clock_timestamp()
         order by served_at limit 1 for update skip locked)
       returning account_id as "accountId", budgeted`,
    ),
  )
  return rows[0] ?? null
}

async function claimOf(
  db: Database,
  accountId: string,
  { modelsReady, leaseMs }: { modelsReady: boolean; leaseMs: number },
): Promise<ClaimedItem | null> {
  const rows = await db.asTenant(accountId, (tx) =>
    tx.query<ClaimedItem>(
      `with next as (
         select i.item_id
         from run_items i join runs r using (account_id, run_id)
         where i.account_id = $1 and i.status in ('queued', 'working') and not i.budgeted
           and (i.status = 'queued' or i.lease_expires_at <= clock_timestamp())
           and ($2 or not r.needs_models)
         order by i.run_id, i.position
         limit 1
         for update of i skip locked)
       update run_items i
       set status = 'working', lease = i.lease + 1, started_at = clock_timestamp(),
         lease_expires_at = clock_timestamp() + $3 * interval '1 millisecond',
         interrupted = i.interrupted + case when i.status = 'working' then 1 else 0 end
       from next, runs r, images m
       where i.account_id = $1 and i.item_id = next.item_id
         and r.account_id = i.account_id and r.run_id = i.run_id
         and m.account_id = i.account_id and m.image_id = i.image_id
       returning i.account_id as "accountId", i.run_id as "runId", i.item_id as "itemId", i.lease, i.interrupted,
         r.steps, r.plan_version_id as "planVersionId", r.pinned_at as "pinnedAt", m.sha256 as "imageSha256"`,
      [accountId, modelsReady, leaseMs],
    ),
  )
  return rows[0] ?? null
}

/** Nothing to claim: the account leaves the directory, or rests until the first of its leases may run out. */
async function restAccount(db: Database, accountId: string): Promise<void> {
  await db.asTenant(accountId, async (tx) => {
    // A run that starts now waits here, or was seen by the next statement, which has a snapshot of its own.
    await tx.query('select 1 from runnable_directory where account_id = $1 for update', [accountId])
    const rows = await tx.query<{ queued: boolean; leasesEndAt: Date | null }>(
      `select coalesce(bool_or(status = 'queued'), false) as "queued", min(lease_expires_at) as "leasesEndAt"
       from run_items where account_id = $1 and status in ('queued', 'working')`,
      [accountId],
    )
    const { queued, leasesEndAt } = rows[0]!
    // Queued and yet not claimed: another claimer has its hands on it, or the models are missing.
    if (queued) return
    if (leasesEndAt === null) {
      await tx.query('delete from runnable_directory where account_id = $1', [accountId])
    } else {
      await tx.query('update runnable_directory set wake_at = $2 where account_id = $1', [
        accountId,
        leasesEndAt,
      ])
    }
  })
}
