-- The state a stay is in now.
begin;
\ir ../setup.sql
select plan(5);

select is(booking.state(s, clock.now()), 'expired', s || ' is over when its time is') from unnest('{held,requested}'::text[]) s;
select is(booking.state(s, clock.now() + interval '1 second'), s, s || ' is not before') from unnest('{held,requested}'::text[]) s;
select is(booking.state('confirmed', clock.now() - interval '1 day'), 'confirmed', 'what is confirmed stays so');

select finish();
rollback;
