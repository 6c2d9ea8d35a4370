"""A random village as price.py knows it, the same as rows of the database, and random wishes for its rooms."""

import collections
from datetime import date, datetime, timedelta, timezone

import price as model

DAY = timedelta(days=1)


# --- SQL literals ------------------------------------------------------------------------------------------------------------

def text(word):
    return 'null' if word is None else "'" + str(word).replace("'", "''") + "'"


def numbers(many, kind):
    return "'{" + ','.join(str(n) for n in many) + "}'::" + kind + '[]'


def hashed(word):
    return 'null' if word is None else f"sha256({text(word)}::bytea)"


def number(one):
    return 'null' if one is None else str(one)


def moment_of(written):
    """The moment in an answer; None stands for none, or for ever where for ever is written as none."""
    return None if written is None else datetime.fromisoformat(written).astimezone(timezone.utc)


def wish_sql(wish):
    house, rooms, arrive, leave, adults, children = wish
    return f"{number(house)}, {numbers(rooms, 'bigint')}, '{arrive}'::date, '{leave}'::date, {adults}, {numbers(children, 'int')}"


# --- a random village --------------------------------------------------------------------------------------------------------

def some_fen(dice):
    return dice.choice([dice.randrange(50, 500) * 100, dice.randrange(10000, 60000), dice.randrange(10000, 60000), dice.randrange(0, 300), 0, 33333])


def span(dice, start, longest):
    first = start + dice.randrange(-10, 60) * DAY
    return first, first + dice.randrange(0, longest) * DAY


def some_holidays(dice, start):
    holidays = collections.defaultdict(set)
    for _ in range(dice.randrange(0, 4)):
        first, last = span(dice, start, 8)
        for night in model.nights_of(first, last + DAY):
            holidays[night].add('holiday')
        for _ in range(dice.randrange(0, 3)):      # make-up days, on a weekend near by
            day = dice.choice([first, last]) + dice.randrange(-8, 9) * DAY
            if day.isoweekday() >= 6 and 'holiday' not in holidays[day]:
                holidays[day].add('workday')
    for _ in range(dice.randrange(0, 3)):
        holidays[start + dice.randrange(0, 60) * DAY].add('festival')
    return holidays


def some_room(dice, house, number_, position, start):
    capacity = dice.randrange(1, 7)
    places = dice.choice([1, min(2, capacity), dice.randrange(1, capacity + 2)])
    room = model.Room(number_, house, position, capacity, places, dice.choice([0, 5000, some_fen(dice)]), dice.random() < 0.04)
    kinds = ['base'] * dice.choice([1, 1, 1, 1, 1, 1, 2]) + ['weekend'] * dice.choice([0, 1, 1, 2])
    kinds += ['season'] * dice.randrange(0, 4) + ['named'] * dice.randrange(0, 4)
    dice.shuffle(kinds)
    for age, kind in enumerate(kinds):
        whole_year = kind in ('base', 'weekend') and dice.random() < 0.92
        first, last = (date(2000, 1, 1), date(2199, 12, 31)) if whole_year else span(dice, start, {'named': 6, 'season': 30}.get(kind, 90))
        room.rates.append(model.Rate(kind, first, last, some_fen(dice), age))
    for _ in range(dice.choice([0, 0, 0, 1, 2])):
        first, last = span(dice, start, 12)
        room.limits.append(model.Limit(first, last, dice.choice([1, 2, 3, 4]), dice.choice([400, 400, 5, 2]), dice.random() < 0.75, dice.random() < 0.6))
    return room


def make_village(dice, start, holidays=None):
    """holidays: those of a database that has some already."""
    # One limit that is met, or several.
    limited = dice.sample(('phone', 'device', 'address'), dice.choice([1, 1, 2, 3]))
    settings = {'unverified_share': 0, **{f'stays_per_{who}': dice.choice([2, 3]) if who in limited else 0 for who in ('phone', 'device', 'address')},
                'request_minutes': dice.choice([30, 120, 1440]), 'book_ahead_nights': dice.choice([60, 90, 400]), 'longest_nights': dice.choice([12, 60, 60])}
    village = model.Village(some_holidays(dice, start) if holidays is None else holidays, settings)
    for number_ in range(1, dice.randrange(2, 5) + 1):
        house = model.House(number_ * 10, dice.random() < 0.3, dice.random() < 0.06)
        house.bands = [(under, dice.choice([0, some_fen(dice)])) for under in dice.sample(range(1, 19), dice.choice([0, 1, 2, 3]))]
        house.ladder = [(nights, dice.randrange(1, 91)) for nights in dice.sample(range(2, 12), dice.choice([0, 1, 2, 3]))]
        if dice.random() < 0.9:
            steps = sorted({(dice.randrange(0, 8), dice.choice([0, 360, 720, 1080, 1439])) for _ in range(dice.randrange(0, 4))},
                           key=lambda step: (-step[0], step[1]))
            percents = sorted(dice.choice([0, 0, 0, 10, 30, 33, 50, 67, 99, 100]) for _ in range(len(steps) + 1))
            house.cuts = [(days, minute, percent) for (days, minute), percent in zip([*steps, (None, None)], percents)]
        village.houses[house.number] = house
        if dice.random() < 0.4:
            house.whole = [model.Rate(kind, date(2000, 1, 1), date(2199, 12, 31), dice.choice([0, some_fen(dice) * 3]), age)
                           for age, kind in enumerate(dice.sample(['base', 'weekend'], dice.choice([1, 2])))]
            house.whole += [model.Rate('named', *span(dice, start, 6), some_fen(dice) * 2, 9)] * dice.choice([0, 1])
        count = dice.choice([1, 2, 3, 3, 4, 6])
        for place, position in enumerate(dice.sample(range(count), count), 1):
            room = some_room(dice, house.number, house.number * 10 + place, position, start)
            house.rooms.append(room)
            village.rooms[room.number] = room
    return village


