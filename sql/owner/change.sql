-- The house or the association changes a stay with the guest: other rooms, dates, party; a longer stay, an earlier leaving. The rules and
-- the prices are those of booking.change.
create or replace function owner.change(code sure.text, rooms bigint[], arrive sure.date, leave sure.date, adults sure.int, children int[]) returns table (
    state sure.text, total_fen sure.bigint, owed_fen sure.bigint, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    f record := owner.find(change.code);
    s stay := f.s;
    p record := booking.plan(s, f.actor, change.rooms, change.arrive, change.leave, change.adults, coalesce(change.children, '{}'));
begin
    if not p.same then
        s := booking.apply(s, f.actor, p, change.arrive, change.leave, change.adults, change.children, null, null);
    end if;
    return query select booking.state(s.state, s.until)::sure.text, s.total_fen::bigint::sure.bigint, coalesce(p.cost, 0)::sure.bigint,
                        booking.balance(s.village, s.stay)::sure.bigint;
end $$;
