-- Chinese unless English is asked for and there.
begin;
\ir ../setup.sql
select plan(4);

select is(base.pick('中', 'en'), '中', 'Chinese in a Chinese visit');
select visit(lang => 'en');
select is(base.pick('中', 'en'), 'en', 'English in an English visit');
select is(base.pick('中', ''), '中', 'Chinese where English is empty');
select set_config('visit.lang', '', true);
select is(base.pick('中', 'en'), '中', 'Chinese where nobody said anything');

select finish();
rollback;
