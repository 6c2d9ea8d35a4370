-- Who may act, and for which house.

create table data.person (
    village  int    not null references data.village,
    person   bigint not null,
    login    text   not null,
    name     text   not null,
    password text   not null,     -- argon2id
    made     timestamptz not null,
    ended    timestamptz,
    primary key (village, person),
    constraint "account.login_taken" unique (village, login)
);

create table data.member (
    village int    not null,
    member  bigint not null generated always as identity,
    person  bigint not null,
    role    text   not null check (role in ('owner', 'helper', 'assessor', 'committee', 'supervisor', 'secretary', 'operator')),
    house   bigint,
    since   date   not null,
    until   date,                 -- exclusive
    primary key (village, member),
    foreign key (village, person) references data.person,
    foreign key (village, house) references data.house,
    check ((house is not null) = (role in ('owner', 'helper')))
);
create index on data.member (village, person);

create table data.session (
    village int         not null,
    token   bytea       not null check (length(token) = 32),     -- hash of what the cookie holds
    session bigint      not null,                                -- names it in lists without giving it away
    person  bigint      not null,
    device  text        not null,
    made    timestamptz not null,
    seen    timestamptz not null,
    ends    timestamptz not null,
    primary key (village, token),
    foreign key (village, person) references data.person
);
create index on data.session (village, person);

create table data.invite (
    village int         not null references data.village,
    token   bytea       not null check (length(token) = 32),
    role    text        not null,
    house   bigint,
    made_by bigint,
    ends    timestamptz not null,
    used    timestamptz,
    primary key (village, token)
);
