-- The hash of who acts, to check the old password before a new one is set; too fast is slowed like signing in.
create or replace function account.password(by_login sure.bytea) returns table (tried sure.boolean, hash sure.text)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform account.need();
    return query select base.take($1, 5, 60)::sure.boolean, p.password::sure.text
                   from person p where p.village = base.village() and p.person = account.me();
end $$;
