-- Cut-offs as answers show them.
create or replace function booking.cut_list(cuts data.cut_off[], total_fen bigint) returns booking.cut[]
language plpgsql stable as $$
begin
    return (select coalesce(array_agg(row(nullif(c.until, 'infinity'), cut_list.total_fen - c.owed_fen, c.owed_fen)::booking.cut order by c.step), '{}')
              from unnest(cuts) with ordinality c (until, owed_fen, percent, step));
end $$;