def load(tell, village, here, host):
    """Its rows, under the number and the host `here` and `host`; holidays are all villages' and left to others."""
    tell(f"insert into data.village values ({here}, '村', '', '镇', '', '1', 'https://{host}', now())")
    tell(f"insert into data.village_host values ('{host}', {here})")
    for name, value in village.settings.items():
        tell(f"insert into data.setting values ({here}, '{name}', {value})")
    for house in village.houses.values():
        tell(f"insert into data.house values ({here}, {house.number}, {house.number}, '院', '', 'stone', '', '', '', '', '', '', '', '', 0, 0, 1, '0',"
             f" '', '', '', '', true, 0, '', '', '{{}}', 840, {house.check_in_to}, 720, {house.by_request}, {house.paused})")
        for under, fen in house.bands:
            tell(f'insert into data.child_band values ({here}, {house.number}, {under}, {fen})')
        for nights, percent in house.ladder:
            tell(f'insert into data.ladder values ({here}, {house.number}, {nights}, {percent})')
        for step, (days, minute, percent) in enumerate(house.cuts, 1):
            tell(f'insert into data.cut values ({here}, {house.number}, {step}, {number(days)}, {number(minute)}, {percent})')
        for rate in house.whole:
            tell('insert into data.whole_rate (village, house, kind, from_night, to_night, price_fen) values '
                 f"({here}, {house.number}, '{rate.kind}', '{rate.first}', '{rate.last}', {rate.fen})")
        for room in house.rooms:
            tell(f"insert into data.room values ({here}, {room.number}, {room.house}, {room.position}, '间', '', '', '', {room.capacity}, {room.places},"
                 f" {room.extra_adult}, '{{double}}', 20, 1, false, null, {room.closed})")
            for limit in room.limits:
                tell('insert into data.stay_limit (village, room, from_night, to_night, min_nights, max_nights, arrive_ok, leave_ok) values '
                     f"({here}, {room.number}, '{limit.first}', '{limit.last}', {limit.least}, {limit.most}, {limit.arrive_ok}, {limit.leave_ok})")
            for rate in room.rates:     # in the order of their age
                tell('insert into data.rate (village, room, kind, from_night, to_night, price_fen) values '
                     f"({here}, {room.number}, '{rate.kind}', '{rate.first}', '{rate.last}', {rate.fen})")


# --- a random wish -----------------------------------------------------------------------------------------------------------

def some_dates(dice, today):
    """Mostly near, so that stays meet; now and then just on this or that side of what may be booked."""
    ahead = dice.choice([dice.randrange(0, 10), dice.randrange(0, 30), dice.randrange(0, 30), dice.randrange(0, 60)])
    nights = dice.choice([1, 1, 2, 2, 3, dice.randrange(1, 8), dice.randrange(1, 15)])
    if dice.random() < 0.1:
        ahead = dice.choice([-1, 0, 59, 60, 89, 90, 399, 400])
    elif dice.random() < 0.1:
        nights = dice.choice([0, -1, 12, 13, 60, 61])
    return today + ahead * DAY, today + (ahead + nights) * DAY


def some_party(dice, most, rooms):
    """Of at most so many guests mostly, for whom so many rooms are not too many mostly."""
    least = max(1, min(rooms, most)) if dice.random() < 0.75 else 1
    adults = least if dice.random() < 0.3 else dice.randrange(least, max(least, most) + 1)
    children = [dice.randrange(0, 18) for _ in range(dice.randrange(0, max(0, most - adults) + 1))]
    if dice.random() < 0.05:
        adults += dice.randrange(1, 4)
    return adults, children


def some_wish(dice, village, moment):
    """(house, rooms, arrive, leave, adults, children): one room mostly, often some of a house, sometimes all of it, rarely nonsense."""
    room = dice.choice(list(village.rooms.values()))
    of_house = [other.number for other in village.houses[room.house].rooms]
    rooms, house, throw = [room.number], dice.choice([None, room.house]), dice.random()
    if throw < 0.3 and len(of_house) > 1:
        rooms = dice.sample(of_house, dice.randrange(2, min(len(of_house), 5) + 1))
    elif throw < 0.42:
        rooms = dice.choice([of_house, [number_ for number_ in of_house if not village.rooms[number_].closed]])
    elif throw < 0.44:
        rooms = dice.choice([[], [room.number, room.number + 10000], [901], [7], [*of_house, 901]])
    elif throw < 0.46:
        rooms = [room.number, *dice.sample(sorted(village.rooms), min(2, len(village.rooms)))]     # of two houses, or one twice
    elif throw < 0.48:
        rooms = [*rooms, dice.choice(rooms)]
    elif throw < 0.5:
        house = dice.choice([90, 7, *village.houses])
    dice.shuffle(rooms := list(rooms))
    most = sum(village.rooms[number_].capacity for number_ in rooms if number_ in village.rooms)
    return house, rooms, *some_dates(dice, model.tonight(moment)), *some_party(dice, most, len(rooms))
