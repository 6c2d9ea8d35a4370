-- Is a membership in force today?
create or replace function account.holds(m data.member) returns boolean
language sql stable as $$
    select m.since <= clock.today(m.village) and (m.until is null or m.until > clock.today(m.village))
$$;
