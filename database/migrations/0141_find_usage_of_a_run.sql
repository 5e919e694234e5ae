-- Up Migration
-- 0141: usage of a run is found without reading all of an account's usage.
--
-- Why     Taking a run back looks for its records. Records from the API have no run and are not in the index, so recording usage costs
--         what it did.
-- Locks   `usage_records` against booking while the index is made, some seconds for a million records.

create index usage_of_a_run on usage_records (account_id, run_id) where run_id is not null;
