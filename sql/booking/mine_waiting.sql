-- Places in the queue of this device, by their links: codes and the hashes of their secrets side by side. Those with a stay are in booking.mine.
create or replace function booking.mine_waiting(codes text[], secrets bytea[]) returns table (code sure.text, house_name text, arrive sure.date, leave sure.date)
language sql stable security definer set search_path = data, pg_temp as $$
    select w.code, (select base.pick(h.name_zh, h.name_en) from house h where h.village = w.village and h.house = w.house), w.arrive, w.leave
      from unnest(codes, secrets) k (code, secret)
      join waiting w on w.village = base.village() and w.code = k.code and w.manage = k.secret
     where w.state = 'waiting' and w.arrive >= clock.today(w.village)
     order by w.arrive, w.code
$$;
