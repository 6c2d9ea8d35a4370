"""Hands that act at a site which may die under them, each for stays of its own, and what the slow model says of each act.

A stay has a world of its own in the model (World), and is read before and after every act (Look). What is compared is told at Hand.act;
when the clock moves and what befalls the site is left to lives_test.py.
"""

import contextlib
import copy
import json
import os
import random
import sys
import time
from datetime import date, datetime

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f'{ROOT}/tests/model']
import picture  # noqa: E402
import price  # noqa: E402
import stays as model  # noqa: E402
import wishes  # noqa: E402
from faults import SLOW, Line  # noqa: E402
from price import SHANGHAI  # noqa: E402
from sample import number, numbers, text  # noqa: E402
from stays import Refused, clock, tonight  # noqa: E402
from wishes import NOBODY, OPERATOR, SECRETARY  # noqa: E402

VILLAGE, HOST = 9700, 'lives.test'
LIVELY = 5                  # stays of a hand that are still to come; more are hardly asked for

# look: a guest's stays by their phone, with what happened to them. act: one visit with a session, as the site does it.
ASK = """
create function pg_temp.look(who text) returns text language plpgsql security definer as $$
begin
    perform set_config('visit.village', '%(village)s', true);
    return jsonb_build_object('now', clock.now(), 'stays', (
        select coalesce(jsonb_agg(jsonb_build_object('code', b.code, 'manage', encode(b.manage, 'hex'), 'made', s.made, 'picture', pg_temp.picture(s.stay),
                   'events', (select jsonb_agg(jsonb_build_array(e.act, e.at) order by e.event) from data.event e
                               where e.village = b.village and e.subject = b.booking))), '[]')
          from data.booking b join data.stay s using (village, booking) where b.village = base.village() and s.phone = who));
end $$;
alter function pg_temp.look(text) owner to village;
create function pg_temp.taken() returns text language plpgsql security definer as $$
begin
    perform set_config('visit.village', '%(village)s', true);
    return (select coalesce(jsonb_agg(jsonb_build_array(n.room, n.night, n.until)), '[]') from data.night n
             where n.village = base.village() and n.until > clock.now());
end $$;
alter function pg_temp.taken() owner to village;
create function pg_temp.act(token text, query text) returns text language plpgsql as $$
declare
    answer json;
    state text; key text; said text;
begin
    set local role web;
    perform village.enter('%(host)s', false, 'zh', (select hash from data.release));
    perform account.enter(sha256(token::bytea));
    execute format('select json_agg(t) from (%%s) t', query) into answer;
    set local role none;
    return jsonb_build_object('rows', coalesce(answer, '[]'));
exception when others then
    get stacked diagnostics state = returned_sqlstate, key = constraint_name, said = pg_exception_detail;
    return jsonb_build_object('state', state, 'key', key, 'said', said, 'message', sqlerrm);
end $$;
""" % {'village': VILLAGE, 'host': HOST}


# --- the model of one stay ------------------------------------------------------------------------------------------------------

class World(model.Village):
    """The houses of a village and one stay in them; free: whether nights of others are. What is written down is noted, too."""

    def __init__(self, base, free=True):
        self.__dict__.update(base.__dict__)
        self.base, self.free = base, free
        self.stay, self.taken, self.holder, self.stays = None, {}, {}, []

    def twin(self, free=True):
        other = World(self.base, free)
        if self.stay is not None:
            # Entries are never changed.
            stay = other.stay = copy.copy(self.stay)
            stay.ledger, stay.events, stay.transfers = list(stay.ledger), list(stay.events), [copy.copy(transfer) for transfer in stay.transfers]
            other.taken, other.holder = dict(self.taken), dict.fromkeys(self.holder, stay)
        return other

    def is_free(self, *_):
        return self.free

    def all_free(self, *_):
        return self.free

    def count(self, stay, kind, fen, what, moment):
        was = stay.state_at(moment)
        super().count(stay, kind, fen, what, moment)
        stay.events += ['booking.' + kind] + ['booking.revive'] * (was == 'expired' and stay.state == 'confirmed')

    def lapse(self, stay, moment):
        if stay.state == 'requested' and stay.until <= moment:
            super().lapse(stay, moment)
            stay.events.append('booking.lapse')

    def close(self, stay, moment):
        was = stay.state
        super().close(stay, moment)
        if stay.state != was:
            stay.events.append('booking.close')

    def with_system(self, moment):
        """As it is, and as it is when the jobs program has come by."""
        yield self
        for act in ('lapse', 'close'):
            other = self.twin()
            if other.stay is not None:
                getattr(other, act)(other.stay, moment)
                if other.stay.state != self.stay.state:
                    yield other

    def says(self, moment):
        return {**picture.of_model(self, self.stay, moment), 'events': sorted(self.stay.events)}

    def is_at(self, look):
        """Is it what was read? Numbers of transfers and entries are the database's."""
        if (self.stay is None) != (look.stay is None):
            return False
        if self.stay is None:
            return True
        known = {transfer.number for transfer in self.stay.transfers if transfer.number}
        new = [row[0] for row in look.stay['picture']['transfers'] if row[0] not in known]
        for transfer in self.stay.transfers:
            transfer.number = transfer.number or (new.pop(0) if new else 0)
        return self.says(look.now) == look.says()


