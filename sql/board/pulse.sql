-- The first question of every round: xmin, the number below which every transaction has ended (what is asked for next time), and how far
-- the clock of the village is shifted, in microseconds. Refuses a caller compiled against functions of another release.
create or replace function board.pulse(release sure.text) returns table (xmin sure.bigint, shift_us sure.bigint)
language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    if not exists (select from release r where r.hash = pulse.release) then
        perform base.refuse('fault.release', 503);
    end if;
    return query select pg_snapshot_xmin(pg_current_snapshot())::text::bigint::sure.bigint,
                        (extract(epoch from (select c.shift from clock c)) * 1000000)::bigint::sure.bigint;
end $$;
