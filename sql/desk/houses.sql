-- The association's first page: every house with tonight's free rooms and who runs it. Office only.
create or replace function desk.houses() returns table (
    id sure.bigint, name sure.text, rooms sure.int, free_tonight sure.int, people sure.text, paused sure.boolean)
language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform account.need();
    if not account.is_association() then
        perform base.refuse('account.not_yours', 404);
    end if;
    return query
        select h.house::sure.bigint, base.pick(h.name_zh, h.name_en)::sure.text, count(r.room)::int::sure.int,
               count(r.room) filter (where not r.closed and not exists (select from night n where n.village = r.village and n.room = r.room
                                                                           and n.night = (select clock.today(base.village())) and n.until > (select clock.now())))::int::sure.int,
               coalesce((select string_agg(p.name, ' · ' order by m.member) from member m join person p using (village, person)
                          where m.village = h.village and m.house = h.house and p.ended is null and account.holds(m)), '')::sure.text,
               h.paused::sure.boolean
          from house h left join room r using (village, house) where h.village = base.village()
         group by h.village, h.house order by h.position;
end $$;
