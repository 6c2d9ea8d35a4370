-- The hash of a link: SHA-256 of the hash before it and the event's text. Before the first link stand 32 zero bytes.
create or replace function jobs.link_hash(before bytea, e data.event) returns bytea
language sql stable as $$
    select sha256(coalesce(before, decode(repeat('00', 32), 'hex')) || convert_to(jobs.event_text(e), 'UTF8'))
$$;
