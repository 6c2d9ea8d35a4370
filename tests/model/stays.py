"""A stay's whole life, reckoned slowly: booked, changed, paid, cancelled, come to, left, and what each of these costs.

Written from sql/booking/README.md, not from the SQL: plain loops, one thing after the other. Every act asks first and does then, so a
refused one has done nothing. Prices, guests, limits of nights and the first cut-offs are price.py's. Who acts is `who`: guest, house or
association; links, sessions and who belongs where are left to stays_test.py, holds of the waiting list to others.
"""

from datetime import datetime, timedelta
from fractions import Fraction

import price
from price import DAY, FOR_EVER, SHANGHAI, Refused, half_up, nights_of, tonight

# event → (from, to, who); what the system does has functions of its own.
STEPS = {
    'accept': (('requested',), 'confirmed', ('house', 'association')),
    'decline': (('requested',), 'declined', ('house', 'association')),
    'cancel': (('held', 'requested', 'confirmed'), 'cancelled_guest', ('guest',)),
    'drop': (('confirmed',), 'cancelled_owner', ('association',)),
    'change': (('requested', 'confirmed', 'checked_in'), None, ('guest', 'house', 'association')),
    'late': (('requested', 'confirmed'), None, ('guest', 'house', 'association')),
    'check_in': (('confirmed',), 'checked_in', ('house', 'association')),
    'no_show': (('confirmed',), 'no_show', ('house', 'association')),
    'check_out': (('checked_in',), 'checked_out', ('house', 'association')),
}
BY_THE_HOUSE = ('accept', 'decline', 'drop', 'check_in', 'no_show', 'check_out')
REASONS = ('other',)        # there are more; a reason decides nothing
# A charge that may be taken back as a favour.
FAVOURS = ('drop', 'cancel', 'no_show')
OPEN_TRANSFERS = 5          # of a stay at once


