-- A new link for a guest who lost theirs: the old ones die, so do the keys of devices. manage, show: hashes of the new secrets.
create or replace function owner.link(code sure.text, manage sure.bytea, show sure.bytea) returns table (guest_name sure.text)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f record := owner.find(link.code);
    b booking := f.b;
begin
    if b.erased is not null then
        perform base.refuse('booking.erased', 409);
    end if;
    update booking x set manage = link.manage, show = link.show, wrong_tries = 0 where x.village = b.village and x.booking = b.booking;
    delete from booking_key k where k.village = b.village and k.booking = b.booking;
    perform base.record('booking.link', b.booking, jsonb_build_object('stay', (f.s).stay), booking.on_behalf((f.s).house, f.actor));
    return query select b.guest_name::sure.text;
end $$;
