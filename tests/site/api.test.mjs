/*
 * The API: what app/openapi.json says, held against what comes back; what it refuses and in which
 * words. Left to others: what every answer of the site wears (answers.test.mjs), who may what (walls.test.mjs), framing (tests/door), right prices (tests/model), crowds (tests/chaos).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { freeRanges, rows, tell, value } from '../common/database.mjs';
import { slow, until } from '../common/house.mjs';
import { Device, book, guestPhone, manyConnections, talk, wish } from '../common/talk.mjs';

const { SITE: site, DATABASE: database, VAR: folder } = process.env;
const api = `${site}/api/v1`;
let described, validators, ranges, nextRange = 0, elsewhere;
const agent = manyConnections(8);

const isDay = text => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
const fresh = () => ranges[nextRange++];
const bearer = secret => ({ authorization: `Bearer ${secret}` });
const day = (from, days) => new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);

before(async () => {
	described = (await talk(`${api}/openapi.json`)).json;
	const ajv = new Ajv({ strict: false, allErrors: true });
	ajv.addFormat('date', isDay);
	ajv.addFormat('date-time', text => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)));
	ajv.addFormat('email', text => text.includes('@'));
	ajv.addSchema(described, 'site');
	validators = pointer => ajv.getSchema(`site#${pointer}`);
	ranges = await freeRanges(database, 60, 2, 210);
	/* Another village, with a host of its own. */
	await tell(database, `set visit.village = '2'; insert into data.village values (2, '别村', 'Elsewhere', '', '', '1', 'http://elsewhere.test', clock.now()) on conflict do nothing;
		insert into data.village_host values ('elsewhere.test', 2) on conflict do nothing`);
	elsewhere = { host: 'elsewhere.test' };
});
after(async () => {
	agent.destroy();
	await tell(database, 'delete from data.village_host where village = 2; delete from data.village where village = 2');
});

