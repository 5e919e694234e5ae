-- Up Migration
-- 0007: credits that the operator grants, credits that roll over, and notice before a plan version takes over.
--
-- Why     What an operator grants is explained (why it was granted, why the rest was taken back) and, where it was
--         bought, stands on an invoice of its own (rules R6, R12, R30). Rolled credits know how often they have rolled
--         already. A version says how long its plan's subscribers are told before it becomes theirs (rule R25).
-- Locks   Short exclusive locks on credit_grants, invoices, plan_versions, subscriptions, quotes and runs. The columns have
--         constant defaults, so no table is rewritten; the new check of invoices reads the table once.

alter table credit_grants
  add column rolled integer not null default 0 check (rolled >= 0),            -- how often these credits have rolled over
  add column invoice_id uuid,                                                   -- of a purchase: what it was bought with
  add column void_reason text,                                                  -- why the operator took the rest back
  add foreign key (account_id, invoice_id) references invoices deferrable initially deferred;

alter table invoices
  drop constraint invoices_kind_check,
  add constraint invoices_kind_check check (kind in ('start', 'upgrade', 'boundary', 'cancel', 'purchase'));

alter table plan_versions
  -- How long subscribers of earlier versions are told before a boundary makes this one theirs; null: they stay (R25).
  add column notice_days integer check (notice_days between 0 and 366);

-- A pin of prices ends with the customer's own change of plan, not with the operator's new version (rule R17).
alter table subscriptions
  add column plan_since timestamptz not null default '-infinity';               -- when the customer's choice took effect
alter table subscriptions alter column plan_since drop default;
alter table quotes add column pinned_at timestamptz not null default now();     -- business time
alter table runs add column pinned_at timestamptz not null default now();       -- business time; that of its quote
