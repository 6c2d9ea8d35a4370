-- An event as the one text that is hashed. jsonb writes a value in one way only; the moment is written out in UTC, so that no
-- setting of a session changes it. Without xact, which means nothing in a restored copy.
create or replace function jobs.event_text(e data.event) returns text
language sql stable as $$
    select jsonb_build_array(e.village, e.event, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                             e.actor, e.on_behalf, e.act, e.subject, e.detail)::text
$$;
