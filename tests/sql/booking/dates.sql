-- Dates nobody can book.
begin;
\ir ../setup.sql
select plan(10);

select throws_ok($$select booking.dates('2027-03-02', '2027-03-02')$$, 'HS422', 'booking.leave_first', 'no night');
select throws_ok($$select booking.dates('2027-03-03', '2027-03-02')$$, 'HS422', 'booking.leave_first', 'backwards');
select throws_ok($$select booking.dates('2027-03-01', '2027-03-03')$$, 'HS422', 'booking.past', 'last night');
select lives_ok($$select booking.dates('2027-03-02', '2027-03-03')$$, 'tonight');
select lives_ok($$select booking.dates('2027-03-02', '2027-05-01')$$, '60 nights');
select throws_ok($$select booking.dates('2027-03-02', '2027-05-02')$$, 'HS422', 'booking.too_long', '61 nights');
select lives_ok($$select booking.dates('2028-04-01', '2028-04-05')$$, 'until 400 nights ahead');
select throws_ok($$select booking.dates('2028-04-01', '2028-04-06')$$, 'HS422', 'booking.too_far', 'farther');
insert into data.setting values (1, 'book_ahead_nights', 10);
select throws_ok($$select booking.dates('2027-03-11', '2027-03-13')$$, 'HS422', 'booking.too_far', 'as the association sets it');
select at('2027-03-03 05:59');
select lives_ok($$select booking.dates('2027-03-02', '2027-03-03')$$, 'tonight lasts until six');

select finish();
rollback;
