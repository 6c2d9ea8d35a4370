-- Gives nights of a stay back: those before from_night were slept and stay, cells of `keep` too. Locked in the order in which nights are
-- taken, so that whoever wants them waits and nobody waits for each other.
create or replace function booking.give_nights(stay bigint, from_night date default '-infinity', keep_rooms bigint[] default '{}', keep_nights date[] default '{}') returns void
language plpgsql as $$
declare
    v int := base.village();
    t timestamptz := clock.now();
begin
    perform from data.night n where n.village = v and n.stay = give_nights.stay order by n.room, n.night for update;
    update data.night n set until = t
     where n.village = v and n.stay = give_nights.stay and n.until > t and n.night >= from_night
       and not exists (select from unnest(keep_rooms, keep_nights) k (room, night) where k.room = n.room and k.night = n.night);
end $$;
