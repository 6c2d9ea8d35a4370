-- Somebody followed a link: which right does it give? Uses nothing up; chat programs open links, too.
create or replace function booking.open(code sure.text, secret sure.bytea) returns table (may sure.text)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    return query select (booking.find($1, $2)).may::sure.text;
end $$;
