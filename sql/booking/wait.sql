-- A guest queues for nights that are taken: in a house, or anywhere in the village (house null). What becomes free is offered in turn
-- (jobs.waiting). Nobody queues for what is free now: booking.free_now, with where. The same link again is answered again.
-- manage, show: hashes of the links' secrets, which a stay that comes of it takes over. device, address: keyed hashes, for limits.
create or replace function booking.wait(house bigint, arrive sure.date, leave sure.date, adults sure.int, children int[], guest_name sure.text, guest_phone sure.text,
    manage sure.bytea, show sure.bytea, device bytea, address bytea) returns table (code sure.text)
language plpgsql rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    v    int := base.village();
    s    record := village.settings();
    new_code text;
    h    bigint;
    free bigint;
begin
    select w.code into new_code from waiting w where w.village = v and w.phone = wait.guest_phone and w.manage = wait.manage and w.ended is null;
    if new_code is not null then
        return query select new_code::sure.text;
        return;
    end if;
    perform booking.dates(wait.arrive, wait.leave);
    if wait.house is not null and not exists (select from house x where x.village = v and x.house = wait.house) then
        perform base.refuse('lodging.no_house', 404);
    elsif s.waiting_per_phone > 0 and (select count(*) from waiting w where w.village = v and w.phone = wait.guest_phone and w.ended is null) >= s.waiting_per_phone then
        perform base.refuse('booking.waiting_limit', 429);
    elsif not exists (select from house x where x.village = v and (wait.house is null or x.house = wait.house)
                         and wait.adults + coalesce(cardinality(wait.children), 0) <= (select sum(r.capacity) from room r where r.village = v and r.house = x.house and not r.closed)) then
        perform base.refuse('booking.too_many_to_wait');
    end if;
    for h in select x.house from house x where x.village = v and (wait.house is null or x.house = wait.house) loop
        if (booking.choose(h, wait.arrive, wait.leave, wait.adults, wait.children)).rooms is not null then
            perform base.refuse('booking.free_now', 409);
        end if;
    end loop;
    new_code := booking.new_code();
    insert into waiting (village, waiting, code, house, arrive, leave, adults, children, name, phone, lang, manage, show, device, address, made)
    values (v, base.new_id(), new_code, wait.house, wait.arrive, wait.leave, wait.adults, coalesce(wait.children, '{}'), wait.guest_name, wait.guest_phone,
            coalesce(nullif(current_setting('visit.lang', true), ''), 'zh'), wait.manage, wait.show, wait.device, wait.address, clock.now());
    perform base.record('booking.wait', (select w.waiting from waiting w where w.village = v and w.code = new_code), '{}');
    return query select new_code::sure.text;
end $$;
