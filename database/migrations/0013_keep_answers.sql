-- Up Migration
-- 0013: what writes answered, by their Idempotency-Key, so that one that is sent again is not done again.
--
-- Why     A program whose connection broke cannot know whether its request was done. Usage and runs keep their keys in the
--         books, for ever; for every other write the answer is kept here for 30 days. Callers are accounts, users and the
--         operator, so no account owns the table, and only the service role sees it.
-- Locks   A new table only; safe to run while the service is up.

create table kept_answers (
  caller      text not null,                                            -- 'account <id>', 'user <id>' or 'operator'
  key         text not null check (length(key) between 1 and 200),
  digest      bytea not null,                                           -- of method, address and body
  started_at  timestamptz not null default now(),
  status      integer,                                                  -- null until it is done
  -- What was answered; null until it is done, and for ever where the answer is a secret that is shown once.
  body        text,
  primary key (caller, key)
);
create index on kept_answers (started_at);

grant select, insert, update, delete on kept_answers to drawdown_service;
