-- A village as the board shows it, and its houses in the order of its list.
create or replace function board.head(village sure.int) returns table (
    name_zh sure.text, name_en sure.text, place_zh sure.text, place_en sure.text, phone sure.text, base_url sure.text, way_zh sure.text, way_en sure.text, from_day sure.date,
    book_ahead_nights sure.int, longest_nights sure.int, houses bigint[])
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform board.enter($1);
    return query
        select v.name_zh::sure.text, v.name_en::sure.text, v.place_zh::sure.text, v.place_en::sure.text, v.phone::sure.text, v.base_url::sure.text, v.way_zh::sure.text, v.way_en::sure.text,
               clock.today(v.village)::sure.date, x.book_ahead_nights::int::sure.int, x.longest_nights::int::sure.int,
               array(select h.house from house h where h.village = v.village order by h.position, h.house)
          from village v, village.settings() x where v.village = $1;
end $$;
