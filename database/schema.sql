-- The schema that the migrations and functions of this folder lead to. Written by `npm run schema`; do not edit.

create schema auth authorization drawdown_owner;
grant usage on schema auth to drawdown_service;

grant create, usage on schema public to drawdown_owner;
grant usage on schema public to drawdown_service;
grant usage on schema public to drawdown_tenant;
grant usage on schema public to public;

create schema sandbox authorization drawdown_owner;
grant usage on schema sandbox to drawdown_service;

create table auth.credentials (
  id text not null,
  user_id text not null,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint credentials_pkey PRIMARY KEY (id),
  constraint credentials_provider_id_account_id_key UNIQUE (provider_id, account_id),
  constraint credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
create index credentials_user_id_idx ON auth.credentials USING btree (user_id);
grant delete, insert, select, update on auth.credentials to drawdown_service;

create table auth.sessions (
  id text not null,
  token text not null,
  user_id text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_token_key UNIQUE (token),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
create index sessions_expires_at_idx ON auth.sessions USING btree (expires_at);
create index sessions_user_id_idx ON auth.sessions USING btree (user_id);
grant delete, insert, select, update on auth.sessions to drawdown_service;

create table auth.sign_in_links (
  digest bytea not null,
  purpose text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint sign_in_links_pkey PRIMARY KEY (digest),
  constraint sign_in_links_purpose_check CHECK ((purpose = 'first_operator'::text))
);
grant delete, insert, select, update on auth.sign_in_links to drawdown_service;

create table auth.users (
  id text not null,
  name text not null,
  email text not null,
  email_verified boolean not null,
  image text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_email_key UNIQUE (email),
  constraint users_email_check CHECK (((email = lower(email)) AND (length(email) <= 320))),
  constraint users_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
grant delete, insert, select, update on auth.users to drawdown_service;

create table auth.verifications (
  id text not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint verifications_pkey PRIMARY KEY (id)
);
create index verifications_identifier_idx ON auth.verifications USING btree (identifier);
grant delete, insert, select, update on auth.verifications to drawdown_service;

create table public.accepted_findings (
  account_id uuid not null,
  check_name text not null,
  row_name text not null,
  detail text not null,
  reason text not null,
  accepted_at timestamp with time zone default now() not null,
  constraint accepted_findings_pkey PRIMARY KEY (account_id, check_name, row_name, detail),
  constraint accepted_findings_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint accepted_findings_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
);
alter table public.accepted_findings enable row level security;
alter table public.accepted_findings force row level security;
create policy every_account on public.accepted_findings for all to drawdown_service using (true) with check (true);
create policy one_account on public.accepted_findings for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.accepted_findings to drawdown_service;
grant insert, select on public.accepted_findings to drawdown_tenant;

create table public.accounts (
  account_id uuid not null,
  name text not null,
  zone text default 'UTC'::text not null,
  currency text,
  credit_unit text,
  invoice_prefix text not null,
  invoice_count integer default 0 not null,
  credit_note_count integer default 0 not null,
  clock_offset_ms bigint default 0 not null,
  last_booked_at timestamp with time zone,
  next_event_at timestamp with time zone,
  entry_sequence bigint default 0 not null,
  chain_head bytea,
  parked_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  tax_treatment text default 'standard'::text not null,
  customer_credit_micros bigint default 0 not null,
  alert_rules text[] default '{}'::text[] not null,
  pause_at_micros bigint,
  interim_at_micros bigint,
  constraint accounts_pkey PRIMARY KEY (account_id),
  constraint accounts_alert_rules_check CHECK (((alert_rules = '{}'::text[]) OR (array_to_string(alert_rules, ' '::text) ~ '^(((credits|overage|forecast):[1-9][0-9]*)( |$))*$'::text))),
  constraint accounts_check CHECK (((currency IS NULL) = (credit_unit IS NULL))),
  constraint accounts_clock_offset_ms_check CHECK ((clock_offset_ms >= 0)),
  constraint accounts_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint accounts_customer_credit_micros_check CHECK ((customer_credit_micros >= 0)),
  constraint accounts_interim_at_micros_check CHECK ((interim_at_micros > 0)),
  constraint accounts_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint accounts_pause_at_micros_check CHECK ((pause_at_micros >= 0)),
  constraint accounts_tax_treatment_check CHECK ((tax_treatment = ANY (ARRAY['standard'::text, 'exempt'::text, 'reverse_charge'::text])))
);
alter table public.accounts enable row level security;
alter table public.accounts force row level security;
create policy every_account on public.accounts for all to drawdown_service using (true) with check (true);
create policy one_account on public.accounts for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.accounts to drawdown_service;
grant insert, select, update on public.accounts to drawdown_tenant;

create table public.api_key_directory (
  digest bytea not null,
  account_id uuid not null,
  api_key_id uuid not null,
  scopes text[] not null,
  constraint api_key_directory_pkey PRIMARY KEY (digest)
);
alter table public.api_key_directory enable row level security;
alter table public.api_key_directory force row level security;
create policy every_account on public.api_key_directory for all to drawdown_service using (true) with check (true);
create policy one_account on public.api_key_directory for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.api_key_directory to drawdown_service;
grant delete, insert, select, update on public.api_key_directory to drawdown_tenant;

create table public.api_keys (
  account_id uuid not null,
  api_key_id uuid not null,
  name text not null,
  prefix text not null,
  digest bytea not null,
  scopes text[] not null,
  created_by text,
  created_at timestamp with time zone default now() not null,
  revoked_at timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (account_id, api_key_id),
  constraint api_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
alter table public.api_keys enable row level security;
alter table public.api_keys force row level security;
create policy every_account on public.api_keys for all to drawdown_service using (true) with check (true);
create policy one_account on public.api_keys for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.api_keys to drawdown_service;
grant insert, select, update on public.api_keys to drawdown_tenant;

create table public.automations (
  account_id uuid not null,
  automation_id uuid not null,
  name text not null,
  steps jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  deleted_at timestamp with time zone,
  constraint automations_pkey PRIMARY KEY (account_id, automation_id),
  constraint automations_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint automations_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
alter table public.automations enable row level security;
alter table public.automations force row level security;
create policy every_account on public.automations for all to drawdown_service using (true) with check (true);
create policy one_account on public.automations for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.automations to drawdown_service;
grant insert, select, update on public.automations to drawdown_tenant;

create table public.billing_details (
  account_id uuid not null,
  version integer not null,
  details jsonb not null,
  language text not null,
  created_at timestamp with time zone default now() not null,
  constraint billing_details_pkey PRIMARY KEY (account_id, version),
  constraint billing_details_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint billing_details_language_check CHECK ((language = ANY (ARRAY['en'::text, 'de'::text, 'fr'::text, 'es'::text, 'ja'::text])))
);
alter table public.billing_details enable row level security;
alter table public.billing_details force row level security;
create policy every_account on public.billing_details for all to drawdown_service using (true) with check (true);
create policy one_account on public.billing_details for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.billing_details to drawdown_service;
grant insert, select on public.billing_details to drawdown_tenant;

create table public.charged_contents (
  account_id uuid not null,
  content_key text not null,
  usage_record_id uuid not null,
  booked_at timestamp with time zone not null,
  constraint charged_contents_pkey PRIMARY KEY (account_id, content_key),
  constraint charged_contents_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id)
);
alter table public.charged_contents enable row level security;
alter table public.charged_contents force row level security;
create policy every_account on public.charged_contents for all to drawdown_service using (true) with check (true);
create policy one_account on public.charged_contents for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.charged_contents to drawdown_service;
grant delete, insert, select, update on public.charged_contents to drawdown_tenant;

create table public.credit_grants (
  account_id uuid not null,
  grant_id uuid not null,
  source text not null,
  granted_micros bigint not null,
  remaining_micros bigint not null,
  consideration_micros bigint default 0 not null,
  recognised_micros bigint default 0 not null,
  priority integer default 50 not null,
  starts_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  ended_at timestamp with time zone,
  natural_key text not null,
  reason text,
  created_at timestamp with time zone not null,
  rolled integer default 0 not null,
  invoice_id uuid,
  void_reason text,
  constraint credit_grants_pkey PRIMARY KEY (account_id, grant_id),
  constraint credit_grants_account_id_natural_key_key UNIQUE (account_id, natural_key),
  constraint credit_grants_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint credit_grants_account_id_invoice_id_fkey FOREIGN KEY (account_id, invoice_id) REFERENCES public.invoices(account_id, invoice_id) DEFERRABLE INITIALLY DEFERRED,
  constraint credit_grants_check CHECK (((remaining_micros >= 0) AND (remaining_micros <= granted_micros))),
  constraint credit_grants_check1 CHECK (((recognised_micros >= 0) AND (recognised_micros <= consideration_micros))),
  constraint credit_grants_check2 CHECK ((expires_at > starts_at)),
  constraint credit_grants_check3 CHECK (((ended_at IS NULL) OR (remaining_micros = 0))),
  constraint credit_grants_consideration_micros_check CHECK ((consideration_micros >= 0)),
  constraint credit_grants_granted_micros_check CHECK ((granted_micros > 0)),
  constraint credit_grants_priority_check CHECK (((priority >= 0) AND (priority <= 100))),
  constraint credit_grants_rolled_check CHECK ((rolled >= 0)),
  constraint credit_grants_source_check CHECK ((source = ANY (ARRAY['plan'::text, 'upgrade'::text, 'promotion'::text, 'purchase'::text, 'adjustment'::text])))
);
create index live_grants ON public.credit_grants USING btree (account_id) WHERE (ended_at IS NULL);
alter table public.credit_grants enable row level security;
alter table public.credit_grants force row level security;
create policy every_account on public.credit_grants for all to drawdown_service using (true) with check (true);
create policy one_account on public.credit_grants for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.credit_grants to drawdown_service;
grant insert, select, update on public.credit_grants to drawdown_tenant;

create table public.credit_note_lines (
  account_id uuid not null,
  credit_note_id uuid not null,
  line integer not null,
  kind text not null,
  invoice_id uuid not null,
  operation text,
  plan_version_id uuid,
  quantity bigint,
  name text,
  tax_rate_micros bigint,
  amount_micros bigint not null,
  exact_micros bigint not null,
  description text not null,
  constraint credit_note_lines_pkey PRIMARY KEY (account_id, credit_note_id, line),
  constraint credit_note_lines_account_id_credit_note_id_fkey FOREIGN KEY (account_id, credit_note_id) REFERENCES public.credit_notes(account_id, credit_note_id),
  constraint credit_note_lines_account_id_invoice_id_fkey FOREIGN KEY (account_id, invoice_id) REFERENCES public.invoices(account_id, invoice_id),
  constraint credit_note_lines_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint credit_note_lines_amount_micros_check CHECK ((amount_micros >= 0)),
  constraint credit_note_lines_exact_micros_check CHECK ((exact_micros >= 0)),
  constraint credit_note_lines_kind_check CHECK ((kind = ANY (ARRAY['overage'::text, 'tax'::text, 'allowance'::text, 'grant'::text, 'allowance_tax'::text])))
);
create index credited_invoices ON public.credit_note_lines USING btree (account_id, invoice_id);
alter table public.credit_note_lines enable row level security;
alter table public.credit_note_lines force row level security;
create policy every_account on public.credit_note_lines for all to drawdown_service using (true) with check (true);
create policy one_account on public.credit_note_lines for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.credit_note_lines to drawdown_service;
grant insert, select on public.credit_note_lines to drawdown_tenant;

create table public.credit_notes (
  account_id uuid not null,
  credit_note_id uuid not null,
  number text not null,
  reason text not null,
  currency text not null,
  credit_unit text not null,
  net_micros bigint not null,
  tax_micros bigint not null,
  overage_cancelled_micros bigint not null,
  credits_returned_micros bigint not null,
  credits_adjusted_micros bigint not null,
  adjustment_grant_id uuid,
  created_at timestamp with time zone not null,
  seller_version integer,
  buyer_version integer,
  buyer_name text,
  constraint credit_notes_pkey PRIMARY KEY (account_id, credit_note_id),
  constraint credit_notes_account_id_number_key UNIQUE (account_id, number),
  constraint credit_notes_account_id_adjustment_grant_id_fkey FOREIGN KEY (account_id, adjustment_grant_id) REFERENCES public.credit_grants(account_id, grant_id),
  constraint credit_notes_account_id_buyer_version_fkey FOREIGN KEY (account_id, buyer_version) REFERENCES public.billing_details(account_id, version),
  constraint credit_notes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint credit_notes_seller_version_fkey FOREIGN KEY (seller_version) REFERENCES public.seller_versions(version),
  constraint credit_notes_credits_adjusted_micros_check CHECK ((credits_adjusted_micros >= 0)),
  constraint credit_notes_credits_returned_micros_check CHECK ((credits_returned_micros >= 0)),
  constraint credit_notes_net_micros_check CHECK ((net_micros >= 0)),
  constraint credit_notes_overage_cancelled_micros_check CHECK ((overage_cancelled_micros >= 0)),
  constraint credit_notes_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint credit_notes_tax_micros_check CHECK ((tax_micros >= 0))
);
alter table public.credit_notes enable row level security;
alter table public.credit_notes force row level security;
create policy every_account on public.credit_notes for all to drawdown_service using (true) with check (true);
create policy one_account on public.credit_notes for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.credit_notes to drawdown_service;
grant insert, select on public.credit_notes to drawdown_tenant;

create table public.disputes (
  account_id uuid not null,
  dispute_id uuid not null,
  payment_id uuid not null,
  provider_reference text not null,
  amount_micros bigint not null,
  currency text not null,
  reason text not null,
  status text not null,
  created_at timestamp with time zone not null,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  constraint disputes_pkey PRIMARY KEY (account_id, dispute_id),
  constraint disputes_account_id_provider_reference_key UNIQUE (account_id, provider_reference),
  constraint disputes_account_id_payment_id_fkey FOREIGN KEY (account_id, payment_id) REFERENCES public.payments(account_id, payment_id),
  constraint disputes_amount_micros_check CHECK ((amount_micros > 0)),
  constraint disputes_check CHECK (((status <> ALL (ARRAY['open'::text, 'won'::text, 'lost'::text])) OR (opened_at IS NOT NULL))),
  constraint disputes_check1 CHECK (((status = ANY (ARRAY['won'::text, 'lost'::text, 'dropped'::text])) = (closed_at IS NOT NULL))),
  constraint disputes_status_check CHECK ((status = ANY (ARRAY['inquiry'::text, 'open'::text, 'won'::text, 'lost'::text, 'dropped'::text])))
);
create index disputes_of_payment ON public.disputes USING btree (account_id, payment_id);
alter table public.disputes enable row level security;
alter table public.disputes force row level security;
create policy every_account on public.disputes for all to drawdown_service using (true) with check (true);
create policy one_account on public.disputes for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.disputes to drawdown_service;
grant insert, select, update on public.disputes to drawdown_tenant;

create table public.due_directory (
  account_id uuid not null,
  due_at timestamp with time zone not null,
  constraint due_directory_pkey PRIMARY KEY (account_id)
);
create index due_directory_due_at_idx ON public.due_directory USING btree (due_at);
alter table public.due_directory enable row level security;
alter table public.due_directory force row level security;
create policy every_account on public.due_directory for all to drawdown_service using (true) with check (true);
create policy one_account on public.due_directory for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.due_directory to drawdown_service;
grant delete, insert, select, update on public.due_directory to drawdown_tenant;

create table public.event_directory (
  account_id uuid not null,
  event_id uuid not null,
  constraint event_directory_pkey PRIMARY KEY (account_id, event_id)
);
alter table public.event_directory enable row level security;
alter table public.event_directory force row level security;
create policy every_account on public.event_directory for all to drawdown_service using (true) with check (true);
create policy one_account on public.event_directory for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.event_directory to drawdown_service;
grant insert on public.event_directory to drawdown_tenant;

create table public.hot_files (
  account_id uuid not null,
  hot_folder_id uuid not null,
  path text not null,
  mark text not null,
  bytes bigint not null,
  seen_at timestamp with time zone default clock_timestamp() not null,
  image_id uuid,
  refusal text,
  refusal_message text,
  run_id uuid,
  "position" integer,
  result_name text,
  delivered text,
  constraint hot_files_pkey PRIMARY KEY (account_id, hot_folder_id, path, mark),
  constraint hot_files_account_id_hot_folder_id_fkey FOREIGN KEY (account_id, hot_folder_id) REFERENCES public.hot_folders(account_id, hot_folder_id),
  constraint hot_files_account_id_image_id_fkey FOREIGN KEY (account_id, image_id) REFERENCES public.images(account_id, image_id),
  constraint hot_files_account_id_run_id_position_fkey FOREIGN KEY (account_id, run_id, "position") REFERENCES public.run_items(account_id, run_id, "position"),
  constraint hot_files_check CHECK (((image_id IS NULL) OR (refusal IS NULL))),
  constraint hot_files_check1 CHECK (((run_id IS NULL) = ("position" IS NULL))),
  constraint hot_files_check2 CHECK (((run_id IS NULL) OR (image_id IS NOT NULL)))
);
create index hot_files_account_id_hot_folder_id_idx ON public.hot_files USING btree (account_id, hot_folder_id) WHERE (run_id IS NULL);
create index hot_files_account_id_hot_folder_id_idx1 ON public.hot_files USING btree (account_id, hot_folder_id) WHERE ((delivered IS NULL) OR (delivered = 'note'::text));
create index hot_files_account_id_hot_folder_id_seen_at_idx ON public.hot_files USING btree (account_id, hot_folder_id, seen_at DESC);
create index hot_files_account_id_run_id_idx ON public.hot_files USING btree (account_id, run_id) WHERE (run_id IS NOT NULL);
alter table public.hot_files enable row level security;
alter table public.hot_files force row level security;
create policy every_account on public.hot_files for all to drawdown_service using (true) with check (true);
create policy one_account on public.hot_files for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.hot_files to drawdown_service;
grant delete, insert, select, update on public.hot_files to drawdown_tenant;

create table public.hot_folders (
  account_id uuid not null,
  hot_folder_id uuid not null,
  name text not null,
  automation_id uuid not null,
  starts text not null,
  start_time text,
  next_start_at timestamp with time zone,
  paused boolean default false not null,
  trouble text,
  trouble_since timestamp with time zone,
  looked_at timestamp with time zone,
  next_look_at timestamp with time zone default now() not null,
  created_by text,
  created_at timestamp with time zone default now() not null,
  deleted_at timestamp with time zone,
  constraint hot_folders_pkey PRIMARY KEY (account_id, hot_folder_id),
  constraint hot_folders_account_id_name_key UNIQUE (account_id, name),
  constraint hot_folders_account_id_automation_id_fkey FOREIGN KEY (account_id, automation_id) REFERENCES public.automations(account_id, automation_id),
  constraint hot_folders_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint hot_folders_check CHECK (((starts = ANY (ARRAY['daily'::text, 'weekdays'::text])) = (start_time IS NOT NULL))),
  constraint hot_folders_check1 CHECK (((starts = 'at_once'::text) = (next_start_at IS NULL))),
  constraint hot_folders_check2 CHECK (((trouble IS NULL) = (trouble_since IS NULL))),
  constraint hot_folders_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text)),
  constraint hot_folders_start_time_check CHECK ((start_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint hot_folders_starts_check CHECK ((starts = ANY (ARRAY['at_once'::text, 'hourly'::text, 'daily'::text, 'weekdays'::text])))
);
create index hot_folders_next_look_at_idx ON public.hot_folders USING btree (next_look_at) WHERE ((deleted_at IS NULL) AND (NOT paused));
alter table public.hot_folders enable row level security;
alter table public.hot_folders force row level security;
create policy every_account on public.hot_folders for all to drawdown_service using (true) with check (true);
create policy one_account on public.hot_folders for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.hot_folders to drawdown_service;
grant insert, select, update on public.hot_folders to drawdown_tenant;

create table public.images (
  account_id uuid not null,
  image_id uuid not null,
  sha256 text not null,
  name text not null,
  bytes bigint not null,
  format text not null,
  width integer not null,
  height integer not null,
  preview_sha256 text not null,
  created_at timestamp with time zone default now() not null,
  removed_at timestamp with time zone,
  constraint images_pkey PRIMARY KEY (account_id, image_id),
  constraint images_account_id_sha256_key UNIQUE (account_id, sha256),
  constraint images_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint images_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);
alter table public.images enable row level security;
alter table public.images force row level security;
create policy every_account on public.images for all to drawdown_service using (true) with check (true);
create policy one_account on public.images for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.images to drawdown_service;
grant delete, insert, select, update on public.images to drawdown_tenant;

create table public.interim_draws (
  account_id uuid not null,
  invoice_id uuid not null,
  source text not null,
  drawn_micros bigint not null,
  constraint interim_draws_pkey PRIMARY KEY (account_id, invoice_id, source),
  constraint interim_draws_account_id_invoice_id_fkey FOREIGN KEY (account_id, invoice_id) REFERENCES public.invoices(account_id, invoice_id)
);
alter table public.interim_draws enable row level security;
alter table public.interim_draws force row level security;
create policy every_account on public.interim_draws for all to drawdown_service using (true) with check (true);
create policy one_account on public.interim_draws for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.interim_draws to drawdown_service;
grant insert, select on public.interim_draws to drawdown_tenant;

create table public.interim_totals (
  account_id uuid not null,
  invoice_id uuid not null,
  plan_version_id uuid not null,
  operation text not null,
  late boolean not null,
  quantity bigint not null,
  cost_micros bigint not null,
  drawn_micros bigint not null,
  overage_micros bigint not null,
  constraint interim_totals_pkey PRIMARY KEY (account_id, invoice_id, plan_version_id, operation, late),
  constraint interim_totals_account_id_invoice_id_fkey FOREIGN KEY (account_id, invoice_id) REFERENCES public.invoices(account_id, invoice_id),
  constraint interim_totals_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint interim_totals_overage_micros_check CHECK ((overage_micros >= 0)),
  constraint interim_totals_quantity_check CHECK ((quantity >= 0))
);
alter table public.interim_totals enable row level security;
alter table public.interim_totals force row level security;
create policy every_account on public.interim_totals for all to drawdown_service using (true) with check (true);
create policy one_account on public.interim_totals for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.interim_totals to drawdown_service;
grant insert, select on public.interim_totals to drawdown_tenant;

create table public.invitation_directory (
  token_digest bytea not null,
  account_id uuid not null,
  invitation_id uuid not null,
  constraint invitation_directory_pkey PRIMARY KEY (token_digest)
);
alter table public.invitation_directory enable row level security;
alter table public.invitation_directory force row level security;
create policy every_account on public.invitation_directory for all to drawdown_service using (true) with check (true);
create policy one_account on public.invitation_directory for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.invitation_directory to drawdown_service;
grant delete, insert, select, update on public.invitation_directory to drawdown_tenant;

create table public.invitations (
  account_id uuid not null,
  invitation_id uuid not null,
  email text not null,
  role text not null,
  token_digest bytea not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  constraint invitations_pkey PRIMARY KEY (account_id, invitation_id),
  constraint invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'billing'::text, 'editor'::text, 'viewer'::text])))
);
alter table public.invitations enable row level security;
alter table public.invitations force row level security;
create policy every_account on public.invitations for all to drawdown_service using (true) with check (true);
create policy one_account on public.invitations for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.invitations to drawdown_service;
grant insert, select, update on public.invitations to drawdown_tenant;

