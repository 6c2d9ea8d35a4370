-- A stay as its house sees it: the guest, the rooms, the money entry by entry, and what may be done next (steps: words of booking.step).
-- The phone number is whole around the days of the stay (from 30 days before to 3 after) and while money is open, else masked.
create or replace function owner.stay(code sure.text) returns table (
    stay_code sure.text, actor sure.text, state sure.text, until timestamptz, reason text, house sure.bigint, house_name sure.text, rooms booking.room[],
    arrive sure.date, leave sure.date, adults sure.int, children int[], arrival int, guest_name sure.text, guest_phone sure.text, masked sure.boolean, note sure.text,
    total_fen sure.bigint, balance_fen sure.bigint, nights booking.night[], cancel booking.cut[], entries booking.entry[], transfers booking.transfer[],
    steps text[], invoice_title text, invoice_tax_no text, invoice_email text, invoice_done timestamptz, check_in_to sure.int, made sure.timestamptz, vouched sure.boolean)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f     record := owner.find(stay.code);
    b     booking := f.b;
    s     stay := f.s;
    now_  text := booking.state(s.state, s.until);
    owed  bigint := booking.balance(s.village, s.stay);
    today date := clock.today(s.village);
    plain boolean := owed <> 0 or today between s.arrive - 30 and s.leave + 3;
begin
    return query
        select b.code::sure.text, f.actor::sure.text, now_::sure.text, nullif(s.until, 'infinity'), s.reason, s.house::sure.bigint, s.house_name::sure.text,
               booking.room_list(s), s.arrive::sure.date, s.leave::sure.date, s.adults::sure.int, s.children, s.arrival, owner.guest(b)::sure.text,
               (case when plain then b.guest_phone else booking.masked(b.guest_phone) end)::sure.text, (not plain)::sure.boolean, s.note::sure.text,
               s.total_fen::bigint::sure.bigint, owed::sure.bigint, booking.night_list(s.village, s.stay), booking.cut_list(s.cuts, s.total_fen),
               booking.entry_list(s), booking.transfer_list(s), booking.steps_open(s, f.actor),
               i.title, i.tax_no, i.email, i.done, h.check_in_to::sure.int, b.made::sure.timestamptz, (s.vouched is not null)::sure.boolean
          from house h left join invoice i on i.village = s.village and i.stay = s.stay
         where h.village = s.village and h.house = s.house;
end $$;
