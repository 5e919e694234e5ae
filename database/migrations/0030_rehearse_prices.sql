-- Up Migration
-- 0030: rehearsals of a draft of a plan, and what became of each account in one (rule R25).
--
-- Why     An operator sees what every account would have paid under new prices before anybody is told of them. That reads all usage of
--         some periods, so it is a job; what it has found stands here, account by account, so that it goes on where it was interrupted.
--         A draft's amounts are the decimal strings that it was sent with, as publishing reads them.
-- Locks   New tables only; safe to run while the service is up.

create table rehearsals (
  rehearsal_id  uuid primary key,
  code          text not null,                                          -- of the plan that the draft is of
  draft         jsonb not null,
  currency      text not null,
  credit_unit   text not null,
  -- subscribers: terms under the plan itself. everyone: terms under whatever plan, of accounts in the same currency and unit.
  among         text not null check (among in ('subscribers', 'everyone')),
  terms         integer not null check (terms between 1 and 24),        -- of each account, the newest
  status        text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'failed')),
  accounts      integer,                                                -- that are replayed; null until they are counted
  fault         text,                                                   -- why it failed
  created_at    timestamptz not null default now(),                     -- wall time, as the next
  finished_at   timestamptz
);

create table rehearsed_accounts (
  account_id            uuid not null references accounts,
  rehearsal_id          uuid not null,
  terms                 integer not null,                               -- that were replayed
  left_out              integer not null,                               -- in which the plan changed, or whose usage is archived
  -- Currency, without tax: what the terms did cost, and would have.
  paid_fee_micros       bigint not null,
  paid_overage_micros   bigint not null,
  fee_micros            bigint not null,
  overage_micros        bigint not null,
  not_offered           text[] not null,
  primary key (account_id, rehearsal_id)
);
create index rehearsed on rehearsed_accounts (rehearsal_id);

select protect_account_table('rehearsed_accounts'::regclass);
grant select, insert, update, delete on rehearsals to drawdown_service;
grant select, insert on rehearsed_accounts to drawdown_tenant;
grant select, insert, delete on rehearsed_accounts to drawdown_service;
