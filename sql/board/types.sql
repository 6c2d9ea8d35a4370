-- Rows within rows of what the board reads.
create type board.child_band as (under_age sure.int, fen sure.bigint);
create type board.ladder_step as (nights sure.int, percent sure.int);
create type board.cut_step as (days_before int, minute int, percent sure.int);
create type board.picture as (hash sure.text, alt_zh sure.text, alt_en sure.text, drawn sure.boolean, taken date, room bigint);
