-- A database belongs to one carrier account: under another its live calls would be taken for lost and its people rung again.

create table carrier_account (
  id          smallint primary key default 1 check (id = 1),
  carrier     text not null,
  account_key text collate "C" not null,
  since       timestamptz not null
);
