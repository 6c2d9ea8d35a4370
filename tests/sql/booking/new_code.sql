-- Eight characters to read out.
begin;
\ir ../setup.sql
select plan(2);

select ok(bool_and(code ~ '^[2-9A-HJKMNP-TV-Z]{8}$'), 'without what looks alike') from (select booking.new_code() as code from generate_series(1, 500)) t;
select is((select count(distinct booking.new_code())::int from generate_series(1, 500)), 500, 'no two are the same');

select finish();
rollback;
