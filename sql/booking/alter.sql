-- The stay as it is and, for a wish that differs, what changing it would come to, before anything is touched: the same numbers as
-- booking.change would then do, and the same refusals; also when a night is taken, though only booking.change decides that for good.
-- Manage link only. No rooms: nothing is wished yet.
create or replace function booking.alter(code sure.text, secret sure.bytea, rooms bigint[], arrive date, leave date, adults int, children int[]) returns table (
    same sure.boolean, total_fen bigint, kept_fen bigint, added_fen bigint, dropped_fen bigint, owed_fen bigint, balance_fen bigint,
    nights booking.change_night[], gone booking.change_night[], cancel booking.cut[])
language plpgsql stable rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    f record := booking.find(alter.code, alter.secret);
    s stay;
    p record;
    n int := alter.leave - alter.arrive;
begin
    if f.may <> 'manage' then
        perform base.refuse('booking.no_stay', 404);
    end if;
    select x.* into s from stay x where x.village = (f.it).village and x.booking = (f.it).booking;
    if coalesce(cardinality(alter.rooms), 0) = 0 then
        perform booking.step('change', booking.state(s.state, s.until), 'guest');
        return query select true::sure.boolean, null::bigint, null::bigint, null::bigint, null::bigint, null::bigint, null::bigint, null::booking.change_night[], null::booking.change_night[], null::booking.cut[];
        return;
    end if;
    p := booking.plan(s, 'guest', alter.rooms, alter.arrive, alter.leave, alter.adults, coalesce(alter.children, '{}'));
    if exists (select from generate_series(1, n * cardinality(p.ids)) i
                 join night x on x.village = s.village and x.room = p.ids[(i - 1) / n + 1] and x.night = alter.arrive + (i - 1) % n
                where p.marks[i] = 'added' and x.until > clock.now() and x.stay is distinct from s.stay) then
        perform base.refuse('booking.taken', 409);
    end if;
    return query select p.same::sure.boolean, p.total, p.kept, p.added, p.dropped, p.cost, booking.balance(s.village, s.stay) - s.total_fen + p.total + p.cost,
        (select array_agg(row(alter.arrive + (i - 1) % n, p.ids[(i - 1) / n + 1], p.fens[i], p.rules[i], p.marks[i])::booking.change_night order by i)
           from generate_series(1, n * cardinality(p.ids)) i),
        (select array_agg(row(p.gone_nights[i], p.gone_rooms[i], p.gone_fens[i], p.gone_rules[i], 'gone')::booking.change_night order by i)
           from generate_series(1, cardinality(p.gone_rooms)) i),
        booking.cut_list(p.cuts, p.total);
end $$;
