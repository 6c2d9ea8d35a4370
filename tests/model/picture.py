"""All there is to know of a stay, as the database says it and as the slow model of stays.py does, in the same words.

ASK makes functions for a connection of talk.py: do() is one act by somebody and the stay after it, in one question. What is done and
whether it is the same is left to stays_test.py.
"""

import json
from datetime import timezone

import stays as model
from stays import FOR_EVER

ASK = """
create function pg_temp.picture(whose bigint) returns jsonb language plpgsql security definer as $$
begin
    return (select jsonb_build_object(
        'state', booking.state(s.state, s.until), 'until', s.until, 'arrive', s.arrive, 'leave', s.leave, 'adults', s.adults, 'children', s.children,
        'arrival', s.arrival, 'total', s.total_fen, 'balance', booking.balance(s.village, s.stay),
        'cells', (select jsonb_agg(jsonb_build_array(r.room, r.from_night + i - 1, r.price_fen[i], r.rule[i]) order by r.room, r.from_night, i)
                    from data.stay_room r, generate_series(1, cardinality(r.price_fen)) i where r.village = s.village and r.stay = s.stay),
        'cuts', (select jsonb_agg(jsonb_build_array(c.until, c.owed_fen) order by c.nr)
                   from unnest(s.cuts) with ordinality c (until, owed_fen, percent, nr)),
        'ledger', (select jsonb_agg(jsonb_build_array(l.kind, l.amount_fen, l.what, l.reverses, l.entry) order by l.entry)
                     from data.ledger l where l.village = s.village and l.stay = s.stay),
        'transfers', (select coalesce(jsonb_agg(jsonb_build_array(t.transfer, t.kind, t.amount_fen, t.said_by, t.state) order by t.transfer), '[]')
                        from data.transfer t where t.village = s.village and t.stay = s.stay),
        'nights', (select coalesce(jsonb_agg(jsonb_build_array(n.room, n.night, n.until) order by n.room, n.night), '[]')
                     from data.night n where n.village = s.village and n.stay = s.stay and n.until > clock.now()))
      from data.stay s where s.village = base.village() and s.stay = whose);
end $$;
create function pg_temp.do(who text, person text, query text, whose bigint) returns text language plpgsql as $$
declare
    answer jsonb;
begin
    perform set_config('visit.person', person, true), set_config('visit.actor', case who when 'web' then '' else 'system' end, true);
    answer := pg_temp.ask(who, query);
    perform set_config('visit.person', '', true);
    if whose is null then
        whose := (select s.stay from data.booking b join data.stay s using (village, booking) where b.village = base.village() and b.code = answer #>> '{rows,0,code}');
    end if;
    return jsonb_build_object('answer', answer, 'stay', whose, 'picture', pg_temp.picture(whose));
end $$;
create function pg_temp.village() returns text language plpgsql security definer as $$
begin
    return jsonb_build_object(
        'stays', (select coalesce(jsonb_object_agg(s.stay, pg_temp.picture(s.stay)), '{}') from data.stay s where s.village = base.village()),
        'nights', (select coalesce(jsonb_agg(jsonb_build_array(n.room, n.night, n.until, n.stay) order by n.room, n.night), '[]')
                     from data.night n where n.village = base.village() and n.until > clock.now()));
end $$;
-- As the functions themselves are: a plan made for another role would be made anew at every call.
alter function pg_temp.picture(bigint) owner to village;
alter function pg_temp.village() owner to village;
"""



def stamp(moment):
    return 'infinity' if moment == FOR_EVER else moment.astimezone(timezone.utc).isoformat()


def of_model(village, stay, moment):
    """As the database says it."""
    place = {id(entry): at for at, entry in enumerate(stay.ledger)}
    return {
        'state': {'state': stay.state_at(moment), 'until': stamp(stay.until), 'arrive': str(stay.arrive), 'leave': str(stay.leave), 'adults': stay.adults,
                  'children': stay.children, 'arrival': stay.arrival},
        'prices': {'total': stay.total, 'cells': [[room, str(night), fen, rule] for (room, night), (fen, rule) in sorted(stay.cells.items())]},
        'cuts': [[stamp(until), fen] for until, fen in stay.cut_list()],
        'ledger': {'balance': stay.balance(moment),
                   'entries': [[entry.kind, entry.fen, entry.what, entry.reverses and place[id(entry.reverses)]] for entry in stay.ledger]},
        'transfers': sorted([transfer.number, transfer.kind, transfer.fen, transfer.said_by, transfer.state] for transfer in stay.transfers),
        'nights': [[room, str(night), stamp(until)] for room, night, until in village.held(stay, moment)],
    }


def of_database(said):
    """The same from the database's words."""
    place = {entry[4]: at for at, entry in enumerate(said['ledger'])}
    return {
        'state': {name: said[name] for name in ('state', 'until', 'arrive', 'leave', 'adults', 'children', 'arrival')},
        'prices': {'total': said['total'], 'cells': said['cells']},
        'cuts': said['cuts'],
        'ledger': {'balance': said['balance'],
                   'entries': [[kind, fen, what, place.get(reverses, reverses)] for kind, fen, what, reverses, _ in said['ledger']]},
        'transfers': said['transfers'],
        'nights': said['nights'],
    }


def night_list(cells, mark=None):
    """As answers say nights: by room and night; mark says of each what becomes of it."""
    return [{'date': str(night), 'room': room, 'rule': rule, 'price_fen': fen, **({'mark': mark((room, night))} if mark else {})}
            for (room, night), (fen, rule) in sorted(cells.items())]


def cancel_list(cuts, total):
    return [{'until': None if until == FOR_EVER else stamp(until), 'refund_fen': total - fen, 'owed_fen': fen}
            for until, fen in ((until, model.percent_of(total, percent)) for until, percent in cuts)]


def refusal(answer):
    """(key, status, detail) of an answer that says no; None when it says yes."""
    if 'rows' in answer:
        return None
    if not answer['state'].startswith('HS'):
        return answer['message'], answer['state'], {}
    return answer['key'], int(answer['state'][2:]), json.loads(answer['said'] or '{}')
