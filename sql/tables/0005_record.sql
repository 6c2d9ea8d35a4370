-- What happened, what is due, what the jobs program has to do.

-- xact stands before event on purpose: columns are filled from left to right, so the transaction has its number before it draws
-- the event's. What all transactions below a number have drawn is then known once they have ended; the chain needs that.
create table data.event (
    village   int         not null references data.village,
    xact      xid8        not null default pg_current_xact_id(),
    event     bigint      not null generated always as identity,
    at        timestamptz not null,
    actor     text        not null,     -- guest, system, or person:<id>
    on_behalf text,                     -- 协会代办: house:<id>
    act       text        not null,     -- booking.book
    subject   bigint      not null,
    detail    jsonb       not null default '{}',
    primary key (village, event)
);

-- The events in one chain: hash = SHA-256 of the hash before and the event as text. Written by the jobs program, seconds behind.
create table data.audit (
    village int    not null,
    link    bigint not null,
    event   bigint not null,
    hash    bytea  not null,
    primary key (village, link),
    unique (village, event),
    foreign key (village, event) references data.event
);

-- How far the chain is, for all villages. Every event up to `seen` was drawn by a transaction below `xact`; once all of these
-- have ended no earlier event can appear any more, and the chain goes up to there. Up to `settled` it has.
create table data.audit_mark (
    seen    bigint not null,
    xact    xid8   not null,
    settled bigint not null
);
insert into data.audit_mark values (0, '0', 0);

-- Every clock is a row, met by the jobs program or by the first visit that meets it.
create table data.deadline (
    village  int         not null references data.village,
    subject  bigint      not null,
    act      text        not null,
    at       timestamptz not null,
    done     timestamptz,
    primary key (village, subject, act, at)
);
create index on data.deadline (at) where done is null;

create table data.job (
    village int         not null references data.village,
    job     bigint      not null generated always as identity,
    kind    text        not null,     -- photo.sizes
    detail  jsonb       not null,
    due     timestamptz not null,
    tries   int         not null default 0,
    done    timestamptz,
    trouble text,
    primary key (village, job)
);
create index on data.job (due) where done is null;

create table data.consent (
    village int         not null references data.village,
    subject bigint      not null,
    purpose text        not null,
    at      timestamptz not null,
    primary key (village, subject, purpose, at)
);
