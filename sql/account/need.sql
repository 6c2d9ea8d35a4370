-- Stops a visit of nobody: a page then leads to signing in.
create or replace function account.need() returns bigint
language plpgsql stable as $$
begin
    if account.me() is null then
        perform base.refuse('account.sign_in_first', 401);
    end if;
    return account.me();
end $$;