/* Every request to the API goes through here: the answer must be one that is described, and look as described. */
const answered = new Set();
async function ask(method, path, { template, body, headers = {}, ...others } = {}) {
	const answer = await talk(`${api}${path}`, { method, body, headers, agent, ...others });
	const at = template ?? Object.keys(described.paths).find(each =>
		new RegExp(`^${each.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(`/api/v1${path.split('?')[0]}`));
	const says = `${method} ${path.slice(0, 100)} → ${answer.status} ${answer.text.slice(0, 300)}`;
	if (at !== undefined) {
		const operation = described.paths[at][method.toLowerCase()];
		let found = operation?.responses[answer.status];
		/* The door and the router refuse some before a use case is found. */
		if (found === undefined) {
			assert.ok([405, 411, 413, 414, 415, 421].includes(answer.status), `not described: ${says}`);
			found = { $ref: '#/components/responses/refused' };
		} else answered.add(`${method.toLowerCase()} ${at} ${answer.status}`);
		const escape = word => word.replaceAll('~', '~0').replaceAll('/', '~1');
		let pointer = `/paths/${escape(at)}/${method.toLowerCase()}/responses/${answer.status}`;
		if (found.$ref !== undefined) {
			pointer = found.$ref.slice(1);
			found = pointer.split('/').slice(1).reduce((node, name) => node[name], described);
		}
		const [type] = Object.keys(found.content);
		if (answer.status !== 413 && answer.status !== 414) {
			assert.equal(answer.headers['content-type'], type, says);
			const valid = validators(`${pointer.split('/').map(encodeURIComponent).join('/')}/content/${escape(type).replace('~1', encodeURIComponent('~1'))}/schema`);
			assert.ok(valid(answer.json), `${says}\n${JSON.stringify(valid.errors, null, 1)}`);
		}
	}
	return answer;
}

async function refuses(status, key, method, path, options, fields) {
	const answer = await ask(method, path, options);
	const says = `${method} ${path.slice(0, 100)} ${String(JSON.stringify(options?.body)).slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 300)}`;
	assert.equal(answer.status, status, says);
	const problem = answer.json;
	assert.equal(problem.key, key, says);
	assert.equal(problem.status, status);
	assert.equal(problem.request_id, answer.headers['x-request-id']);
	if (fields !== undefined) assert.deepEqual(problem.fields, fields, says);
	if (status === 429) assert.ok(Number(answer.headers['retry-after']) > 0);
	return answer;
}

async function booked(others = {}) {
	const body = wish({ ...fresh(), ...others });
	delete body.house;
	const answer = await ask('POST', '/bookings', { body, headers: { 'idempotency-key': randomUUID() } });
	assert.equal(answer.status, 201, answer.text);
	return { ...answer.json, body, last4: body.guest.phone.slice(-4) };
}
const cancel = (stay, body, options = {}) => ask('POST', `/bookings/${stay.code}/cancel`, { body, headers: bearer(stay.secret), ...options });

describe('what is described', () => {
	test('OpenAPI 3.1, and every reference in it leads somewhere', () => {
		assert.equal(described.openapi, '3.1.0');
		const look = node => {
			if (node === null || typeof node !== 'object') return;
			if (typeof node.$ref === 'string')
				assert.ok(node.$ref.slice(2).split('/').reduce((at, name) => at?.[name], described) !== undefined, node.$ref);
			Object.values(node).forEach(look);
		};
		look(described);
	});

	test('every operation answers as described', async () => {
		const { room, house, arrive, leave } = fresh(), asked = ranges.at(-1);
		const done = new Set();
		const good = async (id, status, method, path, options) => {
			const answer = await ask(method, path, options);
			assert.equal(answer.status, status, `${id}: ${answer.text}`);
			done.add(id);
			return answer.json;
		};
		const dates = `arrive=${arrive}&leave=${leave}`;
		const village = await good('village.home', 200, 'GET', '/village');
		assert.equal(village.nights.length, 56);
		assert.ok(village.nights.every(night => night.free <= night.rooms && (night.free === 0) === (night.from_fen === null)));
		const map = await good('village.map', 200, 'GET', '/map');
		assert.equal(map.features.filter(({ properties: { kind } }) => kind === 'house').length, 24);
		assert.ok(map.features.every(({ geometry: { type, coordinates } }) => (type === 'Point' ? [coordinates] : coordinates).every(([x, y]) => x > 113.3 && x < 113.5 && y > 35.4 && y < 35.5)));
		const list = await good('lodging.search', 200, 'GET', `/houses?${dates}&adults=2&children=3&children=9`);
		assert.ok(list.houses.length > 0 && list.houses.every(each => each.star === null && (each.rooms.length > 0 || each.choice.length > 1)));
		assert.deepEqual((await ask('GET', `/houses?${dates}&guests=3`)).json, (await ask('GET', `/houses?${dates}&adults=3`)).json);
		assert.equal((await good('lodging.house', 200, 'GET', `/houses/${house}`)).id, house);
		const priced = await good('lodging.house', 200, 'GET', `/houses/${house}?${dates}`);
		assert.ok(priced.rooms.find(({ id }) => id === room).total_fen > 0 && priced.photos.length > 0);
		const month = await good('lodging.calendar', 200, 'GET', `/houses/${house}/calendar?from=${arrive}&to=${day(arrive, 41)}`);
		assert.ok(month.days.length >= 41 && month.days[0].date === arrive);
		const body = wish({ room, arrive, leave });
		const quote = await good('booking.quote', 200, 'POST', '/quotes', { body });
		assert.equal(quote.nights.reduce((sum, night) => sum + night.price_fen, 0), quote.total_fen);
		const stay = await good('booking.book', 201, 'POST', '/bookings', { body: { ...body, house, seen_total_fen: quote.total_fen, arrival: 1080, note: '带\n猫', guest: { ...body.guest, email: 'a@b.test' } },
			headers: { 'idempotency-key': randomUUID() } });
		assert.deepEqual([stay.total_fen, stay.nights, stay.cancel, stay.state, stay.until], [quote.total_fen, quote.nights, quote.cancel, 'confirmed', null]);
		const seen = await good('booking.stay', 200, 'GET', `/bookings/${stay.code}`, { headers: bearer(stay.secret) });
		assert.deepEqual([seen.may, seen.state, seen.total_fen, seen.guest_name, seen.note, seen.arrival, seen.can_cancel],
			['manage', 'confirmed', quote.total_fen, '试客', '带\n猫', 1080, true]);
		assert.equal((await ask('GET', `/bookings/${stay.code.toLowerCase()}`, { headers: bearer(stay.secret) })).json.total_fen, seen.total_fen);
		const gone = await good('booking.cancel', 200, 'POST', `/bookings/${stay.code}/cancel`, { body: { phone_last4: body.guest.phone.slice(-4) }, headers: bearer(stay.secret) });
		assert.deepEqual([gone.code, gone.state, gone.refused ?? null, gone.owed_fen + gone.refund_fen], [stay.code, 'cancelled_guest', null, quote.total_fen]);
		await good('site.openapi', 200, 'GET', '/openapi.json');
		/* What may happen to a stay later: a night more, another time, a place in the queue that becomes a stay. */
		const kept = await booked({ nights: 1 }), mine = { headers: bearer(kept.secret) }, longer = { rooms: kept.body.rooms, arrive: kept.body.arrive, leave: day(kept.body.arrive, 1), adults: 1 };
		const sum = await good('booking.alter', 200, 'POST', `/bookings/${kept.code}/change-quote`, { body: longer, ...mine });
		assert.deepEqual([sum.same, sum.total_fen + sum.dropped_fen, sum.nights.length, sum.gone.length], [false, kept.total_fen, 1, 1]);
		const changed = await good('booking.change', 200, 'POST', `/bookings/${kept.code}/change`, { body: { ...longer, phone_last4: kept.last4, seen_total_fen: sum.total_fen, seen_owed_fen: sum.owed_fen }, ...mine });
		assert.deepEqual([changed.code, changed.state, changed.total_fen, changed.owed_fen, changed.balance_fen], [kept.code, 'confirmed', sum.total_fen, sum.owed_fen, sum.balance_fen]);
		assert.equal((await good('booking.late', 200, 'POST', `/bookings/${kept.code}/arrival`, { body: { arrival: 1500 }, ...mine })).state, 'confirmed');
		const all_of_it = await rows(database, `select room from data.room where village = 1 and house = (select house from data.room where room = ${kept.body.rooms[0]})`), night = kept.body.arrive;
		for (const { room: one } of all_of_it) await tell(database, `set visit.village = '1'; insert into data.night (village, room, night, kind, until) values (1, ${one}, '${night}', 'closed', 'infinity') on conflict do nothing`);
		const queued = await good('booking.wait', 201, 'POST', '/waiting', { body: { house: await value(database, `select house from data.room where room = ${kept.body.rooms[0]}`), arrive: night, leave: day(night, 1), adults: 1,
			guest: { name: '排队', phone: guestPhone() } }, headers: { 'idempotency-key': randomUUID() } });
		const place = await good('booking.waiting', 200, 'GET', `/waiting/${queued.code}`, { headers: bearer(queued.secret) });
		assert.deepEqual([place.state, place.before, place.stay], ['waiting', 0, false]);
		await tell(database, `set visit.village = '1'; delete from data.night where village = 1 and kind = 'closed' and night = '${night}' and room in (${all_of_it.map(({ room: one }) => one).join(', ')})`);
		await until('the night is offered', 15_000 * slow, async () => (await ask('GET', `/waiting/${queued.code}`, { headers: bearer(queued.secret) })).json.stay);
		assert.equal((await good('booking.take_up', 200, 'POST', `/bookings/${queued.code}/take-up`, { body: {}, headers: bearer(queued.secret) })).state, 'confirmed');
		const all = Object.values(described.paths).flatMap(path => Object.values(path).map(({ operationId }) => operationId));
		assert.deepEqual([...done].sort(), all.sort());
		/* A house that decides by request. */
		await tell(database, `update data.house set by_request = true where house = ${asked.house}`);
		try {
			const waiting = await ask('POST', '/bookings', { body: wish(asked), headers: { 'idempotency-key': randomUUID() } });
			assert.equal(waiting.json.state, 'requested');
			assert.ok(Date.parse(waiting.json.until) > Date.now());
		} finally {
			await tell(database, `update data.house set by_request = false where house = ${asked.house}`);
		}
	});

	test('money is whole fen, days are days, and both are the same by page and by API', async () => {
		const { room, house, arrive, leave } = fresh();
		const quote = (await ask('POST', '/quotes', { body: wish({ room, arrive, leave }) })).json;
		assert.deepEqual(quote.nights.map(({ date }) => date), [arrive, day(arrive, 1)]);
		for (const { price_fen } of quote.nights) assert.ok(Number.isInteger(price_fen));
		const page = await talk(`${site}/book?house=${house}&rooms=${room}&arrive=${arrive}&leave=${leave}&adults=1`);
		assert.match(page.text, new RegExp(`name="seen_total_fen" value="${quote.total_fen}"`));
	});
});

describe('what is refused', () => {
	test('in the language that was asked for', async () => {
		const said = {};
		for (const [accept, lang] of [['zh', 'zh'], ['en', 'en'], ['en-GB,en;q=0.9', 'en'], ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'], ['en;q=0.1, zh;q=0.9', 'zh'], ['fr, en;q=0.5', 'en'], [undefined, 'zh']]) {
			const { title } = (await refuses(404, 'booking.no_stay', 'GET', '/bookings/NOSUCH', { headers: accept === undefined ? {} : { 'accept-language': accept } })).json;
			said[lang] ??= title;
			assert.equal(title, said[lang], accept);
		}
		assert.match(said.zh, /\p{Script=Han}/u);
		assert.match(said.en, /^[\x20-\x7e’“”–—…·]+$/);
	});

	test('bytes that are no JSON: 400, and the field is named', async () => {
		const body = (text, field, key) => refuses(400, 'form.fields', 'POST', '/quotes', { body: text }, { [field]: key });
		await body('{"rooms":[1],"rooms":[2]}', 'rooms', 'form.repeated');
		await body('{"guest":{"name":"a","name":"b"}}', 'guest.name', 'form.repeated');
		await body('{"note":"a\\u0000b"}', 'note', 'form.bytes');
		await body(Buffer.from('{"note":"a\0b"}', 'latin1'), 'note', 'form.bytes');
		await body(Buffer.from('{"note":"\xff"}', 'latin1'), 'note', 'form.bytes');
		await body(Buffer.from('{"note":"\xc0\xaf"}', 'latin1'), 'note', 'form.bytes');
		await body(Buffer.from('{"note":"\xed\xa0\x80"}', 'latin1'), 'note', 'form.bytes');
		for (const text of ['{} x', '{}{}', '[1]', '"a"', '1', 'null', '{', '{"a":}', '{"a":1,}', "{'a':1}", '{"a":01}', '{"a":NaN}', '{"a":Infinity}', '{a:1}', '// x\n{}', ' ', '\ufeff{}'])
			await body(text, '', 'form.json');
		await body(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`, '', 'form.json');
		await body(`${'{"a":'.repeat(2500)}1${'}'.repeat(2500)}`, '', 'form.json');
		await body(`{"a":${'['.repeat(8000)}`, 'a', 'form.word');
		await body('{"rooms":[[1]]}', 'rooms', 'form.word');
		await body('{"seen_total_fen":99999999999999999999}', 'seen_total_fen', 'form.range');
	});

	test('values that are no dates, numbers, ids or words: 422, and the field is named', async () => {
		const { room, arrive, leave } = fresh(), body = wish({ room, arrive, leave });
		const field = (change, name, key) => refuses(422, 'form.fields', 'POST', '/bookings', { body: { ...body, ...change }, headers: { 'idempotency-key': randomUUID() } }, { [name]: key });
		for (const wrong of ['2026-02-30', '2027-02-29', '2027-13-01', '2027-1-1', '27-01-01', '20270101', 'tomorrow', '2027-01-01T00:00:00Z', '9999-12-31', '0000-00-00', '+2027-01-01', '٢٠٢٧-٠١-٠١'])
			await field({ arrive: wrong }, 'arrive', 'form.date');
		await field({ arrive: '' }, 'arrive', 'form.missing');
		await field({ leave: null }, 'leave', 'form.missing');
		await field({ adults: 0 }, 'adults', 'form.range');
		await field({ adults: 13 }, 'adults', 'form.range');
		await field({ adults: '2' }, 'adults', 'form.int');
		await field({ adults: 1.5 }, 'adults', 'form.int');
		await field({ adults: [1, 2] }, 'adults', 'form.repeated');
		await field({ children: [18] }, 'children', 'form.range');
		await field({ children: [1, 1, 1, 1, 1, 1, 1] }, 'children', 'form.too_many');
		await field({ rooms: [] }, 'rooms', 'form.missing');
		await field({ rooms: [0] }, 'rooms', 'form.id');
		await field({ rooms: [-1] }, 'rooms', 'form.id');
		await field({ rooms: [2 ** 53] }, 'rooms', 'form.id');
		await field({ rooms: ["1' or '1'='1"] }, 'rooms', 'form.id');
		await field({ rooms: Array.from({ length: 15 }, (_, i) => i + 1) }, 'rooms', 'form.too_many');
		await field({ guest: { phone: body.guest.phone } }, 'guest.name', 'form.missing');
		await field({ guest: { name: 'x'.repeat(41), phone: body.guest.phone } }, 'guest.name', 'form.long');
		await field({ guest: { name: 'a\nb', phone: body.guest.phone } }, 'guest.name', 'form.word');
		await field({ guest: { name: '试客', phone: '12345' } }, 'guest.phone', 'form.phone');
		await field({ guest: { ...body.guest, email: 'nobody' } }, 'guest.email', 'form.email');
		await field({ note: 'x'.repeat(501) }, 'note', 'form.long');
		await field({ arrival: 1801 }, 'arrival', 'form.range');
		await field({ seen_total_fen: -1 }, 'seen_total_fen', 'form.range');
		const far = await ask('POST', '/quotes', { body: `{"adults":1e400,"rooms":[${room}],"arrive":"${arrive}","leave":"${leave}"}` });
		assert.deepEqual([far.status, far.json.fields], [422, { adults: 'form.int' }]);
		/* All at once, not one after the other. */
		const { fields } = (await ask('POST', '/bookings', { body: {}, headers: { 'idempotency-key': randomUUID() } })).json;
		assert.deepEqual(Object.keys(fields).sort(), ['arrive', 'guest.name', 'guest.phone', 'leave', 'rooms']);
	});

	test('a booking without a fitting key', async () => {
		const body = wish(fresh());
		await refuses(422, 'form.fields', 'POST', '/bookings', { body }, { 'Idempotency-Key': 'form.missing' });
		for (const key of ['short', 'x'.repeat(201)])
			await refuses(422, 'form.fields', 'POST', '/bookings', { body, headers: { 'idempotency-key': key } }, { 'Idempotency-Key': 'form.range' });
	});

	test('dates that nobody can book', async () => {
		const { room } = fresh(), today = await value(database, 'select clock.today(1)');
		const quote = (arrive, leave, key) => refuses(422, key, 'POST', '/quotes', { body: { rooms: [room], arrive, leave } });
		await quote(day(today, 10), day(today, 10), 'booking.leave_first');
		await quote(day(today, 10), day(today, 9), 'booking.leave_first');
		await quote(day(today, -1), day(today, 1), 'booking.past');
		await quote(day(today, 1), day(today, 401), 'booking.too_long');
		await quote(day(today, 1), day(today, 62), 'booking.too_long');
		await quote(day(today, 400), day(today, 401), 'booking.too_far');
		await quote('2100-01-01', '2100-01-02', 'booking.too_far');
		for (const [path, key] of [[`/houses?arrive=${today}&leave=${today}`, 'booking.leave_first'], [`/houses?arrive=${day(today, 1)}&leave=${day(today, 401)}`, 'booking.too_long']])
			await refuses(422, key, 'GET', path);
	});

	test('a query that is not clean: 4xx with the field, never 500', async () => {
		const house = ranges[0].house, clean = 'arrive=2027-01-01&leave=2027-01-02';
		const broken = [['arrive=2027-01-01%00&leave=2027-01-02', 'arrive'], ['arrive=%c0%af&leave=2027-01-02', 'arrive'], ['arrive=%ff&leave=2027-01-02', 'arrive'],
			['arrive=%ed%a0%80&leave=2027-01-02', 'arrive'], ['arrive=%2&leave=2027-01-02', 'arrive'], ['arrive=%zz&leave=2027-01-02', 'arrive']];
		for (const [query, name] of broken) {
			await refuses(400, 'form.fields', 'GET', `/houses?${query}`, {}, { [name]: 'form.bytes' });
			await refuses(400, 'form.fields', 'GET', `/houses/${house}?${query}`, {}, { [name]: 'form.bytes' });
			await refuses(400, 'form.fields', 'GET', `/houses/${house}/calendar?${query.replace('arrive', 'from').replace('leave', 'to')}`, {}, { from: 'form.bytes' });
		}
		await refuses(400, 'form.fields', 'GET', '/bookings/AAAAAAAA?x=%00', {}, { x: 'form.bytes' });
		for (const [query, fields] of [['arrive=2027-01-01&arrive=2027-01-01&leave=2027-01-02', { arrive: 'form.repeated' }], [`${clean}&adults=2&adults=2`, { adults: 'form.repeated' }],
			[`${clean}&adults=99999999999999999999`, { adults: 'form.range' }], [`${clean}&adults=2.0`, { adults: 'form.int' }], [`${clean}&children=-1`, { children: 'form.range' }],
			[`${clean}&adults=`, undefined], ['', { arrive: 'form.missing', leave: 'form.missing' }]]) {
			const answer = await ask('GET', `/houses?${query}`);
			if (fields === undefined) assert.equal(answer.status, 200);
			else assert.deepEqual([answer.status, answer.json.fields], [422, fields], query);
		}
		const many = await ask('GET', `/houses?${clean}&${Array.from({ length: 600 }, (_, i) => `x${i}=1`).join('&')}`);
		assert.ok([400, 414].includes(many.status), `${many.status}`);
		for (const id of ['0', '-1', '1.5', 'abc', '99999999999999999999', `${2 ** 53}`, '1%00', '%c0%af', '%ff', "1'--", '%2e%2e', '..%2f..%2fetc%2fpasswd', '%E2%80%AE1', '1%0d%0ax-evil:1', 'x'.repeat(3000)]) {
			const one = await ask('GET', `/houses/${id}`, { template: '/api/v1/houses/{house}' });
			assert.ok(one.status >= 400 && one.status < 500, `${id}: ${one.status}`);
			assert.equal(one.headers['x-evil'], undefined);
			const other = await ask('GET', `/bookings/${id}`, { template: '/api/v1/bookings/{code}', headers: bearer('x') });
			assert.ok(other.status >= 400 && other.status < 500, `${id}: ${other.status}`);
		}
		for (const [from, to] of [['2027-01-05', '2027-01-01'], ['2027-01-01', '2027-06-01']])
			await refuses(422, 'lodging.calendar_range', 'GET', `/houses/${house}/calendar?from=${from}&to=${to}`);
	});

	test('a body of another kind: 415; too large a one: 413; another method: 405 with Allow', async () => {
		for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonp', 'application/json-patch+json', ''])
			for (const path of ['/quotes', '/bookings', '/bookings/AAAAAAAA/cancel'])
				await refuses(415, 'fault.type', 'POST', path, { body: '{}', headers: { 'content-type': type } });
		for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=UTF-8'])
			assert.equal((await ask('POST', '/quotes', { body: '{}', headers: { 'content-type': type } })).status, 422);
		for (const [path, most] of [['/quotes', 16384], ['/bookings', 16384], ['/bookings/AAAAAAAA/cancel', 4096]]) {
			assert.equal((await ask('POST', path, { body: Buffer.alloc(most + 1, 0x20) })).status, 413);
			assert.equal((await ask('POST', path, { body: Buffer.alloc(most, 0x20) })).status, 400);
		}
		for (const [path, templates] of Object.entries(described.paths)) {
			const allowed = Object.keys(templates).map(method => method.toUpperCase());
			for (const method of ['GET', 'POST', 'PUT', 'DELETE'].filter(each => !allowed.includes(each))) {
				const answer = await talk(site + path.replace('{house}', '1').replace('{code}', 'AAAAAAAA'), { method, headers: method === 'PUT' ? { 'content-length': '0' } : {} });
				assert.equal(answer.status, 405, `${method} ${path}`);
				assert.equal(answer.json.key, 'fault.method');
				assert.deepEqual(answer.headers.allow.split(', ').filter(each => !['HEAD', 'OPTIONS'].includes(each)).sort(), allowed.sort(), path);
			}
		}
	});

	test('an unknown host is nobody\'s: 421', async () => {
		for (const host of ['evil.example', 'shawang.test.evil.example', '10.0.0.1']) {
			await refuses(421, 'village.unknown_host', 'GET', '/houses?arrive=2027-01-01&leave=2027-01-02', { headers: { host } });
			assert.equal((await talk(`${site}/`, { headers: { host } })).status, 421);
		}
		for (const host of ['shawang.test', 'SHAWANG.test:8080', 'localhost:1', '127.0.0.1'])
			assert.equal((await talk(`${site}/`, { headers: { host } })).status, 200, host);
	});
});

