-- Up Migration
-- 0006: images, automations, runs and their items.
--
-- Why     An item's lease, state and result are one row's life: claimed under a lease with a fencing number, and
--         finished in the very transaction that books its charges (rule R16). Files are stored by the hash of their
--         content, within one account.
-- Locks   New tables only; safe to run while the service is up.

create table images (
  account_id      uuid not null references accounts,
  image_id        uuid not null,
  sha256          text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  name            text not null,
  bytes           bigint not null,
  format          text not null,
  width           integer not null,
  height          integer not null,
  preview_sha256  text not null,                                        -- at screen size, re-encoded and stripped
  created_at      timestamptz not null default now(),
  primary key (account_id, image_id),
  unique (account_id, sha256)
);

create table automations (
  account_id     uuid not null references accounts,
  automation_id  uuid not null,
  name           text not null check (length(name) between 1 and 200),
  steps          jsonb not null,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  deleted_at     timestamptz,
  primary key (account_id, automation_id)
);

create table quotes (
  account_id       uuid not null references accounts,
  quote_id         uuid not null,
  automation_id    uuid not null,
  steps            jsonb not null,                                      -- with every default filled in
  image_count      integer not null,
  image_digest     text,                                                -- of the images quoted; null: only their number
  plan_version_id  uuid not null references plan_versions,
  answer           jsonb not null,
  created_at       timestamptz not null default now(),
  expires_at       timestamptz not null,                                -- wall time
  primary key (account_id, quote_id),
  foreign key (account_id, automation_id) references automations
);

create table runs (
  account_id       uuid not null references accounts,
  run_id           uuid not null,
  automation_id    uuid not null,
  name             text not null,
  steps            jsonb not null,                                      -- as they were when the run was accepted, defaults filled in
  needs_models     boolean not null,                                    -- its items wait until the models are there
  plan_version_id  uuid not null references plan_versions,              -- the pinned price, rule R17
  quote_id         uuid,
  status           text not null check (status in ('running', 'finished', 'cancelled')),
  item_count       integer not null check (item_count > 0),
  -- Counted as items end, in the transactions that end them.
  succeeded        integer not null default 0,
  failed           integer not null default 0,
  held             integer not null default 0,
  cancelled        integer not null default 0,
  cost_micros      bigint not null default 0,                           -- credits
  drawn_micros     bigint not null default 0,                           -- credits
  overage_micros   bigint not null default 0,                           -- currency
  revision         integer not null default 0,                          -- number of the last change to one of its items
  idempotency_key  text,
  request_digest   text,                                                -- of what was asked for under that key
  created_by       text,
  created_at       timestamptz not null default now(),
  finished_at      timestamptz,
  primary key (account_id, run_id),
  unique (account_id, idempotency_key),
  foreign key (account_id, automation_id) references automations,
  check (succeeded + failed + held + cancelled <= item_count)
);

create table run_items (
  account_id        uuid not null,
  item_id           uuid not null,
  run_id            uuid not null,
  position          integer not null,
  image_id          uuid not null,
  status            text not null check (status in ('queued', 'working', 'succeeded', 'failed', 'held', 'cancelled')),
  lease             integer not null default 0,                         -- fencing number, one more at each claim
  lease_expires_at  timestamptz,                                        -- wall time; set while working
  interrupted       integer not null default 0,                         -- claims that ended without a word
  -- Which change of the run this item's last one was: it ended, or was queued again. Event streams resume after it.
  revision          integer,
  failure           text,
  failure_message   text,
  output_sha256     text,
  output_bytes      bigint,
  output_format     text,
  output_width      integer,
  output_height     integer,
  preview_sha256    text,
  report            jsonb,                                              -- per step: box, confidence, reuse, time
  -- What the steps of a held item did to what, in full: what accepting it pays for. Kept once it is decided.
  content_keys      text[],
  cost_micros       bigint not null default 0,
  drawn_micros      bigint not null default 0,
  overage_micros    bigint not null default 0,
  started_at        timestamptz,
  finished_at       timestamptz,
  primary key (account_id, item_id),
  unique (account_id, run_id, position),
  foreign key (account_id, run_id) references runs,
  foreign key (account_id, image_id) references images,
  check ((status = 'working') = (lease_expires_at is not null)),
  check (status <> 'succeeded' or output_sha256 is not null),
  check (status <> 'held' or (output_sha256 is not null and content_keys is not null)),
  check (status = 'succeeded' or cost_micros = 0)
);
create index claimable_items on run_items (account_id, run_id, position) where status in ('queued', 'working');
create index working_items on run_items (account_id, run_id) where status = 'working';
create index changed_items on run_items (account_id, run_id, revision) where revision is not null;

-- What each step of a succeeded item cost, for its receipt. The amounts repeat those of the usage record, which may be
-- detached with its month (rule R15); a step that was paid for before has none.
create table item_steps (
  account_id       uuid not null,
  item_id          uuid not null,
  step             integer not null,
  operation        text not null,
  usage_record_id  uuid,
  already_paid     boolean not null,
  cost_micros      bigint not null,                                     -- credits
  drawn_micros     bigint not null,                                     -- credits
  overage_micros   bigint not null,                                     -- currency
  primary key (account_id, item_id, step),
  foreign key (account_id, item_id) references run_items,
  check (already_paid = (usage_record_id is null)),
  check (not already_paid or (cost_micros = 0 and drawn_micros = 0 and overage_micros = 0))
);

-- Which accounts have items to claim. Served in turn, least recently served first, so that ten thousand items of
-- one account do not delay another's single one.
create table runnable_directory (
  account_id  uuid primary key,
  served_at   timestamptz not null default '-infinity',
  wake_at     timestamptz not null default '-infinity'                  -- wall time; nothing can be claimed before
);
create index on runnable_directory (served_at);

-- The output of a step, by what went in: the same work is never done twice within an account.
create table step_results (
  account_id      uuid not null references accounts,
  content_key     text not null,
  sha256          text not null,
  bytes           bigint not null,
  format          text not null,
  width           integer not null,
  height          integer not null,
  preview_sha256  text not null,
  report          jsonb not null,
  created_at      timestamptz not null default now(),
  primary key (account_id, content_key)
);

-- Content that this account has paid for and was not credited: serving it again is free (rule R16).
create table charged_contents (
  account_id       uuid not null references accounts,
  content_key      text not null,
  usage_record_id  uuid not null,
  booked_at        timestamptz not null,
  primary key (account_id, content_key)
);

select protect_account_table(t::regclass) from unnest(array[
  'images', 'automations', 'quotes', 'runs', 'run_items', 'item_steps', 'runnable_directory', 'step_results',
  'charged_contents']) as t;

grant select, insert, update on images, automations, quotes, runs, run_items to drawdown_tenant, drawdown_service;
grant select, insert on item_steps to drawdown_tenant, drawdown_service;
grant select, insert, update, delete on runnable_directory, step_results, charged_contents
  to drawdown_tenant, drawdown_service;
grant delete on images to drawdown_tenant, drawdown_service;
