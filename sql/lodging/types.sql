-- Rows within rows of answers.
create type lodging.room_offer as (id sure.bigint, name sure.text, capacity sure.int, total_fen sure.bigint);
