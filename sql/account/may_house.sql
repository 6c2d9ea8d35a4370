-- May who acts work for this house: its owner or helper, or the association's office on its behalf?
create or replace function account.may_house(house bigint) returns boolean
language plpgsql stable as $$
begin
    return account.is_association()
        or exists (select from data.member m where m.village = base.village() and m.person = account.me()
                      and m.house = may_house.house and m.role in ('owner', 'helper') and account.holds(m));
end $$;
