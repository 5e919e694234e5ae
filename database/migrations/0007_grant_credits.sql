-- Up Migration
-- 0007: credits that the operator grants, credits that roll over, and notice before a plan version takes over.
--
-- Why     What an operator grants is explained (why it was granted, why the rest was taken back) and, where it was
--         bought, stands on an invoice of its own (rules R6, R12, R30). Rolled credits know how often they have rolled
--         already. A version says how long its plan's subscribers are told before it becomes theirs (rule R25).
-- Locks   Short exclusive locks on credit_grants, invoices and plan_versions. The columns have constant defaults, so no
--         table is rewritten; the new check of invoices reads the table once.

alter table credit_grants
  add column rolled integer not null default 0 check (rolled >= 0),            -- how often these credits have rolled over
  add column invoice_id uuid,                                                   -- of a purchase: what it was bought with
  add column void_reason text,                                                  -- why the operator took the rest back
  add foreign key (account_id, invoice_id) references invoices deferrable initially deferred;

alter table invoices
  drop constraint invoices_kind_check,
  add constraint invoices_kind_check check (kind in ('start', 'upgrade', 'boundary', 'cancel', 'purchase'));
