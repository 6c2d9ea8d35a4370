-- A guest asks for nights, the house says yes: takes them, keeps the price of each, and confirms at once (or asks the house,
-- where it decides by request). All or nothing.
--
-- key, request: the idempotency key and a hash of everything asked. The same again is answered again (and written down, so that
--   the answer waits for a standby like the first); another request under the key is refused.
-- manage, show: hashes of the two links' secrets, which the caller derives from the key, so that a replay can hand them out again.
-- seen_total_fen: what the guest saw; dearer now is refused with both totals.
-- device, address: keyed hashes, for limits. arrival: minute of the day.
create or replace function booking.book(key sure.text, request sure.bytea, house bigint, rooms bigint[], arrive sure.date, leave sure.date,
    adults sure.int, children int[], guest_name sure.text, guest_phone sure.text, guest_email text, arrival int, note sure.text,
    seen_total_fen bigint, manage sure.bytea, show sure.bytea, device bytea, address bytea)
returns table (code sure.text, state sure.text, until timestamptz, total_fen sure.bigint, nights booking.night[], cancel booking.cut[])
language plpgsql rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    v        int := base.village();
    t        timestamptz := clock.now();
    fitting  room[];
    rooms    bigint[];                               -- sorted
    n        int := book.leave - book.arrive;
    h        house;
    new_code text := booking.new_code();
    new_id   bigint := base.new_id();
    new_stay bigint := base.new_id();
    past     idempotency;
    prices   bigint[];                               -- room by room, night by night
    rules    text[];
    total    bigint;
    why      text;
    ends     timestamptz;
    cuts     cut_off[];
    known    boolean;
begin
    -- The key's row is the queue for clients that press twice: the second waits here until the first is done, one way or the other.
    insert into idempotency as i values (v, 'booking.book', book.key, book.request, new_id, t)
    on conflict (village, scope, key) do update set
        request = case when i.made < t - interval '24 hours' then excluded.request else i.request end,
        subject = case when i.made < t - interval '24 hours' then excluded.subject else i.subject end,
        replays = i.replays + 1,
        made    = case when i.made < t - interval '24 hours' then excluded.made else i.made end
    returning * into past;
    if past.subject <> new_id then
        if past.request <> book.request then
            perform base.refuse('booking.key_used', 409);
        end if;
        return query select * from booking.answer(past.subject);
        return;
    end if;

    perform booking.dates(book.arrive, book.leave);
    fitting := booking.fits(book.house, book.rooms, book.adults, book.children);
    select x.* into h from house x where x.village = v and x.house = fitting[1].house;
    for i in 1 .. cardinality(fitting) loop
        rooms[i] := fitting[i].room;
        why := booking.limits(rooms[i], book.arrive, book.leave);
        if why is not null then
            perform base.refuse(why);
        end if;
    end loop;
    select p.fens, p.rules, p.ids into prices, rules, rooms from booking.price(rooms, book.arrive, book.leave, book.adults, book.children) p;
    if array_position(prices, null) is not null then
        perform base.refuse('booking.no_price');
    end if;
    known := booking.pace(book.guest_phone, book.device, book.address, book.arrive, book.leave, cardinality(rooms));
    select sum(x) into total from unnest(prices) x;
    if total > book.seen_total_fen then
        perform base.refuse('booking.price_changed', 409, jsonb_build_object('seen_total_fen', book.seen_total_fen, 'total_fen', total));
    end if;
    cuts := booking.cuts(h.house, book.arrive, total);
    ends := case when h.by_request then t + (select x.request_minutes from village.settings() x) * interval '1 minute' else 'infinity' end;

    perform booking.take_nights(new_stay, c.rooms, c.nights, ends, not known) from booking.cells(rooms, book.arrive, book.leave) c;
    insert into booking (village, booking, code, guest_name, guest_phone, guest_email, lang, manage, show, device, address, made)
    values (v, new_id, new_code, book.guest_name, book.guest_phone, book.guest_email, coalesce(nullif(current_setting('visit.lang', true), ''), 'zh'),
            book.manage, book.show, book.device, book.address, t);
    insert into stay (village, stay, booking, house, state, until, arrive, leave, adults, children, arrival, note, total_fen, cuts,
                      house_name, phone, device, address, made, vouched)
    values (v, new_stay, new_id, h.house, case when h.by_request then 'requested' else 'confirmed' end, ends, book.arrive, book.leave,
            book.adults, coalesce(book.children, '{}'), book.arrival, book.note, total, cuts,
            base.pick(h.name_zh, h.name_en), book.guest_phone, book.device, book.address, t, case when known then t end);
    for i in 1 .. cardinality(rooms) loop
        insert into stay_room values (v, new_stay, rooms[i], book.arrive, book.leave, prices[(i - 1) * n + 1 : i * n], rules[(i - 1) * n + 1 : i * n]);
    end loop;
    insert into ledger (village, stay, kind, amount_fen, what, at) values (v, new_stay, 'charge', total, 'stay', t);
    if h.by_request then
        insert into deadline (village, subject, act, at) values (v, new_stay, 'booking.lapse', ends);
    end if;
    perform base.record('booking.book', new_id, jsonb_build_object('stay', new_stay, 'total_fen', total));
    return query
        select new_code::sure.text, (case when h.by_request then 'requested' else 'confirmed' end)::sure.text, nullif(ends, 'infinity'), total::sure.bigint,
               (select array_agg(row(book.arrive + (i - 1) % n, rooms[(i - 1) / n + 1], prices[i], rules[i])::booking.night order by i) from generate_series(1, cardinality(prices)) i),
               booking.cut_list(cuts, total);
end $$;
