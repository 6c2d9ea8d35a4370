-- The house has handed the guest the 发票 they asked for.
create or replace function owner.invoice_done(code sure.text) returns table (title sure.text)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f record := owner.find(invoice_done.code);
    title text;
begin
    update invoice i set done = coalesce(i.done, clock.now()) where i.village = (f.s).village and i.stay = (f.s).stay returning i.title into title;
    if title is null then
        perform base.refuse('booking.no_invoice', 404);
    end if;
    perform base.record('booking.invoice_done', (f.b).booking, jsonb_build_object('stay', (f.s).stay), booking.on_behalf((f.s).house, f.actor));
    return query select title::sure.text;
end $$;
