-- The stays of this device, by their links: codes and the hashes of their secrets side by side. Links that died are left out.
create or replace function booking.mine(codes text[], secrets bytea[]) returns table (
    code sure.text, state sure.text, house_name sure.text, arrive sure.date, leave sure.date, total_fen bigint, cover text)
language sql stable security definer set search_path = data, pg_temp as $$
    select b.code, booking.state(s.state, s.until), s.house_name, s.arrive, s.leave, case when x.all_ then s.total_fen::bigint end,
           (select encode(p.hash, 'hex') from photo p where p.village = s.village and p.house = s.house order by p.position limit 1)
      from unnest(codes, secrets) k (code, secret)
      join booking b on b.village = base.village() and b.code = k.code
      cross join lateral (select b.manage = k.secret or exists (select from booking_key y where y.village = b.village and y.secret = k.secret and y.booking = b.booking) as all_) x
      join stay s using (village, booking)
     where x.all_ or b.show = k.secret
     order by s.leave < clock.today(s.village), s.arrive, b.code
$$;
