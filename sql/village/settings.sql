-- What the association may set, or the defaults, all at once: a booking asks for most of them.
--   stays_per_phone, stays_per_device, stays_per_address   open stays at once; 0 is no limit
--   unverified_share                                        percent of a night's rooms that guests nobody knows may take together; 0 and 100 are no limit
--   request_minutes                                         how long a house may take to answer
--   book_ahead_nights                                       how far ahead one may book, at most 400
--   longest_nights                                          how long one stay may be
--   waiting_minutes                                         how long freed nights are kept for who is next in the queue
--   waiting_per_phone                                       places in the queue at once; 0 is no limit
--   keep_guest_days                                         after leaving, until name and phone of a guest are forgotten
create or replace function village.settings(out stays_per_phone bigint, out stays_per_device bigint, out stays_per_address bigint, out unverified_share bigint,
    out request_minutes bigint, out book_ahead_nights bigint, out longest_nights bigint, out waiting_minutes bigint, out waiting_per_phone bigint,
    out keep_guest_days bigint)
language plpgsql stable as $$
declare
    s record;
begin
    stays_per_phone := 4;
    stays_per_device := 6;
    stays_per_address := 40;
    unverified_share := 80;
    request_minutes := 120;
    book_ahead_nights := 400;
    longest_nights := 60;
    waiting_minutes := 120;
    waiting_per_phone := 3;
    keep_guest_days := 180;
    for s in select x.name, x.value from data.setting x where x.village = base.village() loop
        case s.name
            when 'stays_per_phone' then stays_per_phone := s.value;
            when 'stays_per_device' then stays_per_device := s.value;
            when 'stays_per_address' then stays_per_address := s.value;
            when 'unverified_share' then unverified_share := s.value;
            when 'request_minutes' then request_minutes := s.value;
            when 'book_ahead_nights' then book_ahead_nights := s.value;
            when 'longest_nights' then longest_nights := s.value;
            when 'waiting_minutes' then waiting_minutes := s.value;
            when 'waiting_per_phone' then waiting_per_phone := s.value;
            when 'keep_guest_days' then keep_guest_days := s.value;
            else null;
        end case;
    end loop;
end $$;
