-- Up Migration
-- 0112: photos that were removed.
--
-- Why     Whoever removes a photo wants it gone: the file, and everything that was made of it. The rows stay, because items, receipts and charges speak of
--         them and never change; they say when the files went. The same bytes can be sent again and are then a photo like any other.
-- Locks   images and run_items for a moment; the new columns are null everywhere.

alter table images add column removed_at timestamptz;
alter table run_items add column removed_at timestamptz;                -- its photo was removed, and with it its result

grant delete on photo_crops to drawdown_tenant, drawdown_service;
