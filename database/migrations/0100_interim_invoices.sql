-- Up Migration
-- 0100: interim invoices: overage of an open period that is billed before the period ends.
--
-- Why     An operator bounds what an account may come to owe without having been asked for it. Once the overage that is on no invoice
--         reaches the account's amount, what the period has added up to is cut off and billed (rule R26). The cut is a ledger
--         transaction: usage booked up to it is on an interim invoice, usage after it on the next. What each cut took stands in
--         tables that are only added to, so that the period's own invoice is the period less its cuts, exactly.
-- Locks   Two new tables. New columns have constant defaults or none; `accounts`, `periods` and `invoices` are locked for an instant
--         each, and the check constraints read `invoices` once.

alter table accounts
  add column interim_at_micros bigint check (interim_at_micros > 0);     -- currency; null: no interim invoices

alter table periods
  add column billed_micros bigint not null default 0 check (billed_micros >= 0),   -- of overage_micros: on interim invoices
  add column billed_through bigint not null default 0,                   -- the ledger transaction up to which they bill
  add column billed_at timestamptz,                                      -- where the last of them ends
  add constraint periods_billed check (billed_micros <= overage_micros and (billed_through = 0) = (billed_at is null));

alter table invoices
  drop constraint invoices_kind_check,
  add constraint invoices_kind_check check (kind in ('start', 'upgrade', 'boundary', 'cancel', 'purchase', 'interim')),
  add column billed_through bigint,                                      -- of an interim: the last ledger transaction that it bills
  add constraint invoices_billed_through check ((kind = 'interim') = (billed_through is not null));
create unique index one_interim_a_cut on invoices (account_id, subscription_id, period_number, billed_through)
  where kind = 'interim';

-- What an interim invoice took out of its period.
create table interim_totals (
  account_id       uuid not null,
  invoice_id       uuid not null,
  plan_version_id  uuid not null references plan_versions,
  operation        text not null,
  late             boolean not null,
  quantity         bigint not null check (quantity >= 0),
  cost_micros      bigint not null,                                      -- credits
  drawn_micros     bigint not null,                                      -- credits
  overage_micros   bigint not null check (overage_micros >= 0),          -- currency
  primary key (account_id, invoice_id, plan_version_id, operation, late),
  foreign key (account_id, invoice_id) references invoices
);
create table interim_draws (
  account_id    uuid not null,
  invoice_id    uuid not null,
  source        text not null,
  drawn_micros  bigint not null,                                         -- credits
  primary key (account_id, invoice_id, source),
  foreign key (account_id, invoice_id) references invoices
);

select protect_account_table(t::regclass) from unnest(array['interim_totals', 'interim_draws']) as t;
grant select, insert on interim_totals, interim_draws to drawdown_tenant, drawdown_service;
