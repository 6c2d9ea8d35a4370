#!/usr/bin/env python3
"""Random lives of random stays: the database against the slow model of stays.py, to the fen and to the key.

A village lives in one transaction that is rolled back, in a throwaway cluster with the deploy script of a build; several sequences of
acts begin from it, one after the other. Every act is done in both, by some guest, house or secretary, at a moment that is often right
on a cut-off, a deadline, midnight or six. Then the answer is compared, and all there is to know of the stay; now and then the whole
village. A sequence ends with its first difference, for what follows would be none of its own. The seed is printed; a run with it is the
same. Limits of open stays per phone, links that are made anew and what a page looks like are left to others.

Usage: stays_test.py [--build build] [--rounds 300] [--exact] [--seed …]
"""

import argparse
import collections
import copy
import json
import os
import random
import sys
from datetime import timedelta

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, f'{ROOT}/sql']
import edge  # noqa: E402
import picture  # noqa: E402
import stays as model  # noqa: E402
import wishes  # noqa: E402
from picture import cancel_list, night_list  # noqa: E402
from price import SHANGHAI  # noqa: E402
from sample import hashed, number, numbers, text, wish_sql  # noqa: E402
from stays import DAY, Refused, clock, tonight  # noqa: E402
from talk import Database, Tap  # noqa: E402
from wishes import NOBODY, OPERATOR, SECRETARY  # noqa: E402

DEFAULT = 300               # sequences
MOST = 4000
ACTS = 24                   # of a sequence
SEQUENCES_IN_A_VILLAGE = 5
SECOND = timedelta(seconds=1)


class Finding:
    """One kind of comparison: how often it was made, and the first differences."""

    def __init__(self):
        self.made, self.wrong = 0, []

    def same(self, got, wanted, example):
        self.made += 1
        if got != wanted:
            self.wrong.append(f'{example()}\n  database: {got}\n  model:    {wanted}')
            raise Differs


class Differs(Exception):
    pass


