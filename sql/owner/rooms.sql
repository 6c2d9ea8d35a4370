-- The rooms of a house as its owner sees them: tonight's price for base_guests (null: none), and for how many nights from tonight on each
-- is free (0: not tonight), at most 14. closed: for good.
create or replace function owner.rooms(house bigint) returns table (
    id sure.bigint, name sure.text, capacity sure.int, beds text[], fen bigint, free_nights sure.int, closed sure.boolean)
language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    mine  bigint := account.house($1);
    today date := clock.today(base.village());
    t     timestamptz := clock.now();
begin
    return query
        select r.room::sure.bigint, base.pick(r.name_zh, r.name_en)::sure.text, r.capacity::sure.int, r.beds,
               (select p.prices[1] from booking.rates(r.village, r.room, null, today, clock.weekends(today, 1)) p),
               coalesce((select min(n.night) - today from night n where n.village = r.village and n.room = r.room and n.night >= today and n.night < today + 14 and n.until > t), 14)::int::sure.int,
               r.closed::sure.boolean
          from room r where r.village = base.village() and r.house = mine order by r.position, r.room;
end $$;
