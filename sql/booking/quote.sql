-- The whole price of a stay with its nights and what cancelling would cost, before anything is held. Refuses like booking.book,
-- also when a night is taken (409 booking.taken), though only booking decides that for good.
create or replace function booking.quote(house bigint, rooms bigint[], arrive sure.date, leave sure.date, adults sure.int, children int[])
returns table (total_fen sure.bigint, free_cancel_until timestamptz,
               nights booking.night[], cancel booking.cut[])
language plpgsql stable rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    fitting room[];
    r    room;
    sum_ bigint;
    list booking.night[];
    c    cut_off[];
    why  text;
begin
    perform booking.dates(quote.arrive, quote.leave);
    fitting := booking.fits(quote.house, quote.rooms, quote.adults, quote.children);
    foreach r in array fitting loop
        why := coalesce(why, booking.limits(r.room, quote.arrive, quote.leave));
    end loop;
    if why is not null then
        perform base.refuse(why);
    elsif exists (select from night n where n.village = r.village and n.room = any (quote.rooms) and n.night >= quote.arrive
                     and n.night < quote.leave and n.until > clock.now()) then
        perform base.refuse('booking.taken', 409);
    end if;
    select sum(p.price_fen), array_agg(row(p.night, p.room, p.price_fen, p.rule)::booking.night order by p.room, p.night)
      into sum_, list from booking.price(quote.rooms, quote.arrive, quote.leave, quote.adults, quote.children) p;
    c := booking.cuts(r.house, quote.arrive, sum_);
    return query select sum_::sure.bigint, booking.free_until(c), list, booking.cut_list(c, sum_);
end $$;
