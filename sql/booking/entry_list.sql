-- Money of a stay, entry by entry, as it was written down. by: who did, null for the guest and the system.
create or replace function booking.entry_list(s data.stay) returns booking.entry[]
language plpgsql stable as $$
begin
    return (select coalesce(array_agg(row(l.entry, l.at, l.kind, l.what, l.amount_fen, l.reverses,
                                          exists (select from data.ledger r where r.village = l.village and r.reverses = l.entry), l.reason, p.name)::booking.entry order by l.entry), '{}')
              from data.ledger l left join data.person p on p.village = l.village and p.person = l.person
             where l.village = s.village and l.stay = s.stay);
end $$;
