-- The ground: where things live, what a value that is never null looks like, and the one clock.
--
-- Every table of a village carries `village` first in its keys; grants.sql puts the same row security on all of them.

create schema sure;
create schema base;
create schema clock;
create schema village;
create schema account;
create schema lodging;
create schema booking;
create schema owner;
create schema desk;
create schema jobs;

-- Values that are there. In a signature they become plain C values; a plain type becomes one that may be absent.
create domain sure.bigint      as bigint      not null;
create domain sure.int         as int         not null;
create domain sure.boolean     as boolean     not null;
create domain sure.text        as text        not null;
create domain sure.date        as date        not null;
create domain sure.timestamptz as timestamptz not null;
create domain sure.bytea       as bytea       not null;

-- Whole fen, never negative.
create domain data.fen as bigint check (value >= 0);

-- Tests shift time here; no deployed role can write it.
create table data.clock (
    shift interval not null default '0'
);
insert into data.clock default values;

-- The functions a worker was compiled against. A worker of another release answers 503.
create table data.release (
    hash text        not null,
    at   timestamptz not null
);

-- Days off, make-up working days (调休) and festivals, as the State Council publishes them. The same for all villages.
create table data.holiday (
    day     date not null,
    kind    text not null check (kind in ('holiday', 'workday', 'festival')),
    name_zh text not null,
    name_en text not null,
    primary key (day, kind)
);

-- How fast somebody tries. Unlogged: emptied by a crash, which is acceptable for a brake. Keys are keyed hashes, never names.
create unlogged table data.bucket (
    key   bytea       primary key,
    level real        not null,
    at    timestamptz not null
);
