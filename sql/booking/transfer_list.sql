-- Transfers of a stay as they were said.
create or replace function booking.transfer_list(s data.stay) returns booking.transfer[]
language plpgsql stable as $$
begin
    return (select coalesce(array_agg(row(x.transfer, x.at, x.kind, x.amount_fen, x.said_by, x.note, x.state)::booking.transfer order by x.at, x.transfer), '{}')
              from data.transfer x where x.village = s.village and x.stay = s.stay);
end $$;
