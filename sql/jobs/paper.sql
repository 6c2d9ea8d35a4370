-- All that the paper of a job says, in its order and its language, a row for each thing; no row: the paper is not there any more.
-- part   what                                  part     what
-- lang   words                                 room     words, one row each
-- village, phone (the association's)           night    day, words (the room), fen
-- code, guest, house, address, house_phone     entry    at, fen; what: kind.what; mark: reversed, or reversal, whose `what` is the
-- state  what                                           reversed entry's and `why` its own; words, note: who took it, and the reason
-- arrive, leave: day; made: at                 charged, paid, given_back, balance: fen
create or replace function jobs.paper(village int, job bigint) returns table (
    part text, words text, day date, at timestamptz, fen bigint, what text, mark text, why text, note text)
language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    p paper;
    s stay;
begin
    perform set_config('visit.village', $1::text, true);
    select x.* into p from job j join paper x on x.village = j.village and x.paper = (j.detail ->> 'paper')::bigint
     where j.village = $1 and j.job = $2;
    select x.* into s from stay x where x.village = p.village and x.stay = p.subject;
    if s.stay is null then
        return;
    end if;
    perform set_config('visit.lang', p.lang, true);
    return query
        select x.part, x.words, x.day, x.at, null::bigint, x.what, null, null, null
          from data.village v
          join booking b on b.village = s.village and b.booking = s.booking
          join house h on h.village = s.village and h.house = s.house,
               lateral (values
                   ('lang', p.lang, null::date, null::timestamptz, null),
                   ('village', base.pick(v.name_zh, v.name_en), null, null, null),
                   ('phone', v.phone, null, null, null),
                   ('code', b.code, null, null, null),
                   ('guest', b.guest_name, null, null, null),
                   ('house', s.house_name, null, null, null),
                   ('address', base.pick(h.address_zh, h.address_en), null, null, null),
                   ('house_phone', h.phone, null, null, null),
                   ('state', null, null, null, booking.state(s.state, s.until)),
                   ('arrive', null, s.arrive, null, null),
                   ('leave', null, s.leave, null, null),
                   ('made', null, null, clock.now(), null)) x (part, words, day, at, what)
         where v.village = s.village;
    return query
        select 'room', x.name::text, null::date, null::timestamptz, null::bigint, null, null, null, null
          from unnest(booking.room_list(s)) with ordinality x (id, name, nr) order by x.nr;
    return query
        select 'night', base.pick(r.name_zh, r.name_en), n.date::date, null::timestamptz, n.price_fen::bigint, null, null, null, null
          from unnest(booking.night_list(s.village, s.stay)) n
          join room r on r.village = s.village and r.room = n.room order by n.date, r.position, r.room;
    return query
        select 'entry', case when e.kind <> 'charge' then e.by end, null::date, e.at::timestamptz, e.amount_fen::bigint,
               e.kind || '.' || coalesce(r.what, e.what), case when e.reversed then 'reversed' when e.reverses is not null then 'reversal' end,
               case when e.reverses is not null then e.what::text end, e.reason
          from unnest(booking.entry_list(s)) with ordinality e (id, at, kind, what, amount_fen, reverses, reversed, reason, by, nr)
          left join ledger r on r.village = s.village and r.entry = e.reverses order by e.nr;
    return query
        select x.part, null, null::date, null::timestamptz, x.fen, null, null, null, null
          from (select coalesce(sum(l.amount_fen) filter (where l.kind = 'charge'), 0)::bigint as charged,
                       coalesce(sum(l.amount_fen) filter (where l.kind = 'payment'), 0)::bigint as paid,
                       coalesce(sum(l.amount_fen) filter (where l.kind = 'refund'), 0)::bigint as given_back
                  from ledger l where l.village = s.village and l.stay = s.stay) m,
               lateral (values ('charged', m.charged), ('paid', m.paid), ('given_back', m.given_back),
                               ('balance', booking.balance(s.village, s.stay))) x (part, fen);
end $$;
