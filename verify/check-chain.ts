/**
 * The checks of the hash chain: derives each link again from the rows, by SQL that knows nothing of the engine's code.
 *
 * Used by verify-account.ts. The form of a link is told in ledger/chain-links.ts and written here a second time, on purpose: what
 * two hands wrote from one description can only agree if both follow it.
 */
import { isArchived } from './check-archives.ts'
import type { Check } from './finding.ts'

/** A text from outside, behind its length in bytes. */
const field = (text: string) => `octet_length(convert_to(${text}, 'UTF8')) || ':' || ${text}`
const instant = (time: string) => `round(extract(epoch from ${time}) * 1000)::bigint`
const hex = (bytes: string) => `coalesce(encode(${bytes}, 'hex'), '')`
const sha256 = (text: string) => `sha256(convert_to(${text}, 'UTF8'))`

const ENTRY = `concat_ws('|', e.ledger_account, ${field('e.commodity')}, e.amount_micros, coalesce(e.grant_id::text, ''))`

const DRAWS = `coalesce((select string_agg(grant_id || '=' || amount, ',' order by place)
  from unnest(u.draw_grant_ids, u.draw_micros) with ordinality as d (grant_id, amount, place)), '')`

const USE = `concat_ws('|', u.usage_record_id, ${instant('u.booked_at')}, ${instant('u.occurred_at')}, u.source, u.quantity,
  u.plan_version_id, u.unit_price_micros, u.overage_unit_price_micros, u.cost_micros, u.drawn_micros, u.overage_micros,
  ${DRAWS}, u.subscription_id, u.period_number, case when u.late then 'late' else '' end, coalesce(u.run_id::text, ''),
  coalesce(u.item_id::text, ''), k.balance_after_micros, encode(k.digest, 'hex'), ${field('u.operation')}, ${field('u.key')})`

const GRANT = `concat_ws('|', g.grant_id, g.source, g.granted_micros, g.consideration_micros, g.priority,
  ${instant('g.starts_at')}, coalesce(${instant('g.expires_at')}::text, ''), ${instant('g.created_at')},
  ${field('g.natural_key')}, ${field("coalesce(g.reason, '')")})`

const LINE = `concat_ws('|', line, kind, coalesce(operation, ''), coalesce(plan_version_id::text, ''),
  coalesce(quantity::text, ''), coalesce(unit_price_micros::text, ''), exact_micros, amount_micros, ${field('description')})`

const NOTE = `concat_ws('|', n.credit_note_id, n.net_micros, n.tax_micros, n.overage_cancelled_micros, n.credits_returned_micros,
  n.credits_adjusted_micros, ${field('n.number')}, ${field('n.reason')})`

const NOTE_LINE = `concat_ws('|', line, kind, invoice_id, coalesce(operation, ''), coalesce(plan_version_id::text, ''),
  coalesce(quantity::text, ''), coalesce(tax_rate_micros::text, ''), amount_micros, exact_micros, ${field("coalesce(name, '')")},
  ${field('description')})`

const CORRECTION = `concat_ws('|', c.line, c.kind, c.usage_record_id, ${instant('c.record_booked_at')}, c.subscription_id,
  c.period_number, case when c.in_open_period then 'open' else '' end, c.plan_version_id, c.operation,
  case when c.late then 'late' else '' end, c.quantity, c.cost_micros, c.drawn_micros, c.overage_micros,
  coalesce((select string_agg(grant_id || '=' || amount, ',' order by place)
    from unnest(c.draw_grant_ids, c.draw_micros) with ordinality as d (grant_id, amount, place)), ''))`

