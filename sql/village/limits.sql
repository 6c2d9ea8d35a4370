-- What a page says about limits: the numbers in force, and whom to call.
create or replace function village.limits() returns table (stays_per_phone sure.int, stays_per_device sure.int, unverified_share sure.int, waiting_per_phone sure.int, longest_nights sure.int)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    s record := village.settings();
begin
    return query select s.stays_per_phone::int::sure.int, s.stays_per_device::int::sure.int, s.unverified_share::int::sure.int, s.waiting_per_phone::int::sure.int, s.longest_nights::int::sure.int;
end $$;
