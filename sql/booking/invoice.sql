-- The guest asks the house for a 发票: to whom it is made out, their tax number (may be empty, for a person), where it is sent. Asked again
-- it is written over, until the house has done it.
create or replace function booking.invoice(code sure.text, secret sure.bytea, title sure.text, tax_no sure.text, email sure.text) returns table (at sure.timestamptz)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    s stay := (booking.manage(invoice.code, invoice.secret)).s;
begin
    insert into invoice as i values (s.village, s.stay, invoice.title, invoice.tax_no, invoice.email, clock.now())
    on conflict (village, stay) do update set title = excluded.title, tax_no = excluded.tax_no, email = excluded.email, at = excluded.at where i.done is null;
    if not found then
        perform base.refuse('booking.invoice_done', 409);
    end if;
    perform base.record('booking.invoice', s.booking, jsonb_build_object('stay', s.stay));
    return query select clock.now()::sure.timestamptz;
end $$;
