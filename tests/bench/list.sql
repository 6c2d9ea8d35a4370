-- The batch of the list: any day from tomorrow on, one to three nights, in the demo village.
\set day random(1, 300)
\set nights random(1, 3)
\startpipeline
select * from village.enter('demo.test', false, 'zh', :release);
select * from lodging.search(:today::date + :day::int, :today::date + :day::int + :nights::int, 2, '{}');
\endpipeline