describe('what is not there, or not yours, is 404', () => {
	let mine, other, show;
	before(async () => {
		[mine, other] = [await booked(), await booked()];
		const device = new Device(site);
		await device.get(`/stay/${mine.code}/${mine.secret}`);
		[, show] = new RegExp(`/stay/${mine.code}/([\\w-]{43})`).exec((await device.get(`/stay/${mine.code}`)).text.replaceAll(mine.secret, ''));
	});

	test('houses and rooms nobody knows', async () => {
		const { arrive, leave } = fresh();
		await refuses(404, 'lodging.no_house', 'GET', '/houses/123456789');
		await refuses(404, 'lodging.no_house', 'GET', `/houses/123456789/calendar?from=${arrive}&to=${leave}`);
		await refuses(404, 'booking.no_room', 'POST', '/quotes', { body: wish({ room: 123456789, arrive, leave }) });
		await refuses(404, 'booking.no_room', 'POST', '/quotes', { body: { ...wish(fresh()), house: 123456789 } });
		await refuses(404, 'booking.no_room', 'POST', '/bookings', { body: wish({ room: 123456789, arrive, leave }), headers: { 'idempotency-key': randomUUID() } });
	});

	test('a stay without its secret, with another\'s, with half of one, or of nobody: the same answer', async () => {
		const bodies = new Set();
		for (const headers of [{}, bearer(''), bearer('x'), bearer(other.secret), bearer(mine.secret.slice(0, -1)), bearer(`${mine.secret}A`), bearer(mine.secret.toLowerCase()),
			{ authorization: `Basic ${mine.secret}` }, { authorization: mine.secret }, { cookie: `stays=${mine.code}.${mine.secret}` }]) {
			const seen = await refuses(404, 'booking.no_stay', 'GET', `/bookings/${mine.code}`, { headers });
			bodies.add(JSON.stringify({ ...seen.json, request_id: '' }));
			await refuses(404, 'booking.no_stay', 'POST', `/bookings/${mine.code}/cancel`, { body: { phone_last4: mine.last4 }, headers });
		}
		bodies.add(JSON.stringify({ ...(await refuses(404, 'booking.no_stay', 'GET', '/bookings/ZZZZZZZZ', { headers: bearer(mine.secret) })).json, request_id: '' }));
		assert.equal(bodies.size, 1);
		assert.equal((await ask('GET', `/bookings/${mine.code}`, { headers: bearer(mine.secret) })).json.state, 'confirmed');
	});

	test('who was shown a stay sees no guest and no money, and cannot cancel it', async () => {
		const seen = (await ask('GET', `/bookings/${mine.code}`, { headers: bearer(show) })).json;
		assert.equal(seen.may, 'show');
		for (const name of ['guest_name', 'guest_phone', 'note', 'total_fen', 'balance_fen', 'refund_fen', 'owed_fen', 'free_cancel_until']) assert.equal(seen[name], null, name);
		assert.deepEqual([seen.nights, seen.cancel], [[], []]);
		assert.equal(seen.can_cancel, false);
		assert.ok(!JSON.stringify(seen).includes(mine.body.guest.phone));
		await refuses(404, 'booking.no_stay', 'POST', `/bookings/${mine.code}/cancel`, { body: { phone_last4: mine.last4 }, headers: bearer(show) });
	});

	test('another village has none of it', async () => {
		const { room, house, arrive, leave } = fresh();
		assert.deepEqual((await ask('GET', `/houses?arrive=${arrive}&leave=${leave}`, { headers: elsewhere })).json.houses, []);
		await refuses(404, 'lodging.no_house', 'GET', `/houses/${house}`, { headers: elsewhere });
		await refuses(422, 'form.fields', 'GET', `/houses/${house}?adults=99`);
		await refuses(404, 'lodging.no_house', 'GET', `/houses/${house}/calendar?from=${arrive}&to=${leave}`, { headers: elsewhere });
		await refuses(404, 'booking.no_room', 'POST', '/quotes', { body: wish({ room, arrive, leave }), headers: elsewhere });
		await refuses(404, 'booking.no_room', 'POST', '/bookings', { body: wish({ room, arrive, leave }), headers: { ...elsewhere, 'idempotency-key': randomUUID() } });
		await refuses(404, 'booking.no_stay', 'GET', `/bookings/${mine.code}`, { headers: { ...elsewhere, ...bearer(mine.secret) } });
		await refuses(404, 'booking.no_stay', 'POST', `/bookings/${mine.code}/cancel`, { body: { phone_last4: mine.last4 }, headers: { ...elsewhere, ...bearer(mine.secret) } });
	});

	test('paths nobody made', async () => {
		for (const path of ['/nothing', '/', '/houses/', '/houses/1/calendar/x', '/bookings/AAAAAAAA/', '/../v1/houses', '/%2e%2e/houses', '//houses'])
			assert.equal((await talk(api + path)).status, 404, path);
		for (const path of ['/.git/config', '/.env', '/build/deploy.sql', '/asset/../../etc/passwd', '/asset/..%2f..%2fetc%2fpasswd', '/asset/%00', '/photo/..', `/photo/${'0'.repeat(64)}-480`, `/photo/${'0'.repeat(64)}-9`, '/metrics', '//evil.example/', '/\\evil.example'])
			assert.equal((await talk(site + path)).status, 404, path);
	});
});

