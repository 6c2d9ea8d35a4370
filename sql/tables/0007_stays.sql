-- What can happen to a stay after it was booked: changes, money both sides vouch for, other links, a place in a queue, papers.

-- Cut-offs keep their percentage, so that a changed stay can be reckoned anew without the house's rules of today.
alter type data.cut_off add attribute percent int;
-- The wall would hide every village's rows from the owner of the tables; grants.sql puts it up again.
alter table data.stay no force row level security;
update data.stay s set cuts = (select array_agg(row(c.until, c.owed_fen, case when s.total_fen = 0 then 0 else round(c.owed_fen * 100.0 / s.total_fen) end)::data.cut_off order by c.nr)
                                 from unnest(s.cuts) with ordinality c (until, owed_fen, percent, nr));

alter table data.stay
    add column reason    text,                                    -- why it was declined or dropped: a word of booking.reasons()
    add column vouched   timestamptz;                             -- since when a house, the association or money stands for this guest

-- A phone is known by its earlier stays too, so the index holds all of them; it serves the limits as well.
drop index data.stay_village_phone_idx;
create index on data.stay (village, phone);
-- What is over and nobody has written down.
create index on data.stay (village, leave) where state in ('confirmed', 'checked_in');

-- A night somebody unknown has taken. They may take a share of a night in a village, so they are counted by night.
alter table data.night add column unverified boolean not null default false;
create index on data.night (village, night) where unverified;

-- 整院: what the whole house costs a night, where the house set it; the same rules decide as for a room.
create table data.whole_rate (
    village    int      not null,
    rate       bigint   not null generated always as identity,
    house      bigint   not null,
    kind       text     not null check (kind in ('base', 'weekend', 'season', 'named')),
    from_night date     not null default '2000-01-01',
    to_night   date     not null default '2199-12-31',     -- inclusive
    price_fen  data.fen not null check (price_fen <= 100000000),
    name_zh    text,
    name_en    text,
    primary key (village, rate),
    foreign key (village, house) references data.house,
    check (from_night <= to_night)
);
create index on data.whole_rate (village, house);
create trigger mark_stale after insert or update or delete on data.whole_rate for each row execute function data.mark_stale();

alter table data.ledger add column reason text;     -- of a reversal or a favour, in the words of who did it
-- An entry is reversed once.
alter table data.ledger add constraint "booking.reversed" unique (village, reverses);

-- Money one side says has gone from hand to hand. It becomes an entry of the ledger when the other side says so too.
create table data.transfer (
    village    int         not null,
    transfer   bigint      not null,
    stay       bigint      not null,
    kind       text        not null check (kind in ('payment', 'refund')),
    amount_fen data.fen    not null check (amount_fen > 0),
    said_by    text        not null check (said_by in ('guest', 'house')),
    person     bigint,                  -- of the house or the association; null: the guest
    note       text        not null default '',
    at         timestamptz not null,
    state      text        not null default 'said' check (state in ('said', 'confirmed', 'denied', 'withdrawn')),
    answered   timestamptz,
    entry      bigint,
    primary key (village, transfer),
    foreign key (village, stay) references data.stay,
    foreign key (village, entry) references data.ledger
);
create index on data.transfer (village, stay);

-- Further keys to a booking beside its own link: for a device that knew code and phone.
create table data.booking_key (
    village int         not null,
    secret  bytea       not null check (length(secret) = 32),
    booking bigint      not null,
    made    timestamptz not null,
    primary key (village, secret),
    foreign key (village, booking) references data.booking
);
create index on data.booking_key (village, booking);

-- A guest asks the house for a 发票; the house says when it is done. The association issues none.
create table data.invoice (
    village int         not null,
    stay    bigint      not null,
    title   text        not null,
    tax_no  text        not null,
    email   text        not null,
    at      timestamptz not null,
    done    timestamptz,
    primary key (village, stay),
    foreign key (village, stay) references data.stay
);

-- Who waits for nights that are taken: for a house, or for the village. In turn by `made`.
create table data.waiting (
    village  int         not null references data.village,
    waiting  bigint      not null,
    code     text        not null,
    house    bigint,
    arrive   date        not null,
    leave    date        not null,
    adults   int         not null,
    children int[]       not null default '{}',
    name     text        not null,
    phone    text        not null,
    lang     text        not null check (lang in ('zh', 'en')),
    manage   bytea       not null check (length(manage) = 32),
    show     bytea       not null check (length(show) = 32),
    device   bytea,
    address  bytea,
    made     timestamptz not null,
    state    text        not null default 'waiting' check (state in ('waiting', 'offered', 'taken', 'left', 'passed', 'over')),
    booking  bigint,                    -- the hold that is offered, or was
    ended    timestamptz,
    primary key (village, waiting),
    unique (village, code),
    foreign key (village, house) references data.house,
    foreign key (village, booking) references data.booking,
    check (arrive < leave)
);
create index on data.waiting (village, made) where ended is null;
create index on data.waiting (village, phone) where ended is null;
create index on data.waiting (village, booking) where booking is not null;

-- A paper made by the jobs program: asked for, made, kept for a while.
create table data.paper (
    village int         not null references data.village,
    paper   bigint      not null,
    kind    text        not null check (kind in ('receipt')),
    subject bigint      not null,
    lang    text        not null check (lang in ('zh', 'en')),
    asked   timestamptz not null,
    made    timestamptz,
    bytes   bytea,
    primary key (village, paper)
);
create index on data.paper (village, subject);
alter table data.paper alter column bytes set storage external;

-- What the guest's person was is forgotten on schedule or when they ask; the stay, its nights and its money remain.
alter table data.booking add column erased timestamptz;
