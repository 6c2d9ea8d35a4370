"""What a stay costs, when it may be had and what cancelling it costs, reckoned slowly.

Written from the rules of the domain (nights, prices, guests, cut-offs), not from the SQL: fractions, plain loops, one thing after
the other. It knows a village as plain data and keeps its own book of who has which night. What the database does with the same
village is left to price_test.py.
"""

import itertools
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
    """places: how many guests are within the price of a night. position: its place on the house's page, and nothing else."""

    def __init__(self, number, house, position, capacity, places, extra_adult, closed):
        self.number, self.house, self.position, self.capacity, self.places = number, house, position, capacity, places
        self.extra_adult, self.closed = extra_adult, closed
        self.rates, self.limits = [], []


class House:
    def __init__(self, number, by_request, paused):
        self.number, self.by_request, self.paused = number, by_request, paused
        self.check_in_to = 1320         # minute of the day of arrival; above 1440 it is the night after
        self.bands, self.ladder, self.cuts, self.rooms = [], [], [], []
        self.whole = []                 # rates of all its rooms together


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

    def rule(self, owner, night):
        """The rate that decides this night of a room or of a whole house, or None: named day, season, weekend, base; the shorter; the newer."""
        rates = owner.whole if isinstance(owner, House) else owner.rates
        for kind in ('named', 'season', 'weekend', 'base'):
            covering = [r for r in rates if r.kind == kind and r.first <= night <= r.last]
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

    def extra(self, rooms, adults, children):
        """What a night costs above the rooms' prices, by the room it stands on: {room: fen}."""
        costs = [self.band(self.houses[rooms[0].house], age) for age in children]
        # Grown guests first (None), then the dearest child; those for whom there is no place within the prices pay.
        guests = [None] * (adults + costs.count(None)) + sorted((cost for cost in costs if cost is not None), reverse=True)
        paying = guests[sum(room.places for room in rooms):]
        order = sorted(rooms, key=lambda room: (room.extra_adult, room.number))
        places = [room for room in order for _ in range(room.capacity - room.places)]
        more = {room.number: 0 for room in rooms}
        for nth, cost in enumerate(paying):
            room = places[nth] if nth < len(places) else order[-1]
            more[room.number] += room.extra_adult if cost is None else cost
        return more

    # --- the price ---

    def price(self, rooms, arrive, leave, adults, children):
        """[(room, night, fen, rule)], by room and night; None when a night of a room has no price."""
        more = self.extra(rooms, adults, children)
        rooms = sorted(rooms, key=lambda room: room.number)
        own = {(room.number, night): self.rule(room, night) for room in rooms for night in nights_of(arrive, leave)}
        if None in own.values():
            return None
        own = {cell: (rate.fen, rate.kind) for cell, rate in own.items()}
        house = self.houses[rooms[0].house]
        if len(rooms) > 1 and rooms == self.open_rooms(house.number):
            for night in nights_of(arrive, leave):
                if (rate := self.rule(house, night)) is not None:
                    weights = [own[room.number, night][0] for room in rooms]
                    parts = self.shares(rate.fen, weights if sum(weights) > 0 else [1 for _ in rooms])
                    for room, part in zip(rooms, parts):
                        own[room.number, night] = part, 'whole'
        raw = [(room.number, night, own[room.number, night][0] + more[room.number], own[room.number, night][1])
               for room in rooms for night in nights_of(arrive, leave)]
        percent = 0
        for nights, less in sorted(self.houses[rooms[0].house].ladder):
            if (leave - arrive).days >= nights:
                percent = less
        whole = [fen for _, _, fen, _ in raw]
        total = half_up(Fraction(sum(whole) * (100 - percent), 100))
        return [(room, night, fen, kind) for (room, night, _, kind), fen in zip(raw, self.shares(total, whole))]

    @staticmethod
    def shares(total, weights):
        """Largest remainder: whole parts first, then one each to those who lost most; whoever stands first where that is equal."""
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
        if (leave - arrive).days > self.settings['longest_nights']:
            return 'booking.too_long'
        if (leave - tonight(moment)).days > self.settings['book_ahead_nights']:
            return 'booking.too_far'
        return None

    @staticmethod
    def against_limits(room, arrive, leave):
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
        for key in ('closed_to_arrival', 'closed_to_departure', 'min_nights', 'max_nights'):
            if 'booking.' + key in broken:
                return 'booking.' + key
        return None

    def against_rules(self, room, arrive, leave):
        if why := self.against_limits(room, arrive, leave):
            return why
        return 'booking.no_price' if any(self.rule(room, night) is None for night in nights_of(arrive, leave)) else None

    def is_free(self, room, arrive, leave, moment):
        return all(self.taken.get((room.number, night), moment) <= moment for night in nights_of(arrive, leave))

    def look(self, house, numbers, arrive, leave, adults, children, moment):
        """The rooms that are asked for, by their numbers, or why they cannot be had; whether they are free is asked later."""
        if why := self.wrong_dates(arrive, leave, moment):
            raise Refused(why, 422)
        rooms = self.fitting(house, numbers, adults, children)
        against = [self.against_rules(room, arrive, leave) for room in rooms]
        # What the house does not want comes before what has no price.
        for why in [why for why in against if why not in (None, 'booking.no_price')] + [why for why in against if why]:
            raise Refused(why, 422)
        return rooms

    def fitting(self, house, numbers, adults, children, new=None):
        """The rooms, if they hold the party. new: those among them that must be open; None: all of them."""
        rooms = [self.rooms.get(number) for number in sorted(numbers)]
        if not rooms or None in rooms or len(set(numbers)) < len(numbers) or any(house not in (None, room.house) for room in rooms):
            raise Refused('booking.no_room', 404)
        for room in rooms:
            if room.house != rooms[0].house:
                raise Refused('booking.one_house', 422)
            if room.closed and (new is None or room.number in new):
                raise Refused('booking.house_paused', 409)
        if self.houses[rooms[0].house].paused and new != []:
            raise Refused('booking.house_paused', 409)
        if adults + len(children) > (capacity := sum(room.capacity for room in rooms)):
            raise Refused('booking.too_many_guests', 422, capacity=capacity)
        # Nobody keeps rooms empty that others could have, unless it is the whole house, which is all that are open.
        if adults < len(rooms) and any(room not in rooms for room in self.open_rooms(rooms[0].house)):
            raise Refused('booking.too_many_rooms', 422)
        return rooms

    def open_rooms(self, house):
        return sorted((room for room in self.houses[house].rooms if not room.closed), key=lambda room: room.number)

    def quote(self, house, numbers, arrive, leave, adults, children, moment):
        rooms = self.look(house, numbers, arrive, leave, adults, children, moment)
        if not all(self.is_free(room, arrive, leave, moment) for room in rooms):
            raise Refused('booking.taken', 409)
        nights = self.price(rooms, arrive, leave, adults, children)
        total = sum(fen for _, _, fen, _ in nights)
        return rooms, nights, total, self.cut_offs(self.houses[rooms[0].house], arrive, total)

    # --- what a house's page says ---

    def why_not(self, room, arrive, leave, adults, children, moment):
        """What stands beside a room: its total, or the key of why not."""
        if adults + len(children) > room.capacity:
            return None, 'booking.too_many_guests'
        why = self.wrong_dates(arrive, leave, moment) or self.against_rules(room, arrive, leave)
        if why is None and (room.closed or self.houses[room.house].paused):
            why = 'booking.house_paused'
        if why is None and not self.is_free(room, arrive, leave, moment):
            why = 'lodging.full'
        if why:
            return None, why
        return sum(fen for _, _, fen, _ in self.price([room], arrive, leave, adults, children)), None

    def totals(self, house, count, arrive, leave, adults, children, moment):
        """Every so many rooms of a house that can be had together, and their total: {numbers: fen}."""
        found = {}
        for some in itertools.combinations(sorted(room.number for room in self.houses[house].rooms), count):
            try:
                found[some] = self.quote(house, some, arrive, leave, adults, children, moment)[2]
            except Refused:
                pass
        return found

    def choices(self, house, arrive, leave, adults, children, moment):
        """Rooms together: (those among which the page chooses one, all equally cheap; the whole house); each {numbers: fen}, or empty."""
        wish = arrive, leave, adults, children, moment
        several = {}
        if not self.totals(house, 1, *wish):
            for count in range(2, adults + 1):
                if several := self.totals(house, count, *wish):
                    break
        several = {some: fen for some, fen in several.items() if fen == min(several.values())}
        all_of_it = self.open_rooms(house)
        whole = {some: fen for some, fen in self.totals(house, len(all_of_it), *wish).items() if len(all_of_it) > 1}
        # The whole house is offered once.
        return {} if several.keys() & whole.keys() else several, whole

    # --- acts ---

    def book(self, house, numbers, arrive, leave, adults, children, phone, device, address, seen, moment):
        rooms = self.look(house, numbers, arrive, leave, adults, children, moment)
        open_stays = [stay for stay in self.stays if stay.open_at(moment)]
        for name, mine in (('phone', phone), ('device', device), ('address', address)):
            most = self.settings['stays_per_' + name]       # 0: as many as one likes
            if mine is not None and 0 < most <= sum(1 for stay in open_stays if getattr(stay, name) == mine):
                raise Refused(f'booking.{name}_limit', 429)
        nights = self.price(rooms, arrive, leave, adults, children)
        total = sum(fen for _, _, fen, _ in nights)
        if seen is not None and total > seen:
            raise Refused('booking.price_changed', 409, seen_total_fen=seen, total_fen=total)
        if not all(self.is_free(room, arrive, leave, moment) for room in rooms):
            raise Refused('booking.taken', 409)
        house = self.houses[rooms[0].house]
        until = moment + timedelta(minutes=self.settings['request_minutes']) if house.by_request else FOR_EVER
        for room, night, _, _ in nights:
            self.taken[room, night] = until
        stay = Stay(rooms=rooms, arrive=arrive, leave=leave, nights=nights, total=total, state='requested' if house.by_request else 'confirmed',
                    until=until, cuts=self.cut_offs(house, arrive, total), phone=phone, device=device, address=address, paid=0, charged=total)
        self.stays.append(stay)
        return stay

    def cancel(self, stay, seen, moment):
        """What is owed. Once cancelled it stays at what it was."""
        if stay.state == 'cancelled_guest':
            return stay.charged
        if stay.state_at(moment) not in ('requested', 'confirmed'):
            raise Refused('booking.cannot_cancel', 409)
        # Nobody has promised a request yet, so taking it back costs nothing.
        owed = 0 if stay.state == 'requested' else self.owed(stay.cuts, moment)
        if seen is not None and owed > seen:
            raise Refused('booking.owed_changed', 409, seen_owed_fen=seen, owed_fen=owed)
        for room, night, _, _ in stay.nights:
            self.taken[room, night] = moment
        stay.state, stay.charged = 'cancelled_guest', owed
        return owed
