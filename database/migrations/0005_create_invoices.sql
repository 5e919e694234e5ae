-- Up Migration
-- 0005: changes of plan, invoices and the payments that settle them.
--
-- Why     An invoice is drafted at a boundary and finalized in a step of its own; finalized, it never changes but
--         for how it was paid (rule R26). Each payment attempt is a row stored before the provider is called (R27).
-- Locks   New tables only; safe to run while the service is up.

create table payment_methods (
  account_id         uuid not null references accounts,
  payment_method_id  uuid not null,
  provider           text not null,
  token              text not null,                                     -- at the provider; never a card number
  brand              text not null,
  last4              text not null check (last4 ~ '^[0-9]{4}$'),
  expires            text not null,                                     -- 'MM/YYYY'
  created_at         timestamptz not null,
  removed_at         timestamptz,
  primary key (account_id, payment_method_id)
);
create unique index one_payment_method on payment_methods (account_id) where removed_at is null;

create table invoices (
  account_id                uuid not null references accounts,
  invoice_id                uuid not null,
  kind                      text not null check (kind in ('start', 'upgrade', 'boundary', 'cancel')),
  status                    text not null check (status in
                              ('draft', 'open', 'past_due', 'uncollectible', 'paid', 'carried', 'void')),
  number                    text,
  subscription_id           uuid,
  period_number             integer,                                    -- the period that this invoice closes
  currency                  text not null,
  period_starts_at          timestamptz not null,                       -- of the term it closes (or starts)
  period_ends_at            timestamptz not null,
  total_micros              bigint not null,
  unbilled_micros           bigint not null,                            -- exact sum of what it bills, before rounding
  opening_balance_micros    bigint not null default 0,
  customer_credit_micros    bigint not null default 0 check (customer_credit_micros >= 0),
  paid_micros               bigint not null default 0,
  drafted_at                timestamptz not null,
  finalized_at              timestamptz,
  paid_at                   timestamptz,
  first_failed_at           timestamptz,                                -- business time; starts dunning (rule R28)
  next_attempt_at           timestamptz,                                -- business time; null: nothing to do
  carried_to                uuid,
  primary key (account_id, invoice_id),
  foreign key (account_id, subscription_id) references subscriptions,
  unique (account_id, number),
  check (status in ('draft', 'void') or (number is not null and finalized_at is not null))
);
create unique index one_invoice_a_boundary on invoices (account_id, subscription_id, period_number)
  where kind in ('boundary', 'cancel');
create index unsettled_invoices on invoices (account_id) where status in ('draft', 'open', 'past_due');

create table invoice_lines (
  account_id         uuid not null,
  invoice_id         uuid not null,
  line               integer not null,
  kind               text not null check (kind in
                       ('plan_fee', 'discount', 'plan_change', 'purchase', 'usage', 'late_usage', 'credits_applied',
                        'tax')),
  operation          text,
  plan_version_id    uuid references plan_versions,
  quantity           bigint,
  unit_price_micros  bigint,
  amount_micros      bigint not null,                                   -- whole minor units; lines add up to the total
  exact_micros       bigint not null,                                   -- before rounding, rule R9
  description        text not null,
  primary key (account_id, invoice_id, line),
  foreign key (account_id, invoice_id) references invoices
);

create table plan_changes (
  account_id            uuid not null references accounts,
  plan_change_id        uuid not null,
  kind                  text not null check (kind in ('start', 'upgrade')),
  status                text not null check (status in ('awaiting_payment', 'effective', 'declined', 'lapsed')),
  subscription_id       uuid,
  from_plan_version_id  uuid references plan_versions,
  to_plan_version_id    uuid not null references plan_versions,
  pinned_at             timestamptz not null,                           -- the instant the amounts were worked out for
  due_micros            bigint not null check (due_micros >= 0),
  credits_micros        bigint not null check (credits_micros >= 0),
  invoice_id            uuid,
  requested_at          timestamptz not null,
  settled_at            timestamptz,
  primary key (account_id, plan_change_id),
  foreign key (account_id, invoice_id) references invoices
);
create unique index one_change_at_a_time on plan_changes (account_id) where status = 'awaiting_payment';

create table payments (
  account_id          uuid not null,
  payment_id          uuid not null,
  invoice_id          uuid not null,
  attempt             integer not null check (attempt > 0),
  idempotency_key     text not null,                                    -- the provider's; stored before the call
  provider            text not null,
  payment_method_id   uuid not null,
  amount_micros       bigint not null check (amount_micros > 0),
  currency            text not null,
  status              text not null check (status in
                        ('pending', 'unknown', 'action_required', 'succeeded', 'failed')),
  provider_reference  text,
  failure_code        text,
  failure_message     text,
  created_at          timestamptz not null,                             -- business time
  settled_at          timestamptz,
  primary key (account_id, payment_id),
  unique (account_id, invoice_id, attempt),
  unique (account_id, idempotency_key),
  foreign key (account_id, invoice_id) references invoices,
  foreign key (account_id, payment_method_id) references payment_methods
);
-- No new attempt starts while one is unresolved (rule R27).
create unique index one_attempt_at_a_time on payments (account_id, invoice_id)
  where status in ('pending', 'unknown', 'action_required');

-- What a customer was shown before confirming; the confirmation must come out the same (rule R23).
create table previews (
  account_id   uuid not null references accounts,
  preview_id   uuid not null,
  request      jsonb not null,
  pinned_at    timestamptz not null,                                    -- business time
  outcome      jsonb not null,
  expires_at   timestamptz not null,                                    -- wall time
  used_at      timestamptz,
  primary key (account_id, preview_id)
);

create function refuse_change_of_finalized_invoice() returns trigger language plpgsql as $$
begin
  if old.finalized_at is not null and (
    new.number, new.kind, new.currency, new.total_micros, new.opening_balance_micros, new.period_starts_at,
    new.period_ends_at, new.finalized_at, new.drafted_at, new.customer_credit_micros)
    is distinct from (
    old.number, old.kind, old.currency, old.total_micros, old.opening_balance_micros, old.period_starts_at,
    old.period_ends_at, old.finalized_at, old.drafted_at, old.customer_credit_micros) then
    raise exception 'invoice % is finalized and never changes', old.number;
  end if;
  return new;
end
$$;
create trigger never_changes before update on invoices
  for each row execute function refuse_change_of_finalized_invoice();

-- The sandbox payment provider's own memory. It stands for a service outside: no account owns it, the books never
-- read it, and it is written in transactions of its own.
create schema sandbox;
create table sandbox.charges (
  idempotency_key  text primary key,
  request_digest   text not null,
  reference        text not null unique,
  status           text not null check (status in ('succeeded', 'failed', 'action_required')),
  failure_code     text,
  amount_micros    bigint not null,
  currency         text not null,
  token            text not null,
  created_at       timestamptz not null default now()
);

select protect_account_table(t::regclass) from unnest(array[
  'payment_methods', 'invoices', 'invoice_lines', 'plan_changes', 'payments', 'previews']) as t;

grant select, insert, update on payment_methods, invoices, plan_changes, payments, previews
  to drawdown_tenant, drawdown_service;
grant select, insert on invoice_lines to drawdown_tenant, drawdown_service;
grant usage on schema sandbox to drawdown_service;
grant select, insert, update on sandbox.charges to drawdown_service;
