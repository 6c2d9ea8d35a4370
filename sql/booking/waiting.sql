-- A place in the queue, by its link: how many stand before for nights that touch these, and what became of it. From the moment nights are
-- offered there is a stay of the same code.
create or replace function booking.waiting(code sure.text, secret sure.bytea) returns table (
    state sure.text, house bigint, house_name text, arrive sure.date, leave sure.date, adults sure.int, children int[], guest_name sure.text, before sure.int,
    stay sure.boolean, hold_minutes sure.int, made sure.timestamptz)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    w waiting := booking.find_waiting(waiting.code, waiting.secret);
begin
    return query
        select w.state::sure.text, w.house, (select base.pick(h.name_zh, h.name_en) from house h where h.village = w.village and h.house = w.house),
               w.arrive::sure.date, w.leave::sure.date, w.adults::sure.int, w.children, w.name::sure.text,
               (select count(*) from waiting x where x.village = w.village and x.ended is null and x.state = 'waiting' and x.made < w.made
                   and (x.house is null or w.house is null or x.house = w.house) and x.arrive < w.leave and x.leave > w.arrive)::int::sure.int,
               (w.booking is not null)::sure.boolean, (village.settings()).waiting_minutes::int::sure.int, w.made::sure.timestamptz;
end $$;
