-- Takes a token from the bucket of a key: true while the pace is kept, false when somebody tries too fast.
-- burst tokens at once, then one every `seconds` seconds. Counts refused tries too, so hammering does not help.
create or replace function base.take(key bytea, burst int, seconds real) returns boolean
language sql volatile as $$
    insert into data.bucket as b (key, level, at) values (take.key, 1, clock.now())
    on conflict (key) do update set
        level = least(greatest(b.level - extract(epoch from excluded.at - b.at) / seconds, 0) + 1, burst + 1),
        at = excluded.at
    returning level <= burst
$$;
