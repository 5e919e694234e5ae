-- Up Migration
-- 0150: two checks cost the statements of booking less, and refuse what they refused.
--
-- Why     `sums_to_zero` was written in SQL, so that Postgres tried to put its body in the place of the call, and read it anew for every
--         statement that writes the journal, to find that it can't: a quarter of what the journal of a small transaction took. And each
--         time an account's place is written, its rules for alerts were matched against a pattern, though most accounts have none.
-- Locks   `accounts` for the moment of the change: its rows are read once, some milliseconds for ten thousand accounts.

create or replace function sums_to_zero(commodities text[], amounts bigint[]) returns boolean
language plpgsql immutable parallel safe as $$
begin
  return not exists (
    select from unnest(commodities, amounts) as e (commodity, amount) group by commodity having sum(amount) <> 0);
end
$$;

alter table accounts
  drop constraint accounts_alert_rules_check,
  add constraint accounts_alert_rules_check
    check (alert_rules = '{}' or array_to_string(alert_rules, ' ') ~ '^(((credits|overage|forecast):[1-9][0-9]*)( |$))*$');
