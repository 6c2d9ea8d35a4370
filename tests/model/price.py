"""What a stay costs, when it may be had and what cancelling it costs, reckoned slowly.

Written from the rules of the domain (nights, prices, guests, cut-offs), not from the SQL: fractions, plain loops, one thing after
the other. It knows a village as plain data and keeps its own book of who has which night. What the database does with the same
village is left to price_test.py.
"""

import math
from datetime import datetime, timedelta, timezone
from fractions import Fraction

SHANGHAI = timezone(timedelta(hours=8))     # no summer time since 1991
DAY = timedelta(days=1)
FOR_EVER = datetime.max.replace(tzinfo=timezone.utc)


def half_up(number):
    return math.floor(Fraction(number) + Fraction(1, 2))


def tonight(moment):
    """Until six in the morning a guest at the door still means last night."""
    local = moment.astimezone(SHANGHAI)
    day = local.date()
    return day - DAY if local.hour < 6 else day


def nights_of(arrive, leave):
    night = arrive
    while night < leave:
        yield night
        night += DAY


class Refused(Exception):
    def __init__(self, key, status, **detail):
        super().__init__(key)
        self.key, self.status, self.detail = key, status, detail


class Rate:
    def __init__(self, kind, first, last, fen, number):
        self.kind, self.first, self.last, self.fen, self.number = kind, first, last, fen, number


class Limit:
    def __init__(self, first, last, least, most, arrive_ok, leave_ok):
        self.first, self.last, self.least, self.most = first, last, least, most
        self.arrive_ok, self.leave_ok = arrive_ok, leave_ok


class Room:
    def __init__(self, number, house, capacity, places, extra_adult, closed):
        self.number, self.house, self.capacity, self.places = number, house, capacity, places
        self.extra_adult, self.closed = extra_adult, closed
        self.rates, self.limits = [], []


class House:
    def __init__(self, number, by_request, paused):
        self.number, self.by_request, self.paused = number, by_request, paused
        self.bands, self.ladder, self.cuts, self.rooms = [], [], [], []


class Stay:
    """A stay as it was promised: nothing of it is reckoned again later."""

    def __init__(self, **what):
        self.__dict__.update(what)

    def state_at(self, moment):
        if self.state == 'requested' and moment >= self.until:
            return 'expired'
        return self.state

    def open_at(self, moment):
        """Does it count against the limits? It has nights to come and nobody ended it."""
        return self.state_at(moment) in ('requested', 'confirmed') and self.leave > tonight(moment)


