-- Up Migration
-- 0001: people: users, their sessions and passwords, in a schema of their own.
--
-- Why     better-auth keeps these tables (its `user`, `session`, `account`, `verification`); we own their shape, so that an
--         upgrade of the library cannot change it unseen, and call its `account` what it is: a credential. No request of an
--         account's member reads them by SQL: drawdown_tenant has no right here at all.
-- Locks   New schema and tables only; safe to run while the service is up.

create schema auth;

create table auth.users (
  id              text primary key,
  name            text not null check (length(name) between 1 and 200),
  email           text not null unique check (email = lower(email) and length(email) <= 320),
  email_verified  boolean not null,
  image           text,
  created_at      timestamptz not null,
  updated_at      timestamptz not null
);

-- The cookie holds the token and a signature whose secret is not in this database: a copy of it opens no session.
create table auth.sessions (
  id          text primary key,
  token       text not null unique,
  user_id     text not null references auth.users on delete cascade,
  expires_at  timestamptz not null,
  ip_address  text,
  user_agent  text,
  created_at  timestamptz not null,
  updated_at  timestamptz not null
);
create index on auth.sessions (user_id);
create index on auth.sessions (expires_at);

create table auth.credentials (
  id                        text primary key,
  user_id                   text not null references auth.users on delete cascade,
  provider_id               text not null,
  account_id                text not null,                        -- the user's id at the provider; the library's word
  password                  text,                                 -- salt and scrypt key
  access_token              text,
  refresh_token             text,
  id_token                  text,
  access_token_expires_at   timestamptz,
  refresh_token_expires_at  timestamptz,
  scope                     text,
  created_at                timestamptz not null,
  updated_at                timestamptz not null,
  unique (provider_id, account_id)
);
create index on auth.credentials (user_id);

create table auth.verifications (
  id          text primary key,
  identifier  text not null,
  value       text not null,
  expires_at  timestamptz not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null
);
create index on auth.verifications (identifier);

-- Links that sign somebody in once, without a password. The link itself is not here, only its digest.
create table auth.sign_in_links (
  digest      bytea primary key,
  purpose     text not null check (purpose = 'first_operator'),
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null,
  used_at     timestamptz
);

grant usage on schema auth to drawdown_service;
grant select, insert, update, delete on all tables in schema auth to drawdown_service;
