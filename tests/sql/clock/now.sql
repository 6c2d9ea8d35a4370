-- The one clock, which tests shift.
begin;
\ir ../setup.sql
select plan(2);

select is(clock.now(), '2027-03-02 10:00+08'::timestamptz, 'it stands where it was put');
update data.clock set shift = '0';
select is(clock.now(), pg_catalog.now(), 'unshifted it is the database''s');

select finish();
rollback;
