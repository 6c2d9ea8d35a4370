/*
 * What every answer of the site wears, whatever it says: headers, cookies, compression, caching, and whom the site believes to come from
 * where. Left to others: what the API answers (api.test.mjs), framing (tests/door).
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { freeRanges, rows, tell, value } from '../common/database.mjs';
import { slow, startKore, until } from '../common/house.mjs';
import { Device, book, manyConnections, talk, wish } from '../common/talk.mjs';

const { SITE: site, DATABASE: database, VAR: folder } = process.env;
const api = `${site}/api/v1`;
const agent = manyConnections(8);
let ranges, nextRange = 0;
const fresh = () => ranges[nextRange++];
const ask = (method, path, options = {}) => talk(`${api}${path}`, { method, agent, ...options });
async function booked() {
	const answer = await book(site, wish({ ...fresh(), house: undefined }), { agent });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}

before(async () => {
	ranges = await freeRanges(database, 20, 2, 330);
});
after(() => agent.destroy());

/* One whose sizes the jobs program has made. */
const aPhoto = () => until('a photo has its sizes', 60_000 * slow, async () =>
	(await rows(database, "select encode(hash, 'hex') as hash from data.file_size where width = 480 order by random() limit 1"))[0]?.hash);

describe('what every answer wears', () => {
	const worn = {
		'content-security-policy': "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
		'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin',
	};
	const wears = (answer, what) => {
		for (const [name, text] of Object.entries(worn)) assert.equal(answer.headers[name], text, `${what}: ${name}`);
		assert.match(answer.headers['x-request-id'] ?? '', /^[a-z2-9]{12}$/, what);
		assert.ok(answer.headers['cache-control'] !== undefined, what);
		assert.equal(answer.headers['strict-transport-security'], undefined, `${what}: over plain http it would be wrong`);
		assert.ok(!Object.keys(answer.headers).some(name => name.startsWith('access-control-')), what);
		assert.match(answer.headers.server ?? '', /^shawang$/);
	};

	test('headers, on every kind of answer', async () => {
		const stay = await booked(), device = new Device(site);
		await device.get(`/stay/${stay.code}/${stay.secret}`);
		const home = (await device.get('/')).text, style = /href="(\/asset\/[^"]+\.css)"/.exec(home)[1], script = /src="(\/asset\/[^"]+\.js)"/.exec(home)[1];
		const hash = await aPhoto();
		const photo = `/photo/${hash}-480`, tag = (await device.get(style)).headers.etag, photoTag = (await device.get(photo)).headers.etag;
		const post = (path, options) => device.send(path, { method: 'POST', ...options });
		const kinds = [
			[200, await device.get('/')], [200, await device.get('/sign-in')], [200, await device.get(`/stay/${stay.code}`)], [200, await device.get(`/stay/${stay.code}/calendar.ics`)],
			[200, await device.send('/', { method: 'HEAD' })], [200, await device.get('/healthz')], [200, await device.get('/readyz')], [200, await device.get('/robots.txt')], [200, await device.get('/favicon.ico')],
			[200, await device.get(style)], [200, await device.get(script)], [200, await device.get(photo)], [200, await device.get('/api/v1/openapi.json')],
			[204, await device.send('/', { method: 'OPTIONS' })], [303, await device.get('/owner')], [303, await device.get('/lang/en')],
			[304, await device.get(style, { 'if-none-match': tag })], [304, await device.get(photo, { 'if-none-match': photoTag })],
			[400, await device.get('/houses?arrive=%00')], [403, await post('/sign-out', { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } })],
			[404, await device.get('/nothing')], [404, await device.get('/api/v1/nothing')], [404, await device.get('/asset/nothing.css')], [405, await device.send('/', { method: 'DELETE' })],
			[415, await post('/sign-in', { body: 'x', headers: { 'content-type': 'text/plain' } })], [421, await device.get('/', { host: 'evil.example' })],
			[422, await device.post('/sign-in', { login: '', password: '' })],
		];
		for (const [i, [status, answer]] of kinds.entries()) {
			assert.equal(answer.status, status, `kind ${i}`);
			wears(answer, `kind ${i}, ${status}`);
		}
		const refused = await post('/sign-in', { body: 'x'.repeat(5000), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
		assert.deepEqual([refused.status, refused.headers['x-content-type-options'], refused.headers['content-security-policy']], [413, 'nosniff', "default-src 'none'"]);
		assert.equal((await talk(`${process.env.METRICS}/metrics`)).status, 200);
		/* What somebody alone may see is kept by nobody; what never changes for ever. */
		for (const path of [`/stay/${stay.code}`, '/sign-in', '/me']) assert.equal((await device.get(path)).headers['cache-control'], 'no-store');
		/* What everybody sees may be shown again by the browser's arrow, and by nobody else. */
		for (const path of ['/', '/festivals', `/house/${fresh().house}`]) assert.equal((await device.get(path)).headers['cache-control'], 'private, no-cache');
		for (const path of [style, script, photo]) assert.equal((await device.get(path)).headers['cache-control'], 'public, max-age=31536000, immutable');
	});

	test('a fault: 500, with the same headers, a number to ask for, and no word of what is inside', async () => {
		const { room, arrive, leave } = fresh();
		await tell(database, 'alter table data.ladder rename to ladder_gone');
		try {
			const fault = await talk(`${api}/quotes`, { method: 'POST', body: wish({ room, arrive, leave }) });
			const page = await talk(`${site}/book?rooms=${room}&arrive=${arrive}&leave=${leave}`);
			for (const answer of [fault, page]) {
				assert.equal(answer.status, 500);
				wears(answer, '500');
				assert.ok(answer.text.includes(answer.headers['x-request-id']));
				assert.doesNotMatch(answer.text, /ladder|relation|42P01|SQL|select/i);
			}
			assert.deepEqual([fault.headers['content-type'], fault.json.key], ['application/problem+json', 'fault.fault']);
		} finally {
			await tell(database, 'alter table data.ladder_gone rename to ladder');
		}
		assert.equal((await ask('POST', '/quotes', { body: wish({ room, arrive, leave }) })).status, 200);
	});

	test('cookies: for this site alone, never for scripts', async () => {
		const answers = [await talk(`${site}/sign-in`), await talk(`${site}/lang/en`), await (async () => {
			const stay = await booked();
			return talk(`${site}/stay/${stay.code}/${stay.secret}`);
		})()];
		const lines = answers.flatMap(({ cookies }) => cookies);
		assert.deepEqual(lines.map(line => line.split('=')[0]), ['device', 'lang', 'stays']);
		for (const line of lines) assert.match(line, /^\w+=[^;]*; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax$/);
	});

	test('behind a proxy that says https: __Host- and Secure; what a stranger says is not heard', async () => {
		const proxied = await startKore(folder, { PROXY: '127.0.0.1' });
		const addressOf = async code => value(database, `select encode(address, 'hex') from data.booking where code = '${code}'`);
		const from = async (where, headers) => addressOf((await book(where, wish(fresh()), { headers })).json.code);
		try {
			const secure = { 'x-real-ip': '203.0.113.7', 'x-forwarded-proto': 'https', host: 'shawang.test' };
			const page = await talk(`${proxied.url}/sign-in`, { headers: secure });
			assert.equal(page.headers['strict-transport-security'], 'max-age=63072000; includeSubDomains');
			assert.match(page.cookies[0], /^__Host-device=[\w-]{43}; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure$/);
			const plain = await talk(`${site}/sign-in`, { headers: secure });
			assert.match(plain.cookies[0], /^device=/);
			assert.equal(plain.headers['strict-transport-security'], undefined);
			const direct = await from(site, {});
			assert.equal(await from(site, { 'x-real-ip': '203.0.113.7' }), direct, 'a stranger is heard');
			const seventh = await from(proxied.url, secure);
			assert.notEqual(seventh, direct);
			assert.equal(await from(proxied.url, secure), seventh);
			/* A whole household of IPv6 is one address. */
			const six = await from(proxied.url, { ...secure, 'x-real-ip': '2001:db8:1:2::1' });
			assert.equal(await from(proxied.url, { ...secure, 'x-real-ip': '2001:db8:1:2:ffff::9' }), six);
			assert.notEqual(await from(proxied.url, { ...secure, 'x-real-ip': '2001:db8:1:3::1' }), six);
			/* Nobody who came by the proxy is on loopback. */
			assert.equal((await talk(`${proxied.url}/`, { headers: { ...secure, host: '127.0.0.1' } })).status, 421);
			for (const wrong of [{ 'x-real-ip': 'x' }, { 'x-real-ip': '1.2.3.4, 5.6.7.8' }]) assert.equal((await talk(`${proxied.url}/`, { headers: { ...secure, ...wrong } })).status, 400);
		} finally {
			await proxied.end();
		}
	});
});
