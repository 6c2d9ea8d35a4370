-- An invitation becomes an account and its membership, once.
create or replace function account.join(token sure.bytea, login sure.text, name sure.text, hash sure.text) returns table (person sure.bigint)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    i   invite;
    new bigint := base.new_id();
begin
    update invite x set used = clock.now()
     where x.village = base.village() and x.token = $1 and x.used is null and x.ends > clock.now()
    returning x.* into i;
    if i.token is null then
        perform base.refuse('account.no_invite', 404);
    end if;
    insert into person (village, person, login, name, password, made) values (i.village, new, $2, $3, $4, clock.now());
    insert into member (village, person, role, house, since) values (i.village, new, i.role, i.house, clock.today(i.village));
    perform set_config('visit.person', new::text, true);
    perform base.record('account.join', new, jsonb_build_object('role', i.role, 'house', i.house));
    return query select new::sure.bigint;
end $$;
