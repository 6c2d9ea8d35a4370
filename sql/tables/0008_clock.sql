-- A visit keeps the moment it began in a setting of its transaction. Whoever moves the clock within one makes that void.
create function data.forget_now() returns trigger language plpgsql as $$
begin
    perform set_config('visit.now', '', true);
    return null;
end $$;
create trigger forget_now after update on data.clock for each statement execute function data.forget_now();
revoke all on function data.forget_now() from public;
