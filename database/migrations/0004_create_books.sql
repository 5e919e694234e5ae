-- Up Migration
-- 0004: subscriptions, credit grants, usage and the double-entry journal that explains every amount.
--
-- Why     Amounts live in ledger entries; a stored balance (credit_grants.remaining_micros, periods.overage_micros)
--         is a checked cache. Books are append-only: neither role may update or delete them. Usage keys are kept
--         for ever in a table of their own, so that usage records can be partitioned by time and detached (R15).
-- Locks   New tables only; safe to run while the service is up.

create table subscriptions (
  account_id               uuid not null references accounts,
  subscription_id          uuid not null,
  plan_version_id          uuid not null references plan_versions,       -- in force
  status                   text not null check (status in ('active', 'cancelled')),
  anchor_civil             timestamp not null,                          -- wall clock of the anchor in anchor_zone
  anchor_zone              text not null,
  period_number            integer not null check (period_number >= 0),
  period_starts_at         timestamptz not null,
  period_ends_at           timestamptz not null check (period_ends_at > period_starts_at),
  pending_kind             text check (pending_kind in ('change', 'cancel')),
  pending_plan_version_id  uuid references plan_versions,
  started_at               timestamptz not null,
  ended_at                 timestamptz,
  primary key (account_id, subscription_id),
  check ((pending_kind is not distinct from 'change') = (pending_plan_version_id is not null)),
  check ((status = 'cancelled') = (ended_at is not null))
);
create unique index one_active_subscription on subscriptions (account_id) where status = 'active';

-- Which plan version was in force from when on: what prices usage that happened earlier (rule R18).
create table subscription_versions (
  account_id       uuid not null,
  subscription_id  uuid not null,
  starts_at        timestamptz not null,
  plan_version_id  uuid not null references plan_versions,
  primary key (account_id, subscription_id, starts_at),
  foreign key (account_id, subscription_id) references subscriptions
);

create table periods (
  account_id       uuid not null,
  subscription_id  uuid not null,
  period_number    integer not null,
  starts_at        timestamptz not null,
  ends_at          timestamptz not null check (ends_at > starts_at),
  overage_micros   bigint not null default 0 check (overage_micros >= 0),   -- accrued; currency
  -- A fee that granted no credits: earned when the period ends (rule R30).
  deferred_micros  bigint not null default 0 check (deferred_micros >= 0),
  closed_at        timestamptz,
  primary key (account_id, subscription_id, period_number),
  foreign key (account_id, subscription_id) references subscriptions
);

create table credit_grants (
  account_id            uuid not null references accounts,
  grant_id              uuid not null,
  source                text not null check (source in ('plan', 'upgrade', 'promotion', 'purchase', 'adjustment')),
  granted_micros        bigint not null check (granted_micros > 0),
  remaining_micros      bigint not null check (remaining_micros between 0 and granted_micros),
  consideration_micros  bigint not null default 0 check (consideration_micros >= 0),  -- money paid for it, without tax
  recognised_micros     bigint not null default 0 check (recognised_micros between 0 and consideration_micros),
  priority              integer not null default 50 check (priority between 0 and 100),  -- 0 is drawn first
  starts_at             timestamptz not null,
  expires_at            timestamptz check (expires_at > starts_at),                   -- exclusive; null never
  ended_at              timestamptz,                                     -- when its rest was expired or voided
  -- What may be granted once only: 'plan:<subscription>:<n>', 'upgrade:<subscription>:<n>:<change>' (rule R6, R22).
  natural_key           text not null,
  reason                text,
  created_at            timestamptz not null,
  primary key (account_id, grant_id),
  unique (account_id, natural_key),
  check (ended_at is null or remaining_micros = 0)
);
create index live_grants on credit_grants (account_id) where ended_at is null;

create table usage_keys (
  account_id            uuid not null,
  source                text not null check (source in ('api', 'run')),
  key                   text not null check (length(key) between 1 and 200),
  digest                bytea not null,                                 -- of the canonical body
  usage_record_id       uuid not null,
  booked_at             timestamptz not null,
  cost_micros           bigint not null,
  drawn_micros          bigint not null,
  overage_micros        bigint not null,
  balance_after_micros  bigint not null,
  primary key (account_id, source, key)
);

