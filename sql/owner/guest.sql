-- A guest's name as a house reads it: one at the door may not have told theirs, one of long ago is forgotten.
create or replace function owner.guest(b data.booking) returns text
language sql stable as $$
    select case when b.erased is not null then base.pick('（资料已删除）', '(erased)') when b.guest_name = '' then base.pick('现场客人', 'Guest at the door') else b.guest_name end
$$;