class Village:
    def __init__(self, holidays, settings):
        self.holidays = holidays        # day → set of kinds
        self.settings = settings
        self.rooms, self.houses, self.stays = {}, {}, []
        self.taken = {}                 # (room, night) → until when

    # --- which rule ---

    def day_off(self, day):
        kinds = self.holidays.get(day, set())
        if 'holiday' in kinds:
            return True
        if 'workday' in kinds:
            return False
        return day.strftime('%a') in ('Sat', 'Sun')

    def rule(self, room, night):
        """The rate that decides this night, or None: named day, season, weekend, base; the shorter; the newer."""
        for kind in ('named', 'season', 'weekend', 'base'):
            covering = [r for r in room.rates if r.kind == kind and r.first <= night <= r.last]
            if kind == 'weekend' and not self.day_off(night + DAY):
                continue
            if covering:
                shortest = min((r.last - r.first).days for r in covering)
                return max((r for r in covering if (r.last - r.first).days == shortest), key=lambda r: r.number)
        return None

    # --- who pays ---

    @staticmethod
    def band(house, age):
        """What a child of this age costs a night when no place is left, or None: it counts as an adult."""
        for under, fen in sorted(house.bands):
            if age < under:
                return fen
        return None

    def extra(self, room, adults, children):
        house = self.houses[room.house]
        costs = [self.band(house, age) for age in children]
        grown = adults + sum(1 for cost in costs if cost is None)
        small = sorted((cost for cost in costs if cost is not None), reverse=True)
        left, fen = room.places, 0
        for _ in range(grown):
            if left > 0:
                left -= 1
            else:
                fen += room.extra_adult
        for cost in small:
            if left > 0:
                left -= 1
            else:
                fen += cost
        return fen

    # --- the price ---

    def price(self, room, arrive, leave, adults, children):
        """[(night, fen, rule)]; None when a night has no price."""
        more = self.extra(room, adults, children)
        raw = []
        for night in nights_of(arrive, leave):
            rate = self.rule(room, night)
            if rate is None:
                return None
            raw.append((night, rate.fen + more, rate.kind))
        percent = 0
        for nights, less in sorted(self.houses[room.house].ladder):
            if (leave - arrive).days >= nights:
                percent = less
        whole = sum(fen for _, fen, _ in raw)
        total = half_up(Fraction(whole * (100 - percent), 100))
        return [(night, fen, kind) for (night, _, kind), fen in zip(raw, self.shares(total, [fen for _, fen, _ in raw]))]

    @staticmethod
    def shares(total, weights):
        """Largest remainder: whole parts first, then one each to those who lost most; the earlier night where that is equal."""
        if sum(weights) == 0:
            return [0 for _ in weights]
        exact = [Fraction(total * weight, sum(weights)) for weight in weights]
        parts = [math.floor(share) for share in exact]
        while sum(parts) < total:
            lost = [share - part if part == math.floor(share) else Fraction(-1) for share, part in zip(exact, parts)]
            parts[lost.index(max(lost))] += 1
        return parts

    # --- cancelling ---

    def cut_offs(self, house, arrive, total):
        """[(until, owed)]: until a moment so much is owed; the last for ever."""
        found = []
        for days, minute, percent in house.cuts:
            if days is None:
                until = FOR_EVER
            else:
                midnight = datetime(arrive.year, arrive.month, arrive.day, tzinfo=SHANGHAI) - days * DAY
                until = midnight + timedelta(minutes=minute)
            found.append((until, half_up(Fraction(total * percent, 100))))
        return found or [(FOR_EVER, 0)]

    @staticmethod
    def owed(cuts, moment):
        for until, fen in cuts:
            if moment < until:
                return fen
        raise AssertionError('the last step has no end')

    @staticmethod
    def free_until(cuts, moment):
        """The last moment cancelling costs nothing; None when there is none to come, or no end to it."""
        free = [until for until, fen in cuts if fen == 0 and moment < until < FOR_EVER]
        return max(free, default=None)

    # --- may it be had? ---

    def wrong_dates(self, arrive, leave, moment):
        if leave <= arrive:
            return 'booking.leave_first'
        if arrive < tonight(moment):
            return 'booking.past'
        if (leave - arrive).days > 60:
            return 'booking.too_long'
        if (leave - tonight(moment)).days > self.settings['book_ahead_nights']:
            return 'booking.too_far'
        return None

    def against_rules(self, room, arrive, leave):
        nights = (leave - arrive).days
        broken = set()
        for limit in room.limits:
            if limit.first <= arrive <= limit.last and not limit.arrive_ok:
                broken.add('booking.closed_to_arrival')
            if limit.first <= leave <= limit.last and not limit.leave_ok:
                broken.add('booking.closed_to_departure')
            if any(limit.first <= night <= limit.last for night in nights_of(arrive, leave)):
                if nights < limit.least:
                    broken.add('booking.min_nights')
                if nights > limit.most:
                    broken.add('booking.max_nights')
        if any(self.rule(room, night) is None for night in nights_of(arrive, leave)):
            broken.add('booking.no_price')
        for key in ('closed_to_arrival', 'closed_to_departure', 'min_nights', 'max_nights', 'no_price'):
            if 'booking.' + key in broken:
                return 'booking.' + key
        return None

    def is_free(self, room, arrive, leave, moment):
        return all(self.taken.get((room.number, night), moment) <= moment for night in nights_of(arrive, leave))

    def look(self, house, rooms, arrive, leave, adults, children, moment):
        """The room that is asked for, or why it cannot be had; whether it is free is asked later."""
        if why := self.wrong_dates(arrive, leave, moment):
            raise Refused(why, 422)
        if len(rooms) != 1:
            raise Refused('booking.one_room', 422)
        room = self.rooms.get(rooms[0])
        if room is None or house is not None and room.house != house:
            raise Refused('booking.no_room', 404)
        if room.closed or self.houses[room.house].paused:
            raise Refused('booking.house_paused', 409)
        if adults + len(children) > room.capacity:
            raise Refused('booking.too_many_guests', 422, capacity=room.capacity)
        if why := self.against_rules(room, arrive, leave):
            raise Refused(why, 422)
        return room

    def quote(self, house, rooms, arrive, leave, adults, children, moment):
        room = self.look(house, rooms, arrive, leave, adults, children, moment)
        if not self.is_free(room, arrive, leave, moment):
            raise Refused('booking.taken', 409)
        nights = self.price(room, arrive, leave, adults, children)
        total = sum(fen for _, fen, _ in nights)
        return room, nights, total, self.cut_offs(self.houses[room.house], arrive, total)

    def why_not(self, room, arrive, leave, adults, children, moment):
        """What a list says beside a room: its total, or the key of why not."""
        if adults + len(children) > room.capacity:
            return None, 'booking.too_many_guests'
        why = self.wrong_dates(arrive, leave, moment) or self.against_rules(room, arrive, leave)
        if why is None and (room.closed or self.houses[room.house].paused):
            why = 'booking.house_paused'
        if why is None and not self.is_free(room, arrive, leave, moment):
            why = 'lodging.full'
        if why:
            return None, why
        return sum(fen for _, fen, _ in self.price(room, arrive, leave, adults, children)), None

    # --- acts ---

    def book(self, house, rooms, arrive, leave, adults, children, phone, device, address, seen, moment):
        room = self.look(house, rooms, arrive, leave, adults, children, moment)
        open_stays = [stay for stay in self.stays if stay.open_at(moment)]
        for name, mine in (('phone', phone), ('device', device), ('address', address)):
            most = self.settings['stays_per_' + name]       # 0: as many as one likes
            if mine is not None and 0 < most <= sum(1 for stay in open_stays if getattr(stay, name) == mine):
                raise Refused(f'booking.{name}_limit', 429)
        nights = self.price(room, arrive, leave, adults, children)
        total = sum(fen for _, fen, _ in nights)
        if seen is not None and total > seen:
            raise Refused('booking.price_changed', 409, seen_total_fen=seen, total_fen=total)
        if not self.is_free(room, arrive, leave, moment):
            raise Refused('booking.taken', 409)
        asked = self.houses[room.house].by_request
        until = moment + timedelta(minutes=self.settings['request_minutes']) if asked else FOR_EVER
        for night in nights_of(arrive, leave):
            self.taken[room.number, night] = until
        stay = Stay(room=room, arrive=arrive, leave=leave, nights=nights, total=total, state='requested' if asked else 'confirmed', until=until,
                    cuts=self.cut_offs(self.houses[room.house], arrive, total), phone=phone, device=device, address=address, paid=0,
                    charged=total)
        self.stays.append(stay)
        return stay

    def cancel(self, stay, seen, moment):
        """What is owed. Once cancelled it stays at what it was."""
        if stay.state == 'cancelled_guest':
            return stay.charged
        if stay.state_at(moment) not in ('requested', 'confirmed'):
            raise Refused('booking.cannot_cancel', 409)
        owed = self.owed(stay.cuts, moment)
        if seen is not None and owed > seen:
            raise Refused('booking.owed_changed', 409, seen_owed_fen=seen, owed_fen=owed)
        for night in nights_of(stay.arrive, stay.leave):
            self.taken[stay.room.number, night] = moment
        stay.state, stay.charged = 'cancelled_guest', owed
        return owed
