-- What these villages have that is newer than `since`, an earlier pulse's xmin: a house to be read anew (0: the village and all of its
-- houses), or a night and until when it is taken. What is told is as it is now, so being told twice does no harm; what a transaction
-- still under way changes comes next time, for it is not below xmin.
create or replace function board.changes(villages int[], since sure.bigint) returns table (
    village sure.int, house bigint, room bigint, night date, until timestamptz)
language plpgsql security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    v    int;
    from_ xid8 := changes.since::text::xid8;
begin
    foreach v in array changes.villages loop
        perform board.enter(v);
        return query select v::sure.int, s.house, null::bigint, null::date, null::timestamptz from stale s where s.village = v and s.xact >= from_;
        return query
            select v::sure.int, null::bigint, n.room, n.night, n.until
              from (select distinct (e.detail->>'stay')::bigint as stay from event e where e.village = v and e.xact >= from_ and e.detail ? 'stay') x
              join night n on n.village = v and n.stay = x.stay;
    end loop;
end $$;
