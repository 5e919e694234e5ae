-- Up Migration
-- 0020: the entries of a ledger transaction stand in its own row.
--
-- Why     A booking writes one transaction an account and some four entries. As rows of their own the entries took a seventh of what
--         Postgres did for a batch: a row, an index entry and a sum each. They are written once, together, and never changed, so they
--         are columns of their transaction: `entry_accounts`, `entry_commodities` and `entry_micros`, side by side, and in
--         `entry_grant_places` the place of each entry's grant in `entry_grants`, 0 for none. `ledger_entries` is a view that shows
--         them as rows, under the rights of who asks. That they sum to zero is a check of the row itself, so it also holds for who
--         changes one by hand.
-- Locks   `ledger_transactions` is rewritten, and booking waits meanwhile: about half a minute for a million transactions.

alter table ledger_transactions no force row level security;
alter table ledger_entries no force row level security;

alter table ledger_transactions
  add column entry_accounts text[] not null default '{}',               -- chart of accounts: ledger/README.md
  add column entry_commodities text[] not null default '{}',            -- 'USD' is money, 'credit:USD' credits
  add column entry_micros bigint[] not null default '{}',               -- debit positive, credit negative
  add column entry_grant_places integer[] not null default '{}',
  add column entry_grants uuid[] not null default '{}';

update ledger_transactions t
set entry_accounts = e.accounts, entry_commodities = e.commodities, entry_micros = e.micros,
  entry_grant_places = e.places, entry_grants = e.grants
from (
  select account_id, sequence, array_agg(ledger_account order by line) as accounts,
    array_agg(commodity order by line) as commodities, array_agg(amount_micros order by line) as micros,
    array_agg(case when grant_id is null then 0 else line end order by line) as places,
    -- A place that no entry points at holds anything.
    array_agg(coalesce(grant_id, account_id) order by line) as grants
  from ledger_entries group by account_id, sequence) e
where t.account_id = e.account_id and t.sequence = e.sequence;

alter table ledger_transactions
  alter column entry_accounts drop default,
  alter column entry_commodities drop default,
  alter column entry_micros drop default,
  alter column entry_grant_places drop default,
  alter column entry_grants drop default;

drop table ledger_entries;
drop function require_balanced_entries;

-- Whether amounts sum to zero for each commodity.
create function sums_to_zero(commodities text[], amounts bigint[]) returns boolean
language sql immutable parallel safe as $$
  select not exists (
    select from unnest(commodities, amounts) as e (commodity, amount) group by commodity having sum(amount) <> 0)
$$;

-- The second lock on double entry. Most transactions are one pair of entries or two, which is seen at a glance.
alter table ledger_transactions
  add constraint entries_stand_side_by_side check (
    cardinality(entry_accounts) = cardinality(entry_micros)
    and cardinality(entry_commodities) = cardinality(entry_micros)
    and cardinality(entry_grant_places) = cardinality(entry_micros)),
  add constraint no_entry_is_of_zero check (0 <> all (entry_micros)),
  add constraint entries_sum_to_zero check (
    (cardinality(entry_micros) in (2, 4)
      and entry_micros[1] = -entry_micros[2] and entry_commodities[1] = entry_commodities[2]
      and (cardinality(entry_micros) = 2
        or (entry_micros[3] = -entry_micros[4] and entry_commodities[3] = entry_commodities[4])))
    or sums_to_zero(entry_commodities, entry_micros));

create view ledger_entries with (security_invoker = true) as
  select t.account_id, t.sequence, e.line::integer as line, e.ledger_account, e.commodity, e.amount_micros,
    t.entry_grants[e.place] as grant_id
  from ledger_transactions t
  cross join unnest(t.entry_accounts, t.entry_commodities, t.entry_micros, t.entry_grant_places)
    with ordinality as e (ledger_account, commodity, amount_micros, place, line);

grant select on ledger_entries to drawdown_tenant, drawdown_service;
alter table ledger_transactions force row level security;
