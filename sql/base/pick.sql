-- The text in the visitor's language; Chinese where English is empty.
create or replace function base.pick(zh text, en text) returns text
language sql stable as $$
    select case when current_setting('visit.lang', true) = 'en' and en <> '' then en else zh end
$$;
