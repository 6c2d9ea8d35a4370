-- Answers that the site draws from the board.
-- The front page in figures: how many houses have a room for two adults from arrive to leave, and from how much.
create type village.front as (
    name sure.text, place sure.text, phone sure.text, today sure.date, houses sure.int, arrive sure.date, leave sure.date, free_houses sure.int, from_fen bigint);
-- A night of the village: of how many rooms for two how many are free, and from how much.
create type village.night as (date sure.date, rooms sure.int, free sure.int, from_fen bigint, festival text);
create type village.festival as (name sure.text, first_day sure.date, last_day sure.date, day_off sure.boolean, houses sure.int, from_fen bigint);
