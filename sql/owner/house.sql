-- The house somebody works for, for the head of the owner's pages. house null: the first of one's own.
create or replace function owner.house(house bigint) returns table (id sure.bigint, name sure.text, rooms sure.int, free_tonight sure.int)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    mine bigint := account.house($1);
begin
    return query
        select h.house::sure.bigint, base.pick(h.name_zh, h.name_en)::sure.text, count(r.room)::int::sure.int,
               count(r.room) filter (where not r.closed and not exists (select from night n where n.village = r.village and n.room = r.room
                                                                      and n.night = (select clock.today(base.village())) and n.until > (select clock.now())))::int::sure.int
          from house h left join room r using (village, house) where h.village = base.village() and h.house = mine
         group by h.village, h.house;
end $$;
