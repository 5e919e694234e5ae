-- Up Migration
-- 0010: totals of days, for the forecast.
--
-- Why     A day that has ended never changes, so its total is added up once, by the first who asks: booking keeps none.
-- Locks   New tables only; safe to run while the service is up.

create table usage_days (
  account_id         uuid not null references accounts,
  day                date not null,                                      -- UTC, of business time
  cost_micros        bigint not null,                                    -- credits
  as_overage_micros  bigint not null,                                    -- currency: what it would have cost as overage
  primary key (account_id, day)
);

select protect_account_table('usage_days'::regclass);
grant select, insert on usage_days to drawdown_tenant, drawdown_service;
