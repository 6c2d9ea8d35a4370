-- What to check a password against.
begin;
\ir ../setup.sql
select plan(9);

create function pg_temp.find(login text, address text default 'a') returns text language sql as $$
    select concat_ws(' ', tried, hash) from account.find(login, test.hash(login || address), test.hash(address))
$$;
select is(pg_temp.find('owner_11'), 't hash of owner_11', 'the hash of a login');
select is(pg_temp.find('nobody'), 't', 'none for one that is not there');
select is(pg_temp.find('left'), 't', 'none for somebody who left');
select is(pg_temp.find('owner_21'), 't', 'none for one of another village');
select pg_temp.find('owner_11') from generate_series(1, 4);
select is(pg_temp.find('owner_11'), 'f', 'the sixth try within a minute is not told the hash');
select is(pg_temp.find('owner_11', 'b'), 't hash of owner_11', 'from another address it is: no account is locked');
select is(pg_temp.find('owner_12'), 't hash of owner_12', 'another name from the slowed address, too');
select pg_temp.find('name' || i) from generate_series(1, 20) i;
select is(pg_temp.find('secretary'), 'f', 'until the address itself is too fast');
select at('2027-03-02 10:10');
select is(pg_temp.find('owner_11'), 't hash of owner_11', 'later all is well again');

select finish();
rollback;