describe('booking', () => {
	test('what a guest cannot decide is ignored', async () => {
		const range = fresh(), plain = (await ask('POST', '/quotes', { body: wish(range) })).json;
		const stay = await booked({ ...range, status: 'paid', state: 'checked_in', price: 1, price_fen: 1, total_fen: 1, village: 2, until: '2020-01-01', code: 'AAAAAAAA', secret: 'x',
			manage: 'x', person: 1, nights: [{ price_fen: 1 }], role: 'secretary', cuts: [], device: 'x', address: 'x', made: '2020-01-01' });
		assert.deepEqual([stay.state, stay.total_fen, stay.until], ['confirmed', plain.total_fen, null]);
		assert.notEqual(stay.code, 'AAAAAAAA');
		const [kept] = await rows(database, `select b.village, s.state, s.total_fen, (select sum(l.amount_fen) from data.ledger l where l.stay = s.stay) as owed, b.made > clock.now() - interval '1 minute' as now
			from data.booking b join data.stay s using (village, booking) where b.code = '${stay.code}'`);
		assert.deepEqual(kept, { village: 1, state: 'confirmed', total_fen: plain.total_fen, owed: plain.total_fen, now: true });
	});

	test('dearer than seen is refused with both totals; cheaper is not', async () => {
		const range = fresh(), { total_fen } = (await ask('POST', '/quotes', { body: wish(range) })).json;
		const refused = await refuses(409, 'booking.price_changed', 'POST', '/bookings', { body: wish({ ...range, seen_total_fen: total_fen - 1 }), headers: { 'idempotency-key': randomUUID() } });
		assert.deepEqual([refused.json.seen_total_fen, refused.json.total_fen], [total_fen - 1, total_fen]);
		assert.equal((await booked({ ...range, seen_total_fen: total_fen + 100 })).total_fen, total_fen);
	});

	test('who comes too many, to a house that is not theirs, or for two rooms', async () => {
		const { room, arrive, leave } = fresh(), key = () => ({ 'idempotency-key': randomUUID() });
		const full = await refuses(422, 'booking.too_many_guests', 'POST', '/bookings', { body: wish({ room, arrive, leave, adults: 12 }), headers: key() });
		assert.ok(full.json.capacity > 0);
		await refuses(422, 'booking.one_house', 'POST', '/bookings', { body: { ...wish({ room, arrive, leave }), rooms: [room, ranges[30].room] }, headers: key() });
		const stay = await booked({ room, arrive, leave });
		await refuses(409, 'booking.taken', 'POST', '/quotes', { body: wish({ room, arrive, leave }) });
		await refuses(409, 'booking.taken', 'POST', '/bookings', { body: wish({ room, arrive, leave }), headers: key() });
		assert.equal((await cancel(stay, { phone_last4: stay.last4 })).status, 200);
	});

	test('as many open stays as the settings say, and the reason is the right one', async () => {
		const before_ = await rows(database, 'select name, value from data.setting where village = 1');
		const limit = (name, number) => tell(database, `insert into data.setting values (1, '${name}', ${number}) on conflict (village, name) do update set value = excluded.value`);
		const phone = guestPhone(), cookie = `device=${randomUUID().replaceAll('-', '')}${'x'.repeat(11)}`;
		const tries = (body, headers = {}) => book(site, body, { headers });
		const limited = (body, key, headers = {}) => refuses(429, key, 'POST', '/bookings', { body, headers: { 'idempotency-key': randomUUID(), ...headers } });
		const withPhone = () => ({ ...wish(fresh()), guest: { name: '试客', phone } });
		try {
			await limit('stays_per_phone', 2);
			await limit('stays_per_device', 2);
			const [first] = [await tries(withPhone()), await tries(withPhone())];
			assert.equal(first.status, 201);
			await limited(withPhone(), 'booking.phone_limit');
			await tries(wish(fresh()), { cookie });
			assert.equal((await tries(wish(fresh()), { cookie })).status, 201);
			await limited(wish(fresh()), 'booking.device_limit', { cookie });
			/* A stay that was cancelled is open no more. */
			await cancel(first.json, { phone_last4: phone.slice(-4) });
			assert.equal((await tries(withPhone())).status, 201);
			await limit('stays_per_address', 1);
			await limited(wish(fresh()), 'booking.address_limit');
			await limited(wish(fresh()), 'booking.address_limit', { 'x-real-ip': '203.0.113.7' });
		} finally {
			await tell(database, `delete from data.setting where village = 1; ${before_.map(({ name, value: number }) => `insert into data.setting values (1, '${name}', ${number})`).join('; ')}`);
		}
		assert.equal((await tries(wish(fresh()))).status, 201);
	});
});

