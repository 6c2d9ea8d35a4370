-- Who comes, stays and leaves at a house today.
begin;
\ir ../setup.sql
select plan(10);

select refused('select owner.today(null)', 'account.sign_in_first', '401', 'nobody');
select book(111, '2027-03-02', 2, children => '{8}', phone => '13900000001');
select book(112, '2027-03-02', 1, phone => '13900000002');
select book(121, '2027-03-02', 3, adults => 1, phone => '13900000003');
select book(112, '2027-03-05', 1, phone => '13900000004');
select visit(login => 'owner_11');
select rows_are($$select moves, guest_name, guest_phone, rooms, arrive, leave, adults, children, arrival, balance_fen, state, note from owner.today(null) order by guest_phone$$,
    $$values ('arrive', '示例客人', '13900000001', '甲', '2027-03-02', '2027-03-04', 2, 1, 900,
              46000, 'confirmed', '晚到'),
             ('arrive', '示例客人', '13900000002', '乙', '2027-03-02', '2027-03-03', 2, 0, 900, 15000, 'confirmed', '晚到')$$, 'who arrives at one''s own house');
select at('2027-03-03 12:00');
select rows_are('select moves, guest_phone from owner.today(11)', $$values ('leave', '13900000002'), ('stay', '13900000001')$$, 'the day after: who leaves, who stays');
select at('2027-03-04 05:00');
select is((select count(*)::int from owner.today(11)), 2, 'until six it is still that day');
select at('2027-03-04 07:00');
select rows_are('select moves from owner.today(11)', $$values ('leave')$$, 'and then the next');
select refused('select owner.today(12)', 'account.not_yours', '404', 'a house of somebody else');
select refused('select owner.today(21)', 'account.not_yours', '404', 'a house of another village');
select at('2027-03-02 11:00');
select visit(login => 'secretary');
select is((select state from owner.today(12))::text, 'requested', 'a request is shown to the office, too');
select at('2027-03-02 13:00');
select is((select count(*)::int from owner.today(12)), 0, 'a request that ran out is not');
select visit('two.test');
select set_config('visit.person', '1001', true);
select refused('select owner.today(11)', 'account.not_yours', '404', 'from another village');

select finish();
rollback;
