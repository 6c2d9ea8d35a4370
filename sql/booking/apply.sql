-- Does what booking.plan reckoned, whoever wants it: takes all cells, gives back those no longer wanted, writes prices, money and cut-offs
-- anew. seen_total_fen, seen_owed_fen: what was shown; dearer now is refused with both. Returns the stay as it is then.
create or replace function booking.apply(s data.stay, actor text, p record, arrive date, leave date, adults int, children int[], seen_total_fen bigint, seen_owed_fen bigint) returns data.stay
language plpgsql as $$
declare
    v int := base.village();
    n int := leave - arrive;
    c record;
begin
    if p.total > seen_total_fen then
        perform base.refuse('booking.price_changed', 409, jsonb_build_object('seen_total_fen', seen_total_fen, 'total_fen', p.total));
    elsif p.cost > seen_owed_fen then
        perform base.refuse('booking.owed_changed', 409, jsonb_build_object('seen_owed_fen', seen_owed_fen, 'owed_fen', p.cost));
    end if;
    c := booking.cells(p.ids, arrive, leave);
    perform booking.take_nights(s.stay, c.rooms || p.gone_rooms, c.nights || p.gone_nights, s.until, s.vouched is null);
    if cardinality(p.gone_rooms) > 0 then
        perform booking.give_nights(s.stay, '-infinity', c.rooms, c.nights);
    end if;

    delete from data.stay_room r where r.village = v and r.stay = s.stay;
    insert into data.stay_room
    select v, s.stay, p.ids[i], arrive, leave, p.fens[(i - 1) * n + 1 : i * n], p.rules[(i - 1) * n + 1 : i * n] from generate_series(1, cardinality(p.ids)) i;
    if p.total <> s.total_fen then
        perform booking.uncharge(s.stay, '{stay}', 'change'), booking.charge(s.stay, 'stay', p.total);
    end if;
    perform booking.charge(s.stay, 'drop', p.cost),
            base.record('booking.change', s.booking, jsonb_build_object('stay', s.stay, 'arrive', s.arrive, 'leave', s.leave, 'total_fen', s.total_fen,
                                                                        'new_total_fen', p.total, 'owed_fen', p.cost), booking.on_behalf(s.house, actor));
    update data.stay x set arrive = apply.arrive, leave = apply.leave, adults = apply.adults, children = coalesce(apply.children, '{}'), total_fen = p.total, cuts = p.cuts
     where x.village = v and x.stay = s.stay
    returning x.* into s;
    return s;
end $$;
