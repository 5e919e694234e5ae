-- Up Migration
-- 0012: each ledger transaction is a link of its account's hash chain, and how far books are verified (rules R30, R31).
--
-- Why     Entries that nobody may change could still be changed by whoever owns the machine. Each transaction therefore
--         carries a link over the one before it, over its entries, and over a digest of the usage, draws, grant or
--         invoice lines that it books. Changing, moving or removing any of them breaks every link from there on.
--         `details_digest` stands beside the link so that usage can be archived and the chain still be followed.
--         The formula is in ledger/chain-links.ts. Transactions from before this migration get their links here, once.
-- Locks   `ledger_transactions` is rewritten and `invoices` gets columns: both are locked while this runs, which takes some
--         twenty seconds for a million transactions. Booking waits.

alter table ledger_transactions
  add column details_digest bytea,
  add column link bytea;

alter table invoices
  add column chain_sequence bigint,
  add column chain_head bytea,
  add check ((chain_sequence is null) = (chain_head is null));

-- Their owner sees no row while row-level security is forced.
alter table accounts no force row level security;
alter table invoice_lines no force row level security;
alter table credit_grants no force row level security;
alter table usage_keys no force row level security;
alter table usage_records no force row level security;
alter table ledger_transactions no force row level security;
alter table ledger_entries no force row level security;

-- One field of free text, which can't be mistaken for two: its length in bytes stands before it.
create function pg_temp.field(value text) returns text language sql immutable as
  $$ select octet_length(convert_to(value, 'UTF8')) || ':' || value $$;

create function pg_temp.instant(value timestamptz) returns text language sql immutable as
  $$ select round(extract(epoch from value) * 1000)::bigint::text $$;

-- What each transaction books beside its entries: usage with its draws and keys, or the terms of a grant.
update ledger_transactions t set details_digest = sha256(convert_to(u.details, 'UTF8'))
from (
  select u.account_id, u.ledger_sequence, string_agg(concat_ws('|',
      u.usage_record_id, pg_temp.instant(u.booked_at), pg_temp.instant(u.occurred_at), u.source, u.quantity,
      u.plan_version_id, u.unit_price_micros, u.overage_unit_price_micros, u.cost_micros, u.drawn_micros,
      u.overage_micros,
      coalesce((select string_agg(grant_id || '=' || amount, ',' order by place)
        from unnest(u.draw_grant_ids, u.draw_micros) with ordinality as d (grant_id, amount, place)), ''),
      u.subscription_id, u.period_number, case when u.late then 'late' else '' end, coalesce(u.run_id::text, ''),
      coalesce(u.item_id::text, ''), k.balance_after_micros, encode(k.digest, 'hex'),
      pg_temp.field(u.operation), pg_temp.field(u.key)), E'\n' order by u.usage_record_id) as details
  from usage_records u join usage_keys k using (account_id, source, key)
  group by u.account_id, u.ledger_sequence) u
where t.account_id = u.account_id and t.sequence = u.ledger_sequence;

update ledger_transactions t set details_digest = sha256(convert_to(concat_ws('|',
    g.grant_id, g.source, g.granted_micros, g.consideration_micros, g.priority, pg_temp.instant(g.starts_at),
    coalesce(pg_temp.instant(g.expires_at), ''), pg_temp.instant(g.created_at), pg_temp.field(g.natural_key),
    pg_temp.field(coalesce(g.reason, ''))), 'UTF8'))
from credit_grants g
where t.account_id = g.account_id and t.cause = 'grant_issued' and t.cause_id = g.grant_id::text;

update ledger_transactions t set details_digest = (
  select sha256(convert_to(string_agg(concat_ws('|', line, kind, coalesce(operation, ''),
    coalesce(plan_version_id::text, ''), coalesce(quantity::text, ''), coalesce(unit_price_micros::text, ''),
    exact_micros, amount_micros, pg_temp.field(description)), E'\n' order by line), 'UTF8'))
  from invoice_lines l where l.account_id = t.account_id and l.invoice_id = t.cause_id::uuid)
where t.cause = 'invoice_finalized';

do $$
declare
  row record;
  account uuid;
  previous bytea;
begin
  for row in
    select t.account_id, t.sequence, t.details_digest, concat_ws(E'\n',
        t.account_id, t.sequence, pg_temp.instant(t.booked_at), pg_temp.field(t.cause), pg_temp.field(t.cause_id),
        (select string_agg(concat_ws('|', e.ledger_account, pg_temp.field(e.commodity), e.amount_micros,
             coalesce(e.grant_id::text, '')), E'\n' order by e.line)
         from ledger_entries e where e.account_id = t.account_id and e.sequence = t.sequence)) as entries
    from ledger_transactions t order by t.account_id, t.sequence
  loop
    if account is distinct from row.account_id then
      account := row.account_id;
      previous := null;
    end if;
    previous := sha256(convert_to(concat_ws(E'\n', 'drawdown link 1', coalesce(encode(previous, 'hex'), ''),
      row.entries, coalesce(encode(row.details_digest, 'hex'), '')), 'UTF8'));
    update ledger_transactions set link = previous where account_id = row.account_id and sequence = row.sequence;
    update accounts set chain_head = previous where account_id = row.account_id and entry_sequence = row.sequence;
  end loop;
end
$$;

alter table accounts force row level security;
alter table invoice_lines force row level security;
alter table credit_grants force row level security;
alter table usage_keys force row level security;
alter table usage_records force row level security;
alter table ledger_transactions force row level security;
alter table ledger_entries force row level security;

alter table ledger_transactions
  alter column link set not null,
  add check (octet_length(link) = 32 and (details_digest is null or octet_length(details_digest) = 32));

-- The head that stands on a finalized invoice never changes.
create function refuse_change_of_chain_head() returns trigger language plpgsql as $$
begin
  raise exception 'the chain head on invoice % never changes', old.number;
end
$$;
create trigger chain_head_never_changes before update on invoices for each row
  when (old.chain_head is not null
    and (new.chain_head, new.chain_sequence) is distinct from (old.chain_head, old.chain_sequence))
  execute function refuse_change_of_chain_head();

-- How far an account's books have been verified, and what was wrong (rule R31). Written by verify/ alone; a checked cache like
-- any other: thrown away, it is made again by a whole verification.
create table verifications (
  account_id   uuid primary key references accounts,
  sequence     bigint not null,                                         -- the last transaction that was verified
  link         bytea,                                                   -- its link; null before the first transaction
  booked_at    timestamptz,
  state        jsonb not null,                                          -- what everything held there
  verified_at  timestamptz,                                             -- wall time: last found in order
  whole_at     timestamptz,                                             -- the same, from the first transaction on
  failed_at    timestamptz,                                             -- wall time: last found not in order; null since it is
  findings     jsonb not null default '[]'
);

-- What an operator has looked into and accepts as it stands, with the reason. It is not found again.
create table accepted_findings (
  account_id   uuid not null references accounts,
  check_name   text not null,
  row_name     text not null,
  detail       text not null,
  reason       text not null check (length(reason) between 1 and 1000),
  accepted_at  timestamptz not null default now(),
  primary key (account_id, check_name, row_name, detail)
);

select protect_account_table(t::regclass) from unnest(array['verifications', 'accepted_findings']) as t;
grant select, insert, update on verifications to drawdown_tenant, drawdown_service;
grant select, insert on accepted_findings to drawdown_tenant, drawdown_service;
