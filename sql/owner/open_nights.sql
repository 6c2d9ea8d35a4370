-- Nights the house kept for itself are on sale again. Guests' nights and those of another site's calendar stay as they are.
create or replace function owner.open_nights(house bigint, cells text[]) returns table (opened sure.int)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    v    int := base.village();
    t    timestamptz := clock.now();
    mine bigint := account.house(open_nights.house);
    c    record := owner.cells(open_nights.cells);
    done int;
begin
    perform owner.own_rooms(mine, c.rooms);
    perform from night n, unnest(c.rooms, c.nights) x (room, night)
      where n.village = v and n.room = x.room and n.night = x.night order by n.room, n.night for update of n;
    update night n set until = t from unnest(c.rooms, c.nights) x (room, night)
     where n.village = v and n.room = x.room and n.night = x.night and n.kind in ('closed', 'repair') and n.until > t;
    get diagnostics done = row_count;
    perform base.record('owner.open_nights', mine, jsonb_build_object('rooms', c.rooms, 'nights', c.nights), booking.on_behalf(mine, booking.actor(mine)));
    return query select done::sure.int;
end $$;
