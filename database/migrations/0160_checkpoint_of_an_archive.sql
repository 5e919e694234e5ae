-- Up Migration
-- 0160: a checkpoint is of a month that was written to a file.
--
-- Why     The file's hash is written down before any checkpoint of its month, and stays: what was a custom is now a reference. Through
--         it, distributing over a cluster also finds that archives belong on every node, beside what refers to them.
-- Locks   Checkpoints and archives, for as long as it takes to look each checkpoint up: one an account and archived month.

alter table usage_checkpoints add foreign key (month) references usage_archives;
