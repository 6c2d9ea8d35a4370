"""Random villages in which stays meet, their people, and what guests and houses may want of each other: for stays_test.py.

Mostly sensible, for most of it must be accepted, and often what just may not be. Villages, rooms and rates are sample.py's.
"""

from datetime import date, datetime

import price
import sample
import stays as model
from sample import number
from stays import DAY, Refused, tonight

NOBODY = 0
STRANGER = 999              # belongs to the association, but not to its office
SECRETARY, OPERATOR = 900, 901


# --- villages and people -------------------------------------------------------------------------------------------------------

def some_limit(dice, first):
    return price.Limit(first, first + dice.randrange(0, 12) * DAY, dice.choice([1, 2, 4]), dice.choice([400, 2, 3]), dice.random() < 0.6, dice.random() < 0.6)


def some_village(dice):
    start = date(2026, 1, 1) + dice.randrange(0, 1500) * DAY
    plain = sample.make_village(dice, start)
    village = model.Village(plain.holidays, {**plain.settings, 'stays_per_phone': 0, 'stays_per_device': 0, 'stays_per_address': 0})
    # Two houses at most, so that stays meet; not closed all along.
    for house in list(plain.houses.values())[:2]:
        house.paused, house.by_request = False, dice.random() < 0.5
        house.check_in_to = dice.choice([1080, 1320, 1440, 1530, 1800])
        village.houses[house.number] = house
        for room in house.rooms:
            village.rooms[room.number] = room
            if dice.random() < 0.5:
                room.limits.append(some_limit(dice, start + dice.randrange(0, 30) * DAY))
            if dice.random() < 0.05:
                room.rates = [price.Rate('base', start - 5 * DAY, start + dice.randrange(5, 20) * DAY, sample.some_fen(dice), 1)]
    moment = datetime(start.year, start.month, start.day, dice.randrange(24), dice.randrange(60), tzinfo=price.SHANGHAI)
    return village, moment


def load(database, village):
    """As village 1, with its people: an owner (100 + house) and a helper (200 + house) for each house, and the association."""
    database.tell('begin')
    sample.load(database.tell, village, 1, 'one.test')
    for day, kinds in sorted(village.holidays.items()):
        for kind in kinds:
            database.tell(f"insert into data.holiday values ('{day}', '{kind}', '节', '')")
    load_people(database.tell, village, 1)
    database.tell("select set_config('visit.village', '1', true), set_config('visit.lang', 'zh', true) \\g /dev/null")


def load_people(tell, village, here):
    people = [(100 + house, 'owner', house) for house in village.houses] + [(200 + house, 'helper', house) for house in village.houses]
    for person, role, house in [*people, (SECRETARY, 'secretary', None), (OPERATOR, 'operator', None), (STRANGER, 'assessor', None)]:
        tell(f"insert into data.person values ({here}, {person}, 'p{person}', '某', 'hash', '2020-01-01', null)")
        tell(f"insert into data.member (village, person, role, house, since) values ({here}, {person}, '{role}', {number(house)}, '2020-01-01')")


def some_person(dice, village, house):
    """Mostly somebody who may act for the house."""
    if dice.random() < 0.12:
        return dice.choice([NOBODY, NOBODY, STRANGER, *(100 + other for other in village.houses if other != house)])
    return dice.choice([100 + house] * 5 + [200 + house] + [SECRETARY] * 3 + [OPERATOR])


def acts_as(person, house):
    if person == NOBODY:
        raise Refused('account.sign_in_first', 401)
    if person in (SECRETARY, OPERATOR):
        return 'association'
    if person in (100 + house, 200 + house):
        return 'house'
    raise Refused('booking.no_stay', 404)


# --- wishes --------------------------------------------------------------------------------------------------------------------

def near_wish(dice, village, moment, ahead):
    """For a booking that begins within so many nights, and mostly can be had."""
    for _ in range(5):
        wish = sample.some_wish(dice, village, moment)
        arrive = tonight(moment) + dice.choice([0, dice.randrange(0, ahead + 1), dice.randrange(0, ahead + 1)]) * DAY
        wish = (*wish[:2], arrive, arrive + dice.choice([1, 1, 2, 2, 3, 4, 7]) * DAY, *wish[4:])
        try:
            village.quote(*wish, moment)
            break
        except Refused:
            pass
    return wish


