-- Offers freed nights to those who wait, in every village, in turn: who came first and whose nights are free now is held them
-- (booking.offer_nights). Says how many were offered. A place whose arrival is past is over. To be called often: who waits must come before
-- who passes by. Cheap while nothing is free: a look at the rooms comes before any reckoning.
create or replace function jobs.waiting() returns int
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    offered int := 0;
    v int;
    w waiting;
    h bigint;
    best record;
    found_house bigint;
    found_rooms bigint[];
    least_fen   bigint;
begin
    perform set_config('visit.actor', 'system', true), set_config('visit.person', '', true);
    for v in select * from jobs.villages() loop
        perform set_config('visit.village', v::text, true);
        update waiting x set state = 'over', ended = clock.now() where x.village = v and x.ended is null and x.state = 'waiting' and x.arrive < clock.today(v);
        for w in select * from waiting x where x.village = v and x.ended is null and x.state = 'waiting' order by x.made, x.waiting limit 500 for update skip locked loop
            found_rooms := null;
            least_fen := null;
            -- Houses whose free rooms take the party at all; the rest is not reckoned.
            for h in select r.house from room r join house y using (village, house)
                      where r.village = v and (w.house is null or r.house = w.house) and not y.paused and not r.closed
                        and not exists (select from night n where n.village = v and n.room = r.room and n.night >= w.arrive and n.night < w.leave and n.until > clock.now())
                      group by r.house having sum(r.capacity) >= w.adults + cardinality(w.children) order by r.house loop
                best := booking.choose(h, w.arrive, w.leave, w.adults, w.children);
                if best.rooms is not null and (least_fen is null or best.total_fen < least_fen) then
                    found_house := h;
                    found_rooms := best.rooms;
                    least_fen := best.total_fen;
                end if;
            end loop;
            if found_rooms is not null then
                begin
                    perform booking.offer_nights(w, found_house, found_rooms);
                    offered := offered + 1;
                exception when sqlstate 'HS409' then
                    null;     -- somebody was quicker
                end;
            end if;
        end loop;
    end loop;
    return offered;
end $$;
