-- Second half of signing in, after the password was found right: opens a session, and keeps the hash made with newer parameters
-- when there is one. Owners and helpers stay signed in for 90 days, the association's people for 12 hours.
create or replace function account.open(login sure.text, token sure.bytea, device sure.text, rehashed text) returns table (
    person sure.bigint, seconds sure.int, house bigint, association sure.boolean)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    p    person;
    mine bigint;
    long int;
begin
    select x.* into p from person x where x.village = base.village() and x.login = open.login and x.ended is null;
    if p.person is null then
        perform base.refuse('account.wrong');
    end if;
    perform set_config('visit.person', p.person::text, true);
    if open.rehashed is not null then
        update person x set password = open.rehashed where x.village = p.village and x.person = p.person;
    end if;
    select m.house into mine from member m where m.village = p.village and m.person = p.person and m.house is not null and account.holds(m)
     order by m.member limit 1;
    long := case when exists (select from member m where m.village = p.village and m.person = p.person and m.house is null and account.holds(m))
                 then 12 * 3600 else 90 * 86400 end;
    insert into session values (p.village, open.token, base.new_id(), p.person, open.device, clock.now(), clock.now(),
                                clock.now() + long * interval '1 second');
    perform base.record('account.open', p.person);
    return query select p.person::sure.bigint, long::sure.int, mine, account.is_association()::sure.boolean;
end $$;
