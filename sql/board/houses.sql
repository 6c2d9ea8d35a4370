-- What these houses are, in both languages, with what is reckoned by house: child bands (dearest rule of age first to last), the long-stay
-- ladder, the steps of cancelling (minute and days null: for ever after). whole_fen: what all
-- its rooms together cost each night of the window (整院), -1 where it set nothing; empty where it never did. Pictures in their order.
create or replace function board.houses(village sure.int, houses bigint[]) returns table (
    house sure.bigint, place sure.int, from_day sure.date, style sure.text, name_zh sure.text, name_en sure.text, line_zh sure.text, line_en sure.text,
    story_zh sure.text, story_en sure.text, address_zh sure.text, address_en sure.text, way_zh sure.text, way_en sure.text,
    latitude_e6 sure.int, longitude_e6 sure.int, walk_minutes sure.int, phone sure.text, host_zh sure.text, host_en sure.text,
    meals_zh sure.text, meals_en sure.text, breakfast sure.boolean, parking sure.int, rules_zh sure.text, rules_en sure.text, amenities text[],
    check_in_from sure.int, check_in_to sure.int, check_out_by sure.int, by_request sure.boolean, paused sure.boolean,
    bands board.child_band[], ladder board.ladder_step[], cuts board.cut_step[], whole_fen int[], photos board.picture[])
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform board.enter($1);
    return query
        select h.house::sure.bigint, h.position::sure.int, clock.today($1)::sure.date, h.style::sure.text, h.name_zh::sure.text, h.name_en::sure.text,
               h.line_zh::sure.text, h.line_en::sure.text, h.story_zh::sure.text, h.story_en::sure.text, h.address_zh::sure.text, h.address_en::sure.text,
               h.way_zh::sure.text, h.way_en::sure.text, h.latitude_e6::sure.int, h.longitude_e6::sure.int, h.walk_minutes::sure.int, h.phone::sure.text,
               h.host_zh::sure.text, h.host_en::sure.text, h.meals_zh::sure.text, h.meals_en::sure.text, h.breakfast::sure.boolean, h.parking::sure.int,
               h.rules_zh::sure.text, h.rules_en::sure.text, h.amenities, h.check_in_from::sure.int, h.check_in_to::sure.int, h.check_out_by::sure.int,
               h.by_request::sure.boolean, h.paused::sure.boolean,
               array(select row(b.under_age, b.fen)::board.child_band from child_band b where b.village = $1 and b.house = h.house order by b.under_age),
               array(select row(l.nights, l.percent)::board.ladder_step from ladder l where l.village = $1 and l.house = h.house order by l.nights desc),
               array(select row(c.days_before, c.minute, c.percent)::board.cut_step from cut c where c.village = $1 and c.house = h.house order by c.step),
               case when exists (select from whole_rate w where w.village = $1 and w.house = h.house)
                    then (select array_agg(coalesce(p, -1)::int order by i)
                            from booking.rates($1, null, h.house, clock.today($1), clock.weekends(clock.today($1), board.window())) r, unnest(r.prices) with ordinality u (p, i)) end,
               array(select row(encode(p.hash, 'hex'), p.alt_zh, p.alt_en, p.drawn, p.taken, p.room)::board.picture from photo p
                      where p.village = $1 and p.house = h.house order by p.position, p.photo)
          from house h where h.village = $1 and h.house = any ($2);
end $$;
