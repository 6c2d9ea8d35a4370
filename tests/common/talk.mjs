/*
 * HTTP for tests by node alone: connections that are kept, headers and bodies as they are, and a browser's memory for cookies and
 * form tokens. It follows no redirects and never fails on a status. Left to others: what must come back.
 */
import http from 'node:http';
import { randomInt, randomUUID } from 'node:crypto';

/*
 * One request: body is bytes, text, or an object (sent as JSON). The answer: status, headers, cookies (as sent), text, bytes, json.
 * Rejects only when the connection fails.
 */
export function talk(url, { method = 'GET', headers = {}, body, agent, timeout = 15_000 } = {}) {
	const at = new URL(url);
	/* The path as it was written: URL would tidy up what is being tested. */
	const path = /^\w+:\/\/[^/]+(\/[^#]*)?/.exec(url)[1] ?? '/';
	const bytes = body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	const said = { ...headers };
	if (bytes !== null && !Object.keys(said).some(name => name.toLowerCase() === 'content-type')) said['content-type'] = 'application/json';
	if (bytes !== null || method === 'POST') said['content-length'] = bytes?.length ?? 0;
	return new Promise((done, fail) => {
		const request = http.request({ host: at.hostname, port: at.port, path, method, headers: said, agent, timeout }, answer => {
			const pieces = [];
			answer.on('data', piece => pieces.push(piece));
			answer.on('error', fail);
			answer.on('end', () => {
				const whole = Buffer.concat(pieces);
				done({
					status: answer.statusCode, headers: answer.headers, cookies: answer.headers['set-cookie'] ?? [], bytes: whole,
					get text() { return whole.toString('utf8'); },
					get json() { return JSON.parse(whole.toString('utf8')); },
				});
			});
		});
		request.on('timeout', () => request.destroy(new Error(`no answer within ${timeout} ms`)));
		request.on('error', fail);
		if (bytes !== null) request.write(bytes);
		request.end();
	});
}

export const manyConnections = count => new http.Agent({ keepAlive: true, maxSockets: count, maxFreeSockets: count });

/* Words for a booking through the API: a guest of its own, unless told otherwise. */
/* Counted from anywhere: files run one after another in processes whose numbers come again. */
let guests = randomInt(10 ** 8);
export const guestPhone = () => `137${String(++guests % 10 ** 8).padStart(8, '0')}`;
export const wish = ({ room, arrive, leave, ...others }) =>
	({ rooms: [room], arrive, leave, adults: 1, guest: { name: '试客', phone: guestPhone() }, ...others });
export function book(site, body, { key = randomUUID(), headers = {}, agent, timeout } = {}) {
	return talk(`${site}/api/v1/bookings`, { method: 'POST', body, agent, timeout, headers: { 'idempotency-key': key, ...headers } });
}

export const form = fields => new URLSearchParams(
	(Array.isArray(fields) ? fields : Object.entries(fields)).flatMap(([name, value]) => [value].flat().map(one => [name, String(one)])),
).toString();

/* A browser without scripts: keeps cookies, finds the token of a page's form. */
export class Device {
	constructor(site, headers = {}) {
		this.site = site;
		this.headers = headers;
		this.jar = new Map();
	}

	copy() {
		const other = new Device(this.site, this.headers);
		other.jar = new Map(this.jar);
		return other;
	}

	cookie() {
		return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	async send(path, options = {}) {
		const headers = { ...this.headers, ...options.headers };
		if (this.jar.size > 0 && headers.cookie === undefined) headers.cookie = this.cookie();
		const answer = await talk(this.site + path, { ...options, headers });
		for (const line of answer.cookies) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			if (/; Max-Age=0\b/i.test(line)) this.jar.delete(name);
			else this.jar.set(name, value);
		}
		return answer;
	}

	get(path, headers = {}) {
		return this.send(path, { headers });
	}

	/* A page with a form gives this device its token; masked anew each time, so one is as good as another. */
	async token(page = '/sign-in') {
		const answer = await this.get(page);
		const found = /name="token" value="([^"]+)"/.exec(answer.text);
		if (found === null) throw new Error(`no form on ${page} (${answer.status})`);
		return found[1];
	}

	async post(path, fields = {}, { headers = {}, token } = {}) {
		const all = { ...fields };
		if (token !== null) all.token = token ?? await this.token();
		return this.send(path, { method: 'POST', body: form(all), headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } });
	}

	async signIn(login, password) {
		return this.post('/sign-in', { login, password });
	}
}

/*
 * What was changed in the database is on the board of every worker: each has twice since come to an end of reading. The first end may
 * belong to a question asked before the change.
 */
export async function boardsSettle(metrics = process.env.METRICS) {
	const since = new Map(), left = new Set();
	for (const begun = Date.now(); since.size === 0 || left.size > 0; await new Promise(done => setTimeout(done, 30))) {
		if (Date.now() - begun > 20000) throw new Error('the boards do not settle');
		/* Connections of their own come to every worker in turn, or nearly. */
		for (const { json: { worker, settled } } of await Promise.all(Array.from({ length: 8 }, () => talk(`${metrics}/board?house=1`, { agent: false })))) {
			if (!since.has(worker)) since.set(worker, settled);
			if (settled < since.get(worker) + 2) left.add(worker);
			else left.delete(worker);
		}
	}
}
