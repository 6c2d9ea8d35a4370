-- What these villages have that is newer than `since`, an earlier pulse's xmin: a house to be read anew (0: the village and all of its
-- houses), or a night and until when it is taken. What is told is as it is now, so being told twice does no harm; what a transaction
-- still under way changes comes next time, for it is not below xmin.
--
-- Asked many times a second, so it must cost by what is new and not by history: events by their index, then the nights of each stay by
-- theirs. A join of the two, or a plan that cannot know how few events are newer, reads whole tables.
create or replace function board.changes(villages int[], since sure.bigint) returns table (
    village sure.int, house bigint, room bigint, night date, until timestamptz)
language plpgsql security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
    v    int;
    from_ xid8 := changes.since::text::xid8;
    moved bigint;
begin
    foreach v in array changes.villages loop
        perform board.enter(v);
        return query select v::sure.int, s.house, null::bigint, null::date, null::timestamptz from stale s where s.village = v and s.xact >= from_;
        for moved in select distinct (e.detail->>'stay')::bigint from event e where e.village = v and e.xact >= from_ and e.detail ? 'stay' loop
            return query select v::sure.int, null::bigint, n.room, n.night, n.until from night n where n.village = v and n.stay = moved;
        end loop;
    end loop;
end $$;
