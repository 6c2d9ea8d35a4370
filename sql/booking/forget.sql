-- Forgets who the guest of a booking was: name, phone, e-mail, note, hashes, requests for a 发票, words beside transfers, papers, places in the
-- queue, links. Stay, nights and money remain, as nobody's. What is open is not forgotten: stays to come, money owed either way.
create or replace function booking.forget(b data.booking) returns void
language plpgsql set search_path = data, pg_temp as $$
declare
    s stay;
begin
    for s in select x.* from stay x where x.village = b.village and x.booking = b.booking for update loop
        if booking.state(s.state, s.until) in ('held', 'requested', 'confirmed', 'checked_in') then
            perform base.refuse('booking.erase_later', 409);
        elsif booking.balance(s.village, s.stay) <> 0 or exists (select from transfer x where x.village = s.village and x.stay = s.stay and x.state = 'said') then
            perform base.refuse('booking.erase_unpaid', 409);
        end if;
        update stay x set phone = '', device = null, address = null, note = '', vouched = null where x.village = s.village and x.stay = s.stay;
        update transfer x set note = '' where x.village = s.village and x.stay = s.stay;
        delete from invoice i where i.village = s.village and i.stay = s.stay;
        delete from paper p where p.village = s.village and p.subject = s.stay;
    end loop;
    update waiting w set name = '', phone = '', device = null, address = null where w.village = b.village and w.booking = b.booking;
    delete from booking_key k where k.village = b.village and k.booking = b.booking;
    delete from idempotency i where i.village = b.village and i.scope = 'booking.book' and i.subject = b.booking;
    update booking x set guest_name = '', guest_phone = '', guest_email = null, device = null, address = null, manage = sha256(uuid_send(gen_random_uuid())),
                         show = sha256(uuid_send(gen_random_uuid())), erased = clock.now()
     where x.village = b.village and x.booking = b.booking;
    perform base.record('booking.forget', b.booking, '{}');
end $$;
