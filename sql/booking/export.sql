-- All the village keeps about a guest of this booking, as one JSON document, for the guest (PIPL). Needs the last four digits
-- (booking.last_four; a wrong one is answered by refused). Hashes are left out: they say nothing to anybody.
create or replace function booking.export(code sure.text, secret sure.bytea, phone_last4 sure.text) returns table (refused text, document text)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    m    record := booking.manage(export.code, export.secret);
    b    booking := m.b;
    s    stay := m.s;
    why  text := booking.last_four(b, export.phone_last4);
    said jsonb;
begin
    if why is null then
        said := jsonb_build_object(
            'booking', jsonb_build_object('code', b.code, 'guest_name', b.guest_name, 'guest_phone', b.guest_phone, 'guest_email', b.guest_email, 'language', b.lang, 'made', b.made),
            'stay', jsonb_build_object('house', s.house_name, 'state', booking.state(s.state, s.until), 'arrive', s.arrive, 'leave', s.leave, 'adults', s.adults, 'children', s.children,
                                       'arrival_minute', s.arrival, 'note', s.note, 'total_fen', s.total_fen, 'balance_fen', booking.balance(s.village, s.stay)),
            'nights', (select jsonb_agg(to_jsonb(n)) from unnest(booking.night_list(s.village, s.stay)) n),
            'money', (select jsonb_agg(to_jsonb(e) - 'by') from unnest(booking.entry_list(s)) e),
            'transfers', (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from unnest(booking.transfer_list(s)) x),
            'invoice', (select to_jsonb(i) - 'village' - 'stay' from invoice i where i.village = s.village and i.stay = s.stay),
            'waiting', (select jsonb_build_object('name', w.name, 'phone', w.phone, 'made', w.made) from waiting w where w.village = b.village and w.booking = b.booking limit 1),
            'acts', (select coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'act', e.act, 'by', case when e.actor like 'person:%' then 'house or association' else e.actor end) order by e.event), '[]')
                       from event e where e.village = b.village and e.subject = b.booking));
        perform base.record('booking.export', b.booking, '{}');
    end if;
    return query select why, jsonb_pretty(said);
end $$;
