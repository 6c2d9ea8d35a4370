-- The stay's own page. Whoever has the manage link sees all; the show link shows dates, route and the house's phone only:
-- guest, money and note are null then.
create or replace function booking.stay(code sure.text, secret sure.bytea) returns table (
    may sure.text, state sure.text, until timestamptz, reason text, house sure.bigint, house_name sure.text, rooms booking.room[],
    arrive sure.date, leave sure.date, adults sure.int, children int[], arrival int, guest_name text, guest_phone text, note text,
    total_fen bigint, balance_fen bigint, refund_fen bigint, owed_fen bigint, free_cancel_until timestamptz,
    nights booking.night[], cancel booking.cut[], entries booking.entry[], transfers booking.transfer[], can_cancel sure.boolean, can_change sure.boolean,
    can_take_up sure.boolean, can_be_late sure.boolean,
    address sure.text, way sure.text, phone sure.text, host sure.text, latitude_e6 sure.int, longitude_e6 sure.int,
    check_in_from sure.int, check_in_to sure.int, check_out_by sure.int, cover text, invoice_title text, invoice_done timestamptz, made sure.timestamptz, whole sure.boolean)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    f    record := booking.find(stay.code, stay.secret);
    b    booking := f.it;
    all_ boolean := f.may = 'manage';
    s    stay;
    now_ text;
    owed bigint;
begin
    select x.* into s from stay x where x.village = b.village and x.booking = b.booking;
    now_ := booking.state(s.state, s.until);
    owed := booking.owed(s);
    return query
        select f.may::sure.text, now_::sure.text, nullif(s.until, 'infinity'), s.reason, s.house::sure.bigint, s.house_name::sure.text, booking.room_list(s),
               s.arrive::sure.date, s.leave::sure.date, s.adults::sure.int, s.children, s.arrival,
               case when all_ then b.guest_name end, case when all_ then b.guest_phone end, case when all_ then s.note end,
               case when all_ then s.total_fen::bigint end, case when all_ then booking.balance(s.village, s.stay) end,
               case when all_ then s.total_fen - owed end, case when all_ then owed end,
               case when all_ then booking.free_until(s.cuts) end,
               case when all_ then booking.night_list(s.village, s.stay) end,
               case when all_ then booking.cut_list(s.cuts, s.total_fen) end,
               case when all_ then booking.entry_list(s) end,
               case when all_ then booking.transfer_list(s) end,
               (all_ and now_ in ('held', 'requested', 'confirmed'))::sure.boolean,
               (all_ and now_ in ('requested', 'confirmed', 'checked_in'))::sure.boolean,
               (all_ and now_ = 'held')::sure.boolean, (all_ and now_ in ('requested', 'confirmed'))::sure.boolean,
               base.pick(h.address_zh, h.address_en)::sure.text, base.pick(h.way_zh, h.way_en)::sure.text, h.phone::sure.text,
               base.pick(h.host_zh, h.host_en)::sure.text, h.latitude_e6::sure.int, h.longitude_e6::sure.int,
               h.check_in_from::sure.int, h.check_in_to::sure.int, h.check_out_by::sure.int,
               (select encode(p.hash, 'hex') from photo p where p.village = h.village and p.house = h.house order by p.position limit 1),
               case when all_ then i.title end, case when all_ then i.done end, b.made::sure.timestamptz,
               (select count(*) > 1 and bool_and(r.room in (select y.room from stay_room y where y.village = s.village and y.stay = s.stay))
                  from room r where r.village = s.village and r.house = s.house and not r.closed)::sure.boolean
          from house h left join invoice i on i.village = s.village and i.stay = s.stay
         where h.village = s.village and h.house = s.house;
end $$;
