-- The house keeps nights for itself: cells as owner.cells, all of them or none. What a guest has is refused (booking.taken); what is
-- closed already stays so. why: closed or repair.
create or replace function owner.close_nights(house bigint, cells text[], why sure.text) returns table (closed sure.int)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    v     int := base.village();
    t     timestamptz := clock.now();
    mine  bigint := account.house(close_nights.house);
    c     record := owner.cells(close_nights.cells);
    done  int;
begin
    perform owner.own_rooms(mine, c.rooms);
    if close_nights.why not in ('closed', 'repair') then
        perform base.refuse('owner.no_why');
    end if;
    insert into night as n (village, room, night, kind, until)
    select v, x.room, x.night, close_nights.why, 'infinity'::timestamptz from unnest(c.rooms, c.nights) x (room, night) order by 2, 3
    on conflict on constraint "booking.taken" do update
        set stay = null, kind = excluded.kind, until = excluded.until, unverified = false
        where n.until <= t or n.kind in ('closed', 'repair');
    get diagnostics done = row_count;
    if done < cardinality(c.rooms) then
        perform base.refuse('booking.taken', 409);
    end if;
    perform base.record('owner.close_nights', mine, jsonb_build_object('rooms', c.rooms, 'nights', c.nights, 'why', close_nights.why), booking.on_behalf(mine, booking.actor(mine)));
    return query select done::sure.int;
end $$;
