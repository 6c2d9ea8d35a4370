-- Takes an entry back, whole, by an entry of its own, with a reason: a payment or refund written down wrongly, or as a favour what a change, a
-- cancelling or a no-show cost. Each once (booking.reversed); other entries not at all (booking.no_reverse).
create or replace function owner.reverse(code sure.text, entry sure.bigint, reason sure.text) returns table (balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f record := owner.find(reverse.code);
    s stay := f.s;
    l ledger;
begin
    select x.* into l from ledger x where x.village = s.village and x.stay = s.stay and x.entry = reverse.entry;
    if l.entry is null then
        perform base.refuse('booking.no_entry', 404);
    elsif exists (select from ledger x where x.village = s.village and x.reverses = l.entry) then
        perform base.refuse('booking.reversed', 409);
    elsif l.reverses is not null or l.kind = 'charge' and l.what not in ('drop', 'cancel', 'no_show') then
        perform base.refuse('booking.no_reverse', 409);
    end if;
    insert into ledger (village, stay, kind, amount_fen, reverses, what, at, person, reason)
    values (s.village, s.stay, l.kind, -l.amount_fen, l.entry, case l.kind when 'charge' then 'favour' else 'mistake' end, clock.now(), account.me(), reverse.reason);
    perform base.record('booking.reverse', s.booking, jsonb_build_object('stay', s.stay, 'entry', l.entry, 'reason', reverse.reason), booking.on_behalf(s.house, f.actor));
    return query select booking.balance(s.village, s.stay)::sure.bigint;
end $$;
