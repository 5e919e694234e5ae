-- Up Migration
-- 0002: the catalogue, what the operator offers: operations, plans and their versions.
--
-- Why     A published version never changes, so that a price an account was shown is the price it pays; every
--         change is a new version. The catalogue has no reference to accounts, so that it can be copied whole
--         to every node of a cluster.
-- Locks   New tables only; safe to run while the service is up.

create table operations (
  code  text primary key check (code ~ '^[a-z][a-z0-9_]{0,63}$'),
  name  text not null,
  -- image: done by this service; metered: done elsewhere and reported as usage.
  kind  text not null check (kind in ('image', 'metered'))
);

create table plans (
  plan_id     uuid primary key,
  code        text not null unique check (code ~ '^[a-z][a-z0-9_-]{0,63}$'),
  name        text not null,
  position    integer not null,
  offered     boolean not null default true,
  created_at  timestamptz not null default now()
);

create table plan_versions (
  plan_version_id      uuid primary key,
  plan_id              uuid not null references plans,
  version              integer not null check (version > 0),
  currency             text not null check (currency ~ '^[A-Z]{3}$'),
  credit_unit          text not null,                                            -- 'USD' or a name such as 'credits'
  credit_price_micros  bigint not null check (credit_price_micros >= 0),        -- currency for one credit in overage
  list_price_micros    bigint not null check (list_price_micros >= 0),
  discount_micros      bigint not null check (discount_micros between 0 and list_price_micros),
  credits_micros       bigint not null check (credits_micros >= 0),
  rollover_cap_micros  bigint check (rollover_cap_micros > 0),
  rollover_periods     integer check (rollover_periods > 0),
  trial_days           integer check (trial_days > 0),
  trial_successor      text,                                                    -- code of the plan that follows
  payment_terms        text not null default 'card' check (payment_terms in ('card', 'invoice')),
  published_at         timestamptz not null default now(),
  unique (plan_id, version),
  check (rollover_cap_micros is null or rollover_periods is not null),
  check ((trial_days is null) = (trial_successor is null))
);

create table plan_prices (
  plan_version_id            uuid not null references plan_versions,
  operation                  text not null references operations,
  unit_price_micros          bigint not null check (unit_price_micros >= 0),          -- credits
  overage_unit_price_micros  bigint not null check (overage_unit_price_micros >= 0),  -- currency
  position                   integer not null,                                    -- as screens list them
  primary key (plan_version_id, operation)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows never change: % refused', tg_table_name, lower(tg_op)
    using hint = 'Append a row that corrects it instead.';
end
$$;

create trigger never_changes before update or delete on plan_versions
  for each statement execute function refuse_change();
create trigger never_changes before update or delete on plan_prices
  for each statement execute function refuse_change();

grant select on operations, plans, plan_versions, plan_prices to drawdown_tenant, drawdown_service;
grant insert, update on operations, plans to drawdown_service;
grant insert on plan_versions, plan_prices to drawdown_service;
