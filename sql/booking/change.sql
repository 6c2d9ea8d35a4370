-- The guest changes dates, rooms or party: all or nothing (README.md, "Changing"). Asked for what is already so, it is answered as done.
-- phone_last4: booking.last_four; a wrong one is answered by refused. owed_fen: what the dropped nights cost.
create or replace function booking.change(code sure.text, secret sure.bytea, rooms bigint[], arrive sure.date, leave sure.date, adults sure.int, children int[],
    phone_last4 sure.text, seen_total_fen bigint, seen_owed_fen bigint) returns table (
    state sure.text, refused text, total_fen sure.bigint, owed_fen sure.bigint, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    m   record := booking.manage(change.code, change.secret);
    s   stay := m.s;
    p   record;
    why text := booking.last_four(m.b, change.phone_last4);
    cost bigint := 0;
begin
    if why is null then
        p := booking.plan(s, 'guest', change.rooms, change.arrive, change.leave, change.adults, coalesce(change.children, '{}'));
        if not p.same then
            cost := p.cost;
            s := booking.apply(s, 'guest', p, change.arrive, change.leave, change.adults, change.children, change.seen_total_fen, change.seen_owed_fen);
        end if;
    end if;
    return query select booking.state(s.state, s.until)::sure.text, why, s.total_fen::bigint::sure.bigint, cost::sure.bigint,
                        booking.balance(s.village, s.stay)::sure.bigint;
end $$;
