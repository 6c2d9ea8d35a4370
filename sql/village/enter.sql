-- The first call of every visit: which village, in which language, what day it is there.
-- host is without port; an unknown one is refused, but on loopback (a trial, a health check) it means the first village.
-- release is the one the caller was compiled against: functions of another release never answer it.
create or replace function village.enter(host sure.text, loopback sure.boolean, lang sure.text, release sure.text) returns table (
    id sure.int, name sure.text, place sure.text, phone sure.text, base_url sure.text, today sure.date, now sure.timestamptz)
language plpgsql security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    v   village;
    t   timestamptz := clock.now();
begin
    if not exists (select from data.release r where r.hash = enter.release) then
        perform base.refuse('fault.release', 503);
    end if;
    perform set_config('visit.village', coalesce((select h.village from village_host h where h.host = enter.host),
                                                 case when loopback then (select min(h.village) from village_host h) end)::text, true),
            set_config('visit.lang', enter.lang, true), set_config('visit.now', t::text, true);
    select x.* into v from village x where x.village = base.village();
    if v.village is null then
        perform base.refuse('village.unknown_host', 421);
    end if;
    return query
        select v.village::sure.int, base.pick(v.name_zh, v.name_en)::sure.text, base.pick(v.place_zh, v.place_en)::sure.text,
               v.phone::sure.text, v.base_url::sure.text, clock.today(v.village)::sure.date, t::sure.timestamptz;
end $$;