def whole_stamp(until):
    """The database leaves out the last noughts of a second."""
    return until if until == 'infinity' else picture.stamp(datetime.fromisoformat(until))


class Look:
    """What was read of a stay; stay is None while there is none."""

    def __init__(self, line, phone):
        said = json.loads(line.surely(f"select pg_temp.look('{phone}')"))
        self.now, self.many = datetime.fromisoformat(said['now']), len(said['stays'])
        self.stay = said['stays'][0] if said['stays'] else None
        self.events = self.stay['events'] if self.stay else []

    def says(self):
        said = picture.of_database(self.stay['picture'])
        said['state']['until'] = whole_stamp(said['state']['until'])
        said['nights'] = [[room, night, whole_stamp(until)] for room, night, until in said['nights']]
        return {**said, 'events': sorted(act for act, _ in self.events)}

    def entries(self):
        return [row[4] for row in self.stay['picture']['ledger']]


class Differs(Exception):
    pass


class Life:
    """A stay: its world as the model has it, and what was done."""

    def __init__(self, hand, nth):
        self.name, self.phone, self.key = f'{hand.name}/{nth}', f'13{hand.nth}{nth:08}', f'lives {hand.name} {nth} {time.time_ns()}'
        self.world, self.code, self.secret, self.manage, self.house, self.told = World(hand.base), None, None, None, None, []

    @property
    def stay(self):
        return self.world.stay


# --- hands ----------------------------------------------------------------------------------------------------------------------

