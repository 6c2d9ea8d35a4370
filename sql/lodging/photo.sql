-- The bytes of a photo at most `width` wide: the size made for it, else the original, and then not made: nobody may keep it for
-- long. Only what a photo of a house shows.
create or replace function lodging.photo(hash sure.bytea, width sure.int) returns table (kind sure.text, bytes sure.bytea, made sure.boolean)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
        select coalesce(s.kind, f.kind)::sure.text, coalesce(s.bytes, f.bytes)::sure.bytea, (s.bytes is not null)::sure.boolean
          from file f left join file_size s on s.village = f.village and s.hash = f.hash and s.width = photo.width
         where f.village = base.village() and f.hash = $1
           and exists (select from data.photo p where p.village = f.village and p.hash = f.hash);
    if not found then
        perform base.refuse('lodging.no_photo', 404);
    end if;
end $$;
