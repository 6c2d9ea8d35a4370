-- Is this a weekend night, one before a day off? Holidays and make-up working days (调休) decide before the weekday does.
create or replace function clock.weekend(night date) returns boolean
language plpgsql stable as $$
begin
    return coalesce((select bool_or(h.kind = 'holiday') from data.holiday h where h.day = night + 1 and h.kind <> 'festival'),
                    extract(isodow from night + 1) >= 6);
end $$;