def other_wish(dice, village, stay, moment, common=1):
    """A stay as it is, with something changed; common: how likely it is something common."""
    rooms, arrive, leave, adults, children = list(stay.rooms), stay.arrive, stay.leave, stay.adults, list(stay.children)
    house = village.houses[stay.house]
    limits = [limit for number_ in rooms for limit in village.rooms[number_].limits if limit.last > tonight(moment)]
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        throw = dice.random() if dice.random() < common else dice.choice([0.9, 0.93, 0.94, 0.95, 0.96, 0.975, 0.985])
        if throw < 0.25:
            leave += dice.choice([-2, -1, 1, 1, 2, 3, 5]) * DAY
        elif throw < 0.4:
            arrive += dice.choice([-2, -1, 1, 1, 2]) * DAY
        elif throw < 0.52:
            by = dice.choice([-3 * DAY, -DAY, DAY, 2 * DAY, 7 * DAY, tonight(moment) - arrive])
            arrive, leave = arrive + by, leave + by
        elif throw < 0.68:
            rooms = dice.sample([room.number for room in house.rooms], dice.randrange(1, len(house.rooms) + 1))
        elif throw < 0.76 and len(rooms) > 1:
            rooms.pop()
        elif throw < 0.84:
            adults = max(1, adults + dice.choice([-2, -1, -1, 1, 1, 2]))
        elif throw < 0.89:
            children = [dice.randrange(0, 18) for _ in range(dice.randrange(0, 3))]
        elif throw < 0.91:
            # what somebody else has
            other = dice.choice([other for other in village.stays if other.house == stay.house])
            rooms = dice.choice([rooms, list(other.rooms)])
            arrive, leave = dice.choice([(arrive, leave), (other.arrive, other.leave)])
        elif throw < 0.955 and limits:
            # where the house wants it otherwise
            day, nights = max(dice.choice(limits).first, tonight(moment)), dice.choice([DAY, DAY, leave - arrive, 4 * DAY])
            arrive, leave = dice.choice([(day, day + nights), (day, day + nights), (day - nights, day)])
        elif throw < 0.97:
            # just on this or that side of what may be booked
            leave = tonight(moment) + (village.settings['book_ahead_nights'] + dice.choice([0, 1])) * DAY
            arrive = dice.choice([arrive, *[leave - (stay.leave - stay.arrive)] * 4])
        elif throw < 0.98:
            leave = arrive + (village.settings['longest_nights'] + dice.choice([0, 1])) * DAY
        elif throw < 0.993:
            rooms = dice.choice([[], [7], [7, *rooms], [*rooms, rooms[0] if rooms else 7], [dice.choice(list(village.rooms))]])
        else:
            arrive += dice.choice([-9, 30]) * DAY
    dice.shuffle(rooms)
    return rooms, arrive, leave, adults, children


def change_wish(dice, village, stay, who, moment, met):
    """Mostly one that may be, else one that is refused as few were; met: how many, by their keys."""
    found, rare = {}, dice.random() < 0.3
    for _ in range(12 if rare else 4):
        wish = other_wish(dice, village, stay, moment, 0.4 if rare else 1)
        try:
            found['yes' if village.change(stay, who, *wish, moment, only_look=True)[1] else 'the same'] = wish
        except Refused as no:
            found[no.key] = wish
        if 'yes' in found and not rare:
            return wish
    return found[min(found, key=met) if rare else dice.choice(list(found))]


def some_money(dice, most, total):
    return max(1, dice.choice([most, most, most, most // 2, most // 3, most + 1, total, total + 1, 1]))


# --- what a house changes ------------------------------------------------------------------------------------------------------

def some_rate(dice, kinds, moment, nth):
    first = tonight(moment) + dice.randrange(-3, 10) * DAY
    return price.Rate(dice.choice(kinds), first, first + dice.randrange(0, 12) * DAY, sample.some_fen(dice), 1000 + nth)


def house_changes(dice, village, moment, tell, nth, here=1):
    """Something of a house is otherwise from now on; nth: so many changes were before. What stays were promised does not change with it."""
    house = dice.choice(list(village.houses.values()))
    room, throw = dice.choice(house.rooms), dice.random()
    this_house, this_room = f'where village = {here} and house = {house.number}', f'where village = {here} and room = {room.number}'
    if throw < 0.3:
        rate = some_rate(dice, ['named', 'season', 'weekend', 'base'], moment, nth)
        room.rates.append(rate)
        tell("insert into data.rate (village, room, kind, from_night, to_night, price_fen) values "
             f"({here}, {room.number}, '{rate.kind}', '{rate.first}', '{rate.last}', {rate.fen})")
    elif throw < 0.45:
        room.closed = not room.closed
        tell(f'update data.room set closed = {room.closed} {this_room}')
    elif throw < 0.5:
        house.paused = not house.paused
        tell(f'update data.house set paused = {house.paused} {this_house}')
    elif throw < 0.55:
        house.by_request = not house.by_request
        tell(f'update data.house set by_request = {house.by_request} {this_house}')
    elif throw < 0.62:
        room.extra_adult = sample.some_fen(dice)
        tell(f'update data.room set extra_adult_fen = {room.extra_adult} {this_room}')
    elif throw < 0.66:
        house.ladder = [(dice.randrange(2, 5), dice.randrange(1, 91))]
        tell(f'delete from data.ladder {this_house}')
        tell(f'insert into data.ladder values ({here}, {house.number}, {house.ladder[0][0]}, {house.ladder[0][1]})')
    elif throw < 0.7:
        house.cuts = [(None, None, dice.choice([0, 33, 100]))]
        tell(f'delete from data.cut {this_house}')
        tell(f'insert into data.cut values ({here}, {house.number}, 1, null, null, {house.cuts[0][2]})')
    elif throw < 0.88:
        limit = some_limit(dice, tonight(moment) + dice.randrange(0, 3) * DAY)
        room.limits.append(limit)
        tell('insert into data.stay_limit (village, room, from_night, to_night, min_nights, max_nights, arrive_ok, leave_ok) values '
             f"({here}, {room.number}, '{limit.first}', '{limit.last}', {limit.least}, {limit.most}, {limit.arrive_ok}, {limit.leave_ok})")
    elif throw < 0.93:
        rate = some_rate(dice, ['named', 'base'], moment, nth)
        house.whole.append(rate)
        tell("insert into data.whole_rate (village, house, kind, from_night, to_night, price_fen) values "
             f"({here}, {house.number}, '{rate.kind}', '{rate.first}', '{rate.last}', {rate.fen})")
    else:
        room.rates = []
        tell(f'delete from data.rate {this_room}')