describe('cancelling', () => {
	test('twice is answered like once', async () => {
		const stay = await booked(), first = await cancel(stay, { phone_last4: stay.last4 }), second = await cancel(stay, { phone_last4: stay.last4 });
		assert.equal(first.status, 200);
		assert.deepEqual(second.json, first.json);
		assert.equal(await value(database, `select count(*) from data.ledger l join data.stay s using (village, stay) join data.booking b using (village, booking) where b.code = '${stay.code}'`), 2);
		assert.equal((await booked({ room: stay.body.rooms[0], arrive: stay.body.arrive, leave: stay.body.leave })).state, 'confirmed');
	});

	test('wrong last four digits five times, then even the right ones have to wait', async () => {
		const stay = await booked(), wrong = stay.last4 === '0000' ? '1111' : '0000';
		for (const odd of ['123', '12345', '', ' ']) assert.equal((await cancel(stay, { phone_last4: odd })).status, 422);
		for (let i = 0; i < 5; i++) await refuses(422, 'booking.last4_wrong', 'POST', `/bookings/${stay.code}/cancel`, { body: { phone_last4: wrong }, headers: bearer(stay.secret) }, { phone_last4: 'booking.last4_wrong' });
		await refuses(429, 'booking.last4_wait', 'POST', `/bookings/${stay.code}/cancel`, { body: { phone_last4: stay.last4 }, headers: bearer(stay.secret) });
		assert.equal((await ask('GET', `/bookings/${stay.code}`, { headers: bearer(stay.secret) })).json.state, 'confirmed');
		await tell(database, `update data.booking set tried = tried - interval '61 minutes' where code = '${stay.code}'`);
		assert.equal((await cancel(stay, { phone_last4: stay.last4 })).json.state, 'cancelled_guest');
	});

	test('dearer than seen is refused with both sums, and what it costs is what was said', async () => {
		const stay = await booked();
		await tell(database, `update data.stay s set cuts = array[row('infinity', 5000, 30)::data.cut_off] from data.booking b where b.booking = s.booking and b.code = '${stay.code}'`);
		const seen = (await ask('GET', `/bookings/${stay.code}`, { headers: bearer(stay.secret) })).json;
		assert.deepEqual([seen.owed_fen, seen.refund_fen], [5000, stay.total_fen - 5000]);
		const refused = await refuses(409, 'booking.owed_changed', 'POST', `/bookings/${stay.code}/cancel`, { body: { phone_last4: stay.last4, seen_owed_fen: 4999 }, headers: bearer(stay.secret) });
		assert.deepEqual([refused.json.seen_owed_fen, refused.json.owed_fen], [4999, 5000]);
		const done = (await cancel(stay, { phone_last4: stay.last4, seen_owed_fen: 5000 })).json;
		assert.deepEqual([done.state, done.owed_fen, done.refund_fen, done.balance_fen], ['cancelled_guest', 5000, stay.total_fen - 5000, 5000]);
	});

	test('a stay that has begun cannot be cancelled', async () => {
		const stay = await booked();
		await tell(database, `update data.stay s set state = 'checked_in' from data.booking b where b.booking = s.booking and b.code = '${stay.code}'`);
		await refuses(409, 'booking.cannot_cancel', 'POST', `/bookings/${stay.code}/cancel`, { body: { phone_last4: stay.last4 }, headers: bearer(stay.secret) });
	});
});

