-- The nights of one stay after the house's long-stay percentage: taken once on the total, half up, and given back to the nights by
-- largest remainder. One element a night of a room, in the order of (room, night).
create or replace function booking.ladder(house bigint, nights int, fens bigint[]) returns bigint[]
language plpgsql stable as $$
declare
    percent int;
begin
    select l.percent into percent from data.ladder l
     where l.village = base.village() and l.house = ladder.house and l.nights <= ladder.nights order by l.nights desc limit 1;
    if percent is null then
        return fens;
    end if;
    return base.shares(((select sum(f) from unnest(fens) f) * (100 - percent) * 2 + 100)::bigint / 200, fens);
end $$;
