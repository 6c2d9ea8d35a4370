-- The house an owner's page is about: the one asked for, else the first of one's own. Refuses nobody (401), strangers and houses
-- that are not there (404): the office may act for every house, also for one that only a URL knows.
create or replace function account.house(house bigint) returns bigint
language plpgsql stable as $$
declare
    mine bigint;
begin
    perform account.need();
    mine := coalesce($1, (select m.house from data.member m where m.village = base.village() and m.person = account.me() and m.house is not null
                             and account.holds(m) order by m.member limit 1));
    if mine is null or not account.may_house(mine) or not exists (select from data.house h where h.village = base.village() and h.house = mine) then
        perform base.refuse('account.not_yours', 404);
    end if;
    return mine;
end $$;
