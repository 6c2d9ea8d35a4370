/*
 * A night is sold once: crowds on one room and night, on nights that overlap, on one idempotency key. The same crowd then meets
 * a site whose table has no key and whose function looks before it takes; there it must find a night sold twice, or it proves
 * nothing. Left to others: what survives when programs are killed (kill.test.mjs), prices and rules (tests/sql, tests/model).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freeRanges, rows, script, tell, value } from '../common/database.mjs';
import { House, slow, startKore, tree } from '../common/house.mjs';
import { book, guestPhone, manyConnections, talk, wish } from '../common/talk.mjs';

const ROUNDS = slow > 1 ? 50 : 200;
const CROWD = 50;

let house, connections;

before(async () => {
	house = await House.start();
	connections = manyConnections(CROWD);
});
after(async () => {
	connections?.destroy();
	await house?.end();
});

const tally = answers => {
	const counts = {};
	for (const { status, json } of answers) {
		const what = `${status}${json.key !== undefined ? ` ${json.key}` : ''}`;
		counts[what] = (counts[what] ?? 0) + 1;
	}
	return counts;
};
const crowd = (site, night) => Promise.all(Array.from({ length: CROWD }, () => book(site, wish(night), { agent: connections })));

test(`${CROWD} guests on one room and night, ${ROUNDS} times: one has it each time, the others hear "taken"`, async () => {
	const nights = await freeRanges(house.database, ROUNDS);
	assert.equal(nights.length, ROUNDS);
	for (const night of nights) {
		assert.deepEqual(tally(await crowd(house.url, night)), { 201: 1, '409 booking.taken': CROWD - 1 });
	}
	const sold = await value(house.database, `select count(*) from data.night n join data.stay s using (village, stay)
		where (n.room, n.night) in (${nights.map(each => `(${each.room}, '${each.arrive}')`).join(', ')})
		  and s.state = 'confirmed' and n.until = 'infinity'`);
	assert.equal(sold, ROUNDS);
});

test('24 guests on ranges that overlap, 40 times: who has nights has all of them, who has none stands against one who has', async () => {
	const GUESTS = 24, WINDOW = 10;
	const windows = await freeRanges(house.database, 40, WINDOW);
	assert.ok(windows.length === 40);
	const day = (from, days) => new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
	for (const { room, arrive } of windows) {
		const wishes = Array.from({ length: GUESTS }, () => {
			const nights = 1 + Math.floor(Math.random() * 5), first = Math.floor(Math.random() * (WINDOW - nights + 1));
			return { room, arrive: day(arrive, first), leave: day(arrive, first + nights), nights };
		});
		const answers = await Promise.all(wishes.map(each => book(house.url, wish({ ...each, nights: undefined }), { agent: connections })));
		const won = wishes.filter((_, i) => answers[i].status === 201), lost = wishes.filter((_, i) => answers[i].status !== 201);
		assert.deepEqual(Object.keys(tally(answers)).sort(), lost.length > 0 ? ['201', '409 booking.taken'] : ['201']);
		const overlap = (a, b) => a.arrive < b.leave && b.arrive < a.leave;
		for (const [i, one] of won.entries()) {
			assert.ok(won.every((other, k) => k === i || !overlap(one, other)), 'two guests have the same night');
		}
		for (const one of lost) assert.ok(won.some(other => overlap(one, other)), 'refused though nobody has its nights');
		const kept = await rows(house.database, `select s.arrive, s.leave, count(*)::int as nights, min(n.night) as first, max(n.night) + 1 as last
			from data.night n join data.stay s using (village, stay)
			where n.room = ${room} and n.night >= '${arrive}' and n.night < '${day(arrive, WINDOW)}' group by s.village, s.stay order by s.arrive`);
		assert.deepEqual(kept, won.sort((a, b) => (a.arrive < b.arrive ? -1 : 1))
			.map(each => ({ arrive: each.arrive, leave: each.leave, nights: each.nights, first: each.arrive, last: each.leave })));
	}
});

describe('one idempotency key', () => {
	const same = answers => new Set(answers.map(({ json }) => JSON.stringify(json)));
	let ranges;
	before(async () => { ranges = await freeRanges(house.database, 40, 3, 230); });

	test('twelve clients at once, 20 times: one booking, the same answer for all', async () => {
		for (let round = 0; round < 20; round++) {
			const key = randomUUID(), body = wish(ranges[round]);
			const answers = await Promise.all(Array.from({ length: 12 }, () => book(house.url, body, { key, agent: connections })));
			assert.deepEqual(tally(answers), { 201: 12 });
			assert.equal(same(answers).size, 1);
			assert.match(answers[0].json.secret, /^[\w-]{43}$/);
			const [kept] = await rows(house.database, `select count(*)::int as bookings, min(code) as code, (select i.replays from data.idempotency i
				where i.key = '${key}') as replays from data.booking where guest_phone = '${body.guest.phone}'`);
			assert.deepEqual(kept, { bookings: 1, code: answers[0].json.code, replays: 11 });
		}
	});

	test('another body is refused, and the first answer stays', async () => {
		const key = randomUUID(), body = wish(ranges[20]);
		const first = await book(house.url, body, { key });
		assert.equal(first.status, 201);
		for (const other of [{ ...body, adults: 2 }, { ...body, note: '晚到' }, { ...body, guest: { ...body.guest, phone: guestPhone() } }, wish(ranges[21])]) {
			const refused = await book(house.url, other, { key });
			assert.equal(refused.status, 409);
			assert.equal(refused.json.key, 'booking.key_used');
		}
		assert.deepEqual((await book(house.url, body, { key })).json, first.json);
	});

	test('twelve clients at once, each with another body: one is booked', async () => {
		const key = randomUUID();
		const answers = await Promise.all(ranges.slice(28, 40).map(range => book(house.url, wish(range), { key, agent: connections })));
		assert.deepEqual(tally(answers), { 201: 1, '409 booking.key_used': 11 });
	});

	test('a key that was refused may be tried again', async () => {
		const key = randomUUID(), body = wish(ranges[22]), before_ = wish(ranges[22]);
		const other = (await book(house.url, before_)).json;
		const refused = await book(house.url, body, { key });
		assert.equal(refused.json.key, 'booking.taken');
		const gone = await talk(`${house.url}/api/v1/bookings/${other.code}/cancel`, { method: 'POST', body: { phone_last4: before_.guest.phone.slice(-4) },
			headers: { authorization: `Bearer ${other.secret}` } });
		assert.equal(gone.status, 200);
		const again = await book(house.url, body, { key });
		assert.equal(again.status, 201);
		assert.notEqual(again.json.code, other.code);
	});

	test('after a day the key is new', async () => {
		const key = randomUUID(), body = wish(ranges[23]);
		const first = (await book(house.url, body, { key })).json;
		await talk(`${house.url}/api/v1/bookings/${first.code}/cancel`, { method: 'POST', body: { phone_last4: body.guest.phone.slice(-4) },
			headers: { authorization: `Bearer ${first.secret}` } });
		try {
			await tell(house.database, "update data.clock set shift = '23 hours 59 minutes'");
			assert.equal((await book(house.url, body, { key })).json.code, first.code);
			await tell(house.database, "update data.clock set shift = '24 hours 1 minute'");
			const next = await book(house.url, body, { key });
			assert.equal(next.status, 201);
			assert.notEqual(next.json.code, first.code);
			assert.deepEqual((await book(house.url, body, { key })).json, next.json);
		} finally {
			await tell(house.database, "update data.clock set shift = '0'");
		}
	});
});

/*
 * The control. The table of nights loses its key, and the function that took nights by it looks first instead, as code without
 * such a key has to.
 */