class Hand:
    """Does one act after the other for stays of its own."""

    def __init__(self, run, nth):
        self.run, self.nth, self.name, self.base = run, nth, f'{run.seed}/{nth}', run.village
        self.dice, self.line = random.Random(self.name), Line(run.site.conninfo, (picture.ASK, ASK))
        self.lives, self.made, self.fault = [], 0, None

    def work(self, end):
        try:
            while time.monotonic() < end:
                try:
                    self.some_act()
                except Differs:
                    pass
        except Exception as trouble:  # noqa: BLE001  told by the test
            self.fault = repr(trouble)

    # --- one act, and what came of it ---

    def differs(self, finding, life, got, wanted):
        lines = [f'stay {life.name}:', *life.told[-25:]]
        self.run.wrong[finding].append('\n'.join([*lines, f'  site:  {got}', f'  model: {wanted}']))
        if life in self.lives:
            self.lives.remove(life)
        raise Differs

    def look(self, life):
        look = Look(self.line, life.phone)
        if look.many > 1:
            self.differs('once', life, f'{look.many} bookings', 'one')
        return look

    def unchanged(self, life, look):
        """The world that was read when nothing was done but by the jobs program, or None."""
        return next((world for world in life.world.with_system(look.now) if world.is_at(look)), None)

    def must_be_unchanged(self, finding, life, look):
        self.run.compared(finding)
        world = self.unchanged(life, look)
        if world is None:
            self.differs(finding, life, look.stay and look.says(), life.stay and life.world.says(look.now))
        life.world = world

    @staticmethod
    def outcomes(life, call, moments, look):
        """All that the act can come to, as (world, answer), and all refusals, as {(key, status)}: nights may be free or not, jobs come before or after."""
        done, refused = [], {}
        for moment in moments:
            for before in life.world.with_system(moment):
                for free in (True, False):
                    world = before.twin(free)
                    try:
                        answer = call(world, world.stay, moment)
                    except Refused as no:
                        refused[no.key, no.status] = no.detail
                    else:
                        done += [(after, answer) for after in world.with_system(look.now)]
        return done, refused

    def act(self, life, name, send, call):
        """send does it and says how it went: ('yes', row), ('no', key, status, detail),
        ('silence', why) or, of the database, ('fault', state, message). call does it in a model. True when it is done."""
        before = self.look(life)
        self.must_be_unchanged('meanwhile', life, before)
        went, *said = send(before)
        if went == 'silence':
            self.settle()
        after = self.look(life)
        life.told.append(f'{before.now.astimezone(SHANGHAI).isoformat()} {name}: {went} {said}')
        # An act is done at the moment it was written down.
        new = [datetime.fromisoformat(at) for _, at in after.events[len(before.events):]]
        done, refused = self.outcomes(life, call, [*new, before.now, after.now], after)
        found = next(((world, answer) for world, answer in done if world.is_at(after)), None)
        run = self.run
        if went == 'no':
            key, status, detail = said
            self.must_be_unchanged('refused', life, after)
            run.compared('key')
            if (key, status) not in refused:
                self.differs('key', life, said, f'refused {refused}, {len(done)} ways to do it')
            if any(detail.get(what) != value for what, value in refused[key, status].items()):
                self.differs('key', life, said, refused)
            run.seen(f'{name} refused', key)
            return False
        if went == 'fault':
            # The database said itself that it undid the act; it may only have been in a hurry, or away.
            self.must_be_unchanged('refused', life, after)
            run.seen(f'fault {said[0]}')
            if said[0] not in ('55P03', '57014', '57P01', '57P02', '57P03'):
                self.differs('key', life, said, 'no fault')
            return False
        if went == 'silence' and found is None:
            self.must_be_unchanged('silence', life, after)
            run.seen('silence unchanged', f'silence unchanged: {name}', f'silence: {said[0]}')
            return False
        run.compared('silence' if went == 'silence' else 'done')
        if found is None:
            self.differs('done', life, after.stay and after.says(), [world.says(after.now) for world, _ in done] or f'refused {refused}')
        nothing_new = life.stay is not None and found[0].stay.events == life.stay.events
        if went == 'yes':
            [row] = said
            run.compared('answer')
            # The same may be found in several ways; one of them is what was answered.
            fitting = [answer for world, answer in done if world.is_at(after)]
            if not any(all(row.get(what, 'missing') == value for what, value in answer.items()) for answer in fitting):
                self.differs('answer', life, row, fitting)
            if row.get('transfer') and row['transfer'] not in [transfer.number for transfer in found[0].stay.transfers]:
                self.differs('answer', life, row, 'the number of a transfer of this stay')
            run.seen(name)
        elif nothing_new:
            run.seen('silence over nothing')
        else:
            run.seen('silence done', f'silence done: {name}', f'silence: {said[0]}')
        life.world = found[0]
        return True

    def settle(self):
        """Whose answer was lost may be under way still: until whoever began before has ended."""
        begun = self.line.surely('select clock_timestamp()')
        time.sleep(0.05)
        for _ in range(2):
            while self.line.surely("select count(*) from pg_stat_activity where usename = 'web' and state <> 'idle'"
                                   f" and coalesce(xact_start, query_start, backend_start) < '{begun}'") != '0':
                time.sleep(0.02)
            time.sleep(0.02)

    # --- doors ---

    def press(self, path, body, **headers):
        said = self.run.site.ask('POST', path, body, Host=HOST, **{'Content-Type': 'application/json', **headers})
        if said is None:
            return 'silence', 'the connection was lost'
        status, told = said[0], json.loads(said[1])
        if status < 300:
            return 'yes', told
        if status == 503:
            return 'silence', '503'
        return 'no', told.get('key'), status, told

    def by_guest(self, life, act, path, body, call):
        def send(_):
            return self.press(f'/api/v1/bookings/{life.code}/{path}', body, Authorization=f'Bearer {life.secret}')
        return self.act(life, act, send, call)

    def ask(self, token, query):
        line = self.line.once(f"select pg_temp.act({text(token)}, {text(query)})")
        if line is None:
            return 'silence', 'the database was lost'
        answer = json.loads(line)
        if no := picture.refusal(answer):
            key, status, detail = no
            return ('no', key, status, detail) if isinstance(status, int) else ('fault', status, key)
        return 'yes', answer['rows'][0]

    def by_link(self, life, act, door, arguments, call):
        """A guest where the API has no word for it."""
        query = ', '.join([text(life.code), f"'\\x{life.manage}'::bytea", *arguments])
        return self.act(life, act, lambda _: self.ask('nobody', f'select * from booking.{door}({query})'), call)

    def by_house(self, life, act, door, arguments, call, person=None):
        """call is told as whom one acts there."""
        person = wishes.some_person(self.dice, self.base, life.house) if person is None else person
        query = ', '.join([text(life.code), *arguments])

        def with_right(world, stay, moment):
            return call(world, stay, moment, wishes.acts_as(person, life.house))
        return self.act(life, act, lambda _: self.ask(f'person {person}', f'select * from owner.{door}({query})'), with_right)

    # --- acts ---

    def hint(self, life=None):
        """What others have now, so that most wishes can be had. They may be had by others in a moment."""
        village = model.Village(self.base.holidays, self.base.settings)
        village.houses, village.rooms = self.base.houses, self.base.rooms
        village.stays = [life.stay] if life else []
        for room, night, until in json.loads(self.line.surely('select pg_temp.taken()')):
            village.taken[room, date.fromisoformat(night)] = price.FOR_EVER if until == 'infinity' else datetime.fromisoformat(until)
        return village

    def book(self, life=None):
        """life: whose nights somebody else wants."""
        self.made += 1
        new, moment = Life(self, self.made), self.run.moment()
        if life is None:
            house, rooms, arrive, leave, adults, children = wishes.near_wish(self.dice, self.hint(), moment, 5)
        else:
            house, rooms, arrive, leave, adults, children = life.house, life.stay.rooms, life.stay.arrive, life.stay.leave, life.stay.adults, life.stay.children
        if not rooms or adults > 12 or len(children) > 6:
            return
        body = {'rooms': list(rooms), 'arrive': str(arrive), 'leave': str(leave), 'adults': adults, 'children': list(children),
                'guest': {'name': '客人', 'phone': new.phone}, **({} if house is None else {'house': house})}

        def send(_):
            end = time.monotonic() + 60 * SLOW
            while (went := self.press('/api/v1/bookings', body, **{'Idempotency-Key': new.key}))[0] == 'silence':
                self.run.seen('a booking is pressed again')
                if time.monotonic() > end:
                    raise TimeoutError('the site does not come back')
                time.sleep(0.2)
            if went[0] == 'yes':
                new.code, new.secret = went[1]['code'], went[1]['secret']
            return went

        def call(world, _, moment):
            stay = world.stay = world.book(house, list(rooms), arrive, leave, adults, list(children), new.phone, None, None, None, moment)
            stay.number, stay.events = 0, ['booking.book']
            return {'state': stay.state, 'total_fen': stay.total}
        if self.act(new, 'book', send, call):
            found = self.look(new).stay
            new.house, new.manage = new.stay.house, found['manage']
            self.lives.append(new)
            if found['code'] != new.code:
                self.differs('answer', new, found['code'], new.code)

    def cancel(self, life):
        owed = life.stay.owed_at(self.run.moment())
        seen = self.dice.choice([None, owed, owed, max(0, owed - 1), life.stay.total])

        def call(world, stay, moment):
            again = stay.state == 'cancelled_guest'
            world.cancel(stay, seen, moment)
            stay.events += [] if again else ['booking.cancel']
            owed = sum(entry.fen for entry in stay.ledger if entry.what == 'cancel' and entry.reverses is None)
            return {'state': stay.state, 'owed_fen': owed, 'refund_fen': stay.total - owed, 'balance_fen': stay.balance(moment)}
        self.by_guest(life, 'cancel', 'cancel', {'phone_last4': life.phone[-4:], **({} if seen is None else {'seen_owed_fen': seen})}, call)

    def change_wish(self, life, who):
        def often(key):
            return self.run.happened[key]
        while True:
            wish = wishes.change_wish(self.dice, self.hint(life), life.stay, who, self.run.moment(), often)
            if wish[0] and 1 <= wish[3] <= 12 and len(wish[4]) <= 6:
                return wish

    @staticmethod
    def do_change(world, stay, moment, who, wish, seen_total=None, seen_owed=None):
        owed, plan = world.change(stay, who, *wish, moment, seen_total, seen_owed)
        stay.events += [] if plan is None else ['booking.change']
        return {'state': stay.state_at(moment), 'total_fen': stay.total, 'owed_fen': owed, 'balance_fen': stay.balance(moment)}

    def change(self, life):
        wish, seen = self.change_wish(life, 'guest'), {}
        rooms, arrive, leave, adults, children = wish
        if self.dice.random() < 0.6:
            with contextlib.suppress(Refused):
                owed, plan = life.world.twin().change(life.stay, 'guest', *wish, self.run.moment(), only_look=True)
                if plan is not None:
                    less = self.dice.choice([0] * 8 + [1])
                    seen = {'seen_total_fen': max(0, plan.total - less), 'seen_owed_fen': max(0, owed - less)}

        def call(world, stay, moment):
            return self.do_change(world, stay, moment, 'guest', wish, seen.get('seen_total_fen'), seen.get('seen_owed_fen'))
        self.by_guest(life, 'change', 'change', {'rooms': list(rooms), 'arrive': str(arrive), 'leave': str(leave), 'adults': adults,
                                                 'children': list(children), 'phone_last4': life.phone[-4:], **seen}, call)

    def change_in_house(self, life):
        person = wishes.some_person(self.dice, self.base, life.house)
        wish = self.change_wish(life, 'association' if person in (SECRETARY, OPERATOR) else 'house')
        rooms, arrive, leave, adults, children = wish

        def call(world, stay, moment, who):
            return self.do_change(world, stay, moment, who, wish)
        self.by_house(life, 'change by the house', 'change', [
            numbers(rooms, 'bigint'), f"'{arrive}'::date", f"'{leave}'::date", str(adults), numbers(children, 'int')], call, person)

    def step(self, life, event):
        person, reason = wishes.some_person(self.dice, self.base, life.house), self.dice.choice(['other'] * 9 + [None])
        if event == 'drop' and person != NOBODY and self.dice.random() < 0.7:
            person = SECRETARY

        def call(world, stay, moment, who):
            world.step(stay, event, who, reason, moment)
            stay.events.append('booking.' + event)
            return {'state': stay.state, 'balance_fen': stay.balance(moment)}
        self.by_house(life, event, 'step', [text(event), text(reason)], call, person)

    def late(self, life):
        arrival = self.dice.choice([0, 840, 1200, 1380, 1439, 1560, 1800])

        def call(world, stay, moment, who='guest'):
            world.late(stay, who, arrival, moment)
            stay.events.append('booking.late')
            return {'state': stay.state_at(moment)}
        if self.dice.random() < 0.6:
            self.by_guest(life, 'late', 'arrival', {'arrival': arrival}, call)
        else:
            self.by_house(life, 'late by the house', 'late', [number(arrival)], call)

    def take(self, life, kind='payment'):
        how = self.dice.choice(['cash', 'wechat', 'alipay', 'card', 'transfer', 'transfer', 'transfer'])
        fen = wishes.some_money(self.dice, life.world.most(life.stay, kind, self.run.moment()), life.stay.total)

        def call(world, stay, moment, _):
            if transfer := world.pay(stay, kind, fen, how, moment):
                transfer.number = None
                stay.events.append('booking.say_transfer')
            return {'state': stay.state_at(moment), 'balance_fen': stay.balance(moment)}
        door = 'take' if kind == 'payment' else 'give_back'
        self.by_house(life, f"{door} {'by transfer' if how == 'transfer' else 'at the house'}", door, [number(fen), text(how)], call)

    def give_back(self, life):
        self.take(life, 'refund')

    def paid(self, life):
        fen = wishes.some_money(self.dice, life.stay.total, life.stay.total)

        def call(world, stay, moment):
            world.say(stay, 'payment', fen, 'guest', moment).number = None
            stay.events.append('booking.say_transfer')
            return {}
        self.by_link(life, 'say a transfer', 'paid', [number(fen), "'转了'"], call)

    def answer(self, life):
        yes = self.dice.random() < 0.75
        some = [nth for nth, transfer in enumerate(life.stay.transfers) if transfer.state == 'said']
        nth = self.dice.choice(some if some and self.dice.random() < 0.85 else range(len(life.stay.transfers)))
        transfer = life.stay.transfers[nth]

        def call(world, stay, moment, who='guest'):
            was = stay.transfers[nth].state
            world.answer(stay, stay.transfers[nth], who, yes, moment)
            stay.events += ['booking.settle_transfer'] if stay.transfers[nth].state != was else []
            return {'balance_fen': stay.balance(moment)}
        arguments, act = [number(transfer.number), str(yes)], f"answer {'yes' if yes else 'no'}"
        if (transfer.said_by == 'house') != (self.dice.random() < 0.15):
            self.by_link(life, act, 'answer_transfer', arguments, call)
        else:
            self.by_house(life, f'{act} by the house', 'answer_transfer', arguments, call)

    def reverse(self, life):
        some = [nth for nth, entry in enumerate(life.stay.ledger) if entry.reverses is None and (entry.kind != 'charge' or entry.what in model.FAVOURS)]
        nth = self.dice.choice(some if some and self.dice.random() < 0.9 else range(len(life.stay.ledger)))

        def call(world, stay, moment, _):
            world.reverse(stay, stay.ledger[nth])
            stay.events.append('booking.reverse')
            return {'balance_fen': stay.balance(moment)}
        self.by_house(life, 'reverse', 'reverse', [number(self.look(life).entries()[nth]), "'记错了'"], call)

    def outbid(self, life):
        self.book(life)
        self.take(life)

    def some_act(self):
        dice, moment = self.dice, self.run.moment()
        lively = [life for life in self.lives if life.stay.state_at(moment) in ('requested', 'confirmed', 'checked_in')]
        if not self.lives or dice.random() < (0.3 if len(lively) < LIVELY else 0.04):
            return self.book()
        owed = [life for life in self.lives if life.world.most(life.stay, 'refund', moment) > 0]
        life = dice.choice(owed if owed and dice.random() < 0.15 else lively if lively and dice.random() < 0.8 else self.lives[-5:])
        stay = life.stay
        acts = {
            'requested': ['accept'] * 4 + ['decline', 'decline', 'cancel', 'late', 'take', 'paid', 'check_in'] + ['change', 'change_in_house'] * 2,
            'confirmed': ['change'] * 5 + ['change_in_house'] * 3 + ['take', 'late', 'paid'] * 2 + ['cancel', 'drop', 'check_in', 'no_show', 'accept'],
            'checked_in': ['change', 'change_in_house', 'take'] * 2 + ['check_out', 'paid', 'late', 'cancel'],
            'expired': ['take', 'paid', 'change', 'accept', 'give_back', *['take', 'paid', 'outbid'] * 2],
        }.get(stay.state_at(moment), ['give_back', 'reverse'] * 2 + ['take', 'paid', 'cancel', 'change', 'change_in_house', 'drop', 'check_out', 'late'])
        # Where it is time for it.
        house, arrival = self.base.houses[stay.house], stay.arrival or 0
        if stay.state == 'confirmed' and moment >= clock(stay.arrive, max(house.check_in_to, arrival)):
            acts = [*acts, *['no_show'] * 16]
        if stay.state == 'confirmed' and stay.arrive <= tonight(moment) < stay.leave:
            acts = [*acts, *['check_in'] * 5]
        if stay.state == 'checked_in' and moment >= clock(stay.leave, 0):
            acts = [*acts, *['check_out'] * 8]
        if stay.transfers:
            acts = [*acts, *['answer'] * (len(acts) // (2 if any(transfer.state == 'said' for transfer in stay.transfers) else 6))]
        if any(entry.kind != 'charge' or entry.what in model.FAVOURS for entry in stay.ledger):
            acts = [*acts, 'reverse']
        if stay.balance(moment) < 0:
            acts = [*acts, *['give_back'] * 4]
        act = dice.choice(acts)
        if hasattr(self, act):
            return getattr(self, act)(life)
        return self.step(life, act)

    def end(self):
        self.line.end()
