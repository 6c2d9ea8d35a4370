-- The reasons a house may pick when it declines, the association when it drops a stay (texts reason.…): the guest reads them.
create or replace function booking.reasons(event text) returns text[]
language sql immutable as $$
    select case event when 'decline' then array['full', 'repair', 'family', 'party', 'other']
                      when 'drop' then array['repair', 'safety', 'papers', 'illness', 'other'] else '{}' end
$$;
