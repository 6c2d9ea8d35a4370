-- Does who acts belong to the association's office?
create or replace function account.is_association() returns boolean
language plpgsql stable as $$
begin
    return exists (select from data.member m where m.village = base.village() and m.person = account.me()
                      and m.role in ('secretary', 'operator') and account.holds(m));
end $$;
