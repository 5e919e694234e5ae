-- Up Migration
-- 0009: what an account wants to be told of, the outbox, and the customer's own brake on its automations.
--
-- Why     A rule of an alert is a text (`credits:80`, `overage:25000000`, `forecast:40000000`), told once for each account,
--         period and rule: that is the natural key of its message. A message is committed with what it tells of; the app
--         reads it here, and whatever else will deliver it keeps its own record of that, so that a message never changes.
--         `budgeted` items are claimed under the account's lock only. It stands on the item, so that a claim which began
--         before the limit was set finds out: its row has changed. Accounts without a limit take no lock for a claim.
-- Locks   accounts, runs, run_items and runnable_directory for a moment; new columns have constant defaults, so nothing is
--         rewritten. The checks read the rows of runs and accounts once.

alter table accounts
  add column alert_rules text[] not null default '{}'
    check (array_to_string(alert_rules, ' ') ~ '^(((credits|overage|forecast):[1-9][0-9]*)( |$))*$'),
  -- Currency; null is no brake. Set by the customer alone, never by the state of a payment (rules R2, R24).
  add column pause_at_micros bigint check (pause_at_micros >= 0);

create table outbox (
  account_id   uuid not null references accounts,
  message_id   uuid not null,
  topic        text not null check (topic in ('alert')),
  natural_key  text not null,                                           -- what is told once only
  body         jsonb not null,                                          -- amounts are decimal strings
  told_at      timestamptz not null,                                    -- business time
  created_at   timestamptz not null default now(),                      -- wall time
  primary key (account_id, message_id),
  unique (account_id, natural_key)
);

select protect_account_table('outbox'::regclass);
grant select, insert on outbox to drawdown_tenant, drawdown_service;

alter table runs drop constraint runs_status_check;
alter table runs add constraint runs_status_check
  check (status in ('running', 'paused_by_budget', 'finished', 'cancelled'));
alter table run_items add column budgeted boolean not null default false;
alter table runnable_directory add column budgeted boolean not null default false;
