-- Meets what is due, in every village: done says how many were met, at most 200 in a call. What fails, and an act nobody here
-- knows, stays due and is told in `trouble` (the first one of the call); it holds up no other. Two programs never meet the same.
create or replace function jobs.deadlines() returns table (done int, trouble text)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    met  int := 0;
    said text;
    v    int;
    d    deadline;
begin
    perform set_config('visit.actor', 'system', true), set_config('visit.person', '', true);
    for v in select * from jobs.villages() loop
        perform set_config('visit.village', v::text, true);
        for d in select * from deadline x where x.village = v and x.done is null and x.at <= clock.now()
                  order by x.at limit 1000 for update skip locked loop
            exit when met = 200;
            begin
                case d.act
                    when 'booking.lapse' then perform booking.lapse(d.subject);
                    else raise exception 'nobody knows the act %', d.act;
                end case;
                update deadline x set done = clock.now()
                 where x.village = v and x.subject = d.subject and x.act = d.act and x.at = d.at;
                met := met + 1;
            exception when others then
                said := coalesce(said, format('village %s, subject %s: %s', v, d.subject, sqlerrm));
            end;
        end loop;
    end loop;
    return query select met, said;
end $$;
