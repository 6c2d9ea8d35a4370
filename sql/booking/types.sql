-- Rows within rows of answers.
create type booking.night as (date sure.date, room sure.bigint, price_fen sure.bigint, rule sure.text);
-- until null: for ever after. refund_fen: what of the total need not be paid (or comes back); owed_fen the rest.
create type booking.cut as (until timestamptz, refund_fen sure.bigint, owed_fen sure.bigint);
create type booking.room as (id sure.bigint, name sure.text);
