-- Answers that the site draws from the board, with texts in the visitor's language: their C structs, their JSON and the API's schemas
-- are made from these, as from the functions' rows.
create type lodging.room_offer as (id sure.bigint, name sure.text, capacity sure.int, total_fen sure.bigint);
-- A house of the list. choice: the rooms that total_fen is for, the fewest that take the party; rooms: every one that takes it alone.
create type lodging.card as (
    id sure.bigint, name sure.text, star int, arrive sure.date, leave sure.date, total_fen sure.bigint, free_cancel_until timestamptz,
    choice booking.room[], whole sure.boolean, rooms lodging.room_offer[], style sure.text, line sure.text, cover text, cover_alt text,
    cover_drawn sure.boolean, walk_minutes sure.int, breakfast sure.boolean, parking sure.int, by_request sure.boolean, beds text[], amenities text[],
    latitude_e6 sure.int, longitude_e6 sure.int);
-- Other dates for the same number of nights, and what is there then.
create type lodging.near as (arrive sure.date, leave sure.date, houses sure.int, from_fen sure.bigint);
create type lodging.house as (
    id sure.bigint, name sure.text, star int, style sure.text, line sure.text, story sure.text, address sure.text, way sure.text,
    latitude_e6 sure.int, longitude_e6 sure.int, walk_minutes sure.int, phone sure.text, host sure.text, meals sure.text,
    breakfast sure.boolean, parking sure.int, rules sure.text, amenities text[], check_in_from sure.int, check_in_to sure.int,
    check_out_by sure.int, by_request sure.boolean, paused sure.boolean);
-- why: the text key of why the room cannot be booked for the dates asked for, near_…: the nearest dates on which it can; from_fen: the lowest base price of a night; nights: what
-- each costs before the long-stay percentage, discount_fen what that takes off.
create type lodging.room as (
    id sure.bigint, name sure.text, about sure.text, capacity sure.int, beds text[], area_m2 sure.int, floor sure.int, step_free sure.boolean,
    photo text, photo_alt text, total_fen bigint, why text, near_arrive date, near_leave date, free_cancel_until timestamptz, from_fen bigint, nights booking.night[], discount_fen sure.bigint);
create type lodging.picture as (hash sure.text, alt sure.text, drawn sure.boolean, taken date, room bigint);
-- Several rooms of a house, for a party that none takes alone, or the whole house.
create type lodging.choice as (rooms booking.room[], whole sure.boolean, total_fen sure.bigint, free_cancel_until timestamptz);
-- For two adults: the lowest price of a free room in fen, or null when every room is taken, and how many are free.
create type lodging.day as (date sure.date, from_fen bigint, free_rooms sure.int, festival text, day_off sure.boolean);
-- What the list is narrowed to: styles and comforts by their codes, minutes to walk, yuan a night, the order; chosen: how many of these.
create type lodging.filter as (
    style text[], comfort text[], bed text, walk int, price_to int, whole sure.boolean, flex sure.boolean, map sure.boolean, sort sure.text, chosen sure.int);
-- One way to narrow it: a field of the form and its value, how many houses of these dates have it, whether it is chosen.
create type lodging.option as (field sure.text, value sure.text, houses sure.int, chosen sure.boolean);
