-- The nights of a stay with the prices kept for them.
create or replace function booking.night_list(village int, stay bigint) returns booking.night[]
language plpgsql stable as $$
begin
    return (select array_agg(row(r.from_night + i - 1, r.room, r.price_fen[i], r.rule[i])::booking.night order by r.room, r.from_night + i)
              from data.stay_room r, generate_series(1, cardinality(r.price_fen)) i
             where r.village = night_list.village and r.stay = night_list.stay);
end $$;
