-- Up Migration
-- 0052: mails: what is to be sent to whom, what became of it, and which mails a member wants.
--
-- Why     A mail is queued with a natural key, so that an event is told once to each recipient. What fills a mail is kept, never what it
--         looks like: it is rendered when it is sent or looked at, and links that are secrets are made then and stored nowhere. Mails are to
--         people, some of whom have no account yet, so no account owns them; only the service role sees them. Whoever sends holds a mail
--         under a lease with a fencing number, and a repeat has the same Message-ID.
-- Locks   New tables only; safe to run while the service is up.

create table mails (
  mail_id           uuid primary key,
  natural_key       text not null unique,                             -- 'event <id> to <address>' and the like
  template          text not null,                                    -- outbox/mails/templates.ts
  about_account     uuid,                                             -- null: about a person
  to_user           text,                                             -- null: somebody invited
  recipient         text not null check (length(recipient) <= 320),
  facts             jsonb not null,                                   -- what the template is filled with; amounts are texts
  -- kept: there was no mail server when it was due. failed: refused for good, or not taken for three days.
  status            text not null default 'waiting' check (status in ('waiting', 'sent', 'failed', 'kept')),
  attempts          integer not null default 0,
  next_attempt_at   timestamptz not null default now(),
  lease             integer not null default 0,
  lease_expires_at  timestamptz,
  answer            text,                                             -- of the mail server, the last one
  created_at        timestamptz not null default now(),
  ended_at          timestamptz
);
create index on mails (next_attempt_at) where status = 'waiting';
create index on mails (created_at);

grant select, insert, update, delete on mails to drawdown_service;

create table mail_preferences (
  account_id  uuid not null references accounts,
  user_id     text not null,
  billing     boolean not null default true,
  alerts      boolean not null default true,
  -- Receipts of runs that this person started: none, those that took long, or all.
  runs        text not null default 'long' check (runs in ('none', 'long', 'all')),
  weekly      boolean not null default true,
  primary key (account_id, user_id)
);
select protect_account_table('mail_preferences'::regclass);
grant select, insert, update on mail_preferences to drawdown_tenant, drawdown_service;
