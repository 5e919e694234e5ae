/**
 * Verifies the books in the background: those that have changed, and all of them (rule R31).
 *
 * Called by schedule.ts and by `drawdown verify`. An account that fails is parked and told; it stops no other.
 */
import type { Database } from '../database/connect.ts'
import { keepVerified, listAll, listChanged, type Verified } from '../verify/keep-verified.ts'
import { keepHeads, readKeptHeads } from '../verify/kept-heads.ts'

type Verifying = {
  db: Database
  dataFolder: string
  log: (event: { event: string; [detail: string]: unknown }) => void
}

/** The accounts that have booked since they were last verified, from where that ended. Answers those that fail. */
export async function verifyChanged(services: Verifying): Promise<Verified[]> {
  const ids = await services.db.asService(listChanged)
  return verifyEach(
    services,
    ids.map((id) => ({ id, whole: false })),
  )
}

/**
 * All accounts, then keeps the heads of their chains outside the database. `whole` begins each at its first transaction; else
 * only those whose turn it is. Answers those that fail.
 */
export async function verifyAll(services: Verifying, { whole = false } = {}): Promise<Verified[]> {
  const accounts = await services.db.asService(listAll)
  const failed = await verifyEach(services, whole ? accounts.map(({ id }) => ({ id, whole })) : accounts)
  await keepHeads(services.db, services.dataFolder, new Date())
  return failed
}

async function verifyEach(
  { db, dataFolder, log }: Verifying,
  accounts: readonly { id: string; whole: boolean }[],
): Promise<Verified[]> {
  const { heads, broken } = await readKeptHeads(dataFolder)
  for (const line of broken) log({ event: 'kept_heads_changed', line })
  const failed: Verified[] = []
  for (const { id, whole } of accounts) {
    try {
      const verified = await keepVerified(db, id, { whole, kept: heads.get(id) })
      if (verified.findings.length === 0) continue
      failed.push(verified)
      log({ event: 'account_parked', account_id: id, findings: verified.findings.slice(0, 5) })
    } catch (fault) {
      log({ event: 'verify_failed', account_id: id, fault })
    }
  }
  return failed
}
