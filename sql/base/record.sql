-- Writes down an act of this visit. on_behalf: for whom the association acts (协会代办), as house:<id>.
create or replace function base.record(act text, subject bigint, detail jsonb default '{}', on_behalf text default null) returns void
language plpgsql volatile as $$
begin
    insert into data.event (village, at, actor, on_behalf, act, subject, detail)
    values (base.village(), clock.now(),
            coalesce('person:' || account.me(), nullif(current_setting('visit.actor', true), ''), 'guest'), on_behalf, act, subject, detail);
end $$;
