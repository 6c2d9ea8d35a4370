-- What changing a stay would come to: refuses by name what cannot be, reckons the rest, takes nothing (README.md, "Changing"). `same` when
-- nothing would be different; all else is null then.
--   ids, fens, rules, marks: the new stay's cells in the order of (room, night), ids a room once, marks kept or added
--   gone_…: the cells no longer wanted, with the price kept for them and its rule
--   total, kept, added, dropped, cost: fen; total = kept + added
--   cuts: the new cut-offs. fresh: new cells are among them.
create or replace function booking.plan(s data.stay, actor text, rooms bigint[], arrive date, leave date, adults int, children int[],
    out same boolean, out ids bigint[], out fens bigint[], out rules text[], out marks text[], out gone_rooms bigint[], out gone_nights date[],
    out gone_fens bigint[], out gone_rules text[], out total bigint, out kept bigint, out added bigint, out dropped bigint, out cost bigint, out cuts data.cut_off[], out fresh boolean)
language plpgsql stable as $$
declare
    v      int := base.village();
    t      timestamptz := clock.now();
    today  date := clock.today(v);
    state  text := booking.state(s.state, s.until);
    most   record := village.settings();
    n      int := leave - arrive;
    had    record;
    before record;          -- extra guests of the stay as it is
    after  record;          -- and as it shall be
    now_   record;          -- today's prices
    one    bigint;
    why    text;
begin
    perform booking.step('change', state, actor);
    select array_agg(distinct r.room order by r.room) as ids into had from data.stay_room r where r.village = v and r.stay = s.stay;
    rooms := array(select x from unnest(rooms) x order by x);
    same := rooms = had.ids and arrive = s.arrive and leave = s.leave and adults = s.adults
            and array(select x from unnest(children) x order by x) = array(select x from unnest(s.children) x order by x);
    if same then
        return;
    end if;

    why := case
        when state = 'checked_in' and (arrive <> s.arrive or rooms <> had.ids) then 'booking.change_in_house'
        when leave <= arrive then 'booking.leave_first'
        when arrive <> s.arrive and arrive < today or leave <> s.leave and leave < today then 'booking.past'
        when n > most.longest_nights then 'booking.too_long'
        when leave > s.leave and leave > today + most.book_ahead_nights::int then 'booking.too_far'
    end;
    if why = 'booking.change_in_house' then
        perform base.refuse('booking.change_in_house', 409);
    elsif why is not null then
        perform base.refuse(why);
    end if;

    -- Rooms that have nights already and get none: whether these are open today is not asked.
    perform booking.fits(s.house, rooms, adults, children, array(
        select x from unnest(rooms) x
         where not exists (select from generate_series(0, n - 1) i
                            where not exists (select from data.stay_room r where r.village = v and r.stay = s.stay and r.room = x
                                                 and arrive + i >= r.from_night and arrive + i < r.to_night))));
    now_ := booking.price(rooms, arrive, leave, adults, children);
    after := booking.extra(rooms, adults, children);
    before := booking.extra(had.ids, s.adults, s.children);
    with old as (
        select r.room, r.from_night + i - 1 as night, r.price_fen[i] as fen, r.rule[i] as rule
          from data.stay_room r, generate_series(1, cardinality(r.price_fen)) i where r.village = v and r.stay = s.stay
    ), new as (
        select now_.ids[(i - 1) / n + 1] as room, arrive + (i - 1) % n as night, now_.fens[i] as fen, now_.rules[i] as rule,
               after.fees[(i - 1) / n + 1] - before.fees[array_position(before.ids, now_.ids[(i - 1) / n + 1])] as more
          from generate_series(1, n * cardinality(now_.ids)) i
    ), cell as (
        select room, night, new.night is not null as wanted, old.night is not null as was, old.fen as was_fen,
               case when old.night is null then new.fen else greatest(old.fen + coalesce(new.more, 0), 0) end as fen, coalesce(old.rule, new.rule) as rule
          from new full join old using (room, night)
    )
    select array_agg(c.fen order by c.room, c.night) filter (where c.wanted),
           array_agg(c.rule order by c.room, c.night) filter (where c.wanted),
           array_agg(case when c.was then 'kept' else 'added' end order by c.room, c.night) filter (where c.wanted),
           coalesce(array_agg(c.room order by c.room, c.night) filter (where not c.wanted), '{}'),
           coalesce(array_agg(c.night order by c.room, c.night) filter (where not c.wanted), '{}'),
           coalesce(array_agg(c.was_fen order by c.room, c.night) filter (where not c.wanted), '{}'),
           coalesce(array_agg(c.rule order by c.room, c.night) filter (where not c.wanted), '{}'),
           coalesce(sum(c.fen) filter (where c.wanted), 0),
           coalesce(sum(least(c.fen, c.was_fen)) filter (where c.wanted and c.was), 0),
           coalesce(sum(c.was_fen) filter (where not c.wanted), 0) + coalesce(sum(greatest(c.was_fen - c.fen, 0)) filter (where c.wanted and c.was), 0),
           bool_or(c.wanted and not c.was)
      into fens, rules, marks, gone_rooms, gone_nights, gone_fens, gone_rules, total, kept, dropped, fresh from cell c;
    ids := rooms;
    added := total - kept;

    if fresh and actor = 'guest' and state = 'confirmed' and (select h.by_request from data.house h where h.village = v and h.house = s.house) then
        perform base.refuse('booking.change_by_house', 409);
    end if;
    if state <> 'checked_in' then
        foreach one in array rooms loop
            if (select coalesce(bool_or(r.from_night <> arrive or r.to_night <> leave), true)
                  from data.stay_room r where r.village = v and r.stay = s.stay and r.room = one) then
                why := booking.limits(one, arrive, leave);
                if why is not null then
                    perform base.refuse(why);
                end if;
            end if;
        end loop;
    end if;
    if fresh and array_position(now_.fens, null) is not null then
        perform base.refuse('booking.no_price');
    end if;
    cost := case when state = 'requested' then 0 else booking.percent_of(dropped, (booking.cut_now(s.cuts, t)).percent) end;
    cuts := booking.cuts_moved(s.cuts, arrive - s.arrive, total);
end $$;