class Sequence:
    def __init__(self, database, findings, seen, name, village, moment):
        self.database, self.findings, self.seen, self.name = database, findings, seen, name
        self.village, self.moment = copy.deepcopy(village), moment
        self.dice = random.Random(name)
        self.told, self.changes = [], 0
        self.ahead = self.dice.choice([1, 3, 10, 30])       # how far ahead one books here

    # --- one act ---

    def do(self, finding, act, stay, query, call, role='web', person=NOBODY):
        """The act in both; call does it in the model and says what of the answer is to be compared. True when it was accepted."""
        line = f"{self.moment.isoformat()} {role}{f' as {person}' if person else ''}: {query}"
        self.told.append((stay, line))
        said = json.loads(self.database.line(f"select pg_temp.do('{role}', {text(person or '')}, {text(query)}, {number(stay and stay.number)})"))
        answer, made = said['answer'], stay

        def example():
            lines = [line for whose, line in self.told if whose in (made, 'a house')]
            return '\n'.join([f'sequence {self.name}:', *lines[-40:]])
        no, was, paid = picture.refusal(answer), stay and stay.state_at(self.moment), stay and len(stay.ledger)
        try:
            wanted = call(said)
        except Refused as refused:
            self.seen[f'{act} refused: {refused.key}'] += 1
            if finding in ('alter', 'change'):
                self.seen[f'changing refused: {refused.key}'] += 1
            got = no and (no[0], no[1], no[2] if refused.detail else {})
            self.findings['refused'].same(got, (refused.key, refused.status, refused.detail), example)
            accepted = False
        else:
            if no:
                self.findings[finding].same(no, f'{act} is accepted: {wanted}', example)
            row = answer['rows'][0] if answer['rows'] else {}
            # A list without anything in it may be none.
            row = {name: row.get(name, 'missing') or ([] if isinstance(of_model, list) else row.get(name)) for name, of_model in wanted.items()}
            self.findings[finding].same(row, wanted, example)
            refused = wanted.get('refused')
            self.seen[f'{act} refused: {refused}' if refused else f'{act} accepted'] += 1
            accepted = not refused
            if was == 'expired' and any(entry.kind == 'payment' and entry.reverses is None for entry in stay.ledger[paid:]):
                self.seen['late money ' + ('takes its nights again' if stay.state == 'confirmed' else 'comes too late' if stay.arrive < tonight(self.moment)
                                           else 'finds its nights taken')] += 1
        made = stay or (self.village.stays[-1] if accepted else None)
        self.told[-1] = made, line
        if made is not None:
            self.compare(made, said['picture'], example)
        return accepted

    def compare(self, stay, said, example):
        stay.entries = [entry[4] for entry in said['ledger']]
        got, wanted = picture.of_database(said), picture.of_model(self.village, stay, self.moment)
        for part in wanted:
            self.findings[part].same(got[part], wanted[part], example)

    def whole_village(self):
        said = json.loads(self.database.line('select pg_temp.village()'))
        nights = [[room, str(night), picture.stamp(until), self.village.holder[room, night].number]
                  for (room, night), until in sorted(self.village.taken.items()) if until > self.moment]
        self.findings['village'].same(
            ({int(whose): picture.of_database(one) for whose, one in said['stays'].items()}, said['nights']),
            ({stay.number: picture.of_model(self.village, stay, self.moment) for stay in self.village.stays}, nights),
            lambda: '\n'.join([f'sequence {self.name}, all of it:', *(line for _, line in self.told)]))

    # --- who, when, what ---

    def set_clock(self, moment):
        self.moment = moment
        self.database.tell(f"update data.clock set shift = '{moment.isoformat()}'::timestamptz - now()")

    def go_on(self):
        """Time stands, or goes on, or comes to a moment where something changes."""
        dice = self.dice
        throw = dice.random()
        if throw < 0.5:
            return
        if throw < 0.6:
            self.set_clock(self.moment + dice.randrange(0, 6 * 3600) * SECOND)
            return
        today = self.moment.astimezone(SHANGHAI).date()
        edges = [clock(today + DAY, 0), clock(today, 360), clock(today + DAY, 360)]
        for stay in dice.sample(self.village.stays, min(2, len(self.village.stays))):
            edges += [until for until, _ in stay.cuts] + [stay.until] + ([stay.tried + timedelta(hours=1)] if stay.tried else [])
            edges += [clock(stay.arrive, minute) for minute in (360, self.village.houses[stay.house].check_in_to, stay.arrival or 0)]
            edges += [clock(stay.leave, 0), clock(stay.leave, 360), clock(stay.leave + DAY, 360)]
        edges = sorted(edge_ for edge_ in edges if self.moment < edge_ < self.moment + 12 * DAY)
        if edges:
            self.set_clock(max(self.moment, dice.choice(edges[:6]) + dice.choice([-1, 0, 0, 1]) * SECOND))

    # --- acts ---

    def by_guest(self, finding, act, stay, door, arguments, call):
        """Mostly with the link that may."""
        link = self.dice.choice(['manage'] * 18 + ['show', 'no'])

        def with_link(said):
            if link != 'manage':
                self.seen[f'booking.{door} with another link'] += 1
                raise Refused('booking.no_stay', 404)
            return call(said)
        query = ', '.join([text(stay.code), hashed(f'{link} {stay.key}'), *arguments])
        return self.do(finding, act, stay, f'select * from booking.{door}({query})', with_link)

    def by_house(self, finding, act, stay, door, arguments, call, person=None):
        """call is told as whom one acts there."""
        person = self.some_person(stay) if person is None else person
        query = ', '.join([text(stay.code), *arguments])

        def with_right(said):
            try:
                who = wishes.acts_as(person, stay.house)
            except Refused as no:
                self.seen[f'owner.{door} by somebody else: {no.key}'] += 1
                raise
            return call(said, who)
        return self.do(finding, act, stay, f'select * from owner.{door}({query})', with_right, person=person)

    def some_person(self, stay):
        return wishes.some_person(self.dice, self.village, stay.house)

    def book(self, wish=None):
        dice, wish = self.dice, wish or wishes.near_wish(self.dice, self.village, self.moment, self.ahead)
        key, phone = f'{self.name}-{len(self.village.stays)}-{dice.random()}', f'139{dice.randrange(0, 10**8):08}'

        def call(said):
            stay = self.village.book(*wish, phone, None, None, None, self.moment)
            stay.key, stay.number, stay.code = key, said['stay'], said['answer']['rows'][0]['code'] if 'rows' in said['answer'] else None
            return {'state': stay.state, 'total_fen': stay.total}
        self.do('book', 'book', None, f"select * from booking.book({text(key)}, {hashed('one')}, {wish_sql(wish)}, '客人', {text(phone)}, null, null, '',"
                f" null, {hashed('manage ' + key)}, {hashed('show ' + key)}, null, null)", call)

    def some_digits(self, stay):
        return stay.phone[-4:] if self.dice.random() < self.careful else '0000'

    def cancel(self, stay, digits=None):
        digits, owed = digits or self.some_digits(stay), stay.owed_at(self.moment)
        seen = self.dice.choice([None, owed, owed, max(0, owed - 1), stay.total])

        def call(_):
            if why := self.village.last4(stay, digits, self.moment):
                return {'state': stay.state_at(self.moment), 'refused': why, 'balance_fen': stay.balance(self.moment)}
            self.village.cancel(stay, seen, self.moment)
            # What it cost when it was cancelled, also when that was taken back since.
            owed = sum(entry.fen for entry in stay.ledger if entry.what == 'cancel' and entry.reverses is None)
            return {'state': stay.state, 'refused': None, 'owed_fen': owed, 'refund_fen': stay.total - owed, 'balance_fen': stay.balance(self.moment)}
        self.by_guest('cancel', 'cancel again' if stay.state == 'cancelled_guest' else 'cancel', stay, 'cancel', [text(digits), number(seen)], call)

    @staticmethod
    def wish_sql(wish):
        rooms, arrive, leave, adults, children = wish
        return f"{numbers(rooms, 'bigint')}, '{arrive}'::date, '{leave}'::date, {adults}, {numbers(children, 'int')}"

    def change_wish(self, stay, who, act):
        return wishes.change_wish(self.dice, self.village, stay, who, self.moment, lambda key: self.seen[f'{act} refused: {key}'])

    def change(self, stay, digits=None):
        """By the guest, who has looked before, or not."""
        digits, wish, seen = digits or self.some_digits(stay), self.change_wish(stay, 'guest', 'change'), [None, None]

        def look(_):
            # Without rooms one only asks whether it may be changed at all.
            if not wish[0]:
                self.village.may(stay, 'change', 'guest', self.moment)
                return {'same': True}
            owed, plan = self.village.change(stay, 'guest', *wish, self.moment, only_look=True)
            if plan is None:
                return {'same': True}
            seen[:] = plan.total, owed
            # What kept nights grow by is added, too.
            added = sum(plan.cells[cell][0] for cell in plan.added) + plan.grown
            return {'same': False, 'total_fen': plan.total, 'kept_fen': plan.total - added, 'added_fen': added, 'dropped_fen': plan.dropped, 'owed_fen': owed,
                    'balance_fen': stay.balance(self.moment) + plan.total - stay.total + owed, 'cancel': cancel_list(plan.cuts, plan.total),
                    'nights': night_list(plan.cells, lambda cell: 'added' if cell in plan.added else 'kept'),
                    'gone': night_list({cell: stay.cells[cell] for cell in plan.gone}, lambda _: 'gone')}
        if self.dice.random() < 0.6:
            self.by_guest('alter', 'alter', stay, 'alter', [self.wish_sql(wish)], look)
        total, owed = (fen if fen is None else max(0, fen - self.dice.choice([0, 0, 0, 0, 0, 1])) for fen in seen)

        def call(_):
            if why := self.village.last4(stay, digits, self.moment):
                return {'state': stay.state_at(self.moment), 'refused': why, 'balance_fen': stay.balance(self.moment)}
            return {**self.do_change(stay, 'guest', wish, total, owed), 'refused': None}
        self.by_guest('change', 'change', stay, 'change', [self.wish_sql(wish), text(digits), number(total), number(owed)], call)

    def change_in_house(self, stay):
        person = self.some_person(stay)
        wish = self.change_wish(stay, 'association' if person in (SECRETARY, OPERATOR) else 'house', 'change by the house')
        self.by_house('change', 'change by the house', stay, 'change', [self.wish_sql(wish)], lambda _, who: self.do_change(stay, who, wish), person)

    def do_change(self, stay, who, wish, seen_total=None, seen_owed=None):
        before = copy.copy(stay)
        owed, plan = self.village.change(stay, who, *wish, self.moment, seen_total, seen_owed)
        self.note(before, plan)
        return {'state': stay.state_at(self.moment), 'total_fen': stay.total, 'owed_fen': owed, 'balance_fen': stay.balance(self.moment)}

    def note(self, before, plan):
        """What kind of change it was."""
        if plan is None:
            self.seen['a change: nothing is different'] += 1
            return
        house = self.village.houses[before.house]
        whole = sorted(room.number for room in house.rooms if not room.closed)
        moved = {new == old for new, old in zip(plan.cuts[:-1], before.cuts[:-1])}
        kinds = {
            **{f'a kept night {kind}': True for kind in plan.kinds},
            'nights are added and dropped': plan.added and plan.gone,
            'nights are only added': plan.added and not plan.gone,
            'nights are only dropped': plan.gone and not plan.added,
            'dropping costs nothing': plan.dropped and plan.percent == 0,
            'dropping costs a part': plan.dropped and 0 < plan.percent < 100,
            'dropping costs all': plan.dropped and plan.percent == 100,
            'the guest is there': before.state == 'checked_in',
            'while requested': before.state == 'requested',
            'it moves wholly': before.arrive != plan.arrive and plan.leave - plan.arrive == before.leave - before.arrive,
            'other rooms': set(plan.rooms) != set(before.rooms),
            'several rooms': len(plan.rooms) > 1,
            'to a whole house': plan.rooms == whole != before.rooms,
            'a night of a whole house': any(plan.cells[cell][1] == 'whole' for cell in plan.added),
            'a cut-off has passed and others move': before.arrive != plan.arrive and len(moved) > 1,
            'the long-stay step decides': plan.added and any((plan.leave - plan.arrive).days >= nights for nights, _ in house.ladder),
            'the total stays': plan.total == before.total,
        }
        self.seen.update(f'a change: {kind}' for kind, so in kinds.items() if so)

    def step(self, stay, event):
        person, reason = self.some_person(stay), self.dice.choice(['other'] * 9 + [None, 'no such word'])
        if event == 'drop' and person != NOBODY and self.dice.random() < 0.5:
            person = SECRETARY

        def call(_, who):
            self.village.step(stay, event, who, reason, self.moment)
            return {'state': stay.state, 'balance_fen': stay.balance(self.moment)}
        self.by_house('step', event, stay, 'step', [text(event), text(reason)], call, person)

    def late(self, stay):
        arrival = self.dice.choice([0, 840, 1200, 1380, 1439, 1560, 1800])

        def call(_, who='guest'):
            self.village.late(stay, who, arrival, self.moment)
            return {'state': stay.state_at(self.moment)}
        if self.dice.random() < 0.6:
            self.by_guest('late', 'late', stay, 'late', [number(arrival)], call)
        else:
            self.by_house('late', 'late by the house', stay, 'late', [number(arrival)], call)

    def lapse(self, stay):
        self.do('system', 'lapse', stay, f'select booking.lapse({stay.number})', lambda _: self.village.lapse(stay, self.moment) or {}, role='village')

    def close(self, stay):
        self.do('system', 'close', stay, f'select booking.close({stay.number})', lambda _: self.village.close(stay, self.moment) or {}, role='village')

    def take(self, stay, kind='payment'):
        how = self.dice.choice(['cash', 'wechat', 'alipay', 'card', 'transfer', 'transfer', 'transfer'] * 5 + ['shells'])
        fen = wishes.some_money(self.dice, self.village.most(stay, kind, self.moment), stay.total)

        def call(said, _):
            if transfer := self.village.pay(stay, kind, fen, how, self.moment):
                self.give_number(transfer, said)
            return {'state': stay.state_at(self.moment), 'balance_fen': stay.balance(self.moment)}
        door = 'take' if kind == 'payment' else 'give_back'
        self.by_house('money', f"{door} {'by transfer' if how == 'transfer' else 'at the house'}", stay, door, [number(fen), text(how)], call)

    def give_back(self, stay):
        self.take(stay, 'refund')

    @staticmethod
    def give_number(transfer, said):
        transfer.number = said['answer']['rows'][0]['transfer'] if 'rows' in said['answer'] else None

    def paid(self, stay):
        fen = wishes.some_money(self.dice, stay.total, stay.total)

        def call(said):
            self.give_number(self.village.say(stay, 'payment', fen, 'guest', self.moment), said)
            return {}
        self.by_guest('transfer', 'say a transfer', stay, 'paid', [number(fen), "'转了'"], call)

    def answer(self, stay, again=None):
        dice, yes = self.dice, self.dice.random() < 0.7
        some = [transfer for transfer in stay.transfers if transfer.state == 'said']
        if not some or dice.random() < 0.3:
            some = [None] if dice.random() < 0.4 or not stay.transfers else stay.transfers
        transfer = again or dice.choice(some)
        from_guest = dice.random() < 0.5 if transfer is None else (transfer.said_by == 'house') != (dice.random() < 0.15)
        arguments, act = [number(transfer.number if transfer else 4711), str(yes)], f"answer {'yes' if yes else 'no'}"

        def call(_, who='guest'):
            self.village.answer(stay, transfer, who, yes, self.moment)
            return {'balance_fen': stay.balance(self.moment)}
        if from_guest:
            answered = self.by_guest('transfer', act, stay, 'answer_transfer', arguments, call)
        else:
            answered = self.by_house('transfer', act + ' by the house', stay, 'answer_transfer', arguments, call)
        if answered and dice.random() < 0.3:
            self.answer(stay, transfer)

    def reverse(self, stay, again=None):
        dice = self.dice
        some = [entry for entry in stay.ledger if entry.reverses is None and (entry.kind != 'charge' or entry.what in model.FAVOURS)]
        refunds = [entry for entry in some if entry.kind == 'refund']
        entry = again or dice.choice(refunds if refunds and dice.random() < 0.5 else some if some and dice.random() < 0.8 else [*stay.ledger, None])
        what = 'nothing' if entry is None else entry.what if entry.kind == 'charge' and entry in some else entry.kind

        def call(*_):
            self.village.reverse(stay, entry)
            return {'balance_fen': stay.balance(self.moment)}
        which = number(stay.entries[stay.ledger.index(entry)] if entry else 0)
        if self.by_house('reverse', f'reverse {what}', stay, 'reverse', [which, "'记错了'"], call) and dice.random() < 0.3:
            self.reverse(stay, entry)

    def page(self, stay):
        def call(_):
            owed, state = stay.owed_at(self.moment), stay.state_at(self.moment)
            return {'state': state, 'arrive': str(stay.arrive), 'leave': str(stay.leave), 'total_fen': stay.total, 'balance_fen': stay.balance(self.moment),
                    'owed_fen': owed, 'refund_fen': stay.total - owed, 'can_cancel': state in ('requested', 'confirmed'),
                    'cancel': cancel_list(stay.cuts, stay.total), 'nights': night_list(stay.cells)}
        self.do('page', 'look', stay, f"select * from booking.stay({text(stay.code)}, {hashed('manage ' + stay.key)})", call)

    def house_changes(self):
        def tell(sql):
            self.told.append(('a house', sql))
            self.database.tell(sql)
        self.changes += 1
        wishes.house_changes(self.dice, self.village, self.moment, tell, self.changes)

    def outbid(self, stay):
        """Somebody else wants the same nights, and then money comes."""
        self.book((stay.house, stay.rooms, stay.arrive, stay.leave, stay.adults, stay.children))
        self.take(stay)

    def say_often(self, stay):
        for _ in range(self.dice.choice([5, 6, 7])):
            if self.dice.random() < 0.5:
                self.paid(stay)
            else:
                self.take(stay)

    def guess(self, stay):
        """Somebody tries digits, and then knows them."""
        for digits in ['0000'] * self.dice.choice([4, 5, 6]) + [stay.phone[-4:]]:
            self.dice.choice([self.cancel, self.change])(stay, digits)

    # --- a sequence ---

    def some_act(self):
        dice = self.dice
        if len(self.village.stays) < 2 or dice.random() < 0.1:
            return self.book()
        if dice.random() < 0.07:
            return self.house_changes()
        if dice.random() < 0.04:
            return self.whole_village()
        lively = [stay for stay in self.village.stays if stay.state_at(self.moment) in ('requested', 'confirmed', 'checked_in')]
        owed = [stay for stay in self.village.stays if self.village.most(stay, 'refund', self.moment) > 0]
        stay = dice.choice(owed if owed and dice.random() < 0.2 else lively if lively and dice.random() < 0.7 else self.village.stays[-3:])
        acts = {
            'requested': ['accept'] * 5 + ['decline', 'cancel', 'late', 'lapse', 'take', 'paid', 'page', 'check_in'] + ['change', 'change_in_house'] * 2,
            'confirmed': ['change'] * 4 + ['change_in_house', 'check_in'] * 3 + ['no_show', 'take'] * 2 + [
                'cancel', 'drop', 'late', 'close', 'paid', 'page', 'accept'],
            'checked_in': ['change', 'change_in_house', 'check_out'] * 3 + ['take', 'take', 'paid', 'close', 'page', 'late', 'cancel'],
            'expired': ['lapse', 'take', 'paid', 'page', 'change', 'accept', 'give_back', *['take', 'paid', 'outbid'] * 2],
        }.get(stay.state_at(self.moment), ['give_back', 'reverse'] * 2 + [
            'take', 'paid', 'cancel', 'change', 'change_in_house', 'drop', 'decline', 'check_out', 'no_show', 'late', 'page'])
        if stay.transfers:
            acts = [*acts, *['answer'] * (len(acts) // (2 if any(transfer.state == 'said' for transfer in stay.transfers) else 3))]
        if any(entry.kind != 'charge' or entry.what in model.FAVOURS for entry in stay.ledger):
            acts = [*acts, 'reverse']
        if any(entry.kind == 'refund' for entry in stay.ledger):
            acts = [*acts, *['reverse'] * 8]
        if stay.balance(self.moment) < 0:
            acts = [*acts, *['give_back'] * 6]
        act = dice.choice(acts) if dice.random() < 0.97 else dice.choice([*model.BY_THE_HOUSE, 'cancel', 'change', 'late', 'take_up'])
        if act == 'take_up':
            return self.step(stay, act)
        if dice.random() < 0.03:
            return dice.choice([self.guess, self.say_often])(stay)
        if hasattr(self, act):
            return getattr(self, act)(stay)
        return self.step(stay, act)

    def run(self):
        self.careful = self.dice.choice([0.98, 0.98, 0.98, 0.4])      # how likely a guest knows the digits
        self.database.tell('savepoint before')
        self.set_clock(self.moment)
        try:
            for _ in range(ACTS):
                self.go_on()
                self.some_act()
            self.whole_village()
        except Differs:
            pass
        self.database.tell('rollback to savepoint before')


# What a run must have met, or it has not tried enough: each act accepted, and refused by each of these.
CHANGE = tuple('booking.' + key for key in (
    'change_in_house', 'leave_first', 'past', 'too_long', 'too_far', 'no_room', 'house_paused', 'too_many_guests', 'too_many_rooms', 'closed_to_arrival',
    'closed_to_departure', 'min_nights', 'max_nights', 'no_price', 'taken'))
MET = {
    'book': (),
    'alter': ('booking.cannot_change', 'booking.change_in_house', 'booking.past', 'booking.too_many_guests'),
    'change': ('booking.cannot_change', 'booking.change_by_house', 'booking.price_changed', 'booking.owed_changed', 'booking.last4_wrong', 'booking.last4_wait'),
    'change by the house': ('booking.cannot_change', 'booking.change_in_house', 'booking.past', 'booking.too_many_guests'),
    'cancel': ('booking.cannot_cancel', 'booking.owed_changed', 'booking.last4_wrong', 'booking.last4_wait'),
    'cancel again': (),
    'accept': ('booking.cannot_accept',),
    'decline': ('booking.cannot_decline', 'booking.no_reason'),
    'drop': ('booking.cannot_drop', 'booking.no_reason', 'booking.kept'),
    'check_in': ('booking.cannot_check_in', 'booking.not_yet', 'booking.is_over'),
    'no_show': ('booking.cannot_no_show', 'booking.not_yet'),
    'check_out': ('booking.cannot_check_out', 'booking.leave_early_first'),
    'late': ('booking.cannot_late',),
    'late by the house': ('booking.cannot_late',),
    'take at the house': ('booking.pay_too_much', 'booking.no_method'),
    'take by transfer': ('booking.pay_too_much', 'booking.transfers_open'),
    'give_back at the house': ('booking.refund_too_much', 'booking.no_method'),
    'give_back by transfer': ('booking.refund_too_much',),
    'say a transfer': ('booking.pay_too_much', 'booking.transfers_open'),
    'answer yes': ('booking.no_transfer', 'booking.own_transfer', 'booking.transfer_answered'),
    'answer no': ('booking.no_transfer', 'booking.transfer_answered'),
    'answer yes by the house': ('booking.no_transfer', 'booking.own_transfer', 'booking.transfer_answered'),
    'answer no by the house': ('booking.no_transfer', 'booking.transfer_answered'),
    'reverse payment': ('booking.reversed',),
    'reverse refund': ('booking.reversed',),
    'reverse drop': ('booking.reversed',),
    'reverse cancel': ('booking.reversed',),
    'reverse no_show': ('booking.reversed',),
    'lapse': (),
    'close': (),
    'look': (),
}
REFUSED_ONLY = {'changing': CHANGE, 'take_up': ('booking.cannot_step',), 'reverse charge': ('booking.no_reverse',), 'reverse nothing': ('booking.no_entry',)}
OTHERS = [*(f'booking.{door} with another link' for door in ('cancel', 'change', 'alter', 'late', 'paid', 'answer_transfer')),
          *(f'owner.{door} by somebody else: {key}' for door in ('step', 'change', 'late', 'take', 'give_back', 'answer_transfer', 'reverse')
            for key in ('account.sign_in_first', 'booking.no_stay'))]
ALSO = ['late money takes its nights again', 'late money comes too late', 'late money finds its nights taken', *('a change: ' + kind for kind in (
    'nothing is different', 'a kept night keeps its price', 'a kept night is dearer', 'a kept night is cheaper', 'a kept night costs nothing any more',
    'nights are added and dropped', 'nights are only added', 'nights are only dropped', 'dropping costs nothing', 'dropping costs a part', 'dropping costs all',
    'the guest is there', 'while requested', 'it moves wholly', 'other rooms', 'several rooms', 'to a whole house', 'a night of a whole house',
    'a cut-off has passed and others move', 'the long-stay step decides', 'the total stays'))]
ENOUGH = 1
COVERAGE = (
    ('every act was accepted', [f'{act} accepted' for act in MET]),
    ('strangers, nobody and other links were turned away at every door', OTHERS),
    ('every act was refused by every key', [f'{act} refused: {key}' for act, keys in {**MET, **REFUSED_ONLY}.items() for key in keys]),
    ('every kind of change and of late money was met', ALSO))

FINDINGS = {
    'book': 'booking',
    'alter': 'what a change would cost',
    'change': 'changing',
    'cancel': 'cancelling',
    'step': 'accept, decline, drop, check in, no-show, check out',
    'late': 'coming later',
    'money': 'money at the house, and transfers it speaks of',
    'transfer': 'transfers said and answered',
    'reverse': 'taking an entry back',
    'system': 'lapse and close',
    'page': 'the page of a stay',
    'refused': 'what is refused in one is refused in the other, by the same key and status',
    'state': 'the state of a stay now, its dates, party, time of arrival, deadline',
    'prices': 'the price kept for each night, and the total',
    'cuts': 'the cut-offs, and what each costs',
    'ledger': 'the ledger, entry by entry, and the balance',
    'transfers': 'the transfers',
    'nights': 'the nights that are held, and until when',
    'village': 'all stays of the village, and who has which night',
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=f'{ROOT}/build')
    parser.add_argument('--rounds', type=int, default=DEFAULT, help='sequences of acts, at least')
    parser.add_argument('--exact', action='store_true', help='not more, whatever was met')
    parser.add_argument('--seed', default=str(random.SystemRandom().randrange(10**6)))
    asked = parser.parse_args()
    tap = Tap()
    tap.comment(f'seed {asked.seed}, {asked.rounds} sequences: stays_test.py --seed {asked.seed} --rounds {asked.rounds}')
    findings, seen = {name: Finding() for name in FINDINGS}, collections.Counter()
    with edge.Cluster() as cluster:
        cluster.psql('village', edge.read(f'{asked.build}/deploy.sql'), 'village')
        database = Database(f'host={cluster.directory} user=postgres dbname=village')
        database.tell(picture.ASK)
        done = 0
        # What is rare may not come up in so many: then it goes on until it has, but not for ever.
        while done < asked.rounds or done < MOST and not asked.exact and any(seen[what] < ENOUGH for _, wanted in COVERAGE for what in wanted):
            name = f'{asked.seed}/{done // SEQUENCES_IN_A_VILLAGE}'
            village, moment = wishes.some_village(random.Random(name))
            wishes.load(database, village)
            for nth in range(SEQUENCES_IN_A_VILLAGE):
                Sequence(database, findings, seen, f'{name}/{nth}', village, moment).run()
            database.tell('rollback')
            # What was rolled back lies in everybody's way until it is swept.
            if done // SEQUENCES_IN_A_VILLAGE % 20 == 19:
                database.tell('vacuum')
            done += SEQUENCES_IN_A_VILLAGE
        database.end()
    for name, about in FINDINGS.items():
        tap.differences(f'{about} ({findings[name].made} times)', findings[name].wrong, findings[name].made)
    tap.comment(', '.join(f'{what} {many}' for what, many in sorted(seen.items())))
    tap.comment(f'{done} sequences')
    for about, wanted in COVERAGE:
        missed = [what for what in wanted if seen[what] < ENOUGH]
        tap.say(not missed or asked.exact, about, missed)
    tap.end()


if __name__ == '__main__':
    main()
