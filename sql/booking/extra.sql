-- What each room's extra guests pay a night, in fen, in the order of the rooms' numbers, and the house: rooms of one house, taken together.
--
-- The base_guests places of all rooms are in the price. Adults fill them first, then children, the dearest band first. Who is left pays
-- extra: an adult the extra_adult_fen of a room with a place left, the cheapest first; a child its band, whatever the room. A child older
-- than every band is an adult. What is extra stands on the room whose place it takes.
--
-- Loops and not one big statement: most parties have no children, and then bands are not asked for.
create or replace function booking.extra(rooms bigint[], adults int, children int[], out house bigint, out ids bigint[], out fees bigint[])
language plpgsql stable as $$
declare
    v      int := base.village();
    grown  int := adults;
    turn   bigint[];            -- the room with the cheapest extra place first
    above  int[];               -- how many places each has above those in its price
    fens   bigint[];            -- what an adult pays there
    extra  bigint[] := '{}';
    places int;                 -- in the price
    bands  bigint[];            -- what each child would pay, dearest first
    fee    bigint;
    k      int;
begin
    select min(m.house), array_agg(m.room order by m.extra_adult_fen, m.room), array_agg(m.capacity - m.base_guests order by m.extra_adult_fen, m.room),
           array_agg(m.extra_adult_fen::bigint order by m.extra_adult_fen, m.room), sum(m.base_guests)
      into house, turn, above, fens, places
      from data.room m where m.village = v and m.room = any (rooms);
    if cardinality(children) > 0 then
        select array_agg(b.fen order by b.fen desc) filter (where b.fen is not null), grown + count(*) filter (where b.fen is null)
          into bands, grown
          from unnest(children) a (age)
          left join lateral (select c.fen::bigint from data.child_band c
                              where c.village = v and c.house = extra.house and a.age < c.under_age order by c.under_age limit 1) b on true;
    end if;
    for i in 1 .. coalesce(cardinality(turn), 0) loop
        -- More than can sleep there are reckoned in the last room: what cannot be booked may still be asked for.
        k := greatest(case when i = cardinality(turn) then grown - places else least(grown - places, above[i]) end, 0);
        extra[i] := k * fens[i];
        above[i] := above[i] - k;
        places := places + k;
    end loop;
    foreach fee in array coalesce(bands[greatest(places - grown, 0) + 1:], '{}') loop
        k := 1;
        while k < cardinality(turn) and above[k] <= 0 loop
            k := k + 1;
        end loop;
        extra[k] := extra[k] + fee;
        above[k] := above[k] - 1;
    end loop;
    ids := turn;
    fees := extra;
    if cardinality(turn) > 1 then
        select array_agg(t.room order by t.room), array_agg(t.fee order by t.room) into ids, fees from unnest(turn, extra) t (room, fee);
    end if;
end $$;
