-- Nights that became free are held for who is next: a stay of its own with the queue's code and links, at today's price, for
-- settings.waiting_minutes, but not beyond the end of check-in on the day of arrival. The guest takes it up or says no (booking.take_up, booking.cancel).
create or replace function booking.offer_nights(w data.waiting, house bigint, rooms bigint[]) returns void
language plpgsql as $$
declare
    t        timestamptz := clock.now();
    h        data.house;
    n        int := w.leave - w.arrive;
    ends     timestamptz;
    p        record := booking.price(rooms, w.arrive, w.leave, w.adults, w.children);
    total    bigint := (select sum(f) from unnest(p.fens) f);
    new_id   bigint := base.new_id();
    new_stay bigint := base.new_id();
begin
    select x.* into h from data.house x where x.village = w.village and x.house = offer_nights.house;
    ends := least(t + (village.settings()).waiting_minutes * interval '1 minute', clock.at(w.arrive, h.check_in_to));
    if ends <= t then
        return;
    end if;
    perform booking.take_nights(new_stay, c.rooms, c.nights, ends, true) from booking.cells(p.ids, w.arrive, w.leave) c;
    insert into data.booking (village, booking, code, guest_name, guest_phone, lang, manage, show, device, address, made)
    values (w.village, new_id, w.code, w.name, w.phone, w.lang, w.manage, w.show, w.device, w.address, t);
    insert into data.stay (village, stay, booking, house, state, until, arrive, leave, adults, children, total_fen, cuts, house_name, phone, device, address, made)
    values (w.village, new_stay, new_id, h.house, 'held', ends, w.arrive, w.leave, w.adults, w.children, total, booking.cuts(h.house, w.arrive, total),
            case w.lang when 'en' then coalesce(nullif(h.name_en, ''), h.name_zh) else h.name_zh end, w.phone, w.device, w.address, t);
    insert into data.stay_room
    select w.village, new_stay, p.ids[i], w.arrive, w.leave, p.fens[(i - 1) * n + 1 : i * n], p.rules[(i - 1) * n + 1 : i * n] from generate_series(1, cardinality(p.ids)) i;
    perform booking.charge(new_stay, 'stay', total);
    insert into data.deadline (village, subject, act, at) values (w.village, new_stay, 'booking.lapse', ends);
    update data.waiting x set state = 'offered', booking = new_id where x.village = w.village and x.waiting = w.waiting;
    perform base.record('booking.offer_nights', new_id, jsonb_build_object('stay', new_stay, 'total_fen', total));
end $$;
