-- A minute of a local day as a moment.
create or replace function clock.at(day date, minute int) returns timestamptz
language sql immutable as $$
    select (day + minute * interval '1 minute') at time zone 'Asia/Shanghai'
$$;
