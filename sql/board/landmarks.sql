-- The village's map: what is drawn first stands first. points: latitude and longitude in turn, WGS-84, millionths of a degree.
create or replace function board.landmarks(village sure.int) returns table (kind sure.text, name_zh sure.text, name_en sure.text, points int[])
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform board.enter($1);
    return query
        select l.kind::sure.text, l.name_zh::sure.text, l.name_en::sure.text, l.points from landmark l where l.village = $1
         order by array_position(array['ridge', 'wood', 'stream', 'lane', 'road', 'place', 'gate'], l.kind), l.landmark;
end $$;
