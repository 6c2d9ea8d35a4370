-- The rooms of a house that take a party for these nights and are free now: the fewest, the cheapest of these, with their total; null when
-- there are none. What the board reckons for every visitor (app/board/offer.c), asked here for one who waits.
create or replace function booking.choose(house bigint, arrive date, leave date, adults int, children int[], out rooms bigint[], out total_fen bigint)
language plpgsql stable as $$
declare
    v     int := base.village();
    party int := adults + coalesce(cardinality(children), 0);
    open  bigint[];
    few  bigint[];
    total bigint;
begin
    if exists (select from data.house h where h.village = v and h.house = choose.house and h.paused) then
        return;
    end if;
    open := array(
        select r.room from data.room r
         where r.village = v and r.house = choose.house and not r.closed and booking.limits(r.room, arrive, leave) is null
           and not exists (select from data.night n where n.village = v and n.room = r.room and n.night >= arrive and n.night < leave and n.until > clock.now())
         order by r.room);
    for size in 1 .. least(adults, cardinality(open), 14) loop
        for few in
            with recursive c (rooms, last) as (
                select array[o], o from unnest(open) o
                union all
                select c.rooms || o, o from c, unnest(open) o where o > c.last and cardinality(c.rooms) < size)
            select c.rooms from c
             where cardinality(c.rooms) = size and party <= (select sum(r.capacity) from data.room r where r.village = v and r.room = any (c.rooms)) order by c.rooms
        loop
            select case when array_position(p.fens, null) is null then (select sum(f) from unnest(p.fens) f) end into total
              from booking.price(few, arrive, leave, adults, children) p;
            if total < total_fen or total_fen is null and total is not null then
                rooms := few;
                total_fen := total;
            end if;
        end loop;
        exit when rooms is not null;
    end loop;
end $$;
