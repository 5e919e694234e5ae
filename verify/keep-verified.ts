/**
 * Keeps accounts verified: from where the last verification ended, or whole; parks an account that fails (rule R31).
 *
 * Called by jobs/ on a schedule, by `drawdown verify`, and by the operator's route.
 *
 *   verified ──a finding──▶ parked: finalizing and collecting hold; runs, rolls and drawing go on
 *      ▲                       │ mended, or each finding accepted with a reason
 *      ╰──whole and in order───╯
 *
 * Invariants:
 *   1. A verification reads one instant of the books, without their lock: booking goes on meanwhile.
 *   2. The next one begins where one in order has ended, and checks that the transaction there still has the link it had.
 *   3. Only a whole verification takes an account out of being parked.
 */
import type { Database, Transaction } from '../database/connect.ts'
import type { Finding } from './finding.ts'
import { type KeptHead, type Verification, type VerifiedTo, verifyFrom } from './verify-account.ts'

/** Everything again after this, whatever has changed. */
const WHOLE_EVERY_DAYS = 30

export type Verified = { accountId: string; findings: Finding[] }

/** Verifies one account and writes down how it stands. Throws where there is no such account. */
export async function keepVerified(
  db: Database,
  accountId: string,
  { whole, kept }: { whole: boolean; kept?: KeptHead | undefined },
): Promise<Verified> {
  const verification = await db.asTenant(accountId, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only')
    // Before the instant is taken: a month that is archived meanwhile must not be gone from one and not yet in the other.
    await tx.query('lock table usage_records in access share mode')
    const last = whole ? null : await readLast(tx, accountId)
    const { findings, end } = await verifyFrom(tx, accountId, {
      ...(last && { from: last, verified: last.head }),
      kept,
    })
    return { findings: await withoutAccepted(tx, accountId, findings), end }
  })
  await db.asTenant(accountId, (tx) => writeDown(tx, accountId, { ...verification, whole }))
  return { accountId, findings: verification.findings }
}

/** Accounts with bookings that no verification has seen. For the service role. */
export async function listChanged(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select a.account_id as "id" from accounts a left join verifications v using (account_id)
     where a.entry_sequence > coalesce(v.sequence, -1) order by a.account_id`,
  )
  return rows.map(({ id }) => id)
}

/** All accounts, and which of them are due to be verified whole. For the service role. */
export async function listAll(tx: Transaction): Promise<{ id: string; whole: boolean }[]> {
  return tx.query(
    `select a.account_id as "id",
       coalesce(v.whole_at < now() - $1 * interval '1 day', true) or v.failed_at is not null as whole
     from accounts a left join verifications v using (account_id) order by a.account_id`,
    [WHOLE_EVERY_DAYS],
  )
}

/** Has all accounts verified in the background, as the nightly job does. For the service role. */
export async function startVerifyingAll(tx: Transaction): Promise<void> {
  await tx.query(`select enqueue_job('verify-all', '{}'::jsonb, 'verify-all')`)
}

/** Accepts what was last found on an account, with the reason; it is not found again. Answers how many findings that were. */
export async function acceptFindings(tx: Transaction, accountId: string, reason: string): Promise<number> {
  const rows = await tx.query(
    `insert into accepted_findings (account_id, check_name, row_name, detail, reason)
     select $1, f."check", f.row, f.detail, $2 from verifications v
     cross join jsonb_to_recordset(v.findings) as f ("check" text, row text, detail text)
     where v.account_id = $1 on conflict do nothing returning 1`,
    [accountId, reason],
  )
  return rows.length
}

export type VerificationState = {
  accountId: string
  name: string
  verifiedAt: Date | null
  wholeAt: Date | null
  failedAt: Date | null
  parkedAt: Date | null
  findings: Finding[]
}

/** How accounts stand: one, or all that fail or are parked. Of all the others, what `summarize` says. For the service role. */
export function readVerifications(tx: Transaction, accountId: string | null): Promise<VerificationState[]> {
  return tx.query<VerificationState>(
    `select a.account_id as "accountId", a.name, v.verified_at as "verifiedAt", v.whole_at as "wholeAt",
       v.failed_at as "failedAt", a.parked_at as "parkedAt", coalesce(v.findings, '[]') as findings
     from accounts a left join verifications v using (account_id)
     where case when $1::uuid is null then v.failed_at is not null or a.parked_at is not null else a.account_id = $1 end
     order by v.failed_at, a.account_id limit 1000`,
    [accountId],
  )
}

export type VerificationSummary = { accounts: number; verified: number; oldestVerifiedAt: Date | null }

export async function summarizeVerifications(tx: Transaction): Promise<VerificationSummary> {
  const [row] = await tx.query<VerificationSummary>(
    `select count(*)::integer as accounts, count(v.verified_at) filter (where v.failed_at is null)::integer as verified,
       min(v.verified_at) as "oldestVerifiedAt"
     from accounts a left join verifications v using (account_id)`,
  )
  return row!
}

type Last = VerifiedTo & { head: KeptHead | undefined }

async function readLast(tx: Transaction, accountId: string): Promise<Last | null> {
  const [row] = await tx.query<VerifiedTo & { link: string | null }>(
    `select sequence, booked_at as "bookedAt", state::text as state, encode(link, 'hex') as link
     from verifications where account_id = $1 and verified_at is not null`,
    [accountId],
  )
  if (!row) return null
  const { link, ...last } = row
  return { ...last, head: link === null ? undefined : { sequence: last.sequence, link } }
}

async function withoutAccepted(tx: Transaction, accountId: string, findings: Finding[]): Promise<Finding[]> {
  if (findings.length === 0) return findings
  const rows = await tx.query<{ check: string; row: string; detail: string }>(
    `select check_name as "check", row_name as row, detail from accepted_findings where account_id = $1`,
    [accountId],
  )
  const accepted = new Set(rows.map(({ check, row, detail }) => JSON.stringify([check, row, detail])))
  return findings.filter(({ check, row, detail }) => !accepted.has(JSON.stringify([check, row, detail])))
}

async function writeDown(
  tx: Transaction,
  accountId: string,
  { findings, end, whole }: Verification & { whole: boolean },
): Promise<void> {
  if (findings.length > 0) {
    await tx.query(
      `insert into verifications (account_id, sequence, state, failed_at, findings) values ($1, 0, '{}', now(), $2::jsonb)
       on conflict (account_id) do update set failed_at = excluded.failed_at, findings = excluded.findings`,
      [accountId, JSON.stringify(findings)],
    )
    await tx.query('update accounts set parked_at = now() where account_id = $1 and parked_at is null', [
      accountId,
    ])
    return
  }
  // Two at once: the one that saw more is the one that counts.
  await tx.query(
    `insert into verifications as v (account_id, sequence, link, booked_at, state, verified_at, whole_at)
     select $1::uuid, $2::bigint, (select link from ledger_transactions where account_id = $1 and sequence = $2::bigint),
       $3::timestamptz, $4::jsonb, now(), case when $5::boolean then now() end
     on conflict (account_id) do update set sequence = excluded.sequence, link = excluded.link,
       booked_at = excluded.booked_at, state = excluded.state, verified_at = excluded.verified_at,
       whole_at = coalesce(excluded.whole_at, v.whole_at),
       failed_at = case when excluded.whole_at is null then v.failed_at end,
       findings = case when excluded.whole_at is null then v.findings else '[]' end
     where excluded.sequence >= v.sequence or excluded.whole_at is not null`,
    [accountId, end.sequence, end.bookedAt, end.state, whole],
  )
  if (whole) await tx.query('update accounts set parked_at = null where account_id = $1', [accountId])
}
