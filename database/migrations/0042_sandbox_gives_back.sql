-- Up Migration
-- 0042: the sandbox provider's own memory of refunds, disputes and what waits for a payer's word.
--
-- Why     The sandbox behaves like a provider outside, also in what comes after a payment: it gives money back, a bank asks the
--         payer, a cardholder disputes. As with its charges no account owns this, and the books never read it.
-- Locks   `sandbox.charges` for an instant; the rest are new tables.

alter table sandbox.charges add column account_id uuid;
alter table sandbox.charges add column return_url text;                  -- where the bank's page leads back to

create table sandbox.refunds (
  idempotency_key  text primary key,
  reference        text not null unique,
  charge           text not null references sandbox.charges (reference),
  status           text not null check (status in ('succeeded', 'failed')),
  amount_micros    bigint not null,
  created_at       timestamptz not null default now()
);

create table sandbox.disputes (
  reference      text primary key,
  charge         text not null unique references sandbox.charges (reference),
  status         text not null check (status in ('open', 'won', 'lost')),
  amount_micros  bigint not null,
  created_at     timestamptz not null default now()
);

grant select, insert, update on sandbox.refunds, sandbox.disputes to drawdown_service;
