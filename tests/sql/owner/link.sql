-- A new link kills the old.
begin;
\ir ../setup.sql
select plan(8);

select book(111, '2027-03-10', 2) as code \gset
select booking.look_up(:'code', '13900000001', hash('key'), hash('c'), hash('a'));
select is((select may from booking.open(:'code', hash('key'))), 'manage', 'a device with a key of its own');
select visit('one.test', 'owner_11');
select is((select guest_name from owner.link(:'code', hash('new'), hash('new show'))), '示例客人', 'whose it is');
select visit();
select is((select may from booking.open(:'code', hash('new'))), 'manage', 'the new one manages');
select is((select may from booking.open(:'code', hash('new show'))), 'show', 'and its own shows');
select refused(format($$select booking.open(%L, test.hash('manage 13900000001'))$$, :'code'), 'booking.no_stay', '404', 'the old one is dead');
select refused(format($$select booking.open(%L, test.hash('key'))$$, :'code'), 'booking.no_stay', '404', 'so are the keys of devices');
select visit('one.test', 'owner_12');
select refused(format($$select owner.link(%L, test.hash('x'), test.hash('y'))$$, :'code'), 'booking.no_stay', '404', 'another house');
update data.booking set erased = clock.now();
select visit('one.test', 'secretary');
select refused(format($$select owner.link(%L, test.hash('x'), test.hash('y'))$$, :'code'), 'booking.erased', '409');

select finish();
rollback;
