-- Up Migration
-- 0110: hot folders: places whose new files are run by themselves, at once or by a schedule.
--
-- Why     A file that comes becomes an item of one run exactly once, whatever dies in between and however many servers look. So each version of a
--         file (its path and a mark that differs when its content does) has a row, and the transaction that starts a run over it writes
--         the run into that row. When a schedule is due next stands in the row of the folder: what was missed is caught up once.
-- Locks   New tables only; safe to run while the service is up.

create table hot_folders (
  account_id        uuid not null references accounts,
  hot_folder_id     uuid not null,
  name              text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),  -- of the folder itself: never used twice
  automation_id     uuid not null,
  starts            text not null check (starts in ('at_once', 'hourly', 'daily', 'weekdays')),
  start_time        text check (start_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),  -- in the zone of the account
  next_start_at     timestamptz,                                        -- wall time; null: as soon as there is something
  paused            boolean not null default false,                     -- by a person
  trouble           text,                                               -- why it does not go on; null: it does
  trouble_since     timestamptz,
  looked_at         timestamptz,                                        -- wall time of the last whole look
  next_look_at      timestamptz not null default now(),                 -- ahead while somebody looks
  created_by        text,
  created_at        timestamptz not null default now(),
  deleted_at        timestamptz,
  primary key (account_id, hot_folder_id),
  unique (account_id, name),
  foreign key (account_id, automation_id) references automations,
  check ((starts in ('daily', 'weekdays')) = (start_time is not null)),
  check ((starts = 'at_once') = (next_start_at is null)),
  check ((trouble is null) = (trouble_since is null))
);
create index on hot_folders (next_look_at) where deleted_at is null and not paused;

create table hot_files (
  account_id       uuid not null,
  hot_folder_id    uuid not null,
  path             text not null,                                       -- below the folder
  mark             text not null,                                       -- differs when the content does
  bytes            bigint not null,
  seen_at          timestamptz not null default clock_timestamp(),      -- as it is now, for the first time
  image_id         uuid,                                                -- once it was taken in
  refusal          text,                                                -- or why it was not
  refusal_message  text,
  run_id           uuid,                                                -- whose item it became
  position         integer,
  result_name      text,                                                -- of its result, below the folder of results
  delivered        text,                                                -- what lies there: the hash of the result, or "note"
  primary key (account_id, hot_folder_id, path, mark),
  foreign key (account_id, hot_folder_id) references hot_folders,
  foreign key (account_id, image_id) references images,
  foreign key (account_id, run_id, position) references run_items (account_id, run_id, position),
  check (image_id is null or refusal is null),
  check ((run_id is null) = (position is null)),
  check (run_id is null or image_id is not null)
);
create index on hot_files (account_id, run_id) where run_id is not null;
create index on hot_files (account_id, hot_folder_id) where run_id is null;
create index on hot_files (account_id, hot_folder_id) where delivered is null or delivered = 'note';
create index on hot_files (account_id, hot_folder_id, seen_at desc);

select protect_account_table(t::regclass) from unnest(array['hot_folders', 'hot_files']) as t;
grant select, insert, update on hot_folders to drawdown_tenant, drawdown_service;
grant select, insert, update, delete on hot_files to drawdown_tenant, drawdown_service;
