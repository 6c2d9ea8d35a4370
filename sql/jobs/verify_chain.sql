-- The first broken link of a village's chain, null when it is whole. Broken is a link whose event was changed or is gone, whose
-- number or order is not the next one, before which an event was slipped in, or which is missing although its event is settled.
-- What it cannot see: a chain made anew from some link to its end. Against that its head is kept elsewhere.
create or replace function jobs.verify_chain(village int) returns bigint
language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    first bigint;
begin
    perform set_config('visit.village', $1::text, true);
    with link as (
        select a.link, a.event, a.hash, row_number() over w as nr, lag(a.hash) over w as before, lag(a.event) over w as event_before
          from audit a where a.village = $1 window w as (order by a.link)
    ), broken as (
        select l.link
          from link l left join event e on e.village = $1 and e.event = l.event
         where l.link <> l.nr or l.event <= l.event_before or e.event is null or l.hash <> jobs.link_hash(l.before, e)
        union all
        select coalesce((select min(l.link) from link l where l.event > e.event), (select count(*) from link) + 1)
          from event e
         where e.village = $1 and e.event <= (select m.settled from audit_mark m)
           and not exists (select from audit a where a.village = $1 and a.event = e.event)
    )
    select min(b.link) into first from broken b;
    return first;
end $$;
