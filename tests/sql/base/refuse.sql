-- A refusal carries key, status and detail.
begin;
\ir ../setup.sql
select plan(3);

select is(detail($$select base.refuse('test.key', 409, '{"a": 1}')$$), '{"a": 1}', 'the detail arrives');
select throws_ok($$select base.refuse('test.key')$$, 'HS422', 'test.key', '422 unless said otherwise');
select throws_ok($$select base.refuse('test.key', 404)$$, 'HS404', 'test.key', 'another status');

select finish();
rollback;