create table public.invoice_lines (
  account_id uuid not null,
  invoice_id uuid not null,
  line integer not null,
  kind text not null,
  operation text,
  plan_version_id uuid,
  quantity bigint,
  unit_price_micros bigint,
  amount_micros bigint not null,
  exact_micros bigint not null,
  description text not null,
  name text,
  tax_rate_micros bigint,
  constraint invoice_lines_pkey PRIMARY KEY (account_id, invoice_id, line),
  constraint invoice_lines_account_id_invoice_id_fkey FOREIGN KEY (account_id, invoice_id) REFERENCES public.invoices(account_id, invoice_id),
  constraint invoice_lines_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint invoice_lines_kind_check CHECK ((kind = ANY (ARRAY['plan_fee'::text, 'discount'::text, 'plan_change'::text, 'purchase'::text, 'usage'::text, 'late_usage'::text, 'credits_applied'::text, 'tax'::text])))
);
alter table public.invoice_lines enable row level security;
alter table public.invoice_lines force row level security;
create policy every_account on public.invoice_lines for all to drawdown_service using (true) with check (true);
create policy one_account on public.invoice_lines for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.invoice_lines to drawdown_service;
grant insert, select on public.invoice_lines to drawdown_tenant;

create table public.invoice_prefix_directory (
  prefix text not null,
  account_id uuid not null,
  constraint invoice_prefix_directory_pkey PRIMARY KEY (prefix)
);
alter table public.invoice_prefix_directory enable row level security;
alter table public.invoice_prefix_directory force row level security;
create policy every_account on public.invoice_prefix_directory for all to drawdown_service using (true) with check (true);
create policy one_account on public.invoice_prefix_directory for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.invoice_prefix_directory to drawdown_service;
grant delete, insert, select, update on public.invoice_prefix_directory to drawdown_tenant;

