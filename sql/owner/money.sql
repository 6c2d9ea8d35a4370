-- Stays of a house whose balance is not nothing: to be given back first, then what is still owed although the guest has left or never
-- came. What is merely to be paid on arrival is not here.
create or replace function owner.money(house bigint) returns table (
    code sure.text, guest_name sure.text, arrive sure.date, leave sure.date, state sure.text, balance_fen sure.bigint, waiting sure.int)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    mine bigint := account.house($1);
begin
    return query
        select b.code::sure.text, owner.guest(b)::sure.text, s.arrive::sure.date, s.leave::sure.date, booking.state(s.state, s.until)::sure.text,
               m.balance::sure.bigint, x.waiting::int::sure.int
          from stay s join booking b using (village, booking),
               lateral (select booking.balance(s.village, s.stay) as balance) m,
               lateral (select count(*) as waiting from transfer y where y.village = s.village and y.stay = s.stay and y.state = 'said') x
         where s.village = base.village() and s.house = mine
           and (m.balance < 0 or x.waiting > 0 or m.balance > 0 and booking.state(s.state, s.until) not in ('held', 'requested', 'confirmed', 'checked_in'))
         order by m.balance >= 0, s.leave desc, b.code limit 200;
end $$;
