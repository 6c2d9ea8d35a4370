-- The batch of a stay's own page. @CODE@ and @SECRET@ are filled in by bench.py, one script for each stay.
\startpipeline
select * from village.enter('bench.test', false, 'zh', :release);
select * from booking.stay('@CODE@', '@SECRET@');
\endpipeline
