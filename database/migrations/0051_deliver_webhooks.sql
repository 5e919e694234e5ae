-- Up Migration
-- 0051: webhooks: where events are sent, and what became of each.
--
-- Why     An endpoint gets its events in the order of `position`: the first that waits is sent until it arrives, and those behind it
--         wait. So the state of trying again is the endpoint's, and webhook_directory says in wall time when somebody must look
--         at it. Whoever sends holds the endpoint under a lease with a fencing number, because nothing is sent inside a
--         transaction. An attempt is added and never changed. A callback is the endpoint of an address that a run has named.
-- Locks   New tables; runs for a moment, for a new column that is null.

create table webhook_endpoints (
  account_id         uuid not null references accounts,
  endpoint_id        uuid not null,
  kind               text not null default 'endpoint' check (kind in ('endpoint', 'callback')),
  url                text not null check (length(url) between 1 and 2000),
  description        text not null default '' check (length(description) <= 200),
  event_types        text[] not null default '{}',                    -- empty: every event
  status             text not null default 'enabled' check (status in ('enabled', 'disabled')),
  -- failing: nothing arrived for three days. gone: it answered 410. person: somebody switched it off.
  disabled_because   text check (disabled_because in ('failing', 'gone', 'person')),
  sealed_secret      bytea not null,
  -- The secret before, which signs as well until then, so that a receiver can change over in peace.
  sealed_old_secret  bytea,
  old_secret_until   timestamptz,
  failures           integer not null default 0,                      -- of the delivery that is first, in a row
  failing_since      timestamptz,
  lease              integer not null default 0,
  lease_expires_at   timestamptz,
  created_at         timestamptz not null default now(),
  removed_at         timestamptz,
  primary key (account_id, endpoint_id),
  check ((sealed_old_secret is null) = (old_secret_until is null)),
  check ((status = 'disabled') = (disabled_because is not null))
);
create unique index one_callback_of_a_host on webhook_endpoints (account_id, url) where kind = 'callback';

create table webhook_deliveries (
  account_id   uuid not null,
  delivery_id  uuid not null,
  endpoint_id  uuid not null,
  event_id     uuid not null,
  position     bigint not null generated always as identity,
  url          text check (length(url) between 1 and 2000),           -- null: the endpoint's
  replayed     boolean not null default false,
  status       text not null default 'waiting' check (status in ('waiting', 'delivered', 'failed', 'cancelled')),
  attempts     integer not null default 0,
  created_at   timestamptz not null default now(),
  ended_at     timestamptz,
  primary key (account_id, delivery_id),
  foreign key (account_id, endpoint_id) references webhook_endpoints (account_id, endpoint_id),
  foreign key (account_id, event_id) references outbox_events (account_id, event_id)
);
create unique index delivered_once on webhook_deliveries (account_id, endpoint_id, event_id) where not replayed;
create index on webhook_deliveries (account_id, endpoint_id, position) where status = 'waiting';

create table webhook_attempts (
  account_id    uuid not null,
  delivery_id   uuid not null,
  attempt       integer not null check (attempt > 0),
  sent_at       timestamptz not null,
  duration_ms   integer not null,
  url           text not null,
  headers       jsonb not null,                                       -- of the request; the body is the event
  status        integer,                                              -- null: no answer came
  failure       text,                                                 -- null: it arrived
  response      text,                                                 -- the first four thousand characters
  primary key (account_id, delivery_id, attempt),
  foreign key (account_id, delivery_id) references webhook_deliveries (account_id, delivery_id) on delete cascade
);

create table webhook_directory (
  account_id   uuid not null,
  endpoint_id  uuid not null,
  due_at       timestamptz not null,
  primary key (account_id, endpoint_id)
);
create index on webhook_directory (due_at);

select protect_account_table(t::regclass) from unnest(array[
  'webhook_endpoints', 'webhook_deliveries', 'webhook_attempts', 'webhook_directory']) as t;
grant select, insert, update on webhook_endpoints, webhook_deliveries to drawdown_tenant, drawdown_service;
grant select, insert on webhook_attempts to drawdown_tenant, drawdown_service;
-- What is older than it is kept for is forgotten, with its attempts.
grant delete on webhook_deliveries to drawdown_service;
grant select, insert, update, delete on webhook_directory to drawdown_tenant, drawdown_service;

create index on outbox_events (account_id, recorded_at);

-- Where run.finished of this run is delivered to as well.
alter table runs add column callback_url text check (length(callback_url) <= 2000);
