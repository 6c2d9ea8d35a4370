-- A stay as its house sees it.
begin;
\ir ../setup.sql
select plan(13);

select book(111, '2027-03-10', 2) as code \gset
select visit('one.test', 'owner_11');
select rows_are(format('select actor, state, guest_name, guest_phone, masked, total_fen, balance_fen, steps, note from owner.stay(%L)', :'code'),
    $$values ('house', 'confirmed', '示例客人', '13900000001', false, 40000, 40000, '{change,late}'::text[], '晚到')$$, 'who, what, and what may be done next');
select is((select steps from owner.stay(lower(:'code'))), '{change,late}', 'codes are read out');
select at('2027-03-10 15:00');
select is((select steps from owner.stay(:'code')), '{check_in,change,late}', 'on the day of arrival');
select at('2027-03-10 22:00');
select is((select steps from owner.stay(:'code')), '{check_in,no_show,change,late}', 'once check-in has ended');
select owner.step(:'code', 'check_in', null);
select at('2027-03-12 08:00');
select is((select steps from owner.stay(:'code')), '{check_out,change}', 'on the day of leaving');
select owner.take(:'code', 40000, 'cash');
select owner.step(:'code', 'check_out', null);
select is((select steps from owner.stay(:'code')), '{}', 'then nothing');
select is((select string_agg(kind || ' ' || amount_fen || ' ' || coalesce(by, '-'), ', ' order by id) from owner.stay(:'code') o, unnest(o.entries)), 'charge 40000 -, payment 40000 示例owner_11', 'the money, with names');
select at('2027-03-15 12:00');
select is((select guest_phone from owner.stay(:'code')), '13900000001', 'the phone is there while it is needed');
select at('2027-03-16 12:00');
select is((select guest_phone || ' ' || masked from owner.stay(:'code')), '139****0001 true', 'and masked after');
update data.ledger set amount_fen = 39999 where kind = 'payment';
select is((select guest_phone from owner.stay(:'code')), '13900000001', 'but for open money');
select visit('one.test', 'secretary');
select at('2027-03-10 22:00');
update data.stay set state = 'confirmed';
select is((select actor || ' ' || steps::text from owner.stay(:'code')), 'association {check_in,no_show,change,late,drop}', 'the association may drop it, too');
select visit('one.test', 'owner_12');
select refused(format('select owner.stay(%L)', :'code'), 'booking.no_stay', '404', 'another house');
select visit();
select refused(format('select owner.stay(%L)', :'code'), 'account.sign_in_first', '401');

select finish();
rollback;
