-- Writes down an act of this visit.
create or replace function base.record(act text, subject bigint, detail jsonb default '{}') returns void
language plpgsql volatile as $$
begin
    insert into data.event (village, at, actor, act, subject, detail)
    values (base.village(), clock.now(),
            coalesce('person:' || account.me(), nullif(current_setting('visit.actor', true), ''), 'guest'), act, subject, detail);
end $$;
