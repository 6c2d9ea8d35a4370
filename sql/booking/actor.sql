-- As whom the person of this visit acts for a house: 'association' or 'house'; nobody and strangers are refused (401, 404).
create or replace function booking.actor(house bigint) returns text
language plpgsql stable as $$
begin
    perform account.house(house);
    return case when exists (select from data.member m where m.village = base.village() and m.person = account.me() and m.house = actor.house
                                and m.role in ('owner', 'helper') and account.holds(m)) then 'house' else 'association' end;
end $$;
