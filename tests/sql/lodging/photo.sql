-- The bytes of a photo.
begin;
\ir ../setup.sql
select plan(5);

select rows_are($$select kind, convert_from(bytes, 'UTF8') from lodging.photo(hash('photo 11'), 400)$$, $$values ('image/jpeg', 'made small')$$, 'the size made for a width');
select rows_are($$select kind, convert_from(bytes, 'UTF8') from lodging.photo(hash('photo 11'), 800)$$, $$values ('image/webp', 'the original')$$, 'else the original');
select refused($$select lodging.photo(hash('nothing'), 400)$$, 'lodging.no_photo', '404', 'no file');
select refused($$select lodging.photo(hash('no photo'), 400)$$, 'lodging.no_photo', '404', 'a file that no photo shows');
select refused($$select lodging.photo(hash('photo 21'), 400)$$, 'lodging.no_photo', '404', 'a photo of another village');

select finish();
rollback;
