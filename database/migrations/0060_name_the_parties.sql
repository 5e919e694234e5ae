-- Up Migration
-- 0060: who sells and who buys, as invoices and credit notes name them.
--
-- Why     An invoice names both parties, with their addresses and tax ids, as they were when it became final. So both are
--         kept in versions that never change: a new address is a new version, and a paper refers to the versions of its day.
--         The language of the papers is a matter of the buyer. Who changed what when stands in the rows themselves.
-- Locks   Two new tables; new columns without a default, so `invoices` and `credit_notes` are locked for an instant each. The
--         references are proven by reading columns that are null everywhere.

-- The operator, as a seller. No account owns it.
create table seller_versions (
  version     integer primary key,
  details     jsonb not null,                                           -- name, address, tax id, bank, footer: papers/parties.ts
  logo        bytea check (length(logo) <= 500000),
  logo_type   text check (logo_type in ('png', 'jpeg', 'svg')),
  created_at  timestamptz not null default now(),                       -- wall time
  check ((logo is null) = (logo_type is null))
);

create table billing_details (
  account_id  uuid not null references accounts,
  version     integer not null,
  details     jsonb not null,                                           -- name, address, tax id, reference: papers/parties.ts
  language    text not null check (language in ('en', 'de', 'fr', 'es', 'ja')),
  created_at  timestamptz not null default now(),                       -- wall time
  primary key (account_id, version)
);

select protect_account_table('billing_details'::regclass);
grant select on seller_versions to drawdown_tenant, drawdown_service;
grant insert on seller_versions to drawdown_service;
grant select, insert on billing_details to drawdown_tenant, drawdown_service;

-- Null where nothing was said of a party by then; the buyer is then known by its name alone.
alter table invoices
  add column seller_version integer references seller_versions,
  add column buyer_version integer,
  add column buyer_name text,
  add foreign key (account_id, buyer_version) references billing_details (account_id, version);
alter table credit_notes
  add column seller_version integer references seller_versions,
  add column buyer_version integer,
  add column buyer_name text,
  add foreign key (account_id, buyer_version) references billing_details (account_id, version);

create function refuse_change_of_parties() returns trigger language plpgsql as $$
begin
  raise exception 'invoice % is finalized and names its parties for good', old.number;
end
$$;
create trigger parties_never_change before update on invoices for each row
  when (old.finalized_at is not null
    and (new.seller_version, new.buyer_version, new.buyer_name)
      is distinct from (old.seller_version, old.buyer_version, old.buyer_name))
  execute function refuse_change_of_parties();
