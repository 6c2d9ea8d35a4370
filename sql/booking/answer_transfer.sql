-- The guest confirms or denies what the house says was transferred, or withdraws what they said themselves.
create or replace function booking.answer_transfer(code sure.text, secret sure.bytea, transfer sure.bigint, yes sure.boolean) returns table (balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    s stay := (booking.manage(answer_transfer.code, answer_transfer.secret)).s;
begin
    perform booking.settle_transfer(s, answer_transfer.transfer, 'guest', answer_transfer.yes);
    return query select booking.balance(s.village, s.stay)::sure.bigint;
end $$;
