-- The guest has said by phone when they will come: as booking.late.
create or replace function owner.late(code sure.text, arrival sure.int) returns table (state sure.text)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f record := owner.find(late.code);
begin
    perform booking.set_arrival(f.s, f.actor, late.arrival);
    return query select booking.state((f.s).state, (f.s).until)::sure.text;
end $$;