create table public.invoices (
  account_id uuid not null,
  invoice_id uuid not null,
  kind text not null,
  status text not null,
  number text,
  subscription_id uuid,
  period_number integer,
  currency text not null,
  period_starts_at timestamp with time zone not null,
  period_ends_at timestamp with time zone not null,
  total_micros bigint not null,
  unbilled_micros bigint not null,
  opening_balance_micros bigint default 0 not null,
  customer_credit_micros bigint default 0 not null,
  paid_micros bigint default 0 not null,
  drafted_at timestamp with time zone not null,
  finalized_at timestamp with time zone,
  paid_at timestamp with time zone,
  first_failed_at timestamp with time zone,
  next_attempt_at timestamp with time zone,
  carried_to uuid,
  tax_micros bigint default 0 not null,
  tax_treatment text,
  written_off_micros bigint default 0 not null,
  chain_sequence bigint,
  chain_head bytea,
  seller_version integer,
  buyer_version integer,
  buyer_name text,
  billed_through bigint,
  constraint invoices_pkey PRIMARY KEY (account_id, invoice_id),
  constraint invoices_account_id_number_key UNIQUE (account_id, number),
  constraint invoices_account_id_buyer_version_fkey FOREIGN KEY (account_id, buyer_version) REFERENCES public.billing_details(account_id, version),
  constraint invoices_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint invoices_account_id_subscription_id_fkey FOREIGN KEY (account_id, subscription_id) REFERENCES public.subscriptions(account_id, subscription_id),
  constraint invoices_seller_version_fkey FOREIGN KEY (seller_version) REFERENCES public.seller_versions(version),
  constraint invoices_billed_through CHECK (((kind = 'interim'::text) = (billed_through IS NOT NULL))),
  constraint invoices_check CHECK (((status = ANY (ARRAY['draft'::text, 'void'::text])) OR ((number IS NOT NULL) AND (finalized_at IS NOT NULL)))),
  constraint invoices_check1 CHECK (((chain_sequence IS NULL) = (chain_head IS NULL))),
  constraint invoices_customer_credit_micros_check CHECK ((customer_credit_micros >= 0)),
  constraint invoices_kind_check CHECK ((kind = ANY (ARRAY['start'::text, 'upgrade'::text, 'boundary'::text, 'cancel'::text, 'purchase'::text, 'interim'::text]))),
  constraint invoices_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'open'::text, 'past_due'::text, 'uncollectible'::text, 'paid'::text, 'carried'::text, 'void'::text, 'written_off'::text]))),
  constraint invoices_tax_micros_check CHECK ((tax_micros >= 0)),
  constraint invoices_tax_treatment_check CHECK ((tax_treatment = ANY (ARRAY['standard'::text, 'exempt'::text, 'reverse_charge'::text]))),
  constraint invoices_written_off_micros_check CHECK ((written_off_micros >= 0))
);
create unique index one_interim_a_cut ON public.invoices USING btree (account_id, subscription_id, period_number, billed_through) WHERE (kind = 'interim'::text);
create unique index one_invoice_a_boundary ON public.invoices USING btree (account_id, subscription_id, period_number) WHERE (kind = ANY (ARRAY['boundary'::text, 'cancel'::text]));
create index unsettled_invoices ON public.invoices USING btree (account_id) WHERE (status = ANY (ARRAY['draft'::text, 'open'::text, 'past_due'::text]));
alter table public.invoices enable row level security;
alter table public.invoices force row level security;
create policy every_account on public.invoices for all to drawdown_service using (true) with check (true);
create policy one_account on public.invoices for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
CREATE TRIGGER chain_head_never_changes BEFORE UPDATE ON public.invoices FOR EACH ROW WHEN (((old.chain_head IS NOT NULL) AND ((new.chain_head IS DISTINCT FROM old.chain_head) OR (new.chain_sequence IS DISTINCT FROM old.chain_sequence)))) EXECUTE FUNCTION public.refuse_change_of_chain_head();
CREATE TRIGGER never_changes BEFORE UPDATE ON public.invoices FOR EACH ROW EXECUTE FUNCTION public.refuse_change_of_finalized_invoice();
CREATE TRIGGER parties_never_change BEFORE UPDATE ON public.invoices FOR EACH ROW WHEN (((old.finalized_at IS NOT NULL) AND (((new.seller_version IS DISTINCT FROM old.seller_version) OR (new.buyer_version IS DISTINCT FROM old.buyer_version)) OR (new.buyer_name IS DISTINCT FROM old.buyer_name)))) EXECUTE FUNCTION public.refuse_change_of_parties();
grant insert, select, update on public.invoices to drawdown_service;
grant insert, select, update on public.invoices to drawdown_tenant;

create table public.item_steps (
  account_id uuid not null,
  item_id uuid not null,
  step integer not null,
  operation text not null,
  usage_record_id uuid,
  already_paid boolean not null,
  cost_micros bigint not null,
  drawn_micros bigint not null,
  overage_micros bigint not null,
  constraint item_steps_pkey PRIMARY KEY (account_id, item_id, step),
  constraint item_steps_account_id_item_id_fkey FOREIGN KEY (account_id, item_id) REFERENCES public.run_items(account_id, item_id),
  constraint item_steps_check CHECK ((already_paid = (usage_record_id IS NULL))),
  constraint item_steps_check1 CHECK (((NOT already_paid) OR ((cost_micros = 0) AND (drawn_micros = 0) AND (overage_micros = 0))))
);
alter table public.item_steps enable row level security;
alter table public.item_steps force row level security;
create policy every_account on public.item_steps for all to drawdown_service using (true) with check (true);
create policy one_account on public.item_steps for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.item_steps to drawdown_service;
grant insert, select on public.item_steps to drawdown_tenant;

create table public.kept_answers (
  caller text not null,
  key text not null,
  digest bytea not null,
  started_at timestamp with time zone default now() not null,
  status integer,
  body text,
  constraint kept_answers_pkey PRIMARY KEY (caller, key),
  constraint kept_answers_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);
create index kept_answers_started_at_idx ON public.kept_answers USING btree (started_at);
grant delete, insert, select, update on public.kept_answers to drawdown_service;

