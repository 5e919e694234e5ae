-- Up Migration
-- 0050: what an account is told of: one append-only table of events, in place of the outbox that held alerts alone.
--
-- Why     An event is committed with what it tells of and never changes. What is told once only has a natural key, as alerts had.
--         Events that nobody has looked at yet stand in event_directory, so that announcing them reads those and nothing else;
--         events of one account are announced in the order in which they were recorded. Delivering keeps tables of its own.
-- Locks   New tables; outbox is read once and dropped, for which bookings of accounts with alerts wait a moment.

create table outbox_events (
  account_id   uuid not null references accounts,
  event_id     uuid not null,
  type         text not null check (type ~ '^[a-z_]+\.[a-z_]+$'),       -- outbox/event-catalogue.ts
  version      integer not null check (version > 0),
  natural_key  text,                                                    -- of what is told once only
  data         jsonb not null,                                          -- as it is delivered: amounts are decimal strings
  occurred_at  timestamptz not null,                                    -- business time
  recorded_at  timestamptz not null default clock_timestamp(),          -- wall time: the order in which they are told
  primary key (account_id, event_id),
  unique (account_id, natural_key)
);

create table event_directory (
  account_id  uuid not null,
  event_id    uuid not null,
  primary key (account_id, event_id)
);

select protect_account_table(t::regclass) from unnest(array['outbox_events', 'event_directory']) as t;
grant select, insert on outbox_events to drawdown_tenant, drawdown_service;
grant insert on event_directory to drawdown_tenant;
grant select, insert, update, delete on event_directory to drawdown_service;

-- What was told before this version is kept, and is not announced again.
insert into outbox_events (account_id, event_id, type, version, natural_key, data, occurred_at, recorded_at)
select o.account_id, o.message_id, 'alert.raised', 1, o.natural_key,
  jsonb_build_object('rule',
      case split_part(o.body->>'rule', ':', 1)
        when 'credits' then jsonb_build_object('kind', 'credits', 'percent', split_part(o.body->>'rule', ':', 2)::integer)
        else jsonb_build_object('kind', split_part(o.body->>'rule', ':', 1), 'amount',
          trim_scale(split_part(o.body->>'rule', ':', 2)::numeric / 1000000)::text) end,
    'currency', a.currency) || (o.body - 'rule'),
  o.told_at, o.created_at
from outbox o join accounts a using (account_id);

drop table outbox;
