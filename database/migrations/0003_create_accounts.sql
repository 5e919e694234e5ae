-- Up Migration
-- 0003: accounts, their members and keys, and the directories that are read before an account is known.
--
-- Why     Every account-owned table has account_id first in its primary key and forced row-level security
--         (rule R32): a request sees one account whatever its query says. What must be found before an account
--         is known stands in *_directory tables, written in the same transaction as what they point at.
-- Locks   New tables only; safe to run while the service is up.

-- Puts the two walls around an account-owned table. Called once for each, here and in later migrations.
create function protect_account_table(name regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format(
    'create policy one_account on %s to drawdown_tenant
       using (account_id = nullif(current_setting(''drawdown.account_id'', true), '''')::uuid)
       with check (account_id = nullif(current_setting(''drawdown.account_id'', true), '''')::uuid)', name);
  execute format('create policy every_account on %s to drawdown_service using (true) with check (true)', name);
end
$$;

create table accounts (
  account_id         uuid primary key,
  name               text not null check (length(name) between 1 and 200),
  zone               text not null default 'UTC',                 -- IANA zone of new subscriptions and of display
  currency           text check (currency ~ '^[A-Z]{3}$'),        -- set by the first subscription, then frozen
  credit_unit        text,
  invoice_prefix     text not null,
  invoice_count      integer not null default 0,                  -- numbers are gapless: this is their counter
  credit_note_count  integer not null default 0,
  clock_offset_ms    bigint not null default 0 check (clock_offset_ms >= 0),  -- sandbox clock, ahead of database time
  last_booked_at     timestamptz,                                 -- business time; never goes backwards
  next_event_at      timestamptz,                                 -- business time of the earliest due event (rule R20)
  entry_sequence     bigint not null default 0,                   -- number of the last ledger transaction
  chain_head         bytea,
  parked_at          timestamptz,
  created_at         timestamptz not null default now(),
  check ((currency is null) = (credit_unit is null))
);

create table memberships (
  account_id  uuid not null references accounts,
  user_id     text not null,
  role        text not null check (role in ('owner', 'admin', 'billing', 'editor', 'viewer')),
  created_at  timestamptz not null default now(),
  primary key (account_id, user_id)
);

create table invitations (
  account_id     uuid not null references accounts,
  invitation_id  uuid not null,
  email          text not null,
  role           text not null check (role in ('owner', 'admin', 'billing', 'editor', 'viewer')),
  token_digest   bytea not null,
  created_at     timestamptz not null default now(),
  expires_at     timestamptz not null,
  accepted_at    timestamptz,
  primary key (account_id, invitation_id)
);

create table api_keys (
  account_id  uuid not null references accounts,
  api_key_id  uuid not null,
  name        text not null check (length(name) between 1 and 200),
  prefix      text not null,                                      -- the first characters, to tell keys apart
  digest      bytea not null,
  scopes      text[] not null,
  created_by  text,
  created_at  timestamptz not null default now(),
  revoked_at  timestamptz,
  primary key (account_id, api_key_id)
);

create table member_directory (
  user_id     text not null,
  account_id  uuid not null,
  primary key (user_id, account_id)
);

create table invitation_directory (
  token_digest   bytea primary key,
  account_id     uuid not null,
  invitation_id  uuid not null
);

-- A key that is not here opens nothing: revoking deletes the row, and the very next request is refused.
create table api_key_directory (
  digest      bytea primary key,
  account_id  uuid not null,
  api_key_id  uuid not null,
  scopes      text[] not null
);

create table invoice_prefix_directory (
  prefix      text primary key,
  account_id  uuid not null
);

-- When, in wall time, the sweeper must look at an account that nobody touches.
create table due_directory (
  account_id  uuid primary key,
  due_at      timestamptz not null
);
create index on due_directory (due_at);

-- People and programs that run the installation. No account owns them.
create table operators (
  user_id     text primary key,
  created_at  timestamptz not null default now()
);

create table operator_keys (
  digest      bytea primary key,
  name        text not null,
  created_at  timestamptz not null default now()
);

select protect_account_table(t::regclass) from unnest(array[
  'accounts', 'memberships', 'invitations', 'api_keys', 'member_directory', 'invitation_directory',
  'api_key_directory', 'invoice_prefix_directory', 'due_directory']) as t;

grant select, insert, update on accounts, memberships, invitations, api_keys to drawdown_tenant, drawdown_service;
grant delete on memberships to drawdown_tenant, drawdown_service;
grant select, insert, update, delete on
  member_directory, invitation_directory, api_key_directory, invoice_prefix_directory, due_directory
  to drawdown_tenant, drawdown_service;
grant select, insert, delete on operators, operator_keys to drawdown_service;