create table public.ledger_transactions (
  account_id uuid not null,
  sequence bigint not null,
  booked_at timestamp with time zone not null,
  cause text not null,
  cause_id text not null,
  details_digest bytea,
  link bytea not null,
  entry_accounts text[] not null,
  entry_commodities text[] not null,
  entry_micros bigint[] not null,
  entry_grant_places integer[] not null,
  entry_grants uuid[] not null,
  constraint ledger_transactions_pkey PRIMARY KEY (account_id, sequence),
  constraint entries_stand_side_by_side CHECK (((cardinality(entry_accounts) = cardinality(entry_micros)) AND (cardinality(entry_commodities) = cardinality(entry_micros)) AND (cardinality(entry_grant_places) = cardinality(entry_micros)))),
  constraint entries_sum_to_zero CHECK ((((cardinality(entry_micros) = ANY (ARRAY[2, 4])) AND (entry_micros[1] = (- entry_micros[2])) AND (entry_commodities[1] = entry_commodities[2]) AND ((cardinality(entry_micros) = 2) OR ((entry_micros[3] = (- entry_micros[4])) AND (entry_commodities[3] = entry_commodities[4])))) OR public.sums_to_zero(entry_commodities, entry_micros))),
  constraint ledger_transactions_check CHECK (((octet_length(link) = 32) AND ((details_digest IS NULL) OR (octet_length(details_digest) = 32)))),
  constraint no_entry_is_of_zero CHECK ((0 <> ALL (entry_micros)))
);
create unique index one_transaction_for_a_cause ON public.ledger_transactions USING btree (account_id, cause, cause_id) WHERE (cause <> 'usage_booked'::text);
alter table public.ledger_transactions enable row level security;
alter table public.ledger_transactions force row level security;
create policy every_account on public.ledger_transactions for all to drawdown_service using (true) with check (true);
create policy one_account on public.ledger_transactions for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.ledger_transactions to drawdown_service;
grant insert, select on public.ledger_transactions to drawdown_tenant;

create table public.mail_preferences (
  account_id uuid not null,
  user_id text not null,
  billing boolean default true not null,
  alerts boolean default true not null,
  runs text default 'long'::text not null,
  weekly boolean default true not null,
  constraint mail_preferences_pkey PRIMARY KEY (account_id, user_id),
  constraint mail_preferences_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint mail_preferences_runs_check CHECK ((runs = ANY (ARRAY['none'::text, 'long'::text, 'all'::text])))
);
alter table public.mail_preferences enable row level security;
alter table public.mail_preferences force row level security;
create policy every_account on public.mail_preferences for all to drawdown_service using (true) with check (true);
create policy one_account on public.mail_preferences for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.mail_preferences to drawdown_service;
grant insert, select, update on public.mail_preferences to drawdown_tenant;

create table public.mails (
  mail_id uuid not null,
  natural_key text not null,
  template text not null,
  about_account uuid,
  to_user text,
  recipient text not null,
  facts jsonb not null,
  status text default 'waiting'::text not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now() not null,
  lease integer default 0 not null,
  lease_expires_at timestamp with time zone,
  answer text,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint mails_pkey PRIMARY KEY (mail_id),
  constraint mails_natural_key_key UNIQUE (natural_key),
  constraint mails_recipient_check CHECK ((length(recipient) <= 320)),
  constraint mails_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text, 'kept'::text])))
);
create index mails_created_at_idx ON public.mails USING btree (created_at);
create index mails_next_attempt_at_idx ON public.mails USING btree (next_attempt_at) WHERE (status = 'waiting'::text);
grant delete, insert, select, update on public.mails to drawdown_service;

create table public.member_directory (
  user_id text not null,
  account_id uuid not null,
  constraint member_directory_pkey PRIMARY KEY (user_id, account_id)
);
alter table public.member_directory enable row level security;
alter table public.member_directory force row level security;
create policy every_account on public.member_directory for all to drawdown_service using (true) with check (true);
create policy one_account on public.member_directory for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.member_directory to drawdown_service;
grant delete, insert, select, update on public.member_directory to drawdown_tenant;

create table public.memberships (
  account_id uuid not null,
  user_id text not null,
  role text not null,
  created_at timestamp with time zone default now() not null,
  constraint memberships_pkey PRIMARY KEY (account_id, user_id),
  constraint memberships_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint memberships_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'billing'::text, 'editor'::text, 'viewer'::text])))
);
alter table public.memberships enable row level security;
alter table public.memberships force row level security;
create policy every_account on public.memberships for all to drawdown_service using (true) with check (true);
create policy one_account on public.memberships for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.memberships to drawdown_service;
grant delete, insert, select, update on public.memberships to drawdown_tenant;

create table public.operations (
  code text not null,
  name text not null,
  kind text not null,
  constraint operations_pkey PRIMARY KEY (code),
  constraint operations_code_check CHECK ((code ~ '^[a-z][a-z0-9_]{0,63}$'::text)),
  constraint operations_kind_check CHECK ((kind = ANY (ARRAY['image'::text, 'metered'::text])))
);
grant insert, select, update on public.operations to drawdown_service;
grant select on public.operations to drawdown_tenant;

create table public.operator_keys (
  digest bytea not null,
  name text not null,
  created_at timestamp with time zone default now() not null,
  constraint operator_keys_pkey PRIMARY KEY (digest)
);
grant delete, insert, select on public.operator_keys to drawdown_service;

create table public.operators (
  user_id text not null,
  created_at timestamp with time zone default now() not null,
  constraint operators_pkey PRIMARY KEY (user_id)
);
grant delete, insert, select on public.operators to drawdown_service;

create table public.outbox_events (
  account_id uuid not null,
  event_id uuid not null,
  type text not null,
  version integer not null,
  natural_key text,
  data jsonb not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone default clock_timestamp() not null,
  constraint outbox_events_pkey PRIMARY KEY (account_id, event_id),
  constraint outbox_events_account_id_natural_key_key UNIQUE (account_id, natural_key),
  constraint outbox_events_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint outbox_events_type_check CHECK ((type ~ '^[a-z_]+\.[a-z_]+$'::text)),
  constraint outbox_events_version_check CHECK ((version > 0))
);
create index outbox_events_account_id_recorded_at_idx ON public.outbox_events USING btree (account_id, recorded_at);
alter table public.outbox_events enable row level security;
alter table public.outbox_events force row level security;
create policy every_account on public.outbox_events for all to drawdown_service using (true) with check (true);
create policy one_account on public.outbox_events for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.outbox_events to drawdown_service;
grant insert, select on public.outbox_events to drawdown_tenant;

create table public.payment_methods (
  account_id uuid not null,
  payment_method_id uuid not null,
  provider text not null,
  token text not null,
  brand text not null,
  last4 text not null,
  expires text not null,
  created_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint payment_methods_pkey PRIMARY KEY (account_id, payment_method_id),
  constraint payment_methods_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint payment_methods_last4_check CHECK ((last4 ~ '^[0-9]{4}$'::text))
);
create unique index one_payment_method ON public.payment_methods USING btree (account_id) WHERE (removed_at IS NULL);
alter table public.payment_methods enable row level security;
alter table public.payment_methods force row level security;
create policy every_account on public.payment_methods for all to drawdown_service using (true) with check (true);
create policy one_account on public.payment_methods for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.payment_methods to drawdown_service;
grant insert, select, update on public.payment_methods to drawdown_tenant;

create table public.payments (
  account_id uuid not null,
  payment_id uuid not null,
  invoice_id uuid not null,
  attempt integer not null,
  idempotency_key text not null,
  provider text not null,
  payment_method_id uuid,
  amount_micros bigint not null,
  currency text not null,
  status text not null,
  provider_reference text,
  failure_code text,
  failure_message text,
  created_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  received_at timestamp with time zone,
  constraint payments_pkey PRIMARY KEY (account_id, payment_id),
  constraint payments_account_id_idempotency_key_key UNIQUE (account_id, idempotency_key),
  constraint payments_account_id_invoice_id_attempt_key UNIQUE (account_id, invoice_id, attempt),
  constraint payments_account_id_invoice_id_fkey FOREIGN KEY (account_id, invoice_id) REFERENCES public.invoices(account_id, invoice_id),
  constraint payments_account_id_payment_method_id_fkey FOREIGN KEY (account_id, payment_method_id) REFERENCES public.payment_methods(account_id, payment_method_id),
  constraint payments_amount_micros_check CHECK ((amount_micros > 0)),
  constraint payments_attempt_check CHECK ((attempt > 0)),
  constraint payments_by_hand CHECK (((payment_method_id IS NULL) = (provider = 'by_hand'::text))),
  constraint payments_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'unknown'::text, 'action_required'::text, 'succeeded'::text, 'failed'::text])))
);
create unique index one_attempt_at_a_time ON public.payments USING btree (account_id, invoice_id) WHERE (status = ANY (ARRAY['pending'::text, 'unknown'::text, 'action_required'::text]));
create index payments_by_reference ON public.payments USING btree (account_id, provider_reference) WHERE (provider_reference IS NOT NULL);
alter table public.payments enable row level security;
alter table public.payments force row level security;
create policy every_account on public.payments for all to drawdown_service using (true) with check (true);
create policy one_account on public.payments for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.payments to drawdown_service;
grant insert, select, update on public.payments to drawdown_tenant;

create table public.period_draws (
  account_id uuid not null,
  subscription_id uuid not null,
  period_number integer not null,
  source text not null,
  drawn_micros bigint not null,
  constraint period_draws_pkey PRIMARY KEY (account_id, subscription_id, period_number, source),
  constraint period_draws_account_id_subscription_id_period_number_fkey FOREIGN KEY (account_id, subscription_id, period_number) REFERENCES public.periods(account_id, subscription_id, period_number)
);
alter table public.period_draws enable row level security;
alter table public.period_draws force row level security;
create policy every_account on public.period_draws for all to drawdown_service using (true) with check (true);
create policy one_account on public.period_draws for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.period_draws to drawdown_service;
grant insert, select, update on public.period_draws to drawdown_tenant;

create table public.period_totals (
  account_id uuid not null,
  subscription_id uuid not null,
  period_number integer not null,
  plan_version_id uuid not null,
  operation text not null,
  late boolean not null,
  quantity bigint not null,
  cost_micros bigint not null,
  drawn_micros bigint not null,
  overage_micros bigint not null,
  constraint period_totals_pkey PRIMARY KEY (account_id, subscription_id, period_number, plan_version_id, operation, late),
  constraint period_totals_account_id_subscription_id_period_number_fkey FOREIGN KEY (account_id, subscription_id, period_number) REFERENCES public.periods(account_id, subscription_id, period_number)
);
alter table public.period_totals enable row level security;
alter table public.period_totals force row level security;
create policy every_account on public.period_totals for all to drawdown_service using (true) with check (true);
create policy one_account on public.period_totals for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.period_totals to drawdown_service;
grant insert, select, update on public.period_totals to drawdown_tenant;

