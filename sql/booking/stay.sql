-- The stay's own page. Whoever has the manage link sees all; the show link shows dates, route and the house's phone only:
-- guest, money and note are null then.
create or replace function booking.stay(code sure.text, secret sure.bytea) returns table (
    may sure.text, state sure.text, until timestamptz, house sure.bigint, house_name sure.text, rooms booking.room[],
    arrive sure.date, leave sure.date, adults sure.int, children int[], arrival int, guest_name text, guest_phone text, note text,
    total_fen bigint, balance_fen bigint, refund_fen bigint, owed_fen bigint, free_cancel_until timestamptz,
    nights booking.night[], cancel booking.cut[], can_cancel sure.boolean,
    address sure.text, way sure.text, phone sure.text, host sure.text, latitude_e6 sure.int, longitude_e6 sure.int,
    check_in_from sure.int, check_in_to sure.int, check_out_by sure.int, cover text, made sure.timestamptz)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    f record;
    b booking;
    whole boolean;
begin
    f := booking.find(stay.code, stay.secret);
    b := f.it;
    whole := f.may = 'manage';
    return query
        select f.may::sure.text, x.now_state::sure.text, nullif(s.until, 'infinity'), s.house::sure.bigint, s.house_name::sure.text,
               (select array_agg(row(r.room, base.pick(r.name_zh, r.name_en))::booking.room order by r.position)
                  from room r where r.village = s.village
                   and exists (select from stay_room sr where sr.village = s.village and sr.stay = s.stay and sr.room = r.room)),
               s.arrive::sure.date, s.leave::sure.date, s.adults::sure.int, s.children, s.arrival,
               case when whole then b.guest_name end, case when whole then b.guest_phone end, case when whole then s.note end,
               case when whole then s.total_fen::bigint end, case when whole then booking.balance(s.village, s.stay) end,
               case when whole then s.total_fen - x.owed end, case when whole then x.owed end,
               case when whole then booking.free_until(s.cuts) end,
               case when whole then booking.night_list(s.village, s.stay) end,
               case when whole then booking.cut_list(s.cuts, s.total_fen) end,
               (whole and x.now_state in ('held', 'requested', 'confirmed'))::sure.boolean,
               base.pick(h.address_zh, h.address_en)::sure.text, base.pick(h.way_zh, h.way_en)::sure.text, h.phone::sure.text,
               base.pick(h.host_zh, h.host_en)::sure.text, h.latitude_e6::sure.int, h.longitude_e6::sure.int,
               h.check_in_from::sure.int, h.check_in_to::sure.int, h.check_out_by::sure.int,
               (select encode(p.hash, 'hex') from photo p where p.village = h.village and p.house = h.house order by p.position limit 1),
               b.made::sure.timestamptz
          from stay s join house h using (village, house),
               lateral (select booking.state(s.state, s.until) as now_state, booking.owed(s.cuts, clock.now()) as owed) x
         where s.village = b.village and s.booking = b.booking;
end $$;
