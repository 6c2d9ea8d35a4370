-- A receipt as PDF is asked for; the jobs program makes it (jobs.paper). Asked again within a minute it is the same one.
create or replace function booking.paper(code sure.text, secret sure.bytea) returns table (id sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    s stay := (booking.manage(paper.code, paper.secret)).s;
    n bigint;
begin
    select p.paper into n from paper p where p.village = s.village and p.subject = s.stay and p.kind = 'receipt' and p.asked > clock.now() - interval '1 minute'
       and p.lang = coalesce(nullif(current_setting('visit.lang', true), ''), 'zh') order by p.asked desc limit 1;
    if n is null then
        n := base.new_id();
        insert into paper values (s.village, n, 'receipt', s.stay, coalesce(nullif(current_setting('visit.lang', true), ''), 'zh'), clock.now());
        insert into job (village, kind, detail, due) values (s.village, 'paper.make', jsonb_build_object('paper', n), clock.now());
        perform base.record('booking.paper', s.booking, jsonb_build_object('kind', 'receipt'));
    end if;
    return query select n::sure.bigint;
end $$;
