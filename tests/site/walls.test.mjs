/*
 * Who may what. One table says for every route of app/routes.c what each kind of visitor gets for what is theirs and what is not;
 * a route without a row fails. Then forged posts, sessions, and passwords. Left to others: what the API refuses (api.test.mjs), the
 * walls inside the database (tests/sql).
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { freeRanges, rows, tell, value } from '../common/database.mjs';
import { startKore, tree } from '../common/house.mjs';
import { Device, book, form, guestPhone, manyConnections, talk, wish } from '../common/talk.mjs';

const { SITE: site, METRICS: metrics, DATABASE: database, VAR: folder } = process.env;
const agent = manyConnections(4);
const accounts = { owner: ['13800000001', 'persimmon'], helper: ['13800000002', 'courtyard'], secretary: ['secretary', 'mountain'], assessor: ['assessor', 'lanterns'] };
const roles = ['nobody', 'guest', 'shown', ...Object.keys(accounts)];
const routes = [...fs.readFileSync(path.join(tree, 'app/routes.c'), 'utf8').matchAll(/^\s*ROUTE\((\w+),\s*"([^"]+)",\s*(\w+),\s*\w+,\s*(\w+),\s*(\w+),/gm)]
	.map(([, method, to, use, who, kind]) => ({ name: `${method} ${to}`, method, to, use, who, kind }));

/* What stands in the tries below: houses, stays, ids, made in `before`. */
const at = {};
const devices = {};
let ranges, nextRange = 0;

const forgetTries = () => tell(database, 'delete from data.bucket');
const sha256 = text => createHash('sha256').update(text).digest('hex');
const freshToken = () => randomBytes(32).toString('base64url');

async function stay(guest, range = ranges[nextRange++]) {
	const body = { ...wish(range), guest };
	delete body.house;
	const answer = await book(site, body, { agent });
	assert.equal(answer.status, 201, answer.text);
	return { ...answer.json, last4: guest.phone.slice(-4), as: { rooms: range.room, arrive: range.arrive, leave: range.leave, adults: 1 } };
}
async function place() {
	const secret = freshToken(), code = `W${randomBytes(4).toString('hex').toUpperCase()}`;
	await tell(database, `set visit.village = '1'; insert into data.waiting (village, waiting, code, arrive, leave, adults, name, phone, lang, manage, show, made, state, ended)
		values (1, base.new_id(), '${code}', '2099-01-01', '2099-01-02', 1, '${at.guest.name}', '${at.guest.phone}', 'zh', '\\x${sha256(secret)}', '\\x${sha256(`${secret}s`)}', clock.now(), 'left', clock.now())`);
	return { code, secret };
}
async function withSession(login, copy) {
	const device = copy.copy(), token = freshToken();
	await tell(database, `insert into data.session select 1, '\\x${sha256(token)}', base.new_id(), p.person, 'x', clock.now(), clock.now(), clock.now() + interval '1 hour'
		from data.person p where p.village = 1 and p.login = '${login}'`);
	device.jar.set('session', token);
	return device;
}
async function anotherSession(role) {
	if (!(role in accounts)) return 1;
	const device = await withSession(accounts[role][0], devices[role]);
	return value(database, `select session from data.session where token = '\\x${sha256(device.jar.get('session'))}'`);
}
async function invitation(role = 'assessor', house = null, ends = '1 day') {
	const token = freshToken();
	await tell(database, `insert into data.invite values (1, '\\x${sha256(token)}', '${role}', ${house}, null, clock.now() + interval '${ends}')`);
	return token;
}

/* All that is kept and that a visit could have changed, by number and age of its rows; but for when a session was last seen. */
const kept = async () => (await rows(database, ['booking', 'stay', 'stay_room', 'night', 'ledger', 'event', 'idempotency', 'person', 'member', 'invite', 'consent', 'setting', 'house', 'room', 'rate', 'photo', 'village']
	.map(table => `select '${table}' as name, count(*)::int as rows, coalesce(sum(xmin::text::bigint), 0)::text as sum from data.${table}`)
	.concat("select 'session', count(*)::int, coalesce(sum(hashtextextended(row(token, session, person, ends)::text, 0)), 0)::text from data.session")
	.join(' union all ')
	.concat(' order by 1')));

before(async () => {
	await forgetTries();
	ranges = await freeRanges(database, 120, 1, 240);
	at.guest = { name: '墙内客甲', phone: guestPhone() };
	at.stranger = { name: '墙外客乙', phone: guestPhone() };
	at.own = await stay(at.guest);
	at.foreign = await stay(at.stranger);
	at.leaving = await stay(at.guest);
	at.range = ranges[nextRange++];
	at.place = await place();
	[{ house: at.house }] = await rows(database, "select m.house from data.member m join data.person p using (village, person) where p.login = '13800000001'");
	/* A stay at the owner's house, and one anywhere else. */
	const elsewhere = (await freeRanges(database, 5000, 1, 240)).filter(({ room, arrive }) => !ranges.some(one => one.room === room && one.arrive === arrive));
	at.ours = await stay(at.stranger, elsewhere.find(({ house }) => house === at.house));
	at.theirs = await stay(at.stranger, elsewhere.find(({ house }) => house !== at.house));
	[{ house: at.otherHouse }] = await rows(database, `select house from data.house where village = 1 and house <> ${at.house} order by position desc limit 1`);
	at.ownRoom = await value(database, `select min(room) from data.room where village = 1 and house = ${at.house} and not closed`);
	at.otherRoom = await value(database, `select min(room) from data.room where village = 1 and house = ${at.otherHouse} and not closed`);
	await tell(database, `set visit.village = '1'; update data.night set until = clock.now() where village = 1 and room = ${at.otherRoom} and night > clock.today(1) + 295`);
	[at.hash] = (await rows(database, "select encode(hash, 'hex') as hash from data.photo limit 1")).map(({ hash }) => hash);
	at.style = /href="(\/asset\/[^"]+\.css)"/.exec((await talk(`${site}/`)).text)[1];

	for (const role of roles) devices[role] = new Device(site);
	for (const [role, [login, password]] of Object.entries(accounts)) {
		const answer = await devices[role].signIn(login, password);
		assert.equal(answer.status, 303, `${role}: ${answer.status}`);
	}
	await devices.guest.get(`/wait/${at.place.code}/${at.place.secret}`);
	for (const one of [at.leaving, at.own]) await devices.guest.get(`/stay/${one.code}/${one.secret}`);
	const page = (await devices.guest.get(`/stay/${at.own.code}`)).text.replaceAll(at.own.secret, '');
	[, at.show] = new RegExp(`/stay/${at.own.code}/([\\w-]{43})`).exec(page);
	await devices.shown.get(`/stay/${at.own.code}/${at.show}`);
	for (const device of Object.values(devices)) await device.token();
});
after(async () => {
	agent.destroy();
	await forgetTries();
	await tell(database, 'delete from data.village_host where village = 2; delete from data.village where village = 2');
});

