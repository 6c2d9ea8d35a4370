-- Somebody stands for this guest: the house that accepts or receives them, the association, money. The stay's nights no longer count
-- against the share of those nobody knows (booking.pace).
create or replace function booking.vouch(stay bigint) returns void
language plpgsql as $$
begin
    update data.stay x set vouched = clock.now() where x.village = base.village() and x.stay = vouch.stay and x.vouched is null;
    if found then
        perform from data.night n where n.village = base.village() and n.stay = vouch.stay order by n.room, n.night for update;
        update data.night n set unverified = false where n.village = base.village() and n.stay = vouch.stay and n.unverified;
    end if;
end $$;
