-- Who has the nights of a house from a day on (null: tonight), for so many days (at most 62): state stay, requested, held, or what the house itself or another
-- site's calendar took (closed, repair, imported). code and guest only for stays. What is not here is free.
create or replace function owner.nights(house bigint, from_day date, days sure.int) returns table (
    room sure.bigint, night sure.date, state sure.text, code text, guest_name text)
language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    mine bigint := account.house($1);
    first date := coalesce(nights.from_day, clock.today(base.village()));
begin
    return query
        select n.room::sure.bigint, n.night::sure.date,
               (case when n.kind <> 'stay' then n.kind when s.state in ('held', 'requested') then s.state else 'stay' end)::sure.text,
               b.code, case when b.booking is not null then owner.guest(b) end
          from room r join night n on n.village = r.village and n.room = r.room and n.night >= first and n.night < first + least(nights.days, 62) and n.until > clock.now()
          left join stay s on s.village = n.village and s.stay = n.stay
          left join booking b on b.village = s.village and b.booking = s.booking
         where r.village = base.village() and r.house = mine order by r.position, r.room, n.night;
end $$;
