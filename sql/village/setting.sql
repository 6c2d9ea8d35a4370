-- A number the association may set, or its default.
--   stays_per_phone, stays_per_device, stays_per_address   open stays at once; 0 is no limit
--   request_minutes                                         how long a house may take to answer
--   book_ahead_nights                                       how far ahead one may book, at most 400
--   longest_nights                                          how long one stay may be
create or replace function village.setting(name text) returns bigint
language plpgsql stable as $$
begin
    return coalesce((select s.value from data.setting s where s.village = base.village() and s.name = setting.name),
        case setting.name
            when 'stays_per_phone'   then 4
            when 'stays_per_device'  then 6
            when 'stays_per_address' then 40
            when 'request_minutes'   then 120
            when 'book_ahead_nights' then 400
            when 'longest_nights'    then 60
        end);
end $$;
