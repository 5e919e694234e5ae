/**
 * Makes the bundle with which an invoice can be proven without this service: its lines, the usage and prices behind them, and the
 * piece of the hash chain that holds them (see prove-invoice.ts, which proves it).
 *
 * Called by http/. One query makes the whole of it, so it is of one instant; amounts stay text from Postgres to the file.
 */
import type { Transaction } from '../database/connect.ts'
import type { InvoiceProof } from './invoice-proof.ts'

/** Null where the account has no such invoice, or it is not finalized. */
export async function readProof(
  tx: Transaction,
  accountId: string,
  invoiceId: string,
): Promise<InvoiceProof | null> {
  const [row] = await tx.query<{ proof: InvoiceProof }>(PROOF, [accountId, invoiceId])
  return row?.proof ?? null
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const PROOF = `
  with i as (
    select *, case when kind in ('boundary', 'cancel', 'interim') then (
        select coalesce(max(c.billed_through), 0) from invoices c where c.account_id = n.account_id and c.kind = 'interim'
          and c.subscription_id = n.subscription_id and c.period_number = n.period_number
          and (n.billed_through is null or c.billed_through < n.billed_through)) end as cut_before
    from invoices n where account_id = $1 and invoice_id = $2 and chain_head is not null),
  uses as (
    select u.*, k.balance_after_micros, k.digest from i
    join usage_records u on u.account_id = i.account_id and u.subscription_id = i.subscription_id
      and u.period_number = i.period_number and u.booked_at >= i.period_starts_at - interval '1 second'
      and u.ledger_sequence > i.cut_before and u.ledger_sequence <= coalesce(i.billed_through, u.ledger_sequence)
    join usage_keys k on k.account_id = u.account_id and k.source = u.source and k.key = u.key),
  -- Months of its period whose records are in a file alone, with what their checkpoint says.
  own_archives as (
    select i.invoice_id, c.month, a.starts_at, a.ends_at, c.digest, c.state::jsonb as state,
      i.kind = 'interim' or i.cut_before > 0 as is_cut
    from i join usage_archives a on a.detached and a.starts_at < i.period_ends_at
      and a.ends_at > i.period_starts_at - interval '1 second'
    join usage_checkpoints c on c.account_id = i.account_id and c.month = a.month
    where i.kind in ('boundary', 'cancel', 'interim')),
  -- Where interim invoices have cut the period, a checkpoint does not tell the parts apart: what is on this invoice, and not among the
  -- records that are there.
  parts as (
    select b.plan_version_id, b.operation, b.late, b.quantity, b.cost_micros, b.drawn_micros, b.overage_micros
    from i join interim_totals b using (account_id, invoice_id)
    union all
    select t.plan_version_id, t.operation, t.late, t.quantity, t.cost_micros, t.drawn_micros, t.overage_micros
    from i join period_totals t using (account_id, subscription_id, period_number) where i.kind <> 'interim'
    union all
    select b.plan_version_id, b.operation, b.late, -b.quantity, -b.cost_micros, -b.drawn_micros, -b.overage_micros
    from i join invoices n using (account_id, subscription_id, period_number)
    join interim_totals b on b.account_id = n.account_id and b.invoice_id = n.invoice_id where i.kind <> 'interim'
    union all
    select plan_version_id, operation, late, -quantity, -cost_micros, -drawn_micros, -overage_micros from uses),
  archives as (
    select month, starts_at, ends_at, digest, state from own_archives where not is_cut
    union all
    select min(o.month), min(o.starts_at), max(o.ends_at), (array_agg(o.digest order by o.month))[1], (
      select jsonb_build_object('totals', coalesce(jsonb_agg(jsonb_build_object('subscription_id', i.subscription_id,
        'period_number', i.period_number, 'plan_version_id', plan_version_id, 'operation', operation, 'late', late,
        'quantity', quantity::text, 'cost', cost::text, 'drawn', drawn::text, 'overage', overage::text)), '[]'))
      from i, (select plan_version_id, operation, late, sum(quantity) as quantity, sum(cost_micros) as cost,
          sum(drawn_micros) as drawn, sum(overage_micros) as overage from parts group by 1, 2, 3 having sum(quantity) > 0) rest)
    from own_archives o where o.is_cut having count(*) > 0),
  archived_uses as (
    select t.sequence from i, archives a join ledger_transactions t on t.account_id = $1 and t.cause = 'usage_booked'
      and t.booked_at >= a.starts_at and t.booked_at < a.ends_at
    where t.booked_at >= i.period_starts_at - interval '1 second' and t.booked_at <= i.period_ends_at
      and t.sequence > i.cut_before and t.sequence <= coalesce(i.billed_through, t.sequence)),
  archived_totals as (
    select t.* from i, archives a cross join jsonb_to_recordset(a.state->'totals') as t (subscription_id uuid,
      period_number integer, plan_version_id uuid)
    where t.subscription_id = i.subscription_id and t.period_number = i.period_number),
  own as (
    select t.sequence from i join ledger_transactions t on t.account_id = i.account_id
      and t.cause = 'invoice_finalized' and t.cause_id = i.invoice_id::text),
  first as (
    select least((select min(ledger_sequence) from uses), (select min(sequence) from archived_uses),
      (select sequence from own)) as sequence),
  chain as (
    select t.* from ledger_transactions t, first, i
    where t.account_id = $1 and t.sequence between first.sequence and i.chain_sequence),
  fee as (
    select v.* from i
    join invoice_lines l on l.account_id = i.account_id and l.invoice_id = i.invoice_id and l.kind = 'plan_fee'
    join plan_versions v using (plan_version_id)),
  change as (
    select c.* from i join plan_changes c using (account_id, invoice_id) where i.kind = 'upgrade')
  select jsonb_build_object(
    'form', 'drawdown invoice proof 1',
    'account_id', $1,
    'invoice', jsonb_build_object('id', i.invoice_id, 'number', i.number, 'kind', i.kind, 'currency', i.currency,
      'total', i.total_micros::text, 'chain_sequence', i.chain_sequence::text, 'chain_head', encode(i.chain_head, 'hex'),
      'subscription_id', i.subscription_id, 'period_number', i.period_number, 'period_starts_at', ${iso('i.period_starts_at')},
      'period_ends_at', ${iso('i.period_ends_at')}, 'after_sequence', coalesce(i.cut_before, 0)::text,
      'through_sequence', i.billed_through::text,
      'lines', (select coalesce(jsonb_agg(jsonb_build_object('line', line, 'kind', kind, 'operation', operation,
          'plan_version_id', plan_version_id, 'quantity', quantity::text, 'unit_price', unit_price_micros::text,
          'exact', exact_micros::text, 'amount', amount_micros::text, 'description', description,
          'tax_rate', tax_rate_micros::text) order by line), '[]')
        from invoice_lines l where l.account_id = $1 and l.invoice_id = $2)),
    'fee', (select jsonb_build_object('plan_version_id', plan_version_id, 'list_price', list_price_micros::text,
        'discount', discount_micros::text) from fee),
    'change', (select jsonb_build_object('plan_version_id', to_plan_version_id, 'due', due_micros::text) from change),
    'prices', (select coalesce(jsonb_agg(jsonb_build_object('plan_version_id', p.plan_version_id, 'operation', p.operation,
        'position', p.position, 'unit_price', p.unit_price_micros::text,
        'overage_unit_price', p.overage_unit_price_micros::text, 'in_force_since', coalesce((select ${iso('min(v.starts_at)')}
          from subscription_versions v where v.account_id = $1 and v.plan_version_id = p.plan_version_id), ''))), '[]')
      from plan_prices p where p.plan_version_id in (select plan_version_id from uses union select plan_version_id from archived_totals)),
    'archives', (select coalesce(jsonb_agg(jsonb_build_object('month', to_char(month, 'YYYY-MM'), 'starts_at', ${iso('starts_at')},
        'ends_at', ${iso('ends_at')}, 'digest', encode(digest, 'hex'), 'state', state) order by month), '[]') from archives),
    'usage', (select coalesce(jsonb_agg(jsonb_build_object('id', usage_record_id, 'booked_at', ${iso('booked_at')},
        'occurred_at', ${iso('occurred_at')}, 'source', source, 'key', key, 'operation', operation, 'quantity', quantity::text,
        'plan_version_id', plan_version_id, 'unit_price', unit_price_micros::text,
        'overage_unit_price', overage_unit_price_micros::text, 'cost', cost_micros::text, 'drawn', drawn_micros::text,
        'overage', overage_micros::text, 'draws', (select coalesce(jsonb_agg(jsonb_build_object('grant_id', grant_id,
            'amount', amount::text) order by place), '[]')
          from unnest(draw_grant_ids, draw_micros) with ordinality as d (grant_id, amount, place)),
        'subscription_id', subscription_id, 'period_number', period_number, 'late', late, 'run_id', run_id,
        'item_id', item_id, 'balance_after', balance_after_micros::text, 'body_digest', encode(digest, 'hex'),
        'sequence', ledger_sequence::text) order by usage_record_id), '[]') from uses),
    'previous_link', (select encode(t.link, 'hex') from ledger_transactions t, first
      where t.account_id = $1 and t.sequence = first.sequence - 1),
    'transactions', (select coalesce(jsonb_agg(jsonb_build_object('sequence', t.sequence::text, 'booked_at', ${iso('t.booked_at')},
        'cause', t.cause, 'cause_id', t.cause_id, 'details_digest', encode(t.details_digest, 'hex'),
        'link', encode(t.link, 'hex'), 'entries', (select coalesce(jsonb_agg(jsonb_build_object('account', e.ledger_account,
            'commodity', e.commodity, 'amount', e.amount_micros::text, 'grant_id', e.grant_id) order by e.line), '[]')
          from ledger_entries e where e.account_id = $1 and e.sequence = t.sequence)) order by t.sequence), '[]') from chain t)
  ) as proof from i`
