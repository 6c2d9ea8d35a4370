-- What cancelling a stay would cost at this moment, in fen: the step of the cut-offs in force. Nothing while nobody has promised it.
create or replace function booking.owed(s data.stay) returns bigint
language plpgsql stable as $$
begin
    return case when s.state in ('held', 'requested', 'expired', 'declined') then 0 else (booking.cut_now(s.cuts, clock.now())).owed_fen end;
end $$;