create table usage_records (
  account_id                 uuid not null,
  usage_record_id            uuid not null,
  booked_at                  timestamptz not null,                      -- us, rule R14
  occurred_at                timestamptz not null,                      -- the world, rule R18
  source                     text not null,
  key                        text not null,
  operation                  text not null,
  quantity                   bigint not null check (quantity > 0),
  plan_version_id            uuid not null,
  unit_price_micros          bigint not null check (unit_price_micros >= 0),
  overage_unit_price_micros  bigint not null check (overage_unit_price_micros >= 0),
  cost_micros                bigint not null,                           -- credits
  drawn_micros               bigint not null check (drawn_micros >= 0), -- credits
  overage_micros             bigint not null check (overage_micros >= 0),  -- currency, for cost - drawn credits
  draw_grant_ids             uuid[] not null,                           -- in draw order
  draw_micros                bigint[] not null,
  subscription_id            uuid not null,
  period_number              integer not null,
  late                       boolean not null,
  run_id                     uuid,
  item_id                    uuid,
  ledger_sequence            bigint not null,
  primary key (account_id, booked_at, usage_record_id),
  check (cost_micros = unit_price_micros * quantity),
  check (drawn_micros <= cost_micros),
  check (cardinality(draw_grant_ids) = cardinality(draw_micros))
) partition by range (booked_at);

-- Totals kept as usage is booked, so that closing a period never reads usage (rule R20).
create table period_totals (
  account_id       uuid not null,
  subscription_id  uuid not null,
  period_number    integer not null,
  plan_version_id  uuid not null,
  operation        text not null,
  late             boolean not null,
  quantity         bigint not null,
  cost_micros      bigint not null,
  drawn_micros     bigint not null,
  overage_micros   bigint not null,
  primary key (account_id, subscription_id, period_number, plan_version_id, operation, late),
  foreign key (account_id, subscription_id, period_number) references periods
);

create table period_draws (
  account_id       uuid not null,
  subscription_id  uuid not null,
  period_number    integer not null,
  source           text not null,
  drawn_micros     bigint not null,
  primary key (account_id, subscription_id, period_number, source),
  foreign key (account_id, subscription_id, period_number) references periods
);

create table ledger_transactions (
  account_id  uuid not null,
  sequence    bigint not null,                                          -- per account, gapless
  booked_at   timestamptz not null,
  cause       text not null,
  cause_id    text not null,
  primary key (account_id, sequence),
  unique (account_id, cause, cause_id)
);

create table ledger_entries (
  account_id      uuid not null,
  sequence        bigint not null,
  line            integer not null,
  ledger_account  text not null,                                        -- chart of accounts: ledger/README.md
  commodity       text not null,                                        -- 'USD' is money, 'credit:USD' credits
  amount_micros   bigint not null check (amount_micros <> 0),           -- debit positive, credit negative
  grant_id        uuid,
  primary key (account_id, sequence, line),
  foreign key (account_id, sequence) references ledger_transactions
);

-- The second lock on double entry: one statement inserts whole transactions, and each must sum to zero.
create function require_balanced_entries() returns trigger language plpgsql as $$
declare
  bad record;
begin
  select account_id, sequence, commodity, sum(amount_micros) as off_by into bad
  from inserted group by account_id, sequence, commodity having sum(amount_micros) <> 0 limit 1;
  if found then
    raise exception 'ledger transaction % of account % is off by % micros of %',
      bad.sequence, bad.account_id, bad.off_by, bad.commodity;
  end if;
  return null;
end
$$;
create trigger balanced after insert on ledger_entries
  referencing new table as inserted for each statement execute function require_balanced_entries();

-- Makes the month's partition of usage_records. Attaching takes no lock that stops booking, because there is no
-- default partition to search.
create function ensure_usage_partition(month date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  first date := date_trunc('month', month)::date;
  name text := 'usage_records_' || to_char(first, 'YYYY_MM');
begin
  if to_regclass(name) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('usage_partition'));
  -- A query, because waiting for an advisory lock does not refresh what to_regclass remembers.
  if exists (select from pg_class where relname = name and relnamespace = 'public'::regnamespace) then
    return;
  end if;
  execute format('create table %I (like usage_records including defaults including constraints)', name);
  execute format('alter table %I add primary key (account_id, booked_at, usage_record_id)', name);
  execute format('alter table usage_records attach partition %I for values from (%L) to (%L)',
    name, first::timestamp at time zone 'UTC', (first + interval '1 month')::timestamp at time zone 'UTC');
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
end
$$;

select protect_account_table(t::regclass) from unnest(array[
  'subscriptions', 'subscription_versions', 'periods', 'credit_grants', 'usage_keys', 'usage_records', 'period_totals', 'period_draws',
  'ledger_transactions', 'ledger_entries']) as t;

grant select, insert, update on subscriptions, periods, credit_grants, period_totals, period_draws
  to drawdown_tenant, drawdown_service;
grant select, insert on subscription_versions, usage_keys, usage_records, ledger_transactions, ledger_entries
  to drawdown_tenant, drawdown_service;
grant execute on function ensure_usage_partition to drawdown_tenant, drawdown_service;
revoke execute on function ensure_usage_partition from public;
