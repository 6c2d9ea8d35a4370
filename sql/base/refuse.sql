-- Says no. key is a text key the visitor reads; status the HTTP status (422 what was typed, 409 what changed meanwhile,
-- 404 not there or not yours, 403 not allowed, 401 not signed in, 421 not our host); detail fills the places of the text.
create or replace function base.refuse(key text, status int default 422, detail jsonb default '{}') returns void
language plpgsql as $$
begin
    raise exception using errcode = 'HS' || status, constraint = key, message = key, detail = detail::text;
end $$;