create table public.periods (
  account_id uuid not null,
  subscription_id uuid not null,
  period_number integer not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  overage_micros bigint default 0 not null,
  deferred_micros bigint default 0 not null,
  closed_at timestamp with time zone,
  billed_micros bigint default 0 not null,
  billed_through bigint default 0 not null,
  billed_at timestamp with time zone,
  constraint periods_pkey PRIMARY KEY (account_id, subscription_id, period_number),
  constraint periods_account_id_subscription_id_fkey FOREIGN KEY (account_id, subscription_id) REFERENCES public.subscriptions(account_id, subscription_id),
  constraint periods_billed CHECK (((billed_micros <= overage_micros) AND ((billed_through = 0) = (billed_at IS NULL)))),
  constraint periods_billed_micros_check CHECK ((billed_micros >= 0)),
  constraint periods_check CHECK ((ends_at > starts_at)),
  constraint periods_deferred_micros_check CHECK ((deferred_micros >= 0)),
  constraint periods_overage_micros_check CHECK ((overage_micros >= 0))
);
alter table public.periods enable row level security;
alter table public.periods force row level security;
create policy every_account on public.periods for all to drawdown_service using (true) with check (true);
create policy one_account on public.periods for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.periods to drawdown_service;
grant insert, select, update on public.periods to drawdown_tenant;

create table public.photo_crops (
  account_id uuid not null,
  image_sha256 text not null,
  ratio text not null,
  box jsonb not null,
  corrected_at timestamp with time zone default now() not null,
  constraint photo_crops_pkey PRIMARY KEY (account_id, image_sha256, ratio),
  constraint photo_crops_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id)
);
alter table public.photo_crops enable row level security;
alter table public.photo_crops force row level security;
create policy every_account on public.photo_crops for all to drawdown_service using (true) with check (true);
create policy one_account on public.photo_crops for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.photo_crops to drawdown_service;
grant delete, insert, select, update on public.photo_crops to drawdown_tenant;

create table public.plan_changes (
  account_id uuid not null,
  plan_change_id uuid not null,
  kind text not null,
  status text not null,
  subscription_id uuid,
  from_plan_version_id uuid,
  to_plan_version_id uuid not null,
  pinned_at timestamp with time zone not null,
  due_micros bigint not null,
  credits_micros bigint not null,
  invoice_id uuid,
  requested_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint plan_changes_pkey PRIMARY KEY (account_id, plan_change_id),
  constraint plan_changes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint plan_changes_account_id_invoice_id_fkey FOREIGN KEY (account_id, invoice_id) REFERENCES public.invoices(account_id, invoice_id),
  constraint plan_changes_from_plan_version_id_fkey FOREIGN KEY (from_plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint plan_changes_to_plan_version_id_fkey FOREIGN KEY (to_plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint plan_changes_credits_micros_check CHECK ((credits_micros >= 0)),
  constraint plan_changes_due_micros_check CHECK ((due_micros >= 0)),
  constraint plan_changes_kind_check CHECK ((kind = ANY (ARRAY['start'::text, 'upgrade'::text]))),
  constraint plan_changes_status_check CHECK ((status = ANY (ARRAY['awaiting_payment'::text, 'effective'::text, 'declined'::text, 'lapsed'::text])))
);
create unique index one_change_at_a_time ON public.plan_changes USING btree (account_id) WHERE (status = 'awaiting_payment'::text);
alter table public.plan_changes enable row level security;
alter table public.plan_changes force row level security;
create policy every_account on public.plan_changes for all to drawdown_service using (true) with check (true);
create policy one_account on public.plan_changes for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.plan_changes to drawdown_service;
grant insert, select, update on public.plan_changes to drawdown_tenant;

create table public.plan_prices (
  plan_version_id uuid not null,
  operation text not null,
  unit_price_micros bigint not null,
  overage_unit_price_micros bigint not null,
  "position" integer not null,
  constraint plan_prices_pkey PRIMARY KEY (plan_version_id, operation),
  constraint plan_prices_operation_fkey FOREIGN KEY (operation) REFERENCES public.operations(code),
  constraint plan_prices_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint plan_prices_overage_unit_price_micros_check CHECK ((overage_unit_price_micros >= 0)),
  constraint plan_prices_unit_price_micros_check CHECK ((unit_price_micros >= 0))
);
CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.plan_prices FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on public.plan_prices to drawdown_service;
grant select on public.plan_prices to drawdown_tenant;

create table public.plan_versions (
  plan_version_id uuid not null,
  plan_id uuid not null,
  version integer not null,
  currency text not null,
  credit_unit text not null,
  credit_price_micros bigint not null,
  list_price_micros bigint not null,
  discount_micros bigint not null,
  credits_micros bigint not null,
  rollover_cap_micros bigint,
  rollover_periods integer,
  trial_days integer,
  trial_successor text,
  payment_terms text default 'card'::text not null,
  published_at timestamp with time zone default now() not null,
  notice_days integer,
  constraint plan_versions_pkey PRIMARY KEY (plan_version_id),
  constraint plan_versions_plan_id_version_key UNIQUE (plan_id, version),
  constraint plan_versions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plans(plan_id),
  constraint plan_versions_check CHECK (((discount_micros >= 0) AND (discount_micros <= list_price_micros))),
  constraint plan_versions_check1 CHECK (((rollover_cap_micros IS NULL) OR (rollover_periods IS NOT NULL))),
  constraint plan_versions_check2 CHECK (((trial_days IS NULL) = (trial_successor IS NULL))),
  constraint plan_versions_credit_price_micros_check CHECK ((credit_price_micros >= 0)),
  constraint plan_versions_credits_micros_check CHECK ((credits_micros >= 0)),
  constraint plan_versions_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint plan_versions_list_price_micros_check CHECK ((list_price_micros >= 0)),
  constraint plan_versions_notice_days_check CHECK (((notice_days >= 0) AND (notice_days <= 366))),
  constraint plan_versions_payment_terms_check CHECK ((payment_terms = ANY (ARRAY['card'::text, 'invoice'::text]))),
  constraint plan_versions_rollover_cap_micros_check CHECK ((rollover_cap_micros > 0)),
  constraint plan_versions_rollover_periods_check CHECK ((rollover_periods > 0)),
  constraint plan_versions_trial_days_check CHECK ((trial_days > 0)),
  constraint plan_versions_version_check CHECK ((version > 0))
);
CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.plan_versions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on public.plan_versions to drawdown_service;
grant select on public.plan_versions to drawdown_tenant;

create table public.plans (
  plan_id uuid not null,
  code text not null,
  name text not null,
  "position" integer not null,
  offered boolean default true not null,
  created_at timestamp with time zone default now() not null,
  constraint plans_pkey PRIMARY KEY (plan_id),
  constraint plans_code_key UNIQUE (code),
  constraint plans_code_check CHECK ((code ~ '^[a-z][a-z0-9_-]{0,63}$'::text))
);
grant insert, select, update on public.plans to drawdown_service;
grant select on public.plans to drawdown_tenant;

create table public.previews (
  account_id uuid not null,
  preview_id uuid not null,
  request jsonb not null,
  pinned_at timestamp with time zone not null,
  outcome jsonb not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint previews_pkey PRIMARY KEY (account_id, preview_id),
  constraint previews_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id)
);
alter table public.previews enable row level security;
alter table public.previews force row level security;
create policy every_account on public.previews for all to drawdown_service using (true) with check (true);
create policy one_account on public.previews for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.previews to drawdown_service;
grant insert, select, update on public.previews to drawdown_tenant;

create table public.provider_events (
  provider text not null,
  event_id text not null,
  type text not null,
  object_id text not null,
  received_at timestamp with time zone default now() not null,
  tries integer default 0 not null,
  try_at timestamp with time zone default now() not null,
  fault text,
  handled_at timestamp with time zone,
  constraint provider_events_pkey PRIMARY KEY (provider, event_id)
);
create index events_to_handle ON public.provider_events USING btree (try_at) WHERE (handled_at IS NULL);
grant delete, insert, select, update on public.provider_events to drawdown_service;

create table public.quotes (
  account_id uuid not null,
  quote_id uuid not null,
  automation_id uuid not null,
  steps jsonb not null,
  image_count integer not null,
  image_digest text,
  plan_version_id uuid not null,
  answer jsonb not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  pinned_at timestamp with time zone default now() not null,
  constraint quotes_pkey PRIMARY KEY (account_id, quote_id),
  constraint quotes_account_id_automation_id_fkey FOREIGN KEY (account_id, automation_id) REFERENCES public.automations(account_id, automation_id),
  constraint quotes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint quotes_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(plan_version_id)
);
alter table public.quotes enable row level security;
alter table public.quotes force row level security;
create policy every_account on public.quotes for all to drawdown_service using (true) with check (true);
create policy one_account on public.quotes for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.quotes to drawdown_service;
grant insert, select, update on public.quotes to drawdown_tenant;

create table public.refunds (
  account_id uuid not null,
  refund_id uuid not null,
  payment_id uuid not null,
  source text not null,
  credit_note_id uuid,
  grant_id uuid,
  amount_micros bigint not null,
  currency text not null,
  reason text not null,
  natural_key text not null,
  idempotency_key text not null,
  status text not null,
  provider_reference text,
  failure_code text,
  failure_message text,
  created_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  failed_at timestamp with time zone,
  constraint refunds_pkey PRIMARY KEY (account_id, refund_id),
  constraint refunds_account_id_natural_key_key UNIQUE (account_id, natural_key),
  constraint refunds_account_id_credit_note_id_fkey FOREIGN KEY (account_id, credit_note_id) REFERENCES public.credit_notes(account_id, credit_note_id),
  constraint refunds_account_id_grant_id_fkey FOREIGN KEY (account_id, grant_id) REFERENCES public.credit_grants(account_id, grant_id),
  constraint refunds_account_id_payment_id_fkey FOREIGN KEY (account_id, payment_id) REFERENCES public.payments(account_id, payment_id),
  constraint refunds_amount_micros_check CHECK ((amount_micros > 0)),
  constraint refunds_check CHECK ((((status = 'failed'::text) = (failed_at IS NOT NULL)) AND ((status <> 'succeeded'::text) OR (paid_at IS NOT NULL)))),
  constraint refunds_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint refunds_source_check CHECK ((source = ANY (ARRAY['customer_credit'::text, 'invoice'::text, 'grant'::text]))),
  constraint refunds_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'unknown'::text, 'succeeded'::text, 'failed'::text])))
);
create index refunds_of_payment ON public.refunds USING btree (account_id, payment_id);
alter table public.refunds enable row level security;
alter table public.refunds force row level security;
create policy every_account on public.refunds for all to drawdown_service using (true) with check (true);
create policy one_account on public.refunds for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.refunds to drawdown_service;
grant insert, select, update on public.refunds to drawdown_tenant;

