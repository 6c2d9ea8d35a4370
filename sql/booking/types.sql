-- Rows within rows of answers.
create type booking.night as (date sure.date, room sure.bigint, price_fen sure.bigint, rule sure.text);
-- until null: for ever after. refund_fen: what of the total need not be paid (or comes back); owed_fen the rest.
create type booking.cut as (until timestamptz, refund_fen sure.bigint, owed_fen sure.bigint);
create type booking.room as (id sure.bigint, name sure.text);
-- A night of a stay as a change would leave it. mark: kept, added, or gone; the price of a kept night may have grown by its guests.
create type booking.change_night as (date sure.date, room sure.bigint, price_fen sure.bigint, rule sure.text, mark sure.text);
-- Money of a stay, one entry. reversed: another entry takes it back.
create type booking.entry as (id sure.bigint, at sure.timestamptz, kind sure.text, what sure.text, amount_fen sure.bigint, reverses bigint, reversed sure.boolean, reason text, by text);
create type booking.transfer as (id sure.bigint, at sure.timestamptz, kind sure.text, amount_fen sure.bigint, said_by sure.text, note sure.text, state sure.text);
