-- The house of these rooms with what the page before a booking shows of it and them. 404 when there is no such room.
create or replace function lodging.of(rooms bigint[]) returns table (
    house sure.bigint, house_name sure.text, names booking.room[], capacity sure.int, beds text[], by_request sure.boolean,
    check_in_from sure.int, check_in_to sure.int, check_out_by sure.int, cover text)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
        select h.house::sure.bigint, base.pick(h.name_zh, h.name_en)::sure.text, x.names, x.capacity::sure.int, x.beds, h.by_request::sure.boolean,
               h.check_in_from::sure.int, h.check_in_to::sure.int, h.check_out_by::sure.int,
               (select encode(p.hash, 'hex') from photo p where p.village = h.village and p.house = h.house order by p.position limit 1)
          from (select min(r.house) as house, sum(r.capacity) as capacity,
                       array_agg(row(r.room, base.pick(r.name_zh, r.name_en))::booking.room order by r.position, r.room) as names,
                       array(select b from room k, unnest(k.beds) b where k.village = base.village() and k.room = any (of.rooms)) as beds
                  from room r where r.village = base.village() and r.room = any (of.rooms)) x
          join house h on h.village = base.village() and h.house = x.house;
    if not found then
        perform base.refuse('booking.no_room', 404);
    end if;
end $$;