create table public.rehearsals (
  rehearsal_id uuid not null,
  code text not null,
  draft jsonb not null,
  currency text not null,
  credit_unit text not null,
  among text not null,
  terms integer not null,
  status text default 'waiting'::text not null,
  accounts integer,
  fault text,
  created_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  constraint rehearsals_pkey PRIMARY KEY (rehearsal_id),
  constraint rehearsals_among_check CHECK ((among = ANY (ARRAY['subscribers'::text, 'everyone'::text]))),
  constraint rehearsals_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text]))),
  constraint rehearsals_terms_check CHECK (((terms >= 1) AND (terms <= 24)))
);
grant delete, insert, select, update on public.rehearsals to drawdown_service;

create table public.rehearsed_accounts (
  account_id uuid not null,
  rehearsal_id uuid not null,
  terms integer not null,
  left_out integer not null,
  paid_fee_micros bigint not null,
  paid_overage_micros bigint not null,
  fee_micros bigint not null,
  overage_micros bigint not null,
  not_offered text[] not null,
  constraint rehearsed_accounts_pkey PRIMARY KEY (account_id, rehearsal_id),
  constraint rehearsed_accounts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id)
);
create index rehearsed ON public.rehearsed_accounts USING btree (rehearsal_id);
alter table public.rehearsed_accounts enable row level security;
alter table public.rehearsed_accounts force row level security;
create policy every_account on public.rehearsed_accounts for all to drawdown_service using (true) with check (true);
create policy one_account on public.rehearsed_accounts for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select on public.rehearsed_accounts to drawdown_service;
grant insert, select on public.rehearsed_accounts to drawdown_tenant;

create table public.run_items (
  account_id uuid not null,
  item_id uuid not null,
  run_id uuid not null,
  "position" integer not null,
  image_id uuid not null,
  status text not null,
  lease integer default 0 not null,
  lease_expires_at timestamp with time zone,
  interrupted integer default 0 not null,
  revision integer,
  failure text,
  failure_message text,
  output_sha256 text,
  output_bytes bigint,
  output_format text,
  output_width integer,
  output_height integer,
  preview_sha256 text,
  report jsonb,
  content_keys text[],
  cost_micros bigint default 0 not null,
  drawn_micros bigint default 0 not null,
  overage_micros bigint default 0 not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  budgeted boolean default false not null,
  removed_at timestamp with time zone,
  constraint run_items_pkey PRIMARY KEY (account_id, item_id),
  constraint run_items_account_id_run_id_position_key UNIQUE (account_id, run_id, "position"),
  constraint run_items_account_id_image_id_fkey FOREIGN KEY (account_id, image_id) REFERENCES public.images(account_id, image_id),
  constraint run_items_account_id_run_id_fkey FOREIGN KEY (account_id, run_id) REFERENCES public.runs(account_id, run_id),
  constraint run_items_check CHECK (((status = 'working'::text) = (lease_expires_at IS NOT NULL))),
  constraint run_items_check1 CHECK (((status <> 'succeeded'::text) OR (output_sha256 IS NOT NULL))),
  constraint run_items_check2 CHECK (((status <> 'held'::text) OR ((output_sha256 IS NOT NULL) AND (content_keys IS NOT NULL)))),
  constraint run_items_check3 CHECK (((status = 'succeeded'::text) OR (cost_micros = 0))),
  constraint run_items_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'working'::text, 'succeeded'::text, 'failed'::text, 'held'::text, 'cancelled'::text])))
);
create index changed_items ON public.run_items USING btree (account_id, run_id, revision) WHERE (revision IS NOT NULL);
create index claimable_items ON public.run_items USING btree (account_id, run_id, "position") WHERE (status = ANY (ARRAY['queued'::text, 'working'::text]));
create index working_items ON public.run_items USING btree (account_id, run_id) WHERE (status = 'working'::text);
alter table public.run_items enable row level security;
alter table public.run_items force row level security;
create policy every_account on public.run_items for all to drawdown_service using (true) with check (true);
create policy one_account on public.run_items for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.run_items to drawdown_service;
grant insert, select, update on public.run_items to drawdown_tenant;

create table public.run_unfoldings (
  account_id uuid not null,
  run_id uuid not null,
  image_ids uuid[] not null,
  unfolded integer default 0 not null,
  touched_at timestamp with time zone default now() not null,
  constraint run_unfoldings_pkey PRIMARY KEY (account_id, run_id),
  constraint run_unfoldings_account_id_run_id_fkey FOREIGN KEY (account_id, run_id) REFERENCES public.runs(account_id, run_id)
);
alter table public.run_unfoldings enable row level security;
alter table public.run_unfoldings force row level security;
create policy every_account on public.run_unfoldings for all to drawdown_service using (true) with check (true);
create policy one_account on public.run_unfoldings for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.run_unfoldings to drawdown_service;
grant delete, insert, select, update on public.run_unfoldings to drawdown_tenant;

create table public.runnable_directory (
  account_id uuid not null,
  served_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  wake_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  budgeted boolean default false not null,
  constraint runnable_directory_pkey PRIMARY KEY (account_id)
);
create index runnable_directory_served_at_idx ON public.runnable_directory USING btree (served_at);
alter table public.runnable_directory enable row level security;
alter table public.runnable_directory force row level security;
create policy every_account on public.runnable_directory for all to drawdown_service using (true) with check (true);
create policy one_account on public.runnable_directory for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.runnable_directory to drawdown_service;
grant delete, insert, select, update on public.runnable_directory to drawdown_tenant;

create table public.runs (
  account_id uuid not null,
  run_id uuid not null,
  automation_id uuid not null,
  name text not null,
  steps jsonb not null,
  needs_models boolean not null,
  plan_version_id uuid not null,
  quote_id uuid,
  status text not null,
  item_count integer not null,
  succeeded integer default 0 not null,
  failed integer default 0 not null,
  held integer default 0 not null,
  cancelled integer default 0 not null,
  cost_micros bigint default 0 not null,
  drawn_micros bigint default 0 not null,
  overage_micros bigint default 0 not null,
  revision integer default 0 not null,
  idempotency_key text,
  request_digest text,
  created_by text,
  created_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  pinned_at timestamp with time zone default now() not null,
  callback_url text,
  constraint runs_pkey PRIMARY KEY (account_id, run_id),
  constraint runs_account_id_idempotency_key_key UNIQUE (account_id, idempotency_key),
  constraint runs_account_id_automation_id_fkey FOREIGN KEY (account_id, automation_id) REFERENCES public.automations(account_id, automation_id),
  constraint runs_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint runs_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint runs_callback_url_check CHECK ((length(callback_url) <= 2000)),
  constraint runs_check CHECK (((((succeeded + failed) + held) + cancelled) <= item_count)),
  constraint runs_item_count_check CHECK ((item_count > 0)),
  constraint runs_status_check CHECK ((status = ANY (ARRAY['running'::text, 'paused_by_budget'::text, 'finished'::text, 'cancelled'::text])))
);
alter table public.runs enable row level security;
alter table public.runs force row level security;
create policy every_account on public.runs for all to drawdown_service using (true) with check (true);
create policy one_account on public.runs for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.runs to drawdown_service;
grant insert, select, update on public.runs to drawdown_tenant;

create table public.seller_versions (
  version integer not null,
  details jsonb not null,
  logo bytea,
  logo_type text,
  created_at timestamp with time zone default now() not null,
  constraint seller_versions_pkey PRIMARY KEY (version),
  constraint seller_versions_check CHECK (((logo IS NULL) = (logo_type IS NULL))),
  constraint seller_versions_logo_check CHECK ((length(logo) <= 500000)),
  constraint seller_versions_logo_type_check CHECK ((logo_type = ANY (ARRAY['png'::text, 'jpeg'::text, 'svg'::text])))
);
grant insert, select on public.seller_versions to drawdown_service;
grant select on public.seller_versions to drawdown_tenant;

create table public.step_results (
  account_id uuid not null,
  content_key text not null,
  sha256 text not null,
  bytes bigint not null,
  format text not null,
  width integer not null,
  height integer not null,
  preview_sha256 text not null,
  report jsonb not null,
  created_at timestamp with time zone default now() not null,
  constraint step_results_pkey PRIMARY KEY (account_id, content_key),
  constraint step_results_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id)
);
alter table public.step_results enable row level security;
alter table public.step_results force row level security;
create policy every_account on public.step_results for all to drawdown_service using (true) with check (true);
create policy one_account on public.step_results for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.step_results to drawdown_service;
grant delete, insert, select, update on public.step_results to drawdown_tenant;

create table public.subscription_versions (
  account_id uuid not null,
  subscription_id uuid not null,
  starts_at timestamp with time zone not null,
  plan_version_id uuid not null,
  constraint subscription_versions_pkey PRIMARY KEY (account_id, subscription_id, starts_at),
  constraint subscription_versions_account_id_subscription_id_fkey FOREIGN KEY (account_id, subscription_id) REFERENCES public.subscriptions(account_id, subscription_id),
  constraint subscription_versions_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(plan_version_id)
);
alter table public.subscription_versions enable row level security;
alter table public.subscription_versions force row level security;
create policy every_account on public.subscription_versions for all to drawdown_service using (true) with check (true);
create policy one_account on public.subscription_versions for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.subscription_versions to drawdown_service;
grant insert, select on public.subscription_versions to drawdown_tenant;

