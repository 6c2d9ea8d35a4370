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
    p    record;
    n    int := quote.leave - quote.arrive;
    sum_ bigint;
    c    cut_off[];
    why  text;
begin
    perform booking.dates(quote.arrive, quote.leave);
    fitting := booking.fits(quote.house, quote.rooms, quote.adults, quote.children);
    foreach r in array fitting loop
        why := coalesce(why, booking.limits(r.room, quote.arrive, quote.leave));
    end loop;
    p := booking.price(quote.rooms, quote.arrive, quote.leave, quote.adults, quote.children);
    if why is not null then
        perform base.refuse(why);
    elsif array_position(p.fens, null) is not null then
        perform base.refuse('booking.no_price');
    elsif exists (select from night x where x.village = r.village and x.room = any (quote.rooms) and x.night >= quote.arrive
                     and x.night < quote.leave and x.until > clock.now()) then
        perform base.refuse('booking.taken', 409);
    end if;
    sum_ := (select sum(x) from unnest(p.fens) x);
    c := booking.cuts(r.house, quote.arrive, sum_);
    return query select sum_::sure.bigint, booking.free_until(c),
                        (select array_agg(row(quote.arrive + (i - 1) % n, p.ids[(i - 1) / n + 1], p.fens[i], p.rules[i])::booking.night order by i) from generate_series(1, n * cardinality(p.ids)) i),
                        booking.cut_list(c, sum_);
end $$;