/*
 * The table. Each row holds tries; each try says where (`to`, else the route itself), with which fields (`send`), and what comes:
 * `all` for everybody, or by role with the rest as `else`. A number is the status; 'in' is 303 to signing in; a path is 303 to
 * there. `leaks` is what must not be read by whoever is not let in.
 */
const IN = 'in';
const everybody = status => [{ all: status }];
const staff = { nobody: IN, guest: IN, shown: IN };
const stayWords = () => [at.guest.name, at.guest.phone, at.stranger.name, at.stranger.phone];
const notInvited = [{ to: '/invite/nothing', all: 404 }, { to: async () => `/invite/${await invitation('assessor', null, '-1 second')}`, all: 404 }];
let names = 0;
/* What the guest may do with their own stay and nobody with another's; come is what they get. */
const ofGuest = (path, send, come) => [{ to: () => `/stay/${at.foreign.code}${path}`, send: () => send(at.foreign), all: 404, leaks: stayWords }, { to: () => `/stay/ZZZZZZZZ${path}`, send: () => send(at.foreign), all: 404 },
	{ to: () => `/stay/${at.own.code}${path}`, send: () => send(at.own), guest: come, else: 404, leaks: stayWords }];
const back = () => `/stay/${at.own.code}`;
/* What a house may do with a stay of its own, the office with every one. */
const ofHouse = (path, send, come) => [{ to: () => `/owner/stay/${at.ours.code}${path}`, send: () => send(at.ours), ...staff, owner: come, helper: come, secretary: come, else: 404, leaks: stayWords },
	{ to: () => `/owner/stay/${at.theirs.code}${path}`, send: () => send(at.theirs), ...staff, owner: 404, helper: 404, assessor: 404, else: typeof come === 'number' ? come : /^\/owner\/stay\//, leaks: stayWords },
	{ to: () => `/owner/stay/ZZZZZZZZ${path}`, send: () => send(at.ours), ...staff, else: 404 }];
/* The API: whoever has the secret, and only for its stay; a cookie opens nothing. */
const ofSecret = (path, json, come) => [{ to: () => `/api/v1/bookings/${at.own.code}${path}`, json: () => json(at.own), all: 404, leaks: stayWords },
	{ to: () => `/api/v1/bookings/${at.foreign.code}${path}`, json: () => json(at.foreign), headers: () => ({ authorization: `Bearer ${at.own.secret}` }), all: 404, leaks: stayWords },
	{ to: () => `/api/v1/bookings/${at.own.code}${path}`, json: () => json(at.own), headers: () => ({ authorization: `Bearer ${at.own.secret}` }), all: come }];
/* Made past all rules, for a stay: a receipt as the jobs program leaves it, a transfer one side has said, a payment, a request for a 发票. */
const stayOf = code => `(select s.stay from data.stay s join data.booking b using (village, booking) where b.code = '${code}')`;
async function paper({ code }) {
	const id = randomInt(2 ** 40);
	await tell(database, `insert into data.paper select 1, ${id}, 'receipt', ${stayOf(code)}, 'zh', clock.now(), clock.now(), '%PDF-'`);
	return id;
}
async function transferOf({ code }, by) {
	const id = randomInt(2 ** 40);
	await tell(database, `insert into data.transfer (village, transfer, stay, kind, amount_fen, said_by, at) select 1, ${id}, ${stayOf(code)}, 'payment', 1, '${by}', clock.now()`);
	return id;
}
async function paymentOf({ code }) {
	await tell(database, `insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, ${stayOf(code)}, 'payment', 1, 'cash', clock.now()`);
	return value(database, `select max(entry) from data.ledger where stay = ${stayOf(code)}`);
}
async function invoiceOf({ code }) {
	await tell(database, `insert into data.invoice select 1, ${stayOf(code)}, '示例公司', '', '', clock.now() on conflict do nothing`);
	return {};
}
let far = 0;
const farDay = () => new Date(Date.now() + (300 + ++far) * 86_400_000).toISOString().slice(0, 10);
const oursAgain = () => `/owner/stay/${at.ours.code}`;
const walls = {
	'GET /': everybody(200),
	'GET /festivals': everybody(200),
	'GET /api/v1/village': everybody(200),
	'GET /api/v1/map': everybody(200),
	/* On the inner bind only, like /metrics. */
	'GET /board': everybody(404),
	'GET /houses': [{ to: () => `/houses?arrive=${at.range.arrive}&leave=${at.range.leave}`, all: 200 }, { to: '/houses', all: 422 }],
	'GET /house/{house}': [{ to: () => `/house/${at.house}`, all: 200 }, { to: () => `/house/${at.otherHouse}`, all: 200 }, { to: '/house/123456789', all: 404 }],
	'GET /book': [{ to: () => `/book?rooms=${at.range.room}&arrive=${at.range.arrive}&leave=${at.range.leave}`, all: 200 },
		{ to: () => `/book?rooms=123456789&arrive=${at.range.arrive}&leave=${at.range.leave}`, all: 404 }],
	'POST /book': [{ send: () => {
		const { room, arrive, leave } = ranges[nextRange++];
		return { rooms: room, arrive, leave, adults: 1, 'guest.name': '客', 'guest.phone': wish({}).guest.phone, key: randomUUID() };
	}, all: /^\/stay\/[2-9A-Z]{8}$/ }],
	'POST /offer': [{ send: () => ({ rooms: at.range.room, arrive: at.range.arrive, leave: at.range.leave, adults: 1, 'guest.name': '客' }), all: 200 },
		{ send: () => ({ rooms: 123456789, arrive: at.range.arrive, leave: at.range.leave, adults: 1 }), all: 404 }],
	'GET /stays': everybody(200),
	'POST /stays': [{ send: () => ({ code: `Z${randomInt(10 ** 6)}`, phone: at.stranger.phone }), all: 422 }, { send: async () => {
		const phone = guestPhone(), { code } = await stay({ name: '客', phone });
		return { code, phone };
	}, all: /^\/stay\/[2-9A-Z]{8}$/ }],
	'GET /stay/{code}/change': [{ to: () => `/stay/${at.own.code}/change`, guest: 200, else: 404, leaks: stayWords }, { to: () => `/stay/${at.foreign.code}/change`, all: 404, leaks: stayWords }],
	'POST /stay/{code}/change': ofGuest('/change', ({ as, last4 }) => ({ ...as, phone_last4: last4 }), back),
	'POST /stay/{code}/late': ofGuest('/late', () => ({ arrival: 1200 }), back),
	'POST /stay/{code}/take-up': ofGuest('/take-up', () => ({}), 409),
	'POST /stay/{code}/paid': ofGuest('/paid', () => ({ amount: '0.01' }), back),
	'POST /stay/{code}/transfer': ofGuest('/transfer', async one => ({ transfer: await transferOf(one, 'house'), yes: 0 }), back),
	'POST /stay/{code}/invoice': ofGuest('/invoice', () => ({ title: '示例公司' }), back),
	'GET /stay/{code}/receipt': [{ to: () => `/stay/${at.own.code}/receipt`, guest: 200, else: 404, leaks: stayWords }, { to: () => `/stay/${at.foreign.code}/receipt`, all: 404, leaks: stayWords }],
	'POST /stay/{code}/receipt': ofGuest('/receipt', () => ({}), /^\/stay\/[2-9A-Z]{8}\/paper\/\d+$/),
	'GET /stay/{code}/paper/{paper}': [{ to: () => `/stay/${at.own.code}/paper/12345`, all: 404 }, { to: async () => `/stay/${at.own.code}/paper/${await paper(at.own)}`, guest: 200, else: 404 },
		{ to: async () => `/stay/${at.own.code}/paper/${await paper(at.foreign)}`, all: 404 }],
	'GET /stay/{code}/paper/{paper}/receipt.pdf': [{ to: async () => `/stay/${at.own.code}/paper/${await paper(at.own)}/receipt.pdf`, guest: 200, else: 404 }, { to: async () => `/stay/${at.foreign.code}/paper/${await paper(at.foreign)}/receipt.pdf`, all: 404 },
		{ to: async () => `/stay/${at.own.code}/paper/${await paper(at.foreign)}/receipt.pdf`, all: 404 }],
	'GET /stay/{code}/data': [{ to: () => `/stay/${at.own.code}/data`, guest: 200, else: 404, leaks: stayWords }, { to: () => `/stay/${at.foreign.code}/data`, all: 404, leaks: stayWords }],
	'POST /stay/{code}/export': ofGuest('/export', ({ last4 }) => ({ phone_last4: last4 }), 200),
	'POST /stay/{code}/erase': ofGuest('/erase', ({ last4 }) => ({ phone_last4: last4, sure: 1 }), 409),
	'GET /wait': [{ to: () => `/wait?arrive=${at.range.arrive}&leave=${at.range.leave}`, all: 200 }, { to: () => `/wait?house=123456789&arrive=${at.range.arrive}&leave=${at.range.leave}`, all: 404 }],
	'POST /wait': [{ send: () => ({ house: 123456789, arrive: at.range.arrive, leave: at.range.leave, adults: 1, 'guest.name': '客', 'guest.phone': guestPhone(), key: randomUUID() }), all: 404 },
		{ send: () => ({ arrive: at.range.arrive, leave: at.range.leave, adults: 1, 'guest.name': '客', 'guest.phone': guestPhone(), key: randomUUID() }), all: 409 }],
	'GET /wait/{code}': [{ to: () => `/wait/${at.place.code}`, guest: 200, else: 404, leaks: stayWords }],
	'GET /wait/{code}/{secret}': [{ to: () => `/wait/${at.place.code}/${freshToken()}`, all: 404 }, { to: () => `/wait/${at.place.code}/${at.place.secret}`, all: () => `/wait/${at.place.code}`}],
	'POST /wait/{code}/leave': [{ to: () => `/wait/${at.place.code}/leave`, guest: '/stays', else: 404 }],
	'GET /limits': everybody(200),
	'GET /stay/{code}': [{ to: () => `/stay/${at.own.code}`, guest: 200, shown: 200, else: 404, leaks: stayWords },
		{ to: () => `/stay/${at.foreign.code}`, all: 404, leaks: stayWords }, { to: '/stay/ZZZZZZZZ', all: 404 }],
	'GET /stay/{code}/cancel': [{ to: () => `/stay/${at.own.code}/cancel`, guest: 200, else: 404, leaks: stayWords },
		{ to: () => `/stay/${at.foreign.code}/cancel`, all: 404, leaks: stayWords }],
	'POST /stay/{code}/cancel': [{ to: () => `/stay/${at.foreign.code}/cancel`, send: () => ({ phone_last4: at.foreign.last4 }), all: 404, leaks: stayWords },
		{ to: () => `/stay/${at.leaving.code}/cancel`, send: () => ({ phone_last4: at.leaving.last4 }), guest: () => `/stay/${at.leaving.code}`, else: 404, leaks: stayWords }],
	'GET /stay/{code}/calendar.ics': [{ to: () => `/stay/${at.own.code}/calendar.ics`, guest: 200, shown: 200, else: 404, leaks: stayWords },
		{ to: () => `/stay/${at.foreign.code}/calendar.ics`, all: 404 }],
	'GET /stay/{code}/{secret}': [{ to: () => `/stay/${at.foreign.code}/${at.own.secret}`, all: 404 }, { to: () => `/stay/${at.foreign.code}/${freshToken()}`, all: 404 },
		{ to: () => `/stay/${at.own.code}/${at.own.secret}`, all: () => `/stay/${at.own.code}` }],
	'GET /sign-in': everybody(200),
	'POST /sign-in': [{ send: role => ({ login: `nobody, says ${role}`, password: 'x' }), all: 422 }],
	'POST /sign-out': [{ all: '/', fresh: true }],
	'GET /me': everybody(200),
	'POST /me/password': [{ send: () => ({ old: 'not the old one', password: 'a new password' }), ...staff, else: 422 }],
	'POST /me/sessions/end': [{ send: async role => ({ id: await anotherSession(role) }), ...staff, else: '/me' },
		{ send: async role => ({ id: await anotherSession(role === 'owner' ? 'secretary' : 'owner') }), ...staff, else: 404 }, { send: () => ({ id: 12345 }), ...staff, else: 404 }],
	'GET /invite/{invitation}': [{ to: async () => `/invite/${await invitation()}`, all: 200 }, ...notInvited],
	'POST /invite/{invitation}': [{ to: async () => `/invite/${await invitation()}`, send: () => ({ login: `wall${process.pid}.${++names}`, name: '新人', password: 'chestnut tree' }), all: '/sign-in' },
		...notInvited.map(one => ({ ...one, send: () => ({ login: `wall${process.pid}.${++names}`, name: '新人', password: 'chestnut tree' }) }))],
	'GET /owner': [{ ...staff, owner: 200, helper: 200, else: 404 }, { to: () => `/owner?house=${at.house}`, ...staff, owner: 200, helper: 200, secretary: 200, else: 404 },
		{ to: () => `/owner?house=${at.otherHouse}`, ...staff, secretary: 200, else: 404 }, { to: '/owner?house=123456789', ...staff, else: 404 }],
	'GET /owner/rooms': [{ to: () => `/owner/rooms?house=${at.house}`, ...staff, owner: 200, helper: 200, secretary: 200, else: 404 }, { to: () => `/owner/rooms?house=${at.otherHouse}`, ...staff, secretary: 200, else: 404, leaks: stayWords }],
	'POST /owner/rooms': [{ send: () => ({ house: at.house, cell: `${at.ownRoom}.${farDay()}`, act: 'open' }), ...staff, owner: /^\/owner\/rooms\?house=/, helper: /^\/owner\/rooms\?house=/, secretary: /^\/owner\/rooms\?house=/, else: 404 },
		{ send: () => ({ house: at.otherHouse, cell: `${at.otherRoom}.${farDay()}`, act: 'closed' }), ...staff, secretary: /^\/owner\/rooms\?house=/, else: 404 },
		{ send: () => ({ house: at.house, cell: `${at.otherRoom}.${farDay()}`, act: 'closed' }), ...staff, else: 404 }],
	'GET /owner/walk-in': [{ to: () => `/owner/walk-in?house=${at.house}`, ...staff, owner: 200, helper: 200, secretary: 200, else: 404 }, { to: () => `/owner/walk-in?house=${at.otherHouse}`, ...staff, secretary: 200, else: 404 }],
	'POST /owner/walk-in': [{ send: () => ({ house: at.house, rooms: at.otherRoom, arrive: farDay(), nights: 1, adults: 1, key: randomUUID() }), ...staff, else: 404 },
		{ send: () => ({ house: at.otherHouse, rooms: at.otherRoom, arrive: farDay(), nights: 1, adults: 1, key: randomUUID() }), ...staff, owner: 404, helper: 404, assessor: 404, secretary: /^\/owner\/stay\// }],
	'GET /owner/money': [{ ...staff, owner: 200, helper: 200, else: 404 }, { to: () => `/owner/money?house=${at.otherHouse}`, ...staff, secretary: 200, else: 404 }],
	'GET /owner/stay/{code}': ofHouse('', () => ({}), 200),
	'POST /owner/stay/{code}/step': ofHouse('/step', () => ({ event: 'check_in' }), 409),
	'POST /owner/stay/{code}/change': ofHouse('/change', ({ as }) => as, oursAgain),
	'POST /owner/stay/{code}/late': ofHouse('/late', () => ({ arrival: 1200 }), oursAgain),
	'POST /owner/stay/{code}/take': ofHouse('/take', () => ({ amount: '0.01', how: 'cash' }), oursAgain),
	'POST /owner/stay/{code}/give-back': ofHouse('/give-back', () => ({ amount: '9999', how: 'cash' }), 409),
	'POST /owner/stay/{code}/transfer': ofHouse('/transfer', async one => ({ transfer: await transferOf(one, 'guest'), yes: 1 }), oursAgain),
	'POST /owner/stay/{code}/reverse': ofHouse('/reverse', async one => ({ entry: await paymentOf(one), why: 'noted wrongly' }), oursAgain),
	'POST /owner/stay/{code}/invoice': ofHouse('/invoice', invoiceOf, oursAgain),
	'POST /owner/stay/{code}/link': ofHouse('/link', () => ({}), 200),
	'GET /desk': [{ ...staff, secretary: 200, else: 404 }],
	'POST /desk/invite': [{ send: () => ({ role: 'owner', house: at.house }), ...staff, secretary: 200, else: 404 }, { send: () => ({ role: 'helper', house: at.otherHouse }), ...staff, secretary: 200, else: 404 },
		{ send: () => ({ role: 'secretary' }), ...staff, secretary: 200, else: 404 }, { send: () => ({ role: 'owner', house: 123456789 }), ...staff, else: 404 }],
	'GET /api/v1/houses': [{ to: () => `/api/v1/houses?arrive=${at.range.arrive}&leave=${at.range.leave}`, all: 200 }],
	'GET /api/v1/houses/{house}': [{ to: () => `/api/v1/houses/${at.house}`, all: 200 }, { to: '/api/v1/houses/123456789', all: 404 }],
	'GET /api/v1/houses/{house}/calendar': [{ to: () => `/api/v1/houses/${at.house}/calendar?from=${at.range.arrive}&to=${at.range.leave}`, all: 200 },
		{ to: () => `/api/v1/houses/123456789/calendar?from=${at.range.arrive}&to=${at.range.leave}`, all: 404 }],
	'POST /api/v1/quotes': [{ json: () => wish(at.range), all: 200 }, { json: () => wish({ ...at.range, room: 123456789 }), all: 404 }],
	'POST /api/v1/bookings': [{ json: () => wish(ranges[nextRange++]), headers: () => ({ 'idempotency-key': randomUUID() }), all: 201 }],
	/* A cookie opens nothing here, whoever one is. */
	'GET /api/v1/bookings/{code}': [{ to: () => `/api/v1/bookings/${at.own.code}`, all: 404, leaks: stayWords },
		{ to: () => `/api/v1/bookings/${at.own.code}`, headers: () => ({ authorization: `Bearer ${at.own.secret}` }), all: 200 }],
	'POST /api/v1/bookings/{code}/cancel': [{ to: () => `/api/v1/bookings/${at.foreign.code}/cancel`, json: () => ({ phone_last4: at.foreign.last4 }), all: 404 },
		{ to: () => `/api/v1/bookings/${at.foreign.code}/cancel`, json: () => ({ phone_last4: at.foreign.last4 }), headers: () => ({ authorization: `Bearer ${at.own.secret}` }), all: 404 }],
	'POST /api/v1/bookings/{code}/change-quote': ofSecret('/change-quote', ({ as: { rooms, ...rest } }) => ({ rooms: [rooms], ...rest }), 200),
	'POST /api/v1/bookings/{code}/change': ofSecret('/change', ({ last4, as: { rooms, ...rest } }) => ({ rooms: [rooms], ...rest, phone_last4: last4 }), 200),
	'POST /api/v1/bookings/{code}/arrival': ofSecret('/arrival', () => ({ arrival: 1200 }), 200),
	'POST /api/v1/bookings/{code}/take-up': ofSecret('/take-up', () => ({}), 409),
	'POST /api/v1/waiting': [{ json: () => ({ arrive: at.range.arrive, leave: at.range.leave, adults: 1, guest: { name: '客', phone: guestPhone() } }), headers: () => ({ 'idempotency-key': randomUUID() }), all: 409 }],
	'GET /api/v1/waiting/{code}': [{ to: () => `/api/v1/waiting/${at.place.code}`, all: 404, leaks: stayWords }, { to: () => `/api/v1/waiting/${at.place.code}`, headers: () => ({ authorization: `Bearer ${at.place.secret}` }), all: 200 }],
	'GET /api/v1/openapi.json': everybody(200),
	'GET /asset/{name}': [{ to: () => at.style, all: 200 }, { to: '/asset/nothing.css', all: 404 }],
	'GET /photo/{photo}': [{ to: () => `/photo/${at.hash}-480`, all: 200 }, { to: `/photo/${'0'.repeat(64)}-480`, all: 404 }],
	'GET /lang/{to}': [{ to: '/lang/zh', all: '/' }, { to: '/lang/zh?back=//evil.example', all: '/' }, { to: '/lang/zh?back=https://evil.example', all: '/' }, { to: '/lang/fr', all: 404 }],
	'GET /robots.txt': everybody(200),
	'GET /favicon.ico': everybody(200),
	'GET /healthz': everybody(200),
	'GET /readyz': everybody(200),
	'GET /metrics': everybody(404),
};

const expected = (one, role) => {
	const said = one.all ?? one[role] ?? one.else;
	return typeof said === 'function' ? said() : said;
};
const whereTo = async (route, one) => (one.to === undefined ? route.to : typeof one.to === 'function' ? one.to() : one.to);

async function visit(route, one, role, device) {
	const to = await whereTo(route, one), headers = one.headers?.() ?? {};
	if (route.method === 'GET') return { to, answer: await device.get(to, headers) };
	if (one.json !== undefined) return { to, answer: await device.send(to, { method: 'POST', body: one.json(), headers }) };
	return { to, answer: await device.post(to, await one.send?.(role) ?? {}, { headers, token: device.held ??= await device.token() }) };
}

function comes(answer, want, says) {
	if (typeof want === 'number') assert.equal(answer.status, want, says);
	else {
		assert.equal(answer.status, 303, says);
		if (want === IN) assert.match(answer.headers.location, /^\/sign-in\?next=/, says);
		else if (want instanceof RegExp) assert.match(answer.headers.location, want, says);
		else assert.equal(answer.headers.location, want, says);
	}
}

test('every route has its row, and every row its route', () => {
	assert.ok(routes.length > 30);
	assert.deepEqual(Object.keys(walls).sort(), routes.map(({ name }) => name).sort());
	for (const { name, who } of routes)
		for (const one of walls[name])
			for (const role of roles) {
				assert.notEqual(expected(one, role), undefined, `${name} says nothing for ${role}`);
				if (['nobody', 'guest', 'shown'].includes(role)) assert.equal(expected(one, role) === IN, who === 'SIGNED_IN', `${name}: ${role}`);
			}
});

describe('every route, by everybody', () => {
	beforeEach(forgetTries);
	/* What reads comes first: it must leave everything as it was. */
	for (const method of ['GET', 'POST'])
		for (const route of routes.filter(each => each.method === method && walls[each.name] !== undefined))
			test(route.name, async () => {
				const was = method === 'GET' && route.to !== '/invite/{invitation}' ? await kept() : null;
				for (const [i, one] of walls[route.name].entries())
					/* Who may do it for good comes last, so that the others find it untouched. */
					for (const role of [...roles].sort((a, b) => (expected(one, a) === 404 ? 0 : 1) - (expected(one, b) === 404 ? 0 : 1))) {
						const device = !one.fresh ? devices[role] : role in accounts ? await withSession(accounts[role][0], devices[role]) : devices[role].copy();
						device.held = devices[role].held;
						const { to, answer } = await visit(route, one, role, route.to.endsWith('/{secret}') ? device.copy() : device), want = expected(one, role);
						comes(answer, want, `${role}, try ${i}: ${to} → ${answer.status} ${answer.headers.location ?? ''}`);
						if (want === 404 || want === IN)
							for (const word of one.leaks?.() ?? []) assert.ok(!answer.text.includes(word), `${role} reads ${word}`);
						if (role === 'shown' && one.leaks !== undefined) assert.ok(!answer.text.includes(at.guest.phone));
					}
				if (was !== null) assert.deepEqual(await kept(), was, 'reading changed something');
			});
});

test('nobody of house 1 reads the guests of another; the office does', async () => {
	const [{ house, name }] = await rows(database, `select s.house, b.guest_name as name from data.stay s join data.booking b using (village, booking)
		where s.house <> ${at.house} and s.state in ('checked_in', 'confirmed') and clock.today(1) between s.arrive and s.leave limit 1`);
	const reads = async role => (await devices[role].get(`/owner?house=${house}`)).text.includes(name);
	assert.deepEqual(await Promise.all(roles.map(async role => [role, await reads(role)])), roles.map(role => [role, role === 'secretary']));
});

test('in another village one is nobody', async () => {
	await tell(database, `set visit.village = '2'; insert into data.village values (2, '别村', 'Elsewhere', '', '', '1', 'http://elsewhere.test', clock.now()) on conflict do nothing;
		insert into data.village_host values ('elsewhere.test', 2) on conflict do nothing`);
	const headers = { host: 'elsewhere.test' };
	for (const role of Object.keys(accounts)) {
		for (const to of ['/owner', `/owner?house=${at.house}`, '/desk']) comes(await devices[role].get(to, headers), IN, `${role} ${to}`);
		assert.ok(!(await devices[role].get('/me', headers)).text.includes('/me/password'));
	}
	for (const to of [`/house/${at.house}`, `/stay/${at.foreign.code}/${at.foreign.secret}`, `/book?rooms=${at.range.room}&arrive=${at.range.arrive}&leave=${at.range.leave}`])
		assert.equal((await devices.guest.copy().get(to, headers)).status, 404, to);
});

describe('a forged post is refused and changes nothing', () => {
	const posts = routes.filter(({ method, kind }) => method === 'POST' && kind === 'PAGE');
	beforeEach(forgetTries);

	for (const route of posts)
		test(route.name, async () => {
			const one = (walls[route.name] ?? []).find(each => roles.some(role => expected(each, role) !== 404 && expected(each, role) !== IN)) ?? walls[route.name][0];
			if (route.to === '/stay/{code}/cancel') {
				at.leaving = await stay(at.guest);
				await devices.guest.get(`/stay/${at.leaving.code}/${at.leaving.secret}`);
			}
			const role = ['secretary', 'guest'].find(each => ![404, IN].includes(expected(one, each)));
			const device = devices[role], stranger = new Device(site), token = await device.token(), other = await stranger.token(), to = await whereTo(route, one), fields = await one.send?.(role) ?? {};
			const wrongs = [
				['no token', { token: null }], ['an empty token', { token: '' }], ['nonsense', { token: 'x'.repeat(86) }], ['half a token', { token: token.slice(0, 43) }],
				['a token of another device', { token: other }], ['the device itself as token', { token: device.jar.get('device') }],
				['another origin', { token, headers: { origin: 'https://evil.example' } }], ['an opaque origin', { token, headers: { origin: 'null' } }],
				['another port', { token, headers: { origin: 'http://127.0.0.1:1' } }], ['an origin that begins like ours', { token, headers: { origin: `${site}.evil.example` } }],
				['across sites', { token, headers: { 'sec-fetch-site': 'cross-site' } }], ['from a sibling', { token, headers: { 'sec-fetch-site': 'same-site' } }],
			];
			const was = await kept();
			for (const [what, options] of wrongs) {
				const answer = await device.post(to, fields, options);
				assert.equal(answer.status, 403, `${what}: ${answer.status} ${answer.headers.location ?? ''}`);
			}
			const bare = device.copy();
			bare.jar.delete('device');
			assert.equal((await bare.post(to, fields, { token })).status, 403, 'no device');
			/* Other ways to send fields: they need the token, too. */
			assert.equal((await device.send(to, { method: 'POST', body: fields })).status, 403, 'JSON');
			const parts = Object.entries(fields).map(([name, text]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`).join('');
			assert.equal((await device.send(to, { method: 'POST', body: `${parts}--x--\r\n`, headers: { 'content-type': 'multipart/form-data; boundary=x' } })).status, 403, 'multipart');
			assert.equal((await device.send(to, { method: 'POST', body: form(fields), headers: { 'content-type': 'text/plain' } })).status, form(fields) !== '' ? 415 : 403, 'text');
			assert.equal((await device.send(`${to}?${form({ ...fields, token: other })}`, { method: 'POST', body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status, 403, 'in the query');
			assert.deepEqual(await kept(), was);
		});

	test('a browser that says where it comes from is believed', async () => {
		const device = new Device(site);
		const answer = await device.post('/sign-in', { login: 'nobody', password: 'x' }, { headers: { origin: site, 'sec-fetch-site': 'same-origin' } });
		assert.equal(answer.status, 422);
	});

	test('the token is masked anew in every answer', async () => {
		const device = new Device(site), seen = new Set();
		for (let i = 0; i < 5; i++) seen.add(await device.token());
		assert.equal(seen.size, 5);
		for (const token of seen) assert.equal((await device.post('/sign-in', { login: 'nobody', password: 'x' }, { token })).status, 422);
	});
});

describe('sessions', () => {
	beforeEach(forgetTries);
	const opens = async device => (await device.get('/desk')).status === 200;
	const signedIn = async (login = 'secretary', password = 'mountain') => {
		const device = new Device(site);
		assert.equal((await device.signIn(login, password)).status, 303);
		return device;
	};

	test('signing in leads to where one works, or to where one wanted', async () => {
		for (const [role, to] of [['owner', '/owner'], ['helper', '/owner'], ['secretary', '/desk'], ['assessor', '/me']]) {
			const device = new Device(site), [login, password] = accounts[role];
			assert.equal((await device.post('/sign-in', { login, password })).headers.location, to);
			assert.match((await device.get('/me')).text, /\/me\/password/);
		}
		const device = new Device(site);
		for (const [next, to] of [['/desk', '/desk'], ['//evil.example', '/'], ['https://evil.example', '/desk'], ['/\\evil.example', '/'], ['/me\r\nx: y', '/']]) {
			await forgetTries();
			assert.equal((await device.post('/sign-in', { login: 'secretary', password: 'mountain', next })).headers.location, to, next);
		}
	});

	test('a token of 256 bits, kept as a hash; the hash opens nothing', async () => {
		const device = await signedIn(), token = device.jar.get('session');
		assert.match(token, /^[\w-]{43}$/);
		assert.equal(await value(database, `select count(*) from data.session where token = '\\x${sha256(token)}'`), 1);
		assert.ok(await opens(device));
		for (const wrong of [Buffer.from(sha256(token), 'hex').toString('base64url'), sha256(token), `${token}x`, token.slice(1), token.toLowerCase(), `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, '', "' or 1=1 --"]) {
			const other = new Device(site);
			other.jar.set('session', wrong);
			comes(await other.get('/desk'), IN, wrong);
		}
	});

	test('signing in again makes another token and ends the one before', async () => {
		const device = await signedIn(), old = device.copy();
		assert.equal((await device.signIn('secretary', 'mountain')).status, 303);
		assert.notEqual(device.jar.get('session'), old.jar.get('session'));
		assert.ok(await opens(device));
		comes(await old.get('/desk'), IN);
		/* A token somebody was given beforehand never becomes theirs. */
		const planted = new Device(site), token = freshToken();
		planted.jar.set('session', token);
		await planted.signIn('secretary', 'mountain');
		assert.notEqual(planted.jar.get('session'), token);
	});

	test('after signing out the old cookie is dead', async () => {
		const device = await signedIn(), old = device.copy();
		const answer = await device.post('/sign-out');
		comes(answer, '/');
		assert.ok(!device.jar.has('session'));
		comes(await old.get('/desk'), IN);
		assert.ok(!(await old.get('/me')).text.includes('/me/password'));
	});

	test('a session is ended from another; one that ran out, or whose person has gone, is over', async () => {
		const here = await signedIn(), there = await signedIn();
		const page = (await here.get('/me')).text, id = await value(database, `select session from data.session where token = '\\x${sha256(there.jar.get('session'))}'`);
		assert.ok(page.includes(`value="${id}"`));
		comes(await here.post('/me/sessions/end', { id }), '/me');
		comes(await there.get('/desk'), IN);
		assert.ok(await opens(here));
		await tell(database, `update data.session set ends = clock.now() where token = '\\x${sha256(here.jar.get('session'))}'`);
		comes(await here.get('/desk'), IN);

		const assessor = await signedIn(...accounts.assessor);
		try {
			await tell(database, "update data.person set ended = clock.now() where login = 'assessor'");
			comes(await assessor.get('/desk'), IN);
			assert.equal((await new Device(site).signIn(...accounts.assessor)).status, 422);
		} finally {
			await tell(database, "update data.person set ended = null where login = 'assessor'");
		}
		const helper = await signedIn(...accounts.helper);
		try {
			await tell(database, "update data.member m set until = clock.today(1) from data.person p where p.person = m.person and p.login = '13800000002'");
			assert.equal((await helper.get('/owner')).status, 404);
		} finally {
			await tell(database, "update data.member m set until = null from data.person p where p.person = m.person and p.login = '13800000002'");
		}
		assert.equal((await helper.get('/owner')).status, 200);
	});

	test('a new password ends every other session and no more', async () => {
		const [{ password: was }] = await rows(database, "select password from data.person where login = 'assessor'");
		const here = await signedIn(...accounts.assessor), there = await signedIn(...accounts.assessor);
		const knows = async device => (await device.get('/me')).text.includes('/me/password');
		try {
			assert.equal((await here.post('/me/password', { old: 'wrong', password: 'walnut-door-2' })).status, 422);
			assert.ok(await knows(there));
			comes(await here.post('/me/password', { old: 'lanterns', password: 'walnut-door-2' }), '/me');
			assert.deepEqual([await knows(here), await knows(there)], [true, false]);
			await forgetTries();
			assert.equal((await new Device(site).signIn('assessor', 'lanterns')).status, 422);
			assert.equal((await new Device(site).signIn('assessor', 'walnut-door-2')).status, 303);
		} finally {
			await tell(database, `update data.person set password = '${was}' where login = 'assessor'`);
		}
	});
});

describe('passwords', () => {
	beforeEach(forgetTries);
	const hashed = async () => Number(/^password_total (\d+)$/m.exec((await talk(`${metrics}/metrics`)).text)[1]);

	test('an unknown name and a wrong password: the same answer for the same work', async () => {
		const answers = [];
		for (const [login, password] of [['secretary', 'wrong'], ['secretarx', 'wrong'], ['secretary', 'x'.repeat(128)], ['secretarx', 'x'.repeat(128)]]) {
			const device = new Device(site), token = await device.token(), was = await hashed();
			const answer = await device.post('/sign-in', { login, password }, { token });
			assert.equal(await hashed(), was + 1, `${login} was not checked like any other`);
			answers.push({ status: answer.status, headers: Object.keys(answer.headers).sort(),
				text: answer.text.replaceAll(login, '').replace(/name="token" value="[^"]*"/g, ''), length: answer.bytes.length });
		}
		assert.equal(answers[0].status, 422);
		for (const other of answers.slice(1)) assert.deepEqual(other, answers[0]);
	});

	test('the sixth try on a name waits, before anything is hashed; other names and other addresses do not', async () => {
		const proxied = await startKore(folder, { PROXY: '127.0.0.1' });
		try {
			const device = new Device(site), token = await device.token();
			for (let i = 0; i < 5; i++) assert.equal((await device.post('/sign-in', { login: 'assessor', password: `wrong ${i}` }, { token })).status, 422);
			const was = await hashed();
			for (const password of ['wrong again', 'lanterns']) {
				const late = await device.post('/sign-in', { login: 'assessor', password }, { token });
				assert.equal(late.status, 429);
				assert.ok(Number(late.headers['retry-after']) > 0);
			}
			assert.equal(await hashed(), was);
			assert.equal((await device.copy().post('/sign-in', { login: 'secretary', password: 'mountain' }, { token })).status, 303);
			const elsewhere = new Device(proxied.url, { host: 'shawang.test', 'x-forwarded-proto': 'https', 'x-real-ip': '198.51.100.4' });
			assert.equal((await elsewhere.signIn(...accounts.assessor)).status, 303);
			assert.match((await elsewhere.get('/me')).text, /\/me\/password/);
			assert.ok(elsewhere.jar.has('__Host-session'));
			/* And one address cannot go through all names. */
			const many = [];
			for (let i = 0; i < 25 && many.at(-1) !== 429; i++)
				many.push((await device.post('/sign-in', { login: `name ${i}`, password: 'x' }, { token })).status);
			assert.equal(many.at(-1), 429);
			assert.ok(many.length > 10);
		} finally {
			await proxied.end();
		}
	});

	test('kept as argon2id; a hash of weaker parameters is made anew at signing in', async () => {
		const weak = '$argon2id$v=19$m=8192,t=1,p=1$MnJ/rfB3VarGpGD3uaRifQ$f8B4l31WzG8cnyqG1j4g5iIjOKyazXmPkLXiVD3WkFA';
		const strong = /^\$argon2id\$v=19\$m=65536,t=2,p=1\$/;
		const [{ password: was }] = await rows(database, "select password from data.person where login = 'assessor'");
		try {
			await tell(database, `update data.person set password = '${weak}' where login = 'assessor'`);
			assert.equal((await new Device(site).signIn('assessor', 'walnut-door')).status, 303);
			assert.match(await value(database, "select password from data.person where login = 'assessor'"), strong);
			assert.equal((await new Device(site).signIn('assessor', 'walnut-door')).status, 303);
		} finally {
			await tell(database, `update data.person set password = '${was}' where login = 'assessor'`);
		}
		for (const { password } of await rows(database, 'select password from data.person')) assert.match(password, strong);
	});

	test('a new one has eight characters, of any writing, and is not one everybody tries', async () => {
		const device = new Device(site), token = await device.token(), to = `/invite/${await invitation()}`, login = `walnut${process.pid}`;
		const join = (password, others = {}) => device.post(to, { login, name: '新人', password, ...others }, { token });
		const was = await kept();
		for (const password of ['', 'seven77', '七个字的口令哟', 'x'.repeat(129), '12345678', 'password1', '88888888']) {
			const answer = await join(password);
			assert.equal(answer.status, 422, password);
			assert.ok(password === '' || !answer.text.includes(`value="${password}"`), 'the page gives the password back');
		}
		assert.equal((await join('chestnut tree', { login: 'x' })).status, 422);
		assert.equal((await join('chestnut tree', { login: 'secretary' })).status, 409);
		assert.deepEqual(await kept(), was);
		comes(await join('八个字的口令好记'), '/sign-in');
		assert.equal((await join('chestnut tree', { login: `${login}x` })).status, 404, 'an invitation is for one');
		assert.equal((await new Device(site).signIn(login, '八个字的口令好记')).status, 303);
		const long = `/invite/${await invitation()}`, words = 'long '.repeat(25) + 'end';
		comes(await device.post(long, { login: `${login}long`, name: '新人', password: words }, { token }), '/sign-in');
		assert.equal((await new Device(site).signIn(`${login}long`, words)).status, 303);
		assert.equal((await new Device(site).signIn(`${login}long`, words.slice(0, -1))).status, 422);
	});

	test('no secret stands in the log', () => {
		const log = fs.readFileSync(path.join(folder, 'log/site.log'), 'utf8');
		for (const secret of [at.own.secret, at.foreign.secret, at.show, 'mountain', 'chestnut', devices.secretary.jar.get('session'), at.guest.phone, at.guest.name, at.own.code])
			assert.ok(!log.includes(secret), secret);
		for (const line of log.trimEnd().split('\n')) assert.doesNotThrow(() => JSON.parse(line), line);
	});
});
