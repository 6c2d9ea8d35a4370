-- What a house is, in the visitor's language. 404 when there is none.
create or replace function lodging.house(house sure.bigint) returns table (
    id sure.bigint, name sure.text, star int, style sure.text, line sure.text, story sure.text, address sure.text, way sure.text,
    latitude_e6 sure.int, longitude_e6 sure.int, walk_minutes sure.int, phone sure.text, host sure.text, meals sure.text,
    breakfast sure.boolean, parking sure.int, rules sure.text, amenities text[], check_in_from sure.int, check_in_to sure.int,
    check_out_by sure.int, by_request sure.boolean, paused sure.boolean)
language plpgsql stable security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
        select h.house::sure.bigint, base.pick(h.name_zh, h.name_en)::sure.text, null::int, h.style::sure.text,
               base.pick(h.line_zh, h.line_en)::sure.text, base.pick(h.story_zh, h.story_en)::sure.text,
               base.pick(h.address_zh, h.address_en)::sure.text, base.pick(h.way_zh, h.way_en)::sure.text,
               h.latitude_e6::sure.int, h.longitude_e6::sure.int, h.walk_minutes::sure.int, h.phone::sure.text,
               base.pick(h.host_zh, h.host_en)::sure.text, base.pick(h.meals_zh, h.meals_en)::sure.text, h.breakfast::sure.boolean,
               h.parking::sure.int, base.pick(h.rules_zh, h.rules_en)::sure.text, h.amenities, h.check_in_from::sure.int,
               h.check_in_to::sure.int, h.check_out_by::sure.int, h.by_request::sure.boolean, h.paused::sure.boolean
          from data.house h where h.village = base.village() and h.house = $1;
    if not found then
        perform base.refuse('lodging.no_house', 404);
    end if;
end $$;
