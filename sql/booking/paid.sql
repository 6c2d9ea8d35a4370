-- The guest says: I have transferred so much. It counts when the house confirms it.
create or replace function booking.paid(code sure.text, secret sure.bytea, amount_fen sure.bigint, note sure.text) returns table (transfer sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    s stay := (booking.manage(paid.code, paid.secret)).s;
begin
    return query select booking.say_transfer(s, 'guest', 'payment', paid.amount_fen, paid.note)::sure.bigint;
end $$;
