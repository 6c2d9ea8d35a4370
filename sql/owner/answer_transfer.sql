-- The house, or the association for either side, confirms or denies a transfer, or withdraws its own.
create or replace function owner.answer_transfer(code sure.text, transfer sure.bigint, yes sure.boolean) returns table (state sure.text, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f record := owner.find(answer_transfer.code);
    s stay := f.s;
begin
    perform booking.settle_transfer(s, answer_transfer.transfer, f.actor, answer_transfer.yes);
    return query select booking.state(x.state, x.until)::sure.text, booking.balance(s.village, s.stay)::sure.bigint from stay x where x.village = s.village and x.stay = s.stay;
end $$;
