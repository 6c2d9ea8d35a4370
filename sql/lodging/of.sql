-- The house of a room with what the page before a booking shows of both. 404 when there is no such room.
create or replace function lodging.of(room sure.bigint) returns table (
    house sure.bigint, house_name sure.text, room_name sure.text, capacity sure.int, beds text[], by_request sure.boolean,
    check_in_from sure.int, check_in_to sure.int, check_out_by sure.int, cover text)
language plpgsql stable security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
        select h.house::sure.bigint, base.pick(h.name_zh, h.name_en)::sure.text, base.pick(r.name_zh, r.name_en)::sure.text,
               r.capacity::sure.int, r.beds, h.by_request::sure.boolean, h.check_in_from::sure.int, h.check_in_to::sure.int,
               h.check_out_by::sure.int,
               (select encode(p.hash, 'hex') from photo p where p.village = h.village and p.house = h.house order by p.position limit 1)
          from data.room r join house h using (village, house) where r.village = base.village() and r.room = $1;
    if not found then
        perform base.refuse('booking.no_room', 404);
    end if;
end $$;
