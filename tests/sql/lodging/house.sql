-- What a house is.
begin;
\ir ../setup.sql
select plan(7);

select rows_are('select id, name, style, line, check_in_from, by_request, paused, amenities, breakfast from lodging.house(11)',
    $$values (11, '东院', 'stone', '一句话', 840, false, false, '{wifi,heating}'::text[], true)$$, 'in Chinese');
select visit(lang => 'en');
select is((select name || line || host from lodging.house(11)), 'East CourtOne lineHost', 'in English');
select is((select name from lodging.house(12))::text, '西院', 'Chinese where English is empty');
select refused('select lodging.house(99)', 'lodging.no_house', '404', 'no house');
select refused('select lodging.house(21)', 'lodging.no_house', '404', 'a house of another village');
select visit('two.test');
select is((select name from lodging.house(21))::text, '北院', 'which is there in its own');
select refused('select lodging.house(11)', 'lodging.no_house', '404', 'the other way round');

select finish();
rollback;
