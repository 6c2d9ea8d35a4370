-- Who acts: the person of this visit's session, or null.
create or replace function account.me() returns bigint
language sql stable as $$
    select nullif(current_setting('visit.person', true), '')::bigint
$$;
