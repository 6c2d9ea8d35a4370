-- The house takes a guest in itself: at the door (no name or phone needed) or on the phone. From tonight: checked in at once; later: confirmed.
-- At today's prices; the house's own rules on nights are its own to bend, other guests' nights are not (booking.taken). The house stands for the guest.
-- key: pressed twice it is the same stay. manage, show: hashes of the links' secrets, for owner.link to replace.
create or replace function owner.walk_in(key sure.text, house bigint, rooms bigint[], arrive sure.date, leave sure.date, adults sure.int, children int[],
    guest_name sure.text, guest_phone sure.text, note sure.text, manage sure.bytea, show sure.bytea) returns table (code sure.text, total_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    v        int := base.village();
    t        timestamptz := clock.now();
    mine     bigint := account.house(walk_in.house);
    actor    text := booking.actor(mine);
    h        house;
    p        record;
    n        int := walk_in.leave - walk_in.arrive;
    new_id   bigint := base.new_id();
    new_stay bigint := base.new_id();
    new_code text := booking.new_code();
    past     bigint;
    total    bigint;
    here     boolean := walk_in.arrive = clock.today(v);
begin
    insert into idempotency as i values (v, 'owner.walk_in', walk_in.key, ''::bytea, new_id, t)
    on conflict (village, scope, key) do update set replays = i.replays + 1 returning i.subject into past;
    if past <> new_id then
        return query select b.code::sure.text, s.total_fen::bigint::sure.bigint from booking b join stay s on s.village = b.village and s.booking = b.booking
                      where b.village = v and b.booking = past and s.house = mine;
        if not found then
            perform base.refuse('booking.key_used', 409);
        end if;
        return;
    end if;
    perform booking.dates(walk_in.arrive, walk_in.leave), booking.fits(mine, walk_in.rooms, walk_in.adults, walk_in.children, walk_in.rooms);
    select x.* into h from house x where x.village = v and x.house = mine;
    p := booking.price(walk_in.rooms, walk_in.arrive, walk_in.leave, walk_in.adults, walk_in.children);
    if array_position(p.fens, null) is not null then
        perform base.refuse('booking.no_price');
    end if;
    total := (select sum(f) from unnest(p.fens) f);
    perform booking.take_nights(new_stay, c.rooms, c.nights, 'infinity', false) from booking.cells(p.ids, walk_in.arrive, walk_in.leave) c;
    insert into booking (village, booking, code, guest_name, guest_phone, lang, manage, show, made)
    values (v, new_id, new_code, walk_in.guest_name, walk_in.guest_phone, 'zh', walk_in.manage, walk_in.show, t);
    insert into stay (village, stay, booking, house, state, until, arrive, leave, adults, children, note, total_fen, cuts, house_name, phone, made, vouched)
    values (v, new_stay, new_id, mine, case when here then 'checked_in' else 'confirmed' end, 'infinity', walk_in.arrive, walk_in.leave, walk_in.adults, coalesce(walk_in.children, '{}'),
            walk_in.note, total, booking.cuts(mine, walk_in.arrive, total), h.name_zh, walk_in.guest_phone, t, t);
    insert into stay_room
    select v, new_stay, p.ids[i], walk_in.arrive, walk_in.leave, p.fens[(i - 1) * n + 1 : i * n], p.rules[(i - 1) * n + 1 : i * n] from generate_series(1, cardinality(p.ids)) i;
    perform booking.charge(new_stay, 'stay', total),
            base.record('booking.walk_in', new_id, jsonb_build_object('stay', new_stay, 'total_fen', total), booking.on_behalf(mine, actor));
    return query select new_code::sure.text, total::sure.bigint;
end $$;