test('without the key and with a look before, the same crowd gets a night twice', async () => {
	const change = (text, from, to) => {
		assert.ok(text.includes(from), `not found: ${from}`);
		return text.replaceAll(from, () => to);
	};
	const file = fs.readFileSync(path.join(tree, 'build/deploy.sql'), 'utf8');
	const key = '    constraint "booking.taken" primary key (village, room, night),\n';
	const take = ' c (room, night) order by c.room, c.night\n    on conflict on constraint "booking.taken" do update\n'
		+ '        set stay = excluded.stay, kind = excluded.kind, until = excluded.until, unverified = excluded.unverified\n        where n.until <= t or n.stay = excluded.stay;';
	const look = ' c (room, night)\n     where not exists (select from data.night y where y.village = v and y.room = c.room and y.night = c.night and y.until > t);';
	const changed = change(change(file, take, look), key, '');
	const control = house.database.replace('dbname=village', 'dbname=control');
	const owner = control.replace('user=postgres', 'user=village');
	await tell(house.database, "create database control owner village template template0 encoding 'UTF8'");
	await script(owner, changed);
	/* One house of one room is enough, at the same nights a guest could book in the village. */
	await script(owner, `select set_config('visit.village', '1', false);
		insert into data.village values (1, '村', 'Village', '', '', '1', '${house.url}', clock.now());
		insert into data.village_host values ('control.test', 1);
		insert into data.setting values (1, 'stays_per_address', 1000000), (1, 'unverified_share', 0);
		insert into data.house (village, house, position, name_zh, name_en, style, line_zh, line_en, story_zh, story_en, address_zh, address_en, way_zh, way_en,
			latitude_e6, longitude_e6, walk_minutes, phone, host_zh, host_en, meals_zh, meals_en, breakfast, parking, rules_zh, rules_en, check_in_from, check_in_to, check_out_by)
		values (1, 1, 1, '院', 'House', 'stone', '', '', '', '', '', '', '', '', 0, 0, 0, '1', '', '', '', '', false, 0, '', '', 840, 1200, 720);
		insert into data.room (village, room, house, position, name_zh, name_en, about_zh, about_en, capacity, base_guests, extra_adult_fen, beds, area_m2, floor)
		values (1, 7, 1, 1, '房', 'Room', '', '', 4, 2, 0, '{double}', 20, 1);
		insert into data.rate (village, room, kind, price_fen) values (1, 7, 'base', 20000);`);
	const nights = await rows(control, `select 7 as room, d::date as arrive, d::date + 1 as leave
		from generate_series(clock.today(1) + 1, clock.today(1) + ${ROUNDS}, interval '1 day') d`);
	const second = await startKore(house.var, { DATABASE_WEB: house.environment.DATABASE_WEB.replace('dbname=village', 'dbname=control') });
	try {
		let twice = 0, seen = {};
		for (const night of nights) {
			seen = tally(await crowd(second.url, night));
			assert.ok((seen['201'] ?? 0) > 0, JSON.stringify(seen));
			if (seen['201'] > 1) twice++;
			if (twice === 3) break;
		}
		assert.equal(twice, 3, 'this crowd does not find what the key is for');
		assert.ok(await value(control, 'select count(*) from (select from data.night group by village, room, night having count(*) > 1) x') >= 3);
	} finally {
		await second.end();
	}
});

test('no deadlock, no fault and no answer of 500 in the logs', () => {
	const lines = house.log('site.log').trimEnd().split('\n').map(line => JSON.parse(line));
	assert.deepEqual(house.log('postgres.log').split('\n').filter(line => /deadlock|PANIC|FATAL/.test(line) && !line.includes('starting up')), []);
	assert.deepEqual(lines.filter(({ status, route }) => status >= 500 && route !== '/readyz'), []);
});
