-- Up Migration
-- 0008: tax, customer credit, credit notes, and invoices that the operator settles by hand.
--
-- Why     A finalized invoice never changes, so what was wrong with it is put right by a credit note of its own series, and
--         what becomes of each usage record stands beside the record (rule R26). Tax is frozen on the lines of the invoice (R9).
-- Locks   New columns have constant defaults, so `accounts`, `invoices`, `invoice_lines` and `payments` are locked for an
--         instant each; the two check constraints are proven by reading `invoices` and `payments` once.

alter table accounts
  add column tax_treatment text not null default 'standard'
    check (tax_treatment in ('standard', 'exempt', 'reverse_charge')),
  -- What the account has with us in currency, used before the card: a checked cache of liabilities:customer_credit.
  add column customer_credit_micros bigint not null default 0 check (customer_credit_micros >= 0);

create table tax_rates (
  account_id   uuid not null references accounts,
  position     integer not null,
  name         text not null check (length(name) between 1 and 100),
  rate_micros  bigint not null check (rate_micros between 0 and 1000000),  -- of one: 19 % is 190000
  primary key (account_id, position)
);

alter table invoices
  add column tax_micros bigint not null default 0 check (tax_micros >= 0),  -- part of total_micros
  add column tax_treatment text check (tax_treatment in ('standard', 'exempt', 'reverse_charge')),  -- null while a draft
  -- What the operator gave up of it, for good.
  add column written_off_micros bigint not null default 0 check (written_off_micros >= 0),
  add column settled_by_hand text,                                       -- why, in the operator's words
  drop constraint invoices_status_check,
  add constraint invoices_status_check check (status in
    ('draft', 'open', 'past_due', 'uncollectible', 'paid', 'carried', 'void', 'written_off'));

alter table invoice_lines
  add column name text,                                                  -- of a tax
  add column tax_rate_micros bigint;                                     -- of one

-- What was paid outside of a provider has no payment method.
alter table payments
  alter column payment_method_id drop not null,
  add constraint payments_by_hand check ((payment_method_id is null) = (provider = 'by_hand'));

create table credit_notes (
  account_id            uuid not null references accounts,
  credit_note_id        uuid not null,
  number                text not null,
  reason                text not null check (length(reason) between 1 and 500),
  currency              text not null,
  credit_unit           text not null,
  net_micros            bigint not null check (net_micros >= 0),           -- overage of closed periods, whole minor units
  tax_micros            bigint not null check (tax_micros >= 0),           -- and its tax: both are customer credit now
  -- Overage of the open period that no invoice will ask for, to the micro.
  overage_cancelled_micros  bigint not null check (overage_cancelled_micros >= 0),
  credits_returned_micros   bigint not null check (credits_returned_micros >= 0),    -- credits, to the grants they came from
  credits_adjusted_micros   bigint not null check (credits_adjusted_micros >= 0),    -- credits, as a grant of their own
  adjustment_grant_id   uuid,
  created_at            timestamptz not null,                              -- business time
  primary key (account_id, credit_note_id),
  unique (account_id, number),
  foreign key (account_id, adjustment_grant_id) references credit_grants (account_id, grant_id)
);

-- What a credit note gives back of invoices, in whole minor units.
create table credit_note_lines (
  account_id       uuid not null,
  credit_note_id   uuid not null,
  line             integer not null,
  kind             text not null check (kind in ('overage', 'tax')),
  invoice_id       uuid not null,
  operation        text,
  plan_version_id  uuid references plan_versions,
  quantity         bigint,
  name             text,                                                   -- of a tax
  tax_rate_micros  bigint,                                                 -- of one
  amount_micros    bigint not null check (amount_micros >= 0),
  exact_micros     bigint not null check (exact_micros >= 0),              -- before rounding
  description      text not null,
  primary key (account_id, credit_note_id, line),
  foreign key (account_id, credit_note_id) references credit_notes,
  foreign key (account_id, invoice_id) references invoices
);
create index credited_invoices on credit_note_lines (account_id, invoice_id);

-- What a credit note changes of a usage record, which itself never changes: the record as it stands is the record and these.
create table usage_corrections (
  account_id       uuid not null,
  credit_note_id   uuid not null,
  line             integer not null,
  -- reversed: it is taken back whole. recovered: credits that came back pay for a part of its overage.
  kind             text not null check (kind in ('reversed', 'recovered')),
  usage_record_id  uuid not null,
  record_booked_at timestamptz not null,
  subscription_id  uuid not null,
  period_number    integer not null,
  plan_version_id  uuid not null,
  operation        text not null,
  late             boolean not null,
  -- Whether the record's period was open: then its totals fell with it.
  in_open_period   boolean not null,
  -- Each is added to the record's own, and is negative where something is taken back.
  quantity         bigint not null,
  cost_micros      bigint not null,
  drawn_micros     bigint not null,
  overage_micros   bigint not null,
  draw_grant_ids   uuid[] not null,
  draw_micros      bigint[] not null,
  ledger_sequence  bigint not null,                                        -- of the transaction that booked it
  primary key (account_id, credit_note_id, line),
  foreign key (account_id, credit_note_id) references credit_notes,
  check (cardinality(draw_grant_ids) = cardinality(draw_micros))
);
create unique index reversed_once on usage_corrections (account_id, usage_record_id) where kind = 'reversed';
create index corrected_usage on usage_corrections (account_id, usage_record_id);

create or replace function refuse_change_of_finalized_invoice() returns trigger language plpgsql as $$
begin
  if old.finalized_at is not null and (
    new.number, new.kind, new.currency, new.total_micros, new.opening_balance_micros, new.period_starts_at,
    new.period_ends_at, new.finalized_at, new.drafted_at, new.customer_credit_micros, new.tax_micros, new.tax_treatment)
    is distinct from (
    old.number, old.kind, old.currency, old.total_micros, old.opening_balance_micros, old.period_starts_at,
    old.period_ends_at, old.finalized_at, old.drafted_at, old.customer_credit_micros, old.tax_micros, old.tax_treatment) then
    raise exception 'invoice % is finalized and never changes', old.number;
  end if;
  return new;
end
$$;

select protect_account_table(t::regclass) from unnest(array[
  'tax_rates', 'credit_notes', 'credit_note_lines', 'usage_corrections']) as t;

grant select, insert, update, delete on tax_rates to drawdown_tenant, drawdown_service;
grant select, insert on credit_notes, credit_note_lines, usage_corrections to drawdown_tenant, drawdown_service;
