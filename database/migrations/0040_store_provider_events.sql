-- Up Migration
-- 0040: what a payment provider says has happened, stored before anything is done about it.
--
-- Why     A provider tells of an event until it is told that it was heard, and then forgets it. Stored first, an event survives
--         a crash of whoever handles it; its id is unique, so that one that is told twice is stored once (rule R27). Nothing of the
--         provider's object is kept but its name: it is read again when the event is handled. Whose it is is known only
--         then, so no account owns the table, and only the service role sees it.
-- Locks   A new table only; safe to run while the service is up.

create table provider_events (
  provider     text not null,
  event_id     text not null,
  type         text not null,
  object_id    text not null,
  received_at  timestamptz not null default now(),
  tries        integer not null default 0,
  try_at       timestamptz not null default now(),                      -- wall time
  fault        text,                                                    -- of the last try, while there is no answer
  handled_at   timestamptz,
  primary key (provider, event_id)
);
create index events_to_handle on provider_events (try_at) where handled_at is null;

grant select, insert, update, delete on provider_events to drawdown_service;
