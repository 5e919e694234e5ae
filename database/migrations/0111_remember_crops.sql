-- Up Migration
-- 0111: crops that a person has corrected.
--
-- Why     Whoever corrects where a photo is cut means that photo, and not one run: the next run that cuts it to the same shape takes the corrected
--         window. It is kept by the content of the photo, as its mask is, and in shares of the upright photo, so that no step before it matters.
-- Locks   A new table only; safe to run while the service is up.

create table photo_crops (
  account_id    uuid not null references accounts,
  image_sha256  text not null,
  ratio         text not null,                                          -- width to height, in ten thousandths: of another shape is another crop
  box           jsonb not null,                                         -- x, y, width, height in shares of the upright photo
  corrected_at  timestamptz not null default now(),
  primary key (account_id, image_sha256, ratio)
);

select protect_account_table('photo_crops');
grant select, insert, update on photo_crops to drawdown_tenant, drawdown_service;