create table public.subscriptions (
  account_id uuid not null,
  subscription_id uuid not null,
  plan_version_id uuid not null,
  status text not null,
  anchor_civil timestamp without time zone not null,
  anchor_zone text not null,
  period_number integer not null,
  period_starts_at timestamp with time zone not null,
  period_ends_at timestamp with time zone not null,
  pending_kind text,
  pending_plan_version_id uuid,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  plan_since timestamp with time zone not null,
  constraint subscriptions_pkey PRIMARY KEY (account_id, subscription_id),
  constraint subscriptions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint subscriptions_pending_plan_version_id_fkey FOREIGN KEY (pending_plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint subscriptions_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(plan_version_id),
  constraint subscriptions_check CHECK ((period_ends_at > period_starts_at)),
  constraint subscriptions_check1 CHECK (((NOT (pending_kind IS DISTINCT FROM 'change'::text)) = (pending_plan_version_id IS NOT NULL))),
  constraint subscriptions_check2 CHECK (((status = 'cancelled'::text) = (ended_at IS NOT NULL))),
  constraint subscriptions_pending_kind_check CHECK ((pending_kind = ANY (ARRAY['change'::text, 'cancel'::text]))),
  constraint subscriptions_period_number_check CHECK ((period_number >= 0)),
  constraint subscriptions_status_check CHECK ((status = ANY (ARRAY['active'::text, 'cancelled'::text])))
);
create unique index one_active_subscription ON public.subscriptions USING btree (account_id) WHERE (status = 'active'::text);
alter table public.subscriptions enable row level security;
alter table public.subscriptions force row level security;
create policy every_account on public.subscriptions for all to drawdown_service using (true) with check (true);
create policy one_account on public.subscriptions for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.subscriptions to drawdown_service;
grant insert, select, update on public.subscriptions to drawdown_tenant;

create table public.tax_rates (
  account_id uuid not null,
  "position" integer not null,
  name text not null,
  rate_micros bigint not null,
  constraint tax_rates_pkey PRIMARY KEY (account_id, "position"),
  constraint tax_rates_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint tax_rates_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint tax_rates_rate_micros_check CHECK (((rate_micros >= 0) AND (rate_micros <= 1000000)))
);
alter table public.tax_rates enable row level security;
alter table public.tax_rates force row level security;
create policy every_account on public.tax_rates for all to drawdown_service using (true) with check (true);
create policy one_account on public.tax_rates for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.tax_rates to drawdown_service;
grant delete, insert, select, update on public.tax_rates to drawdown_tenant;

create table public.usage_archives (
  month date not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  record_count bigint not null,
  digest bytea not null,
  archived_at timestamp with time zone default now() not null,
  detached boolean default false not null,
  constraint usage_archives_pkey PRIMARY KEY (month),
  constraint usage_archives_check CHECK ((ends_at > starts_at)),
  constraint usage_archives_digest_check CHECK ((octet_length(digest) = 32)),
  constraint usage_archives_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
  constraint usage_archives_record_count_check CHECK ((record_count >= 0))
);
grant insert, select, update on public.usage_archives to drawdown_service;
grant select on public.usage_archives to drawdown_tenant;

create table public.usage_checkpoints (
  account_id uuid not null,
  month date not null,
  record_count bigint not null,
  last_sequence bigint not null,
  state text not null,
  digest bytea not null,
  ledger_sequence bigint not null,
  constraint usage_checkpoints_pkey PRIMARY KEY (account_id, month),
  constraint usage_checkpoints_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint usage_checkpoints_month_fkey FOREIGN KEY (month) REFERENCES public.usage_archives(month),
  constraint usage_checkpoints_digest_check CHECK ((octet_length(digest) = 32)),
  constraint usage_checkpoints_record_count_check CHECK ((record_count > 0))
);
alter table public.usage_checkpoints enable row level security;
alter table public.usage_checkpoints force row level security;
create policy every_account on public.usage_checkpoints for all to drawdown_service using (true) with check (true);
create policy one_account on public.usage_checkpoints for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.usage_checkpoints to drawdown_service;
grant insert, select on public.usage_checkpoints to drawdown_tenant;

create table public.usage_corrections (
  account_id uuid not null,
  credit_note_id uuid not null,
  line integer not null,
  kind text not null,
  usage_record_id uuid not null,
  record_booked_at timestamp with time zone not null,
  subscription_id uuid not null,
  period_number integer not null,
  plan_version_id uuid not null,
  operation text not null,
  late boolean not null,
  in_open_period boolean not null,
  quantity bigint not null,
  cost_micros bigint not null,
  drawn_micros bigint not null,
  overage_micros bigint not null,
  draw_grant_ids uuid[] not null,
  draw_micros bigint[] not null,
  ledger_sequence bigint not null,
  constraint usage_corrections_pkey PRIMARY KEY (account_id, credit_note_id, line),
  constraint usage_corrections_account_id_credit_note_id_fkey FOREIGN KEY (account_id, credit_note_id) REFERENCES public.credit_notes(account_id, credit_note_id),
  constraint usage_corrections_check CHECK ((cardinality(draw_grant_ids) = cardinality(draw_micros))),
  constraint usage_corrections_kind_check CHECK ((kind = ANY (ARRAY['reversed'::text, 'recovered'::text])))
);
create index corrected_usage ON public.usage_corrections USING btree (account_id, usage_record_id);
create unique index reversed_once ON public.usage_corrections USING btree (account_id, usage_record_id) WHERE (kind = 'reversed'::text);
alter table public.usage_corrections enable row level security;
alter table public.usage_corrections force row level security;
create policy every_account on public.usage_corrections for all to drawdown_service using (true) with check (true);
create policy one_account on public.usage_corrections for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.usage_corrections to drawdown_service;
grant insert, select on public.usage_corrections to drawdown_tenant;

create table public.usage_days (
  account_id uuid not null,
  day date not null,
  cost_micros bigint not null,
  as_overage_micros bigint not null,
  constraint usage_days_pkey PRIMARY KEY (account_id, day),
  constraint usage_days_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id)
);
alter table public.usage_days enable row level security;
alter table public.usage_days force row level security;
create policy every_account on public.usage_days for all to drawdown_service using (true) with check (true);
create policy one_account on public.usage_days for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.usage_days to drawdown_service;
grant insert, select on public.usage_days to drawdown_tenant;

create table public.usage_keys (
  account_id uuid not null,
  source text not null,
  key text not null,
  digest bytea not null,
  usage_record_id uuid not null,
  booked_at timestamp with time zone not null,
  cost_micros bigint not null,
  drawn_micros bigint not null,
  overage_micros bigint not null,
  balance_after_micros bigint not null,
  constraint usage_keys_pkey PRIMARY KEY (account_id, source, key),
  constraint usage_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200))),
  constraint usage_keys_source_check CHECK ((source = ANY (ARRAY['api'::text, 'run'::text])))
);
alter table public.usage_keys enable row level security;
alter table public.usage_keys force row level security;
create policy every_account on public.usage_keys for all to drawdown_service using (true) with check (true);
create policy one_account on public.usage_keys for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.usage_keys to drawdown_service;
grant insert, select on public.usage_keys to drawdown_tenant;

create table public.usage_records (
  account_id uuid not null,
  usage_record_id uuid not null,
  booked_at timestamp with time zone not null,
  occurred_at timestamp with time zone not null,
  source text not null,
  key text not null,
  operation text not null,
  quantity bigint not null,
  plan_version_id uuid not null,
  unit_price_micros bigint not null,
  overage_unit_price_micros bigint not null,
  cost_micros bigint not null,
  drawn_micros bigint not null,
  overage_micros bigint not null,
  draw_grant_ids uuid[] not null,
  draw_micros bigint[] not null,
  subscription_id uuid not null,
  period_number integer not null,
  late boolean not null,
  run_id uuid,
  item_id uuid,
  ledger_sequence bigint not null,
  constraint usage_records_pkey PRIMARY KEY (account_id, booked_at, usage_record_id),
  constraint usage_records_check CHECK ((cost_micros = (unit_price_micros * quantity))),
  constraint usage_records_check1 CHECK ((drawn_micros <= cost_micros)),
  constraint usage_records_check2 CHECK ((cardinality(draw_grant_ids) = cardinality(draw_micros))),
  constraint usage_records_drawn_micros_check CHECK ((drawn_micros >= 0)),
  constraint usage_records_overage_micros_check CHECK ((overage_micros >= 0)),
  constraint usage_records_overage_unit_price_micros_check CHECK ((overage_unit_price_micros >= 0)),
  constraint usage_records_quantity_check CHECK ((quantity > 0)),
  constraint usage_records_unit_price_micros_check CHECK ((unit_price_micros >= 0))
) partition by range (booked_at);
create index usage_of_a_run ON ONLY public.usage_records USING btree (account_id, run_id) WHERE (run_id IS NOT NULL);
alter table public.usage_records enable row level security;
alter table public.usage_records force row level security;
create policy every_account on public.usage_records for all to drawdown_service using (true) with check (true);
create policy one_account on public.usage_records for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.usage_records to drawdown_service;
grant insert, select on public.usage_records to drawdown_tenant;

create table public.verifications (
  account_id uuid not null,
  sequence bigint not null,
  link bytea,
  booked_at timestamp with time zone,
  state jsonb not null,
  verified_at timestamp with time zone,
  whole_at timestamp with time zone,
  failed_at timestamp with time zone,
  findings jsonb default '[]'::jsonb not null,
  constraint verifications_pkey PRIMARY KEY (account_id),
  constraint verifications_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id)
);
alter table public.verifications enable row level security;
alter table public.verifications force row level security;
create policy every_account on public.verifications for all to drawdown_service using (true) with check (true);
create policy one_account on public.verifications for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.verifications to drawdown_service;
grant insert, select, update on public.verifications to drawdown_tenant;

create table public.webhook_attempts (
  account_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  sent_at timestamp with time zone not null,
  duration_ms integer not null,
  url text not null,
  headers jsonb not null,
  status integer,
  failure text,
  response text,
  constraint webhook_attempts_pkey PRIMARY KEY (account_id, delivery_id, attempt),
  constraint webhook_attempts_account_id_delivery_id_fkey FOREIGN KEY (account_id, delivery_id) REFERENCES public.webhook_deliveries(account_id, delivery_id) ON DELETE CASCADE,
  constraint webhook_attempts_attempt_check CHECK ((attempt > 0))
);
alter table public.webhook_attempts enable row level security;
alter table public.webhook_attempts force row level security;
create policy every_account on public.webhook_attempts for all to drawdown_service using (true) with check (true);
create policy one_account on public.webhook_attempts for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select on public.webhook_attempts to drawdown_service;
grant insert, select on public.webhook_attempts to drawdown_tenant;

create table public.webhook_deliveries (
  account_id uuid not null,
  delivery_id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  "position" bigint generated always as identity not null,
  url text,
  replayed boolean default false not null,
  status text default 'waiting'::text not null,
  attempts integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint webhook_deliveries_pkey PRIMARY KEY (account_id, delivery_id),
  constraint webhook_deliveries_account_id_endpoint_id_fkey FOREIGN KEY (account_id, endpoint_id) REFERENCES public.webhook_endpoints(account_id, endpoint_id),
  constraint webhook_deliveries_account_id_event_id_fkey FOREIGN KEY (account_id, event_id) REFERENCES public.outbox_events(account_id, event_id),
  constraint webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text, 'cancelled'::text]))),
  constraint webhook_deliveries_url_check CHECK (((length(url) >= 1) AND (length(url) <= 2000)))
);
create unique index delivered_once ON public.webhook_deliveries USING btree (account_id, endpoint_id, event_id) WHERE (NOT replayed);
create index webhook_deliveries_account_id_endpoint_id_position_idx ON public.webhook_deliveries USING btree (account_id, endpoint_id, "position") WHERE (status = 'waiting'::text);
alter table public.webhook_deliveries enable row level security;
alter table public.webhook_deliveries force row level security;
create policy every_account on public.webhook_deliveries for all to drawdown_service using (true) with check (true);
create policy one_account on public.webhook_deliveries for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.webhook_deliveries to drawdown_service;
grant insert, select, update on public.webhook_deliveries to drawdown_tenant;