describe('changing, and the queue', () => {
	const as = ({ body: { rooms, arrive, leave } }, others = {}) => ({ rooms, arrive, leave, adults: 1, ...others });
	const change = (stay, others, more = {}) => ({ body: { ...as(stay, others), phone_last4: stay.last4, ...more }, headers: bearer(stay.secret) });

	test('each refusal by its name, by quote and by act', async () => {
		const stay = await booked(), other = await booked();
		for (const [act, send] of [['change-quote', others => ({ body: as(stay, others), headers: bearer(stay.secret) })], ['change', others => change(stay, others)]]) {
			const path = `/bookings/${stay.code}/${act}`;
			await refuses(400, 'form.fields', 'POST', path, { body: '{', headers: bearer(stay.secret) });
			await refuses(404, 'booking.no_stay', 'POST', path, { ...send({}), headers: bearer(other.secret) });
			await refuses(422, 'booking.leave_first', 'POST', path, send({ leave: stay.body.arrive }));
			await refuses(422, 'form.fields', 'POST', path, send({ arrive: 'tomorrow' }), { arrive: 'form.date' });
			await refuses(404, 'booking.no_room', 'POST', path, send({ rooms: [12345] }));
			await tell(database, `set visit.village = '1'; insert into data.night (village, room, night, kind, until) values (1, ${stay.body.rooms[0]}, '${stay.body.leave}', 'repair', clock.now() + interval '1 minute') on conflict (village, room, night) do nothing`);
			await refuses(409, 'booking.taken', 'POST', path, send({ leave: day(stay.body.leave, 1) }));
		}
		await refuses(409, 'booking.price_changed', 'POST', `/bookings/${stay.code}/change`, change(stay, { leave: day(stay.body.arrive, 1) }, { seen_total_fen: 1 }));
		for (let i = 0; i < 5; i++) await refuses(422, 'booking.last4_wrong', 'POST', `/bookings/${stay.code}/change`, change(stay, {}, { phone_last4: stay.last4 === '0000' ? '1111' : '0000' }), { phone_last4: 'booking.last4_wrong' });
		await refuses(429, 'booking.last4_wait', 'POST', `/bookings/${stay.code}/change`, change(stay, {}));
	});

	test('the time of arrival', async () => {
		const stay = await booked(), path = `/bookings/${stay.code}/arrival`;
		await refuses(400, 'form.fields', 'POST', path, { body: '[]', headers: bearer(stay.secret) });
		await refuses(422, 'form.fields', 'POST', path, { body: { arrival: 1801 }, headers: bearer(stay.secret) }, { arrival: 'form.range' });
		await refuses(404, 'booking.no_stay', 'POST', path, { body: { arrival: 900 }, headers: bearer('x') });
		await refuses(409, 'booking.cannot_take_up', 'POST', `/bookings/${stay.code}/take-up`, { body: {}, headers: bearer(stay.secret) });
		await refuses(404, 'booking.no_stay', 'POST', `/bookings/${stay.code}/take-up`, { body: {}, headers: bearer('x') });
		await refuses(400, 'form.fields', 'POST', `/bookings/${stay.code}/take-up`, { body: '{', headers: bearer(stay.secret) });
		await cancel(stay, { phone_last4: stay.last4 });
		await refuses(409, 'booking.cannot_late', 'POST', path, { body: { arrival: 900 }, headers: bearer(stay.secret) });
	});

	test('the queue', async () => {
		const { arrive, leave } = fresh(), guest = () => ({ name: '客', phone: guestPhone() }), send = body => ({ body, headers: { 'idempotency-key': randomUUID() } });
		await refuses(409, 'booking.free_now', 'POST', '/waiting', send({ arrive, leave, adults: 1, guest: guest() }));
		await refuses(404, 'lodging.no_house', 'POST', '/waiting', send({ house: 5, arrive, leave, adults: 1, guest: guest() }));
		await refuses(422, 'booking.leave_first', 'POST', '/waiting', send({ arrive, leave: arrive, adults: 1, guest: guest() }));
		await refuses(400, 'form.fields', 'POST', '/waiting', send('{'));
		await refuses(404, 'booking.no_waiting', 'GET', '/waiting/ZZZZZZZZ', { headers: bearer('x') });
		const { phone } = guest();
		for (let i = 0; i < 3; i++)
			await tell(database, `set visit.village = '1'; insert into data.waiting (village, waiting, code, arrive, leave, adults, name, phone, lang, manage, show, made)
				values (1, base.new_id(), base.new_id()::text, clock.today(1), clock.today(1) + 1, 40, '客', '${phone}', 'zh', sha256('a'), sha256('b'), clock.now())`);
		await refuses(429, 'booking.waiting_limit', 'POST', '/waiting', send({ arrive, leave, adults: 1, guest: { name: '客', phone } }));
	});
});

test('every answer that is described was met', () => {
	const all = Object.entries(described.paths).flatMap(([path, operations]) => Object.entries(operations).flatMap(([method, { responses }]) =>
		Object.keys(responses).map(status => `${method} ${path} ${status}`)));
	/* 503 takes a database that is away: tests/chaos. */
	assert.deepEqual(all.filter(each => !answered.has(each) && !each.endsWith(' 503')), []);
});
