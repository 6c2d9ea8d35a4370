-- First half of signing in: what to check a password against. Nobody of that name: hash is null, and the caller checks against a
-- hash of its own, so that it takes as long. Too fast: tried is false and nothing is to be checked. by_login, by_address: keyed hashes.
create or replace function account.find(login sure.text, by_login sure.bytea, by_address sure.bytea) returns table (
    tried sure.boolean, hash text)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    go boolean;
begin
    -- Both buckets are asked, always: a refused try counts, too. No account is ever locked; only this name from this address
    -- is slowed, and this address for all names.
    go := (select bool_and(x) from (values (base.take(find.by_login, 5, 60)), (base.take(find.by_address, 20, 10))) t (x));
    return query select go::sure.boolean, (select p.password from person p where p.village = base.village() and p.login = find.login and p.ended is null and go);
end $$;