create table public.webhook_directory (
  account_id uuid not null,
  endpoint_id uuid not null,
  due_at timestamp with time zone not null,
  constraint webhook_directory_pkey PRIMARY KEY (account_id, endpoint_id)
);
create index webhook_directory_due_at_idx ON public.webhook_directory USING btree (due_at);
alter table public.webhook_directory enable row level security;
alter table public.webhook_directory force row level security;
create policy every_account on public.webhook_directory for all to drawdown_service using (true) with check (true);
create policy one_account on public.webhook_directory for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on public.webhook_directory to drawdown_service;
grant delete, insert, select, update on public.webhook_directory to drawdown_tenant;

create table public.webhook_endpoints (
  account_id uuid not null,
  endpoint_id uuid not null,
  kind text default 'endpoint'::text not null,
  url text not null,
  description text default ''::text not null,
  event_types text[] default '{}'::text[] not null,
  status text default 'enabled'::text not null,
  disabled_because text,
  sealed_secret bytea not null,
  sealed_old_secret bytea,
  old_secret_until timestamp with time zone,
  failures integer default 0 not null,
  failing_since timestamp with time zone,
  lease integer default 0 not null,
  lease_expires_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  removed_at timestamp with time zone,
  constraint webhook_endpoints_pkey PRIMARY KEY (account_id, endpoint_id),
  constraint webhook_endpoints_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id),
  constraint webhook_endpoints_check CHECK (((sealed_old_secret IS NULL) = (old_secret_until IS NULL))),
  constraint webhook_endpoints_check1 CHECK (((status = 'disabled'::text) = (disabled_because IS NOT NULL))),
  constraint webhook_endpoints_description_check CHECK ((length(description) <= 200)),
  constraint webhook_endpoints_disabled_because_check CHECK ((disabled_because = ANY (ARRAY['failing'::text, 'gone'::text, 'person'::text]))),
  constraint webhook_endpoints_kind_check CHECK ((kind = ANY (ARRAY['endpoint'::text, 'callback'::text]))),
  constraint webhook_endpoints_status_check CHECK ((status = ANY (ARRAY['enabled'::text, 'disabled'::text]))),
  constraint webhook_endpoints_url_check CHECK (((length(url) >= 1) AND (length(url) <= 2000)))
);
create unique index one_callback_of_a_host ON public.webhook_endpoints USING btree (account_id, url) WHERE (kind = 'callback'::text);
alter table public.webhook_endpoints enable row level security;
alter table public.webhook_endpoints force row level security;
create policy every_account on public.webhook_endpoints for all to drawdown_service using (true) with check (true);
create policy one_account on public.webhook_endpoints for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.webhook_endpoints to drawdown_service;
grant insert, select, update on public.webhook_endpoints to drawdown_tenant;

create table public.write_offs (
  account_id uuid not null,
  write_off_id uuid not null,
  invoice_id uuid not null,
  amount_micros bigint not null,
  reason text not null,
  created_at timestamp with time zone not null,
  recovered_at timestamp with time zone,
  constraint write_offs_pkey PRIMARY KEY (account_id, write_off_id),
  constraint write_offs_account_id_invoice_id_fkey FOREIGN KEY (account_id, invoice_id) REFERENCES public.invoices(account_id, invoice_id),
  constraint write_offs_amount_micros_check CHECK ((amount_micros > 0)),
  constraint write_offs_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);
create unique index one_write_off_at_a_time ON public.write_offs USING btree (account_id, invoice_id) WHERE (recovered_at IS NULL);
alter table public.write_offs enable row level security;
alter table public.write_offs force row level security;
create policy every_account on public.write_offs for all to drawdown_service using (true) with check (true);
create policy one_account on public.write_offs for all to drawdown_tenant using ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid)) with check ((account_id = (NULLIF(current_setting('drawdown.account_id'::text, true), ''::text))::uuid));
grant insert, select, update on public.write_offs to drawdown_service;
grant insert, select, update on public.write_offs to drawdown_tenant;

create table sandbox.charges (
  idempotency_key text not null,
  request_digest text not null,
  reference text not null,
  status text not null,
  failure_code text,
  amount_micros bigint not null,
  currency text not null,
  token text not null,
  created_at timestamp with time zone default now() not null,
  account_id uuid,
  return_url text,
  constraint charges_pkey PRIMARY KEY (idempotency_key),
  constraint charges_reference_key UNIQUE (reference),
  constraint charges_status_check CHECK ((status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'action_required'::text])))
);
grant insert, select, update on sandbox.charges to drawdown_service;

create table sandbox.disputes (
  reference text not null,
  charge text not null,
  status text not null,
  amount_micros bigint not null,
  created_at timestamp with time zone default now() not null,
  constraint disputes_pkey PRIMARY KEY (reference),
  constraint disputes_charge_key UNIQUE (charge),
  constraint disputes_charge_fkey FOREIGN KEY (charge) REFERENCES sandbox.charges(reference),
  constraint disputes_status_check CHECK ((status = ANY (ARRAY['open'::text, 'won'::text, 'lost'::text])))
);
grant insert, select, update on sandbox.disputes to drawdown_service;

create table sandbox.refunds (
  idempotency_key text not null,
  reference text not null,
  charge text not null,
  status text not null,
  amount_micros bigint not null,
  created_at timestamp with time zone default now() not null,
  constraint refunds_pkey PRIMARY KEY (idempotency_key),
  constraint refunds_reference_key UNIQUE (reference),
  constraint refunds_charge_fkey FOREIGN KEY (charge) REFERENCES sandbox.charges(reference),
  constraint refunds_status_check CHECK ((status = ANY (ARRAY['succeeded'::text, 'failed'::text])))
);
grant insert, select, update on sandbox.refunds to drawdown_service;

create view public.ledger_entries with (security_invoker=true) as
 SELECT t.account_id,
    t.sequence,
    e.line::integer AS line,
    e.ledger_account,
    e.commodity,
    e.amount_micros,
    t.entry_grants[e.place] AS grant_id
   FROM public.ledger_transactions t
     CROSS JOIN LATERAL UNNEST(t.entry_accounts, t.entry_commodities, t.entry_micros, t.entry_grant_places) WITH ORDINALITY e(ledger_account, commodity, amount_micros, place, line);
grant select on public.ledger_entries to drawdown_service;
grant select on public.ledger_entries to drawdown_tenant;

CREATE OR REPLACE FUNCTION public.enqueue_job(task text, payload jsonb, job_key text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform graphile_worker.add_job(
    identifier => task,
    payload => coalesce(payload, '{}'::jsonb)::json,
    run_at => enqueue_job.run_at,
    job_key => enqueue_job.job_key
  );
end
$function$;
grant execute on function public.enqueue_job(text,jsonb,text,timestamp with time zone) to drawdown_service;
grant execute on function public.enqueue_job(text,jsonb,text,timestamp with time zone) to drawdown_tenant;

CREATE OR REPLACE FUNCTION public.ensure_usage_partition(month date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  first date := date_trunc('month', month)::date;
  name text := 'usage_records_' || to_char(first, 'YYYY_MM');
begin
  if to_regclass(name) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('usage_partition'));
  -- A query, because waiting for an advisory lock does not refresh what to_regclass remembers.
  if exists (select from pg_class where relname = name and relnamespace = 'public'::regnamespace) then
    return;
  end if;
  if exists (select from usage_archives a where a.month = first and a.detached) then
    raise exception 'usage of % is archived: restore it before anything is booked in it', to_char(first, 'YYYY-MM');
  end if;
  execute format('create table %I (like usage_records including defaults including constraints)', name);
  execute format('alter table %I add primary key (account_id, booked_at, usage_record_id)', name);
  execute format('alter table usage_records attach partition %I for values from (%L) to (%L)',
    name, first::timestamp at time zone 'UTC', (first + interval '1 month')::timestamp at time zone 'UTC');
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
end
$function$;
grant execute on function public.ensure_usage_partition(date) to drawdown_service;
grant execute on function public.ensure_usage_partition(date) to drawdown_tenant;

CREATE OR REPLACE FUNCTION public.protect_account_table(name regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format(
    'create policy one_account on %s to drawdown_tenant
       using (account_id = nullif(current_setting(''drawdown.account_id'', true), '''')::uuid)
       with check (account_id = nullif(current_setting(''drawdown.account_id'', true), '''')::uuid)', name);
  execute format('create policy every_account on %s to drawdown_service using (true) with check (true)', name);
end
$function$;
-- anyone may execute public.protect_account_table(regclass)

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% rows never change: % refused', tg_table_name, lower(tg_op)
    using hint = 'Append a row that corrects it instead.';
end
$function$;
-- anyone may execute public.refuse_change()

CREATE OR REPLACE FUNCTION public.refuse_change_of_chain_head()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the chain head on invoice % never changes', old.number;
end
$function$;
-- anyone may execute public.refuse_change_of_chain_head()

CREATE OR REPLACE FUNCTION public.refuse_change_of_finalized_invoice()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.finalized_at is not null and (
    new.number, new.kind, new.currency, new.total_micros, new.opening_balance_micros, new.period_starts_at,
    new.period_ends_at, new.finalized_at, new.drafted_at, new.customer_credit_micros, new.tax_micros, new.tax_treatment)
    is distinct from (
    old.number, old.kind, old.currency, old.total_micros, old.opening_balance_micros, old.period_starts_at,
    old.period_ends_at, old.finalized_at, old.drafted_at, old.customer_credit_micros, old.tax_micros, old.tax_treatment) then
    raise exception 'invoice % is finalized and never changes', old.number;
  end if;
  return new;
end
$function$;
-- anyone may execute public.refuse_change_of_finalized_invoice()

CREATE OR REPLACE FUNCTION public.refuse_change_of_parties()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'invoice % is finalized and names its parties for good', old.number;
end
$function$;
-- anyone may execute public.refuse_change_of_parties()

CREATE OR REPLACE FUNCTION public.sums_to_zero(commodities text[], amounts bigint[])
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
  return not exists (
    select from unnest(commodities, amounts) as e (commodity, amount) group by commodity having sum(amount) <> 0);
end
$function$;
-- anyone may execute public.sums_to_zero(text[],bigint[])