def clock(day, minute):
    """A minute of a day's wall clock; there may be more than a day has."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(minutes=minute)


def percent_of(fen, percent):
    return half_up(Fraction(fen * percent, 100))


class Entry:
    def __init__(self, kind, fen, what, reverses=None):
        self.kind, self.fen, self.what, self.reverses = kind, fen, what, reverses


class Transfer:
    def __init__(self, kind, fen, said_by):
        self.kind, self.fen, self.said_by, self.state = kind, fen, said_by, 'said'


class Stay(price.Stay):
    """cells: (room, night) → (fen, rule). cuts: (until, percent). total is what was charged for the nights, also when that was reversed."""

    def open_at(self, moment):
        return self.state_at(moment) in ('requested', 'confirmed', 'checked_in') and self.leave > tonight(moment)

    def balance(self, moment):
        """What has run out owes nothing for itself any more, also when nobody wrote it down yet."""
        entries = [entry for entry in self.ledger if self.state_at(moment) != 'expired' or entry not in self.charges('stay')]
        return sum(-entry.fen if entry.kind == 'payment' else entry.fen for entry in entries)

    def reversed(self, entry):
        return any(other.reverses is entry for other in self.ledger)

    def charge(self, fen, what):
        self.ledger.append(Entry('charge', fen, what))

    def take_back(self, entry, what):
        self.ledger.append(Entry(entry.kind, -entry.fen, what, entry))

    def charges(self, *what):
        """Those in force: neither reversed nor reversing."""
        return [entry for entry in self.ledger if entry.kind == 'charge' and entry.reverses is None and not self.reversed(entry)
                and (not what or entry.what in what)]

    def percent_at(self, moment):
        """What nobody has promised costs nothing to take back."""
        if self.state in ('requested', 'expired', 'declined'):
            return 0
        return next(percent for until, percent in self.cuts if moment < until)

    def owed_at(self, moment):
        return percent_of(self.total, self.percent_at(moment))

    def cut_list(self):
        return [(until, percent_of(self.total, percent)) for until, percent in self.cuts]


class Plan:
    """What a change would do."""

    def __init__(self, **what):
        self.__dict__.update(what)


class Village(price.Village):
    def __init__(self, holidays, settings):
        super().__init__(holidays, settings)
        self.holder = {}        # (room, night) → the stay that took it last

    # --- nights ---

    def hold(self, stay, cells, until):
        for cell in cells:
            self.taken[cell], self.holder[cell] = until, stay

    def give_back_nights(self, stay, cells, moment):
        for cell in cells:
            if self.holder.get(cell) is stay and self.taken[cell] > moment:
                self.taken[cell] = moment

    def all_free(self, cells, moment):
        """Asked of cells the stay does not have."""
        return all(self.taken.get(cell, moment) <= moment for cell in cells)

    def held(self, stay, moment):
        return sorted((room, night, until) for (room, night), until in self.taken.items()
                      if until > moment and self.holder[room, night] is stay)

    # --- what may follow what ---

    def may(self, stay, event, who, moment):
        """The state it is in now, if the event may happen."""
        states, _, actors = STEPS[event]
        state = stay.state_at(moment)
        if event == 'drop' and who == 'house' and state in states:
            raise Refused('booking.kept', 409)
        if state not in states or who not in actors:
            raise Refused('booking.cannot_' + event, 409)
        return state

    def in_time(self, stay, event, moment):
        """Some steps have their time. Nobody is a no-show before check-in has ended and before the time they said themselves."""
        if event == 'check_in' and tonight(moment) < stay.arrive:
            raise Refused('booking.not_yet', 409)
        if event == 'check_in' and tonight(moment) >= stay.leave:
            raise Refused('booking.is_over', 409)
        if event == 'no_show' and moment < clock(stay.arrive, max(self.houses[stay.house].check_in_to, stay.arrival or 0)):
            raise Refused('booking.not_yet', 409)
        if event == 'check_out' and moment < clock(stay.leave, 0):
            raise Refused('booking.leave_early_first', 409)

    # --- acts ---

    def book(self, house, numbers, arrive, leave, adults, children, phone, device, address, seen, moment):
        old = super().book(house, numbers, arrive, leave, adults, children, phone, device, address, seen, moment)
        whose = self.houses[old.rooms[0].house]
        stay = Stay(house=whose.number, rooms=sorted(room.number for room in old.rooms), arrive=arrive, leave=leave, adults=adults, children=list(children),
                    cells={(room, night): (fen, rule) for room, night, fen, rule in old.nights}, total=old.total, state=old.state, until=old.until,
                    cuts=[(until, percent) for (until, _), percent in zip(old.cuts, [percent for _, _, percent in whose.cuts] or [0])],
                    phone=phone, device=device, address=address, arrival=None, ledger=[], transfers=[], wrong_tries=0, tried=None)
        stay.charge(stay.total, 'stay')
        self.stays[-1] = stay
        self.hold(stay, stay.cells, stay.until)
        return stay

    def end(self, stay, state, moment, what):
        """It ends before its time: its nights are free, and what was charged for them is taken back."""
        for entry in stay.charges('stay'):
            stay.take_back(entry, what)
        stay.state, stay.until = state, FOR_EVER
        self.give_back_nights(stay, stay.cells, moment)

    @staticmethod
    def last4(stay, digits, moment):
        """Why the digits do not open, or None. Five wrong ones within an hour of each other, and one has to wait."""
        recent = stay.tried is not None and stay.tried > moment - timedelta(hours=1)
        if stay.wrong_tries >= 5 and recent:
            return 'booking.last4_wait'
        if digits != stay.phone[-4:]:
            stay.wrong_tries = stay.wrong_tries + 1 if recent else 1
            stay.tried = moment
            return 'booking.last4_wrong'
        return None

    def cancel(self, stay, seen, moment):
        """Cancelling twice is like once."""
        if stay.state == 'cancelled_guest':
            return
        self.may(stay, 'cancel', 'guest', moment)
        owed = stay.owed_at(moment)
        if seen is not None and owed > seen:
            raise Refused('booking.owed_changed', 409, seen_owed_fen=seen, owed_fen=owed)
        self.end(stay, 'cancelled_guest', moment, 'cancel')
        if owed > 0:
            stay.charge(owed, 'cancel')

    def step(self, stay, event, who, reason, moment):
        """What a house and the association do with a stay. A guest who is sent away reads why."""
        if event not in BY_THE_HOUSE:
            raise Refused('booking.cannot_step', 409)
        self.may(stay, event, who, moment)
        self.in_time(stay, event, moment)
        if event in ('decline', 'drop') and reason not in REASONS:
            raise Refused('booking.no_reason', 422)
        if event == 'accept':
            stay.state, stay.until = 'confirmed', FOR_EVER
            self.hold(stay, stay.cells, FOR_EVER)
        elif event == 'decline':
            self.end(stay, 'declined', moment, 'decline')
        elif event == 'drop':
            for entry in stay.charges():
                if entry.what != 'stay':
                    stay.take_back(entry, 'drop_house')
            self.end(stay, 'cancelled_owner', moment, 'drop_house')
        elif event == 'no_show':
            owed = stay.owed_at(moment)
            self.end(stay, 'no_show', moment, 'no_show')
            if owed > 0:
                stay.charge(owed, 'no_show')
        else:
            stay.state = STEPS[event][1]

    def late(self, stay, who, arrival, moment):
        self.may(stay, 'late', who, moment)
        stay.arrival = arrival

    @staticmethod
    def lapse(stay, moment):
        """The system writes down that a request has run out; its nights were free from then on."""
        if stay.state == 'requested' and stay.until <= moment:
            for entry in stay.charges('stay'):
                stay.take_back(entry, 'lapse')
            stay.state = 'expired'

    @staticmethod
    def close(stay, moment):
        """Over, and nobody said so."""
        if stay.state in ('confirmed', 'checked_in') and moment >= clock(stay.leave + DAY, 360):
            stay.state = 'checked_out'

    # --- changing ---

    @staticmethod
    def nothing_new(stay, numbers, arrive, leave, adults, children):
        return (sorted(numbers), arrive, leave, adults, sorted(children)) == (stay.rooms, stay.arrive, stay.leave, stay.adults, sorted(stay.children))

    def plan(self, stay, who, numbers, arrive, leave, adults, children, moment):
        """What a change would cost and do, or why it cannot be; whether the nights are free is asked last, by change()."""
        state, today = self.may(stay, 'change', who, moment), tonight(moment)
        there = state == 'checked_in'
        if there and (sorted(numbers) != stay.rooms or arrive != stay.arrive):
            raise Refused('booking.change_in_house', 409)
        if leave <= arrive:
            raise Refused('booking.leave_first', 422)
        if arrive != stay.arrive and arrive < today or leave != stay.leave and leave < today:
            raise Refused('booking.past', 422)
        if (leave - arrive).days > self.settings['longest_nights']:
            raise Refused('booking.too_long', 422)
        if leave > stay.leave and (leave - today).days > self.settings['book_ahead_nights']:
            raise Refused('booking.too_far', 422)
        cells = {(room, night) for room in numbers for night in nights_of(arrive, leave)}
        added = cells - set(stay.cells)
        rooms = self.fitting(stay.house, numbers, adults, children, [room for room in sorted(numbers) if any(cell[0] == room for cell in added)])
        if added and who == 'guest' and state == 'confirmed' and self.houses[stay.house].by_request:
            raise Refused('booking.change_by_house', 409)
        for room in rooms:
            if not there and (room.number not in stay.rooms or (arrive, leave) != (stay.arrive, stay.leave)):
                if why := self.against_limits(room, arrive, leave):
                    raise Refused(why, 422)
        of_today = self.price(rooms, arrive, leave, adults, children)
        if added and of_today is None:
            raise Refused('booking.no_price', 422)

        fresh = {(room, night): (fen, rule) for room, night, fen, rule in of_today or []}
        after, before = self.extra(rooms, adults, children), self.extra([self.rooms[room] for room in stay.rooms], stay.adults, stay.children)
        new, grown, dropped, kinds = {}, 0, 0, set()
        for cell in sorted(cells):
            if cell in added:
                new[cell] = fresh[cell]
                continue
            fen, rule = stay.cells[cell]
            more = after[cell[0]] - before[cell[0]]
            less = min(fen, max(-more, 0))
            dropped += less
            grown += max(more, 0)
            new[cell] = (fen + max(more, 0) - less, rule)
            kinds.add('keeps its price' if more == 0 else 'is dearer' if more > 0 else 'is cheaper' if -more <= fen else 'costs nothing any more')
        dropped += sum(fen for cell, (fen, _) in stay.cells.items() if cell not in cells)
        percent = stay.percent_at(moment)
        # A cut-off that has passed stays where it was; for ever stays for ever.
        by, total = arrive - stay.arrive, sum(fen for fen, _ in new.values())
        cuts = [(until if until <= moment or until == FOR_EVER else until + by, percent) for until, percent in stay.cuts]
        return Plan(rooms=sorted(numbers), arrive=arrive, leave=leave, adults=adults, children=list(children), cells=new, added=added,
                    gone=set(stay.cells) - cells, total=total, grown=grown, dropped=dropped, percent=percent, owed=percent_of(dropped, percent), cuts=cuts,
                    kinds=kinds)

    def change(self, stay, who, numbers, arrive, leave, adults, children, moment, seen_total=None, seen_owed=None, only_look=False):
        """What it costs to drop nights, and the Plan; 0 and None when nothing is different."""
        self.may(stay, 'change', who, moment)
        if self.nothing_new(stay, numbers, arrive, leave, adults, children):
            return 0, None
        plan = self.plan(stay, who, numbers, arrive, leave, adults, children, moment)
        if seen_total is not None and plan.total > seen_total:
            raise Refused('booking.price_changed', 409, seen_total_fen=seen_total, total_fen=plan.total)
        if seen_owed is not None and plan.owed > seen_owed:
            raise Refused('booking.owed_changed', 409, seen_owed_fen=seen_owed, owed_fen=plan.owed)
        if not self.all_free(plan.added, moment):
            raise Refused('booking.taken', 409)
        if only_look:
            return plan.owed, plan
        self.hold(stay, plan.cells, stay.until)
        self.give_back_nights(stay, plan.gone, moment)
        if plan.total != stay.total:
            for entry in stay.charges('stay'):
                stay.take_back(entry, 'change')
            stay.charge(plan.total, 'stay')
        if plan.owed > 0:
            stay.charge(plan.owed, 'drop')
        stay.rooms, stay.arrive, stay.leave, stay.adults, stay.children = plan.rooms, plan.arrive, plan.leave, plan.adults, plan.children
        stay.cells, stay.total, stay.cuts = plan.cells, plan.total, plan.cuts
        return plan.owed, plan

    # --- money ---

    @staticmethod
    def most(stay, kind, moment):
        """What may be taken or given back now."""
        if kind == 'refund':
            return max(-stay.balance(moment), 0)
        return stay.total if stay.state_at(moment) == 'expired' else max(stay.balance(moment), 0)

    def count(self, stay, kind, fen, what, moment):
        """Money that counts from now on. For an expired stay it takes the nights again, if it can."""
        self.lapse(stay, moment)
        stay.ledger.append(Entry(kind, fen, what))
        if kind == 'payment' and stay.state == 'expired' and stay.arrive >= tonight(moment) and self.all_free(stay.cells, moment):
            stay.state, stay.until = 'confirmed', FOR_EVER
            self.hold(stay, stay.cells, FOR_EVER)
            stay.charge(stay.total, 'stay')

    @staticmethod
    def at_most(kind, fen, most):
        if fen > most:
            raise Refused('booking.pay_too_much' if kind == 'payment' else 'booking.refund_too_much', 409, most_fen=most)

    def pay(self, stay, kind, fen, how, moment):
        """At the house: counts at once. A transfer waits for the guest's word."""
        if how not in ('cash', 'wechat', 'alipay', 'card', 'transfer'):
            raise Refused('booking.no_method', 422)
        if how == 'transfer':
            return self.say(stay, kind, fen, 'house', moment)
        self.at_most(kind, fen, self.most(stay, kind, moment))
        self.count(stay, kind, fen, how, moment)
        return None

    def say(self, stay, kind, fen, by, moment):
        self.at_most(kind, fen, stay.total if kind == 'payment' else self.most(stay, kind, moment))
        if len([transfer for transfer in stay.transfers if transfer.state == 'said']) >= OPEN_TRANSFERS:
            raise Refused('booking.transfers_open', 409)
        stay.transfers.append(Transfer(kind, fen, by))
        return stay.transfers[-1]

    def answer(self, stay, transfer, who, yes, moment):
        """The other side says yes or no; who said it may only take it back. The association stands for either side. Twice alike is like once."""
        if transfer is None:
            raise Refused('booking.no_transfer', 404)
        own = who == transfer.said_by
        if own and yes:
            raise Refused('booking.own_transfer', 409)
        becomes = 'confirmed' if yes else 'withdrawn' if own else 'denied'
        if transfer.state == becomes:
            return
        if transfer.state != 'said':
            raise Refused('booking.transfer_answered', 409)
        transfer.state = becomes
        if yes:
            self.count(stay, transfer.kind, transfer.fen, 'transfer', moment)

    @staticmethod
    def reverse(stay, entry):
        if entry is None:
            raise Refused('booking.no_entry', 404)
        if stay.reversed(entry):
            raise Refused('booking.reversed', 409)
        if entry.reverses is not None or entry.kind == 'charge' and entry.what not in FAVOURS:
            raise Refused('booking.no_reverse', 409)
        stay.take_back(entry, 'favour' if entry.kind == 'charge' else 'mistake')
