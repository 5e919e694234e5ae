/**
 * The checks of archived usage: what stands in for records that are in a file alone (rule R15).
 *
 * Used by verify-account.ts, which says what the parameters are; the other checks leave archived months out by `isArchived`.
 *
 * Of such a month the journal still has each transaction with its entries and the digest of its records, and every key what it cost.
 * The checkpoint must agree with both, and be what the chain says it was.
 */
import type { Check } from './finding.ts'

/** Whether what was booked at this instant is in a file alone. */
export const isArchived = (instant: string) =>
  `exists (select from usage_archives z where z.detached and ${instant} >= z.starts_at and ${instant} < z.ends_at)`

/** Of each archived month that is verified now: what the checkpoint's totals add up to. */
const CHECKPOINTS = `(
  select c.month, a.starts_at, a.ends_at, c.record_count, s.cost, s.drawn, s.overage
  from usage_checkpoints c join usage_archives a on a.month = c.month and a.detached
  cross join lateral (select coalesce(sum(cost), 0) as cost, coalesce(sum(drawn), 0) as drawn, coalesce(sum(overage), 0) as overage
    from jsonb_to_recordset(c.state::jsonb->'totals') as t (cost numeric, drawn numeric, overage numeric)) s
  where c.account_id = $1 and c.last_sequence > $2)`

const rowOf = (month: string) => `'archive of ' || to_char(${month}, 'YYYY-MM')`

export const ARCHIVE_CHECKS: Readonly<Record<string, Check>> = {
  'archived usage is what its entries say': `
    select ${rowOf('coalesce(e.month, c.month)')} as row, e.drawn || ' drawn, ' || e.overage || ' overage' as expected,
      c.drawn || ' drawn, ' || c.overage || ' overage' as found
    from ${CHECKPOINTS} c
    full join (
      select a.month, coalesce(sum(e.amount_micros) filter (where e.ledger_account = 'credits:drawn'), 0) as drawn,
        coalesce(-sum(e.amount_micros) filter (where e.ledger_account = 'income:overage'), 0) as overage
      from usage_archives a
      join ledger_transactions t on t.account_id = $1 and t.sequence > $2 and t.cause = 'usage_booked'
        and t.booked_at >= a.starts_at and t.booked_at < a.ends_at
      left join ledger_entries e on e.account_id = t.account_id and e.sequence = t.sequence
      where a.detached group by a.month) e on e.month = c.month
    where (e.drawn, e.overage) is distinct from (c.drawn, c.overage)`,

  'archived usage is what its keys say': `
    select ${rowOf('c.month')} as row,
      concat_ws(', ', k.keys || ' keys', k.cost || ' cost', k.drawn || ' drawn', k.overage || ' overage') as expected,
      concat_ws(', ', c.record_count || ' records', c.cost || ' cost', c.drawn || ' drawn', c.overage || ' overage') as found
    from ${CHECKPOINTS} c
    cross join lateral (select count(*) as keys, coalesce(sum(cost_micros), 0) as cost, coalesce(sum(drawn_micros), 0) as drawn,
        coalesce(sum(overage_micros), 0) as overage
      from usage_keys where account_id = $1 and booked_at >= c.starts_at and booked_at < c.ends_at) k
    where (k.keys, k.cost, k.drawn, k.overage) is distinct from (c.record_count, c.cost, c.drawn, c.overage)`,

  'a checkpoint is as it was when its transaction was linked': `
    select 'archive of ' || coalesce(to_char(c.month, 'YYYY-MM'), t.cause_id) as row,
      encode(t.details_digest, 'hex') as expected, encode(c.told, 'hex') as found
    from (select *, sha256(convert_to(concat_ws('|', to_char(month, 'YYYY-MM'), record_count, last_sequence,
        encode(digest, 'hex'), octet_length(convert_to(state, 'UTF8')) || ':' || state), 'UTF8')) as told
      from usage_checkpoints where account_id = $1 and ledger_sequence > $2) c
    full join (select * from ledger_transactions
      where account_id = $1 and sequence > $2 and cause = 'usage_archived') t on t.sequence = c.ledger_sequence
      and t.cause_id = to_char(c.month, 'YYYY-MM')
    where t.details_digest is distinct from c.told`,
}
