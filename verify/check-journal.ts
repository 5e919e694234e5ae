/**
 * The checks of the journal, of grants and of usage: balances from entries, entries from usage × price (rule R31).
 *
 * Used by verify-account.ts, which says what the parameters are.
 */
import { isArchived } from './check-archives.ts'
import type { Check } from './finding.ts'

/** What each ledger account held at the end of what is verified, by grant. */
export const SUMS = `jsonb_to_recordset($4::jsonb->'sums') as s (ledger_account text, commodity text, grant_id uuid, amount numeric)`

/** The sum of some entries of a grant `g`. */
const sumOf = (
  ...accounts: string[]
) => `coalesce((select sum(s.amount) from ${SUMS} where s.grant_id = g.grant_id
  and s.ledger_account in (${accounts.map((account) => `'${account}'`).join(', ')})), 0)`

/** Grants that have not ended, and those that moved since. All of them in a whole verification. */
const GRANTS = `(select g.* from credit_grants g where g.account_id = $1 and (g.ended_at is null or exists (
  select from ${SUMS} where s.grant_id = g.grant_id))) g`

const NEW_USAGE =
  '(select * from usage_records where account_id = $1 and booked_at >= $3 and ledger_sequence > $2) u'

export const JOURNAL_CHECKS: Readonly<Record<string, Check>> = {
  'a transaction sums to zero in each commodity': `
    select 'transaction ' || sequence || ' in ' || commodity as row, 0 as expected, sum(amount_micros) as found
    from ledger_entries where account_id = $1 and sequence > $2
    group by sequence, commodity having sum(amount_micros) <> 0`,

  'the journal has no gap': `
    select 'transaction ' || n as row, 'a transaction' as expected, 'none' as found
    from accounts a cross join lateral generate_series($2 + 1, a.entry_sequence) as n
    left join ledger_transactions t on t.account_id = a.account_id and t.sequence = n
    where a.account_id = $1 and t.sequence is null
    union all
    select 'transaction ' || t.sequence, 'no transaction after ' || a.entry_sequence, 'one'
    from accounts a join ledger_transactions t on t.account_id = a.account_id and t.sequence > a.entry_sequence
    where a.account_id = $1`,

  'booked time never goes backwards': `
    select 'transaction ' || sequence as row, 'not before ' || before as expected, booked_at as found
    from (select sequence, booked_at, lag(booked_at) over (order by sequence) as before
          from ledger_transactions where account_id = $1 and sequence >= $2) ordered where booked_at < before`,

  'a grant holds what its entries say': `
    select 'grant ' || grant_id as row, expected, remaining_micros as found
    from (select g.grant_id, g.remaining_micros, ${sumOf('credits:available')} as expected from ${GRANTS}) g
    where expected <> remaining_micros`,

  'entries of a grant have their grant': `
    select 'grant ' || s.grant_id as row, 'a grant' as expected, 'none' as found
    from ${SUMS} left join credit_grants g on g.account_id = $1 and g.grant_id = s.grant_id
    where s.grant_id is not null and g.grant_id is null group by s.grant_id`,

  'granted = drawn + expired + rolled over + remaining': `
    select 'grant ' || grant_id as row, granted_micros as expected, gone + remaining_micros as found
    from (select g.*, ${sumOf('credits:drawn', 'credits:expired', 'credits:voided')} + coalesce((
        select r.granted_micros from credit_grants r
        where r.account_id = $1 and r.account_id = g.account_id and r.natural_key = 'rollover:' || g.grant_id), 0) as gone from ${GRANTS}) g
    where gone + remaining_micros <> granted_micros`,

  'what was paid for a grant is deferred or recognised': `
    select 'grant ' || grant_id as row, consideration_micros - recognised_micros as expected, deferred as found
    from (select g.*, -${sumOf('liabilities:deferred')} as deferred from ${GRANTS}) g
    where deferred <> consideration_micros - recognised_micros`,

  'revenue from a grant follows what was drawn': `
    select 'grant ' || grant_id as row, expected, recognised_micros as found
    from (select *, floor(consideration_micros::numeric * (granted_micros - remaining_micros) / granted_micros) as expected
          from credit_grants where account_id = $1 and ended_at is null) g
    where recognised_micros <> expected`,

  'a usage record is unit price × quantity, split without loss': `
    select 'usage ' || usage_record_id as row,
      unit_price_micros * quantity || ' cost, ' || overage || ' overage for what was not drawn' as expected,
      cost_micros || ' cost, ' || drawn_micros || ' drawn as ' || draw_micros::text || ', ' || overage_micros || ' overage' as found
    from (select *, case when unit_price_micros = 0 then 0
        else round((cost_micros - drawn_micros)::numeric * overage_unit_price_micros / unit_price_micros) end as overage
      from ${NEW_USAGE}) u
    where cost_micros <> unit_price_micros * quantity
      or drawn_micros <> coalesce((select sum(amount) from unnest(draw_micros) as amount), 0)
      or overage_micros <> overage`,

  'a usage record has the prices of its plan version': `
    select 'usage ' || u.usage_record_id as row, p.unit_price_micros || ', overage ' || p.overage_unit_price_micros as expected,
      u.unit_price_micros || ', overage ' || u.overage_unit_price_micros as found
    from ${NEW_USAGE} left join plan_prices p using (plan_version_id, operation)
    where (u.unit_price_micros, u.overage_unit_price_micros)
      is distinct from (p.unit_price_micros, p.overage_unit_price_micros)`,

  'entries of usage are what its records say': `
    select 'transaction ' || t.sequence as row, u.drawn || ' drawn, ' || u.overage || ' overage' as expected,
      e.drawn || ' drawn, ' || e.overage || ' overage' as found
    from ledger_transactions t
    left join (select ledger_sequence as sequence, sum(drawn_micros) as drawn, sum(overage_micros) as overage
      from ${NEW_USAGE} group by 1) u using (sequence)
    left join (select sequence,
        coalesce(sum(amount_micros) filter (where ledger_account = 'credits:drawn'), 0) as drawn,
        coalesce(-sum(amount_micros) filter (where ledger_account = 'income:overage'), 0) as overage
      from ledger_entries where account_id = $1 and sequence > $2 group by 1) e using (sequence)
    where t.account_id = $1 and t.sequence > $2 and t.cause = 'usage_booked' and not ${isArchived('t.booked_at')}
      and (u.drawn, u.overage) is distinct from (coalesce(e.drawn, 0), coalesce(e.overage, 0))`,

  'entries draw from each grant what usage drew': `
    select 'transaction ' || sequence || ', grant ' || grant_id as row, u.amount as expected, e.amount as found
    from (select u.ledger_sequence as sequence, d.grant_id, sum(d.amount) as amount
      from ${NEW_USAGE} cross join unnest(u.draw_grant_ids, u.draw_micros) as d (grant_id, amount) group by 1, 2) u
    full join (select e.sequence, e.grant_id, sum(e.amount_micros) as amount
      from ledger_entries e join ledger_transactions t using (account_id, sequence)
      where e.account_id = $1 and e.sequence > $2 and e.ledger_account = 'credits:drawn' and t.cause = 'usage_booked'
        and not ${isArchived('t.booked_at')}
      group by 1, 2) e using (sequence, grant_id)
    where u.amount is distinct from e.amount`,

  'each usage record has its key, and each key its record': `
    select coalesce('usage ' || u.usage_record_id, 'key ' || k.key) as row,
      coalesce('key ' || u.key, 'usage ' || k.usage_record_id) as expected, coalesce('key of ' || k.usage_record_id, 'none') as found
    from ${NEW_USAGE}
    full join (select * from usage_keys
      where account_id = $1 and booked_at >= $3 and not ${isArchived('booked_at')}) k using (account_id, source, key)
    where u.usage_record_id is distinct from k.usage_record_id and coalesce(u.ledger_sequence > $2, k.booked_at > $3)`,

  'a key remembers what its record cost': `
    select 'usage ' || u.usage_record_id as row,
      concat_ws(', ', k.booked_at, k.cost_micros || ' cost', k.drawn_micros || ' drawn', k.overage_micros || ' overage') as expected,
      concat_ws(', ', u.booked_at, u.cost_micros || ' cost', u.drawn_micros || ' drawn', u.overage_micros || ' overage') as found
    from ${NEW_USAGE} join usage_keys k using (account_id, source, key)
    where (k.booked_at, k.cost_micros, k.drawn_micros, k.overage_micros)
      <> (u.booked_at, u.cost_micros, u.drawn_micros, u.overage_micros)`,

  'usage is booked in the period that was open, and late if it happened before': `
    select 'usage ' || u.usage_record_id as row, coalesce('between ' || p.starts_at || ' and ' || p.ends_at, 'a period') as expected,
      'booked ' || u.booked_at || ', happened ' || u.occurred_at || case when u.late then ', late' else '' end as found
    from ${NEW_USAGE} left join periods p using (account_id, subscription_id, period_number)
    where (u.booked_at between p.starts_at and p.ends_at and u.late = (u.occurred_at < p.starts_at)) is not true`,
}
