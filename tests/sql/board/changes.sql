-- What a board has not seen yet.
begin;
\ir ../setup.sql
select plan(16);

create function pg_temp.changes(since bigint default pg_current_xact_id()::text::bigint, villages int[] default '{1}') returns text language sql as $$
    select string_agg(concat_ws(' ', c.village, case when c.house is null then null when c.house = 0 then 'all' else 'house ' || c.house end, c.room, to_char(c.night, 'MM-DD'), c.until), ', '
                      order by c.house nulls last, c.room, c.night) from board.changes(villages, since) c
$$;
reset role;
delete from data.stale;
set local role village;
select is(pg_temp.changes(), null, 'nothing');
select book(112, '2027-03-04', 2) \g /dev/null
select is(pg_temp.changes(), '1 112 03-04 infinity, 1 112 03-05 infinity', 'the nights of a booking');
select is(pg_temp.changes(pg_current_xact_id()::text::bigint + 1), null, 'not again once it has been seen');
select booking.cancel((select code from data.booking), hash('manage 13900000001'), '0001', null) \g /dev/null
select is(pg_temp.changes(), '1 112 03-04 2027-03-02 02:00:00+00, 1 112 03-05 2027-03-02 02:00:00+00', 'as they are now: free since they were cancelled');
select is(pg_temp.changes(villages => '{2}'), null, 'not of another village');
-- what triggers tell
create function pg_temp.tells(change text) returns text language plpgsql as $$
begin
    reset role;
    delete from data.stale;
    execute change;
    set local role village;
    return (select string_agg(case c.house when 0 then 'all' else c.house::text end, ' ') from board.changes('{1}', pg_current_xact_id()::text::bigint) c where c.house is not null);
end $$;
select is(pg_temp.tells($$update data.rate set price_fen = 1 where room = 111$$), '11', 'a price');
select is(pg_temp.tells($$insert into data.stay_limit (village, room, from_night, to_night) values (1, 121, '2027-03-04', '2027-03-05')$$), '12', 'a limit');
select is(pg_temp.tells($$insert into data.night values (1, 111, '2027-03-04', null, 'closed', 'infinity')$$), '11', 'a closure');
select is(pg_temp.tells($$delete from data.night where kind = 'closed'$$), '11', 'and its end');
select is(pg_temp.tells($$insert into data.night values (1, 111, '2027-04-04', (select stay from data.stay), 'stay', 'infinity')$$), null, 'a stay tells by its event alone');
select is(pg_temp.tells($$update data.house set paused = true where house = 12$$), '12', 'a house that pauses');
select is(pg_temp.tells($$update data.room set house = 12 where room = 112$$), '11 12', 'a room that moves: both houses');
select is(pg_temp.tells($$insert into data.setting values (1, 'longest_nights', 5)$$), 'all', 'a setting of the village');
select is(pg_temp.tells($$insert into data.holiday values ('2027-07-01', 'holiday', '', '')$$), 'all', 'a day off: every village');
select is(pg_temp.tells($$update data.rate set price_fen = 2 where room = 211$$), null, 'not of another village');
select is(pg_temp.tells($$delete from data.cut where house = 11$$), '11', 'a cut-off');

select finish();
rollback;