export const CHAIN_CHECKS: Readonly<Record<string, Check>> = {
  'each transaction is linked to the one before it, with its entries and what they are for': `
    select 'transaction ' || t.sequence as row, encode(t.expected, 'hex') as expected, encode(t.link, 'hex') as found
    from (
      select t.sequence, t.link, ${sha256(`concat_ws(E'\\n', 'drawdown link 1', ${hex('t.previous')}, t.account_id, t.sequence,
        ${instant('t.booked_at')}, ${field('t.cause')}, ${field('t.cause_id')}, e.entries, ${hex('t.details_digest')})`)} as expected
      from (select *, lag(link) over (order by sequence) as previous
            from ledger_transactions where account_id = $1 and sequence >= $2) t
      left join (select e.sequence, string_agg(${ENTRY}, E'\\n' order by e.line) as entries
                 from ledger_entries e where e.account_id = $1 and e.sequence > $2 group by e.sequence) e using (sequence)) t
    where t.sequence > $2 and t.link <> t.expected order by t.sequence`,

  'usage, with its draws and its key, is as it was when its transaction was linked': `
    select 'transaction ' || coalesce(t.sequence, u.sequence) as row, encode(t.details_digest, 'hex') as expected,
      encode(u.digest, 'hex') as found
    from (select * from ledger_transactions where account_id = $1 and sequence > $2 and cause = 'usage_booked'
      and not ${isArchived('booked_at')}) t
    full join (
      select u.ledger_sequence as sequence, ${sha256(`string_agg(${USE}, E'\\n' order by u.usage_record_id)`)} as digest
      from usage_records u left join usage_keys k using (account_id, source, key)
      where u.account_id = $1 and u.booked_at >= $3 and u.ledger_sequence > $2 group by u.ledger_sequence) u using (sequence)
    where t.details_digest is distinct from u.digest order by 1`,

  'a grant is as it was when its transaction was linked': `
    select 'grant ' || g.grant_id as row, encode(t.details_digest, 'hex') as expected, encode(g.digest, 'hex') as found
    from (select g.grant_id, ${sha256(GRANT)} as digest from credit_grants g
          where g.account_id = $1 and ($2 = 0 or g.ended_at is null)) g
    left join ledger_transactions t on t.account_id = $1 and t.cause in ('grant_issued', 'grant_rolled_over')
      and t.cause_id = g.grant_id::text
    where t.details_digest is distinct from g.digest`,

  'the lines of an invoice are as they were when it was finalized': `
    select 'invoice ' || coalesce(i.number, i.invoice_id::text) as row, encode(t.details_digest, 'hex') as expected,
      encode(l.digest, 'hex') as found
    from invoices i
    left join (select invoice_id, ${sha256(`string_agg(${LINE}, E'\\n' order by line)`)} as digest
      from invoice_lines where account_id = $1 group by invoice_id) l using (invoice_id)
    left join ledger_transactions t on t.account_id = $1 and t.cause = 'invoice_finalized'
      and t.cause_id = i.invoice_id::text
    where i.account_id = $1 and i.finalized_at is not null and t.details_digest is distinct from l.digest`,

  'a credit note is as it was when its transaction was linked': `
    select 'credit note ' || n.number as row, encode(t.details_digest, 'hex') as expected, encode(n.digest, 'hex') as found
    from (select n.number, n.credit_note_id, ${sha256(`concat_ws(E'\\n', ${NOTE},
        (select string_agg(${NOTE_LINE}, E'\\n' order by line) from credit_note_lines l
         where l.account_id = n.account_id and l.credit_note_id = n.credit_note_id),
        (select string_agg(${CORRECTION}, E'\\n' order by c.line) from usage_corrections c
         where c.account_id = n.account_id and c.credit_note_id = n.credit_note_id))`)} as digest
      from credit_notes n where n.account_id = $1) n
    join ledger_transactions t on t.account_id = $1 and t.cause in ('usage_credited', 'invoice_allowed', 'grant_refunded')
      and t.cause_id = n.credit_note_id::text
    -- Those from before credit notes were chained have no digest, and their link says so.
    where t.details_digest <> n.digest`,

  'the chain ends where the account says': `
    select 'account' as row, encode(a.chain_head, 'hex') as expected, encode(t.link, 'hex') as found
    from accounts a left join ledger_transactions t on t.account_id = a.account_id and t.sequence = a.entry_sequence
    where a.account_id = $1 and a.chain_head is distinct from t.link`,

  'the chain holds the heads that stand on invoices': `
    select 'invoice ' || coalesce(i.number, i.invoice_id::text) as row,
      'transaction ' || i.chain_sequence || ' linked ' || encode(i.chain_head, 'hex') as expected,
      coalesce(encode(t.link, 'hex'), 'no such transaction') as found
    from invoices i left join ledger_transactions t on t.account_id = i.account_id and t.sequence = i.chain_sequence
    where i.account_id = $1 and i.chain_head is distinct from t.link`,
}
