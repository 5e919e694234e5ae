-- Up Migration
-- 0080: large runs get their items in pieces.
--
-- Why     A run of 100,000 images held its account's lock for ten seconds while its items were written, and every booking of
--         the account waited. The run is now accepted with its list of images; items are written from the list, some at a
--         time, each time under the lock, and whoever comes after a crash goes on where the last ended.
-- Locks   A new table only; safe to run while the service is up.

create table run_unfoldings (
  account_id  uuid not null,
  run_id      uuid not null,
  image_ids   uuid[] not null,                                          -- of the whole run, in the order of its items
  unfolded    integer not null default 0,                               -- so many of them are items
  touched_at  timestamptz not null default now(),                       -- wall time of the last piece
  primary key (account_id, run_id),
  foreign key (account_id, run_id) references runs
);

select protect_account_table('run_unfoldings');

grant select, insert, update, delete on run_unfoldings to drawdown_tenant, drawdown_service;
