-- Up Migration
-- 0140: months of usage records that were written to a file and taken out of the database (rule R15).
--
-- Why     Years of usage records cost room, and nothing of the day reads them. A month of them is a partition: written to a file whose
--         hash stands here, and detached once every account that used anything in it has a checkpoint. A checkpoint says what its
--         records added up to, and is chained: its ledger transaction (cause `usage_archived`) carries its digest, so that neither
--         can be changed without showing. Keys stay for ever.
-- Locks   New tables only; safe to run while the service is up.

create table usage_archives (
  month         date primary key check (extract(day from month) = 1),
  starts_at     timestamptz not null,
  ends_at       timestamptz not null check (ends_at > starts_at),
  record_count  bigint not null check (record_count >= 0),
  digest        bytea not null check (octet_length(digest) = 32),       -- SHA-256 of the lines of its file, unpacked
  archived_at   timestamptz not null default now(),                     -- wall time
  detached      boolean not null default false                          -- whether the records are in the file alone
);
grant select on usage_archives to drawdown_tenant, drawdown_service;
grant insert, update on usage_archives to drawdown_service;

-- What the usage of one account in one archived month added up to.
create table usage_checkpoints (
  account_id       uuid not null references accounts,
  month            date not null,
  record_count     bigint not null check (record_count > 0),
  last_sequence    bigint not null,                                     -- of the ledger transactions that booked it
  state            text not null,                                       -- totals and draws by period, as JSON with whole micros
  digest           bytea not null check (octet_length(digest) = 32),    -- SHA-256 of the account's lines in the file
  ledger_sequence  bigint not null,                                     -- the transaction that chains this
  primary key (account_id, month)
);
select protect_account_table('usage_checkpoints');
grant select, insert on usage_checkpoints to drawdown_tenant, drawdown_service;

-- A month that is in a file alone never gets an empty partition in its place.
create or replace function ensure_usage_partition(month date) returns void
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
  if exists (select from usage_archives a where a.month = first and a.detached) then
    raise exception 'usage of % is archived: restore it before anything is booked in it', to_char(first, 'YYYY-MM');
  end if;
  execute format('create table %I (like usage_records including defaults including constraints)', name);
  execute format('alter table %I add primary key (account_id, booked_at, usage_record_id)', name);
  execute format('alter table usage_records attach partition %I for values from (%L) to (%L)',
    name, first::timestamp at time zone 'UTC', (first + interval '1 month')::timestamp at time zone 'UTC');
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
end
$$;
