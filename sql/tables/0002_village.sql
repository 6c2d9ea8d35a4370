-- A village, its people, and what its houses are.

create table data.village (
    village    int  not null primary key,
    name_zh    text not null,
    name_en    text not null,
    place_zh   text not null,
    place_en   text not null,
    phone      text not null,
    base_url   text not null,     -- absolute links are built from this, never from Host
    made       timestamptz not null
);

create table data.village_host (
    host    text not null primary key,
    village int  not null references data.village
);

-- Numbers the association may set; see village.settings() for those that exist and their defaults.
create table data.setting (
    village int    not null references data.village,
    name    text   not null,
    value   bigint not null,
    primary key (village, name)
);

create table data.house (
    village       int     not null references data.village,
    house         bigint  not null,
    position      int     not null,     -- order of the village's list, rotated daily
    name_zh       text    not null,
    name_en       text    not null,
    style         text    not null check (style in ('stone', 'earth', 'family', 'nordic', 'terrace')),
    line_zh       text    not null,     -- one sentence for the card
    line_en       text    not null,
    story_zh      text    not null,
    story_en      text    not null,
    address_zh    text    not null,
    address_en    text    not null,
    way_zh        text    not null,     -- from the scenic gate to the door
    way_en        text    not null,
    latitude_e6   int     not null,     -- WGS-84, millionths of a degree
    longitude_e6  int     not null,
    walk_minutes  int     not null,     -- to the scenic gate
    phone         text    not null,
    host_zh       text    not null,
    host_en       text    not null,
    meals_zh      text    not null,
    meals_en      text    not null,
    breakfast     boolean not null,
    parking       int     not null,     -- places
    rules_zh      text    not null,
    rules_en      text    not null,
    amenities     text[]  not null default '{}',
    check_in_from int     not null check (check_in_from between 0 and 1439),     -- minute of the day
    check_in_to   int     not null check (check_in_to between 0 and 1800),
    check_out_by  int     not null check (check_out_by between 0 and 1439),
    by_request    boolean not null default false,     -- the house answers before a stay is confirmed
    paused        boolean not null default false,
    primary key (village, house)
);

create table data.room (
    village         int      not null,
    room            bigint   not null,
    house           bigint   not null,
    position        int      not null,
    name_zh         text     not null,
    name_en         text     not null,
    about_zh        text     not null,
    about_en        text     not null,
    capacity        int      not null check (capacity between 1 and 12),      -- persons, children too
    base_guests     int      not null check (base_guests between 1 and 12),   -- persons within the night's price
    extra_adult_fen data.fen not null,                                        -- a night, for an adult above them
    beds            text[]   not null,                                        -- double single kang bunk tent sofa
    area_m2         int      not null,
    floor           int      not null,
    step_free       boolean  not null default false,
    ceiling_fen     data.fen,                                                 -- peak price filed with the association
    closed          boolean  not null default false,
    primary key (village, room),
    foreign key (village, house) references data.house
);
create index on data.room (village, house, position);

-- The price of a night is the most specific rule that covers it: named day > season > weekend > base (product.md).
-- Within one kind the shorter range wins, then the newer rule. Prices are for base_guests.
create table data.rate (
    village    int      not null,
    rate       bigint   not null generated always as identity,
    room       bigint   not null,
    kind       text     not null check (kind in ('base', 'weekend', 'season', 'named')),
    from_night date     not null default '2000-01-01',
    to_night   date     not null default '2199-12-31',     -- inclusive
    price_fen  data.fen not null,
    name_zh    text,
    name_en    text,
    primary key (village, rate),
    foreign key (village, room) references data.room,
    check (from_night <= to_night)
);
create index on data.rate (village, room);

-- A child younger than under_age costs fen a night when no place within base_guests is left for it.
create table data.child_band (
    village   int      not null,
    house     bigint   not null,
    under_age int      not null check (under_age between 1 and 18),
    fen       data.fen not null,
    primary key (village, house, under_age),
    foreign key (village, house) references data.house
);

-- From so many nights on, percent off the stay's total.
create table data.ladder (
    village int    not null,
    house   bigint not null,
    nights  int    not null check (nights > 1),
    percent int    not null check (percent between 1 and 90),
    primary key (village, house, nights),
    foreign key (village, house) references data.house
);

-- Nights with rules of their own: how long a stay that touches (min, max), begins (arrive_ok) or ends (leave_ok) there may be.
create table data.stay_limit (
    village    int     not null,
    stay_limit bigint  not null generated always as identity,
    room       bigint  not null,
    from_night date    not null,
    to_night   date    not null,     -- inclusive
    min_nights int     not null default 1,
    max_nights int     not null default 400,
    arrive_ok  boolean not null default true,
    leave_ok   boolean not null default true,
    primary key (village, stay_limit),
    foreign key (village, room) references data.room
);
create index on data.stay_limit (village, room);

-- Cancelling: until `minute` of the day `days_before` arrival, `percent` of the stay's total is owed. The last step has neither: it is what is owed after all others.
create table data.cut (
    village     int    not null,
    house       bigint not null,
    step        int    not null,
    days_before int,
    minute      int,
    percent     int    not null check (percent between 0 and 100),
    primary key (village, house, step),
    foreign key (village, house) references data.house,
    check ((days_before is null) = (minute is null))
);

-- Bytes by their SHA-256. Everything that must not be lost is in the database; sizes can be made again.
create table data.file (
    village int   not null references data.village,
    hash    bytea not null check (length(hash) = 32),
    kind    text  not null,
    bytes   bytea not null,
    primary key (village, hash)
);
alter table data.file alter column bytes set storage external;

create table data.file_size (
    village int   not null,
    hash    bytea not null,
    width   int   not null,
    kind    text  not null,
    bytes   bytea not null,
    primary key (village, hash, width),
    foreign key (village, hash) references data.file
);
alter table data.file_size alter column bytes set storage external;

create table data.photo (
    village  int     not null,
    photo    bigint  not null generated always as identity,
    house    bigint  not null,
    room     bigint,
    position int     not null,
    hash     bytea   not null,
    alt_zh   text    not null,
    alt_en   text    not null,
    drawn    boolean not null default false,     -- 示意图
    taken    date,
    primary key (village, photo),
    foreign key (village, house) references data.house,
    foreign key (village, room) references data.room,
    foreign key (village, hash) references data.file
);
create index on data.photo (village, house, position);
