-- The coming and going at a house on a day: who arrives, stays and leaves, and what is still to be paid. 404 for a house one may not act for.
create or replace function owner.today(house bigint) returns table (
    code sure.text, moves sure.text, guest_name sure.text, guest_phone sure.text, rooms sure.text, arrive sure.date, leave sure.date,
    adults sure.int, children sure.int, arrival int, balance_fen sure.bigint, state sure.text, note sure.text)
language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    day  date := clock.today(base.village());
    mine bigint := account.house($1);
begin
    return query
        select b.code::sure.text, case when s.arrive = day then 'arrive' when s.leave = day then 'leave' else 'stay' end::sure.text,
               owner.guest(b)::sure.text, b.guest_phone::sure.text,
               (select string_agg(base.pick(r.name_zh, r.name_en), ' · ' order by r.position) from stay_room sr join room r using (village, room)
                 where sr.village = s.village and sr.stay = s.stay)::sure.text,
               s.arrive::sure.date, s.leave::sure.date, s.adults::sure.int, cardinality(s.children)::sure.int, s.arrival,
               booking.balance(s.village, s.stay)::sure.bigint, booking.state(s.state, s.until)::sure.text, s.note::sure.text
          from stay s join booking b using (village, booking)
         where s.village = base.village() and s.house = mine and day between s.arrive and s.leave
           and booking.state(s.state, s.until) in ('requested', 'confirmed', 'checked_in', 'checked_out')
         order by 2, s.arrival nulls last, b.code;
end $$;
