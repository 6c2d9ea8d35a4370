-- booking (one guest, one promise) 1–n stay (one house) 1–n stay_room (one room, some nights) and the nights themselves.

create table data.booking (
    village     int         not null references data.village,
    booking     bigint      not null,
    code        text        not null,
    guest_name  text        not null,
    guest_phone text        not null,
    guest_email text,
    lang        text        not null check (lang in ('zh', 'en')),
    manage      bytea       not null check (length(manage) = 32),     -- hashes of the two links' secrets
    show        bytea       not null check (length(show) = 32),
    device      bytea,                                                -- keyed hashes, for limits only
    address     bytea,
    made        timestamptz not null,
    wrong_tries int         not null default 0,                       -- last four digits given wrongly since `tried`
    tried       timestamptz,
    primary key (village, booking),
    unique (village, code)
);

-- until a moment so much is owed; the last has until = infinity.
create type data.cut_off as (until timestamptz, owed_fen bigint);

create table data.stay (
    village    int            not null,
    stay       bigint         not null,
    booking    bigint         not null,
    house      bigint         not null,
    state      text           not null check (state in ('held', 'requested', 'confirmed', 'checked_in', 'checked_out',
                              'expired', 'cancelled_guest', 'cancelled_owner', 'declined', 'no_show', 'rehoused')),
    until      timestamptz    not null,     -- held and requested end by themselves then; infinity for the rest
    arrive     date           not null,
    leave      date           not null,     -- exclusive: the day of leaving
    adults     int            not null,
    children   int[]          not null default '{}',     -- ages
    arrival    int,                         -- minute of the day the guest means to come
    note       text           not null default '',
    total_fen  data.fen       not null,
    cuts       data.cut_off[] not null,     -- what cancelling costs, fixed when booked
    house_name text           not null,     -- as it was called when booked
    phone      text           not null,     -- the guest's, again here: open stays are limited per phone, device and address
    device     bytea,
    address    bytea,
    made       timestamptz    not null,
    ended      timestamptz,
    primary key (village, stay),
    foreign key (village, booking) references data.booking,
    foreign key (village, house) references data.house,
    check (arrive < leave)
);
create index on data.stay (village, booking);
create index on data.stay (village, house, arrive);
create index on data.stay (village, phone) where ended is null;
create index on data.stay (village, device) where ended is null;
create index on data.stay (village, address) where ended is null;

-- One room for some nights of a stay, with the price kept for each of them.
create table data.stay_room (
    village    int      not null,
    stay       bigint   not null,
    room       bigint   not null,
    from_night date     not null,
    to_night   date     not null,     -- exclusive
    price_fen  bigint[] not null,     -- one for each night
    rule       text[]   not null,     -- base weekend season named
    primary key (village, stay, room, from_night),
    foreign key (village, stay) references data.stay deferrable initially deferred,
    foreign key (village, room) references data.room,
    check (to_night - from_night = cardinality(price_fen) and to_night - from_night = cardinality(rule))
);

-- Who has which room in which night: stays, closures, repairs and imported events alike, under one key. A row whose `until`
-- has passed takes nothing any more; the next taker writes over it.
create table data.night (
    village int         not null,
    room    bigint      not null,
    night   date        not null,
    stay    bigint,
    kind    text        not null check (kind in ('stay', 'closed', 'repair', 'imported')),
    until   timestamptz not null,
    constraint "booking.taken" primary key (village, room, night),
    foreign key (village, room) references data.room,
    foreign key (village, stay) references data.stay deferrable initially deferred,
    check ((stay is not null) = (kind = 'stay'))
);
create index on data.night (village, stay) where stay is not null;

-- Money of a stay. Entries are never changed or deleted: a mistake is reversed by an entry of its own.
-- balance = charges − payments + refunds; amount_fen is negative only in reversals.
create table data.ledger (
    village    int         not null,
    entry      bigint      not null generated always as identity,
    stay       bigint      not null,
    kind       text        not null check (kind in ('charge', 'payment', 'refund')),
    amount_fen bigint      not null,
    reverses   bigint,
    what       text        not null,     -- stay, cancel
    at         timestamptz not null,
    person     bigint,                   -- null: the guest or the system
    primary key (village, entry),
    foreign key (village, stay) references data.stay,
    foreign key (village, reverses) references data.ledger,
    check (amount_fen >= 0 or reverses is not null)
);
create index on data.ledger (village, stay);

-- A key somebody chose for one act: the same act again is answered again, another act under it is refused.
create table data.idempotency (
    village int         not null references data.village,
    scope   text        not null,
    key     text        not null,
    request bytea       not null,     -- hash of what was asked
    subject bigint      not null,     -- the booking that came of it
    made    timestamptz not null,
    replays int         not null default 0,
    primary key (village, scope, key)
);
