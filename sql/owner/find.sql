-- The stay of a code at a house the person of this visit may act for, locked for what comes, and as whom they act: house or association.
-- Another house's stay is not there (404), nobody is asked to sign in (401).
create or replace function owner.find(code text, out b data.booking, out s data.stay, out actor text)
language plpgsql as $$
begin
    perform account.need();
    select x.* into b from data.booking x where x.village = base.village() and x.code = upper(find.code) for update;
    select y.* into s from data.stay y where y.village = b.village and y.booking = b.booking and account.may_house(y.house) order by y.stay limit 1 for update;
    if s.stay is null then
        perform base.refuse('booking.no_stay', 404);
    end if;
    actor := booking.actor(s.house);
end $$;
