-- What the workers' boards (app/board) need to know: what has changed since they last asked.

create schema board;

-- A night dearer than a million yuan is a slip of the finger; the board keeps prices in 32 bits.
alter table data.rate add check (price_fen <= 100000000);

-- How one comes to the village: by bus, by car.
alter table data.village add column way_zh text not null default '', add column way_en text not null default '';

-- A board holds 400 nights and the day of leaving.
alter table data.setting add check (name not in ('book_ahead_nights', 'longest_nights') or value between 0 and 400);

-- Events are found by their transaction. The number only grows, so the index is always written at its end.
create index on data.event (village, xact);

-- Houses whose numbers are other than a board may think, with the last transaction that touched them; house 0 is the village itself
-- and all of its houses. Stays are not here, they come by data.event: nothing on a booking's way writes a row another booking writes.
create table data.stale (
    village int    not null,     -- also one that is no more, so no reference
    house   bigint not null,
    xact    xid8   not null,
    primary key (village, house)
);
create index on data.stale (village, xact);

-- The map of a village: roads and the like as lines, trees as points, in WGS-84; latitude and longitude in turn, in millionths of a degree.
create table data.landmark (
    village  int    not null references data.village,
    landmark int    not null,
    kind     text   not null check (kind in ('road', 'lane', 'stream', 'wood', 'ridge', 'gate', 'place')),
    name_zh  text   not null default '',
    name_en  text   not null default '',
    points   int[]  not null check (cardinality(points) between 2 and 400 and cardinality(points) % 2 = 0),
    primary key (village, landmark)
);

-- Triggers, so that nobody who changes a price has to think of it. A row tells its house by itself or by its room.
create function data.mark_stale() returns trigger language plpgsql as $$
declare
    r     jsonb;
    whose bigint;
begin
    for r in select x from unnest(array[to_jsonb(old), to_jsonb(new)]) x where x is not null loop
        whose := coalesce((r->>'house')::bigint,
                          (select m.house from data.room m where m.village = (r->>'village')::int and m.room = (r->>'room')::bigint), 0);
        insert into data.stale as s values ((r->>'village')::int, whose, pg_current_xact_id())
        on conflict (village, house) do update set xact = excluded.xact where s.xact <> excluded.xact;
    end loop;
    return null;
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['village', 'setting', 'house', 'room', 'rate', 'child_band', 'ladder', 'stay_limit', 'cut', 'photo', 'landmark'] loop
        execute format('create trigger mark_stale after insert or update or delete on data.%I for each row execute function data.mark_stale()', t);
    end loop;
end $$;
-- A closure, a repair, an imported event. A stay's nights pass by these without a call.
create trigger mark_stale_closed after insert on data.night for each row when (new.kind <> 'stay') execute function data.mark_stale();
create trigger mark_stale_changed after update on data.night for each row when (new.kind <> 'stay' or old.kind <> 'stay') execute function data.mark_stale();
create trigger mark_stale_opened after delete on data.night for each row execute function data.mark_stale();

-- Days off are the same for all villages.
create function data.mark_all_stale() returns trigger language plpgsql as $$
declare
    here text := current_setting('visit.village', true);
    v    int;
begin
    for v in select distinct h.village from data.village_host h order by 1 loop
        -- Each behind its own wall.
        perform set_config('visit.village', v::text, true);
        insert into data.stale as s values (v, 0, pg_current_xact_id())
        on conflict (village, house) do update set xact = excluded.xact where s.xact <> excluded.xact;
    end loop;
    perform set_config('visit.village', here, true);
    return null;
end $$;
create trigger mark_stale after insert or update or delete on data.holiday for each statement execute function data.mark_all_stale();

revoke all on function data.mark_stale(), data.mark_all_stale() from public;
