-- Up Migration
-- 0041: invoices that are settled by hand or given up, refunds, and disputes.
--
-- Why     What is paid past the provider has a reference and a day. A claim that is given up may be paid after all, and be
--         given up again, so that each giving up is a row. A refund is stored with its idempotency key before the provider is
--         called, as a payment is (rule R27); a dispute is what the provider says of a payment, and is booked once for each of its
--         states (R26).
-- Locks   New tables; `payments`, `invoices` and `credit_note_lines` for an instant each. The check of lines reads them once.

alter table payments add column received_at timestamptz;                -- of a payment past the provider: the day in the operator's words
alter table invoices drop column settled_by_hand;
create index payments_by_reference on payments (account_id, provider_reference) where provider_reference is not null;

create table write_offs (
  account_id     uuid not null,
  write_off_id   uuid not null,
  invoice_id     uuid not null,
  amount_micros  bigint not null check (amount_micros > 0),
  reason         text not null check (length(reason) between 1 and 500),
  created_at     timestamptz not null,                                  -- business time
  recovered_at   timestamptz,
  primary key (account_id, write_off_id),
  foreign key (account_id, invoice_id) references invoices
);
create unique index one_write_off_at_a_time on write_offs (account_id, invoice_id) where recovered_at is null;

-- Part of an invoice given back as such, and what was left of a purchased grant; each with its tax.
alter table credit_note_lines
  drop constraint credit_note_lines_kind_check,
  add constraint credit_note_lines_kind_check check (kind in ('overage', 'tax', 'allowance', 'grant', 'allowance_tax'));

create table refunds (
  account_id          uuid not null,
  refund_id           uuid not null,
  payment_id          uuid not null,
  source              text not null check (source in ('customer_credit', 'invoice', 'grant')),
  credit_note_id      uuid,                                             -- that made the customer credit which it pays out
  grant_id            uuid,
  amount_micros       bigint not null check (amount_micros > 0),
  currency            text not null,
  reason              text not null check (length(reason) between 1 and 500),
  natural_key         text not null,                                    -- of whoever asked for it
  idempotency_key     text not null,                                    -- the provider's; stored before the call
  -- paid, and then failed: it had left, and came back.
  status              text not null check (status in ('pending', 'unknown', 'succeeded', 'failed')),
  provider_reference  text,
  failure_code        text,
  failure_message     text,
  created_at          timestamptz not null,                             -- business time
  paid_at             timestamptz,
  failed_at           timestamptz,
  primary key (account_id, refund_id),
  unique (account_id, natural_key),
  foreign key (account_id, payment_id) references payments,
  foreign key (account_id, credit_note_id) references credit_notes,
  foreign key (account_id, grant_id) references credit_grants,
  check ((status = 'failed') = (failed_at is not null) and (status <> 'succeeded' or paid_at is not null))
);
create index refunds_of_payment on refunds (account_id, payment_id);

create table disputes (
  account_id          uuid not null,
  dispute_id          uuid not null,
  payment_id          uuid not null,
  provider_reference  text not null,
  amount_micros       bigint not null check (amount_micros > 0),
  currency            text not null,
  reason              text not null,                                    -- in the provider's word
  -- inquiry: the bank asks, and no money has moved. dropped: it never came to a dispute, or was taken back.
  status              text not null check (status in ('inquiry', 'open', 'won', 'lost', 'dropped')),
  created_at          timestamptz not null,                             -- business time
  opened_at           timestamptz,                                      -- when the money was taken
  closed_at           timestamptz,
  primary key (account_id, dispute_id),
  unique (account_id, provider_reference),
  foreign key (account_id, payment_id) references payments,
  check (status not in ('open', 'won', 'lost') or opened_at is not null),
  check ((status in ('won', 'lost', 'dropped')) = (closed_at is not null))
);
create index disputes_of_payment on disputes (account_id, payment_id);

select protect_account_table(t::regclass) from unnest(array['write_offs', 'refunds', 'disputes']) as t;
grant select, insert, update on write_offs, refunds, disputes to drawdown_tenant, drawdown_service;
