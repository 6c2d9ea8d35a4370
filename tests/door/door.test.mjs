/*
 * The door, byte by byte: every way we know to make Kore's parser lose, swap, invent or hang on a request.
 *
 *   node --test tests/door/door.test.mjs       against the echo site, which is built and started here
 *   SITE=http://127.0.0.1:8090 node --test …   what any site behind the door must refuse
 *
 * Left to others: routes, cookies and forms (tests/site).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { pause, proxy, start, talk } from './echo/server.mjs';

const given = process.env.SITE ? new URL(process.env.SITE) : null;
let site;

before(async () => {
	site = given ? { host: given.hostname, port: Number(given.port || 80), stop() {} } : await start();
});
after(async () => { await site?.stop(); });

const H = 'Host: localhost\r\n';
const get = (path, extra = '') => `GET ${path} HTTP/1.1\r\n${H}${extra}\r\n`;
const post = (path, body, extra = '') =>
	Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${H}Content-Length: ${body.length}\r\n${extra}\r\n`), Buffer.from(body)]);

async function refused(pieces, status, options = {}) {
	const got = await talk(site, pieces, options);
	assert.deepEqual(got.answers.map(each => each.status), [status]);
	assert.equal(got.end, 'closed');
	assert.equal(got.answers.rest, 0, 'nothing stands behind the answer');
	const { headers, body } = got.answers[0];
	assert.equal(headers.connection, 'close');
	assert.equal(headers['content-type'], 'text/plain');
	assert.equal(headers['x-content-type-options'], 'nosniff');
	assert.equal(headers['content-security-policy'], "default-src 'none'");
	if (!options.head) assert.match(body.toString(), new RegExp(`^${status} .+\n$`));
	return got;
}

/* One request, one answer of the echo site. */
async function told(pieces, options = {}) {
	const got = await talk(site, pieces, { count: 1, ...options });
	assert.deepEqual(got.final.map(each => each.status), [200]);
	return got.final[0].json;
}
const all = (echo, name) => echo.headers.filter(([each]) => each === name).map(([, value]) => value);

describe('refused by every site behind the door', () => {
	const rows = [
		/* framing */
		['a GET with a body', 400, `GET / HTTP/1.1\r\n${H}Content-Length: 34\r\n\r\nGET /about HTTP/1.1\r\nHost: evil\r\n\r\n`],
		['a HEAD with a body', 400, `HEAD / HTTP/1.1\r\n${H}Content-Length: 1\r\n\r\nx`, { head: true }],
		['a DELETE with a body', 400, `DELETE / HTTP/1.1\r\n${H}Content-Length: 1\r\n\r\nx`],
		['an OPTIONS with a body', 400, `OPTIONS / HTTP/1.1\r\n${H}Content-Length: 1\r\n\r\nx`],
		['Transfer-Encoding', 501, `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n5\r\na=abc\r\n0\r\n\r\n`],
		['Transfer-Encoding with Content-Length', 501, `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\na=abc`],
		['Transfer-Encoding on a GET', 501, get('/', 'Transfer-Encoding: identity\r\n')],
		['Transfer-Encoding with an empty value', 501, get('/', 'Transfer-Encoding:\r\n')],
		['Transfer-Encoding from HTTP/1.0', 501, `POST / HTTP/1.0\r\n${H}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
		['two different Content-Lengths', 400, `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\nContent-Length: 6\r\n\r\na=abc`],
		['two equal Content-Lengths', 400, `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\ncontent-length: 5\r\n\r\na=abc`],
		['a list as Content-Length', 400, `POST / HTTP/1.1\r\n${H}Content-Length: 5, 5\r\n\r\na=abc`],
		['Content-Length +5', 400, `POST / HTTP/1.1\r\n${H}Content-Length: +5\r\n\r\na=abc`],
		['Content-Length -1', 400, `POST / HTTP/1.1\r\n${H}Content-Length: -1\r\n\r\n`],
		['Content-Length 0x5', 400, `POST / HTTP/1.1\r\n${H}Content-Length: 0x5\r\n\r\na=abc`],
		['Content-Length with a blank inside', 400, `POST / HTTP/1.1\r\n${H}Content-Length: 5 5\r\n\r\na=abc`],
		['an empty Content-Length', 400, `POST / HTTP/1.1\r\n${H}Content-Length:\r\n\r\n`],
		['an empty Content-Length on a GET', 400, get('/', 'Content-Length: \r\n')],
		['Content-Length beyond 64 bits', 413, `POST / HTTP/1.1\r\n${H}Content-Length: 18446744073709551621\r\n\r\na=abc`],
		['Content-Length beyond everything', 413, `POST / HTTP/1.1\r\n${H}Content-Length: ${'9'.repeat(300)}\r\n\r\na=abc`],
		['Content-Length of a terabyte', 413, `POST / HTTP/1.1\r\n${H}Content-Length: 1000000000000\r\n\r\na=abc`],
		['a POST without Content-Length', 411, `POST / HTTP/1.1\r\n${H}\r\n`],
		['a PUT without Content-Length', 411, `PUT / HTTP/1.1\r\n${H}\r\n`],
		['a PATCH without Content-Length', 411, `PATCH / HTTP/1.1\r\n${H}\r\n`],
		['a packed body', 415, `POST / HTTP/1.1\r\n${H}Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\na=abc`],
		['an expectation other than 100-continue', 417, `POST / HTTP/1.1\r\n${H}Expect: miracles\r\nContent-Length: 0\r\n\r\n`],
		['a second expectation', 417, get('/', 'Expect: 100-continue, miracles\r\n')],
		/* host */
		['no Host', 400, 'GET / HTTP/1.1\r\nAccept: */*\r\n\r\n'],
		['no header at all', 400, 'GET / HTTP/1.1\r\n\r\n'],
		['HTTP/1.0 without Host', 400, 'GET / HTTP/1.0\r\n\r\n'],
		['Hostile instead of Host', 400, 'GET / HTTP/1.1\r\nHostile: evil.example\r\n\r\n'],
		['two Hosts', 400, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
		['two equal Hosts', 400, 'GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n'],
		['an empty Host', 400, 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
		['an empty Host beside a full one', 400, 'GET / HTTP/1.1\r\nHost:\r\nHost: a\r\n\r\n'],
		['a Host with a name before it', 400, 'GET / HTTP/1.1\r\nHost: user@a\r\n\r\n'],
		['a Host with a path', 400, 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
		['two words as Host', 400, 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
		['a Host above ASCII', 400, 'GET / HTTP/1.1\r\nHost: 村\r\n\r\n'],
		['a Host of 254 bytes', 400, `GET / HTTP/1.1\r\nHost: ${'a'.repeat(254)}\r\n\r\n`],
		/* lines */
		['bare line feeds', 400, 'GET / HTTP/1.1\nHost: a\nX-A: b\n\n'],
		['one bare line feed', 400, 'GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n'],
		['a bare line feed as the end', 400, 'GET / HTTP/1.1\r\nHost: a\r\n\n'],
		['a bare carriage return', 400, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rContent-Length: 9\r\n\r\n'],
		['two carriage returns', 400, 'GET / HTTP/1.1\r\nHost: a\r\r\n\r\n'],
		['a NUL in a value', 400, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\nX-B: 2\r\n\r\n'],
		['a NUL in the path', 400, 'GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n'],
		['another control byte', 400, get('/', 'X-A: b\x1b[31m\r\n')],
		['a folded header', 400, get('/', 'X-A: b\r\n c\r\n')],
		['a folded first header', 400, 'GET / HTTP/1.1\r\n Host: a\r\n\r\n'],
		['a header folded by a tab', 400, get('/', 'X-A: b\r\n\tc\r\n')],
		['a header without a colon', 400, get('/', 'nonsense\r\n')],
		['a header without a name', 400, get('/', ': value\r\n')],
		['a blank before the colon', 400, `POST / HTTP/1.1\r\n${H}Content-Length : 5\r\n\r\na=abc`],
		['a blank in a name', 400, get('/', 'X A: b\r\n')],
		['a name above ASCII', 400, get('/', 'é: b\r\n')],
		['two empty lines before the request', 400, '\r\n\r\n' + get('/')],
		['a TLS greeting', 400, Buffer.from('16030100c8010000c40303', 'hex')],
		/* the first line */
		['an absolute target', 400, `GET http://localhost/ HTTP/1.1\r\n${H}\r\n`],
		['a target without a slash', 400, `GET index HTTP/1.1\r\n${H}\r\n`],
		['OPTIONS *', 400, `OPTIONS * HTTP/1.1\r\n${H}\r\n`],
		['CONNECT', 405, `CONNECT localhost:80 HTTP/1.1\r\n${H}\r\n`],
		['TRACE', 405, `TRACE / HTTP/1.1\r\n${H}\r\n`],
		['an unknown method', 501, `PROPFIND / HTTP/1.1\r\n${H}\r\n`],
		['a method in small letters', 501, `get / HTTP/1.1\r\n${H}\r\n`],
		['PUT from HTTP/1.0', 405, `PUT / HTTP/1.0\r\n${H}Content-Length: 0\r\n\r\n`],
		['a fragment', 400, get('/#top')],
		['a target above ASCII', 400, get('/村')],
		['a blank in the target', 400, get('/a b')],
		['a tab in the first line', 400, `GET\t/ HTTP/1.1\r\n${H}\r\n`],
		['two blanks in the first line', 400, `GET  / HTTP/1.1\r\n${H}\r\n`],
		['a blank behind the version', 400, `GET / HTTP/1.1 \r\n${H}\r\n`],
		['no version', 400, `GET /\r\n${H}\r\n`],
		['HTTP/2.0', 505, `GET / HTTP/2.0\r\n${H}\r\n`],
		['the HTTP/2 preface', 505, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
		['HTTP/1.2', 505, `GET / HTTP/1.2\r\n${H}\r\n`],
		['HTTP/1.10', 400, `GET / HTTP/1.10\r\n${H}\r\n`],
		['http/1.1', 400, `GET / http/1.1\r\n${H}\r\n`],
		['a target of 3000 bytes', 414, get('/' + 'a'.repeat(2999))],
		['a target of 2049 bytes', 414, get('/' + 'a'.repeat(2048))],
		['a first line that never ends', 414, 'GET /' + 'a'.repeat(30000)],
		['a header of 20000 bytes', 431, get('/', `X-A: ${'a'.repeat(20000)}\r\n`)],
		['headers of 20000 bytes', 431, get('/', 'X-A: abcdefg\r\n'.repeat(1500))],
		/* singletons */
		['two Authorizations', 400, get('/', 'Authorization: Bearer a\r\nAuthorization: Bearer b\r\n')],
		['two Content-Types', 400, `POST / HTTP/1.1\r\n${H}Content-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 0\r\n\r\n`],
		['two Idempotency-Keys', 400, get('/', 'Idempotency-Key: a\r\nIdempotency-Key: a\r\n')],
		['two Origins', 400, get('/', 'Origin: http://a\r\nOrigin: http://b\r\n')],
		['an empty Origin beside a full one', 400, get('/', 'Origin:\r\nOrigin: http://b\r\n')],
		['two Sec-Fetch-Sites', 400, get('/', 'Sec-Fetch-Site: cross-site\r\nSec-Fetch-Site: same-origin\r\n')],
		['an Idempotency-Key above ASCII', 400, get('/', 'Idempotency-Key: é\r\n')],
	];
	for (const [name, status, bytes, options] of rows) {
		test(`${name}: ${status}`, () => refused(bytes, status, options));
	}

	test('a refusal comes at once, not after a time-out', async () => {
		const got = await refused('GET / HTTP/1.1\nHost: a', 400);
		assert.ok(got.ms < 500, `${got.ms} ms`);
	});

	test('405 says what is allowed', async () => {
		const got = await refused(`TRACE / HTTP/1.1\r\n${H}\r\n`, 405);
		assert.match(got.answers[0].headers.allow, /GET, HEAD, POST/);
	});

	test('what follows a refused request is not answered', () =>
		refused(`GET / HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\n` + get('/') + get('/'), 400));

	test('a refusal is read even by a client that keeps sending', async () => {
		const block = Buffer.alloc(1 << 20, 'A');
		const got = await talk(site, [`POST / HTTP/1.1\r\n${H}Content-Length: 999999999\r\n\r\n`, block, block, block, block]);
		assert.deepEqual([got.end, ...got.answers.map(each => each.status)], ['closed', 413]);
	});
});

describe('behind the door', { skip: given ? 'needs the echo site' : false }, () => {
	const worker = () => told(get('/about')).then(about => about.pid);
	const cpu = pid => {		/* ticks of 10 ms */
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
		return Number(fields[11]) + Number(fields[12]);
	};
	const memory = pid => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

	describe('one request', () => {
		test('method, path, query and host arrive as sent', async () => {
			const echo = await told('GET /a%2fb/../c?x=1&y=%20? HTTP/1.1\r\nHOST:  village.example:8443 \r\n\r\n');
			assert.equal(echo.path, '/a%2fb/../c');
			assert.equal(echo.query, 'x=1&y=%20?');
			assert.deepEqual(all(echo, 'host'), ['village.example:8443']);
			assert.equal(echo.length, 0);
		});
		for (const host of ['[::1]:80', '127.0.0.1', 'a'.repeat(253)]) {
			test(`Host ${host.slice(0, 12)} is let through`, async () =>
				assert.deepEqual(all(await told(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`), 'host'), [host]));
		}
		test('a header without a blank behind the colon', async () => {
			const echo = await told('GET / HTTP/1.1\r\nHost:a\r\nAccept:b\r\nUser-Agent:c\r\nReferer:d\r\nCookie:e\r\n\r\n');
			assert.deepEqual(echo.headers, [['host', 'a'], ['cookie', 'e'], ['accept', 'b'], ['user-agent', 'c'], ['referer', 'd']]);
		});
		test('the kept headers, and no others', async () => {
			const kept = ['cookie', 'content-type', 'accept', 'accept-language', 'accept-encoding', 'if-none-match',
				'user-agent', 'referer', 'origin', 'sec-fetch-site', 'authorization', 'idempotency-key'];
			const lost = ['x-request-id', 'upgrade', 'x-forwarded-for', 'x-forwarded-host', 'forwarded', 'range',
				'keep-alive', 'te', 'x-real-ip', 'x-forwarded-proto', 'proxy', 'x_real_ip'];
			const echo = await told(get('/', [...lost, ...kept].map(name => `${name}: of ${name}\r\n`).join('')));
			assert.deepEqual(echo.headers, [['host', 'localhost'], ...kept.map(name => [name, `of ${name}`])]);
		});
		test('100 headers and the cookie last', async () => {
			const echo = await told(get('/', Array.from({ length: 100 }, (_, i) => `X-${i}: y\r\n`).join('') + 'Cookie: z=1\r\n'));
			assert.deepEqual(all(echo, 'cookie'), ['z=1']);
		});
		test('several Cookie lines become one', async () => {
			const echo = await told(get('/', 'Cookie: a=1\r\nX-A: b\r\ncookie:\r\nCOOKIE: b=2; c=3\r\nCookie: d=4\r\n'));
			assert.deepEqual(all(echo, 'cookie'), ['a=1; b=2; c=3; d=4']);
		});
		test('a thousand Cookie lines too', async () => {
			const echo = await told(get('/', 'cookie:a\r\n'.repeat(1000)));
			assert.deepEqual(all(echo, 'cookie'), [Array(1000).fill('a').join('; ')]);
		});
		test('several Accept lines become one list', async () => {
			const echo = await told(get('/', 'Accept: a\r\nAccept: b\r\nIf-None-Match: "x"\r\nIf-None-Match: "y"\r\n'));
			assert.deepEqual([all(echo, 'accept'), all(echo, 'if-none-match')], [['a, b'], ['"x", "y"']]);
		});
		test('empty values, also in kept headers', async () => {
			const echo = await told(get('/', 'X-A:\r\nAccept: \r\nCookie:\t\r\nReferer: r\r\n'));
			assert.deepEqual(echo.headers, [['host', 'localhost'], ['referer', 'r']]);
		});
		test('bytes above ASCII and tabs in values', async () => {
			const echo = await told(get('/', 'Referer: http://x/é\r\nUser-Agent: a\tb\r\nX-A: 村\r\nCookie: a=村; b=1\r\n'));
			assert.deepEqual([all(echo, 'referer'), all(echo, 'user-agent'), all(echo, 'cookie')],
				[['http://x/??'], ['a b'], ['a=???; b=1']]);
		});
		test('a header of nearly http_header_max', async () => {
			const echo = await told(get('/', `Cookie: a=${'x'.repeat(16000)}\r\n`));
			assert.equal(all(echo, 'cookie')[0].length, 16002);
		});
		test('a target of 1998 bytes', async () =>
			assert.equal((await told(get('/' + 'a'.repeat(1997)))).path.length, 1998));
		test('a target of 1999 bytes is refused by the door, not by Kore', () => refused(get('/' + 'a'.repeat(1998)), 414));
		test('one empty line before a request is borne', async () => {
			await told('\r\n' + get('/'));
			await told(['\r', 50, '\n', 50, get('/')]);
		});
		test('a request in single bytes', async () => {
			const echo = await told([...post('/drip', 'abc', 'Cookie: a=1\r\n').toString()].flatMap(byte => [byte, 1]));
			assert.deepEqual([echo.path, echo.body, all(echo, 'cookie')], ['/drip', '616263', ['a=1']]);
		});
		test('GET, HEAD, DELETE and OPTIONS with Content-Length 0', async () => {
			for (const [method, number] of [['GET', 1], ['DELETE', 0x10], ['OPTIONS', 0x40]])
				assert.equal((await told(`${method} / HTTP/1.1\r\n${H}Content-Length: 0\r\n\r\n`)).method, number);
			const got = await talk(site, `HEAD / HTTP/1.1\r\n${H}Content-Length: 0\r\n\r\n`, { head: true, count: 1, linger: 50 });
			assert.deepEqual([got.final.length, got.final[0].status, got.answers.rest], [1, 200, 0]);
		});
		test('HTTP/1.0 is answered and closed', async () => {
			const got = await talk(site, `GET / HTTP/1.0\r\n${H}Connection: keep-alive\r\n\r\n`);
			assert.deepEqual([got.end, got.final[0].status, got.final[0].minor, got.final[0].headers.connection],
				['closed', 200, '0', 'close']);
		});
		test('Connection: close is found in a list', async () => {
			for (const lines of ['Connection: close\r\n', 'Connection: foo, CLOSE\r\n', 'Connection: foo\r\nConnection:close\r\n']) {
				const got = await talk(site, get('/', lines), { most: 1500 });
				assert.deepEqual([got.end, got.final.length], ['closed', 1]);
			}
		});
		test('Connection: keep-alive stays open', async () => {
			const got = await talk(site, [get('/', 'Connection: keep-alive\r\n'), 100, get('/')], { count: 2 });
			assert.deepEqual([got.end, got.final.length], ['open', 2]);
		});
	});

	describe('a body', () => {
		test('every byte arrives', async () => {
			const body = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 255));
			const echo = await told(post('/', body));
			assert.deepEqual([echo.length, echo.body], [1024, body.toString('hex')]);
		});
		test('of 40000 bytes, in pieces', async () => {
			const body = Buffer.alloc(40000, 'abcdefg');
			const whole = post('/', body);
			const pieces = [];
			for (let at = 0; at < whole.length; at += 9999) pieces.push(whole.subarray(at, at + 9999), 5);
			assert.equal((await told(pieces)).body, body.toString('hex'));
		});
		test('of 1 MiB, through the disk', async () => {
			const body = Buffer.alloc(1 << 20, 'abcdefg');
			assert.equal((await told(post('/large', body))).body, body.toString('hex'));
		});
		test('of no byte', async () => {
			const echo = await told(post('/none', ''));
			assert.deepEqual([echo.length, echo.body], [0, '']);
		});
		test('of exactly the limit', async () => assert.equal((await told(post('/small?x', 'x'.repeat(16)))).body.length, 32));
		test('one byte above the limit: 413', () => refused(post('/small?x', 'x'.repeat(17)), 413));
		test('where none is allowed: 413', () => refused(post('/none', 'x'), 413));
		test('the limit knows the method', async () => {
			await told(`PUT /by-method HTTP/1.1\r\n${H}Content-Length: 8\r\n\r\n12345678`);
			await refused(post('/by-method', '12345678'), 413);
		});
		test('above http_body_max whatever the route says: 413', () =>
			refused(`POST /large HTTP/1.1\r\n${H}Content-Length: 8388609\r\n\r\n`, 413));
		test('413 comes before the body', async () => {
			const got = await refused(`POST /small HTTP/1.1\r\n${H}Content-Length: 17\r\n\r\n`, 413);
			assert.ok(got.ms < 500, `${got.ms} ms`);
		});
		test('Content-Length with leading zeros is a number', async () =>
			assert.equal((await told(`POST / HTTP/1.1\r\n${H}Content-Length: 0005\r\n\r\na=abc`)).length, 5));
		test('Content-Encoding: identity', async () =>
			assert.equal((await told(post('/', 'abc', 'Content-Encoding: identity\r\n'))).body, '616263'));
		test('bytes behind it are the next request', async () => {
			const got = await talk(site, Buffer.concat([post('/first', 'a=abc'), Buffer.from(get('/second'))]), { count: 2 });
			assert.deepEqual(got.final.map(each => each.json.path), ['/first', '/second']);
			assert.equal(got.final[0].json.body, '613d616263');
		});
		test('an empty line behind it is borne', async () => {
			const got = await talk(site, Buffer.concat([post('/first', 'abc'), Buffer.from('\r\n' + get('/second'))]), { count: 2 });
			assert.deepEqual(got.final.map(each => each.json.path), ['/first', '/second']);
		});
		test('rubbish behind it is refused after the answer', async () => {
			const got = await talk(site, Buffer.concat([post('/first', 'a=abc'), Buffer.from('XXXX\n')]));
			assert.deepEqual([got.end, ...got.final.map(each => each.status)], ['closed', 200, 400]);
		});
		test('with 40 MiB behind it costs neither memory nor time', async () => {
			const pid = await worker();
			const before = [memory(pid), cpu(pid)];
			const block = Buffer.alloc(1 << 20, 'A');
			const got = await talk(site, [Buffer.concat([post('/', 'a=abc'), Buffer.from('X')]), 100, ...Array(40).fill(block)], { most: 4000 });
			await pause(500);
			assert.equal(got.final[0].status, 200);
			assert.ok(memory(pid) - before[0] < 4 << 20, `${(memory(pid) - before[0]) >> 10} KiB more`);
			assert.ok(cpu(pid) - before[1] < 50, `${cpu(pid) - before[1]} ticks`);
			assert.equal(await worker(), pid);
		});
	});

	describe('Expect: 100-continue', () => {
		const expect = (path, length, version = '1.1') =>
			`POST ${path} HTTP/${version}\r\n${H}Expect: 100-Continue\r\nContent-Length: ${length}\r\n\r\n`;
		test('is answered before the body', async () => {
			const got = await talk(site, expect('/', 5), { most: 400 });
			assert.deepEqual(got.answers.map(each => each.status), [100]);
		});
		test('and then the body is read', async () => {
			const got = await talk(site, [expect('/', 5), 100, 'a=abc', get('/next')], { count: 2 });
			assert.deepEqual(got.answers.map(each => each.status), [100, 200, 200]);
			assert.equal(got.final[0].json.body, '613d616263');
		});
		test('a body too long is refused instead', () => refused(expect('/small', 17), 413));
		test('an empty body needs none', async () => {
			const got = await talk(site, expect('/', 0), { count: 1, linger: 50 });
			assert.deepEqual(got.answers.map(each => each.status), [200]);
		});
		test('HTTP/1.0 does not get it', async () => {
			const got = await talk(site, [expect('/', 1, '1.0'), 100, 'x']);
			assert.deepEqual(got.answers.map(each => each.status), [200]);
		});
		test('comes behind the answer before it', async () => {
			const got = await talk(site, [get('/slow?200') + expect('/', 3), 400, 'abc'], { count: 2 });
			assert.deepEqual(got.answers.map(each => each.status), [200, 100, 200]);
		});
	});

	describe('one after another', () => {
		const order = got => got.final.map(each => each.json.path + each.json.query);
		test('two in one packet', async () => {
			const got = await talk(site, get('/1') + get('/2'), { count: 2, linger: 50 });
			assert.deepEqual(order(got), ['/1', '/2']);
			assert.ok(got.ms < 200, `${got.ms} ms`);
		});
		test('200 in one packet, in order, quickly', async () => {
			const got = await talk(site, Array.from({ length: 200 }, (_, i) => get(`/${i}`)).join(''), { count: 200 });
			assert.deepEqual(order(got), Array.from({ length: 200 }, (_, i) => `/${i}`));
			assert.ok(got.ms < 2000, `${got.ms} ms`);
		});
		test('cut at every byte', async () => {
			const bytes = get('/1', 'Cookie: a=1\r\n') + post('/2', 'xyz') + get('/3');
			for (let at = 1; at < bytes.length; at += 3) {
				const got = await talk(site, [bytes.slice(0, at), 2, bytes.slice(at)], { count: 3 });
				assert.deepEqual(order(got), ['/1', '/2', '/3'], `cut at ${at}`);
			}
		});
		test('a slow one first: answers are never swapped', async () => {
			const got = await talk(site, get('/slow?300') + get('/fast') + get('/slow?1') + get('/last'), { count: 4 });
			assert.deepEqual(order(got), ['/slow300', '/fast', '/slow1', '/last']);
		});
		test('a slow POST first, body in several reads', async () => {
			const body = Buffer.alloc(30000, 'b');
			const got = await talk(site, Buffer.concat([post('/slow?300', body), Buffer.from(get('/fast')), post('/third', 'c')]), { count: 3 });
			assert.deepEqual(order(got), ['/slow300', '/fast', '/third']);
			assert.equal(got.final[0].json.body.length, 60000);
		});
		test('a slow POST whose last bytes come together with the next request', async () => {
			const body = Buffer.alloc(20000, 'b'), whole = post('/slow?200', body);
			const got = await talk(site, [whole.subarray(0, 9000), 20, whole.subarray(9000, 19000), 20,
				Buffer.concat([whole.subarray(19000), Buffer.from(get('/fast'))])], { count: 2 });
			assert.deepEqual(order(got), ['/slow200', '/fast']);
		});
		test('a slow POST with an empty body outlives the clocks', async () => {
			const got = await talk(site, [post('/slow?2600', ''), get('/next')], { count: 2 });
			assert.deepEqual(order(got), ['/slow2600', '/next']);
		});
		test('a slow POST with a body outlives the clocks', async () => {
			const got = await talk(site, [post('/slow?2600', Buffer.alloc(10000)), get('/next')], { count: 2 });
			assert.deepEqual(order(got), ['/slow2600', '/next']);
		});
		test('while a slow one is pending, pipelined bytes cost no CPU', async () => {
			const pid = await worker();
			const before = cpu(pid);
			const got = await talk(site, [get('/slow?1500'), get('/2'), 300, get('/3'), 300, get('/4')], { count: 4 });
			assert.deepEqual(order(got), ['/slow1500', '/2', '/3', '/4']);
			assert.ok(cpu(pid) - before <= 5, `${cpu(pid) - before} ticks of 10 ms`);
		});
		test('after a streamed answer comes the next', async () => {
			const got = await talk(site, get('/stream') + get('/next'), { count: 2 });
			assert.deepEqual(got.final.map(each => each.body.length > 1000), [true, false]);
			assert.equal(got.final[0].body.toString(), 's'.repeat(1 << 20));
			assert.equal(got.final[1].json.path, '/next');
		});
		test('after a streamed answer comes a refusal, not within it', async () => {
			const got = await talk(site, get('/stream') + 'GET / HTTP/1.1\nHost: a\n\n');
			assert.deepEqual(got.final.map(each => each.status), [200, 400]);
			assert.equal(got.final[0].body.toString(), 's'.repeat(1 << 20));
			assert.equal(got.end, 'closed');
		});
		test('a client that leaves while its request is pending harms nobody', async () => {
			const pid = await worker();
			await Promise.all(Array.from({ length: 20 }, () => talk(site, get('/slow?500') + get('/2'), { most: 60 })));
			await Promise.all(Array.from({ length: 20 }, () => talk(site, get('/slow?10') + get('/2') + get('/3'), { most: 12 })));
			await pause(600);
			assert.equal(await worker(), pid);
		});
		test('50 at once, each with 20 in a row', async () => {
			const bytes = Array.from({ length: 20 }, (_, i) => i % 5 === 4 ? get(`/slow?${i}`) : post(`/${i}`, 'x'.repeat(i))).join('');
			const want = Array.from({ length: 20 }, (_, i) => i % 5 === 4 ? `/slow${i}` : `/${i}`);
			for (const got of await Promise.all(Array.from({ length: 50 }, () => talk(site, bytes, { count: 20 }))))
				assert.deepEqual(order(got), want);
		});
	});

	describe('who may speak for others', () => {
		const real = 'X-Real-IP: 203.0.113.7\r\n', secure = 'X-Forwarded-Proto: https\r\n';
		const from = proxy;
		test('a proxy: both headers arrive', async () => {
			const echo = await told(get('/', real + secure), { from });
			assert.deepEqual([all(echo, 'x-real-ip'), all(echo, 'x-forwarded-proto')], [['203.0.113.7'], ['https']]);
		});
		test('a proxy with an IPv6 address and http', async () => {
			const echo = await told(get('/', 'X-Real-IP: 2001:db8::7\r\nX-Forwarded-Proto: http\r\n'), { from });
			assert.deepEqual(all(echo, 'x-real-ip'), ['2001:db8::7']);
		});
		test('anybody else: both are dropped, however broken', async () => {
			for (const lines of [real + secure, real + real, 'X-Real-IP:\r\n', 'X-Real-IP: é\r\nX-Forwarded-Proto: gopher\r\n']) {
				const echo = await told(get('/', lines), { from: '127.0.0.2' });
				assert.deepEqual(echo.headers, [['host', 'localhost']]);
			}
		});
		for (const [name, lines] of [
			['neither', ''], ['no X-Real-IP', secure], ['no X-Forwarded-Proto', real],
			['two X-Real-IPs', real + real + secure], ['two X-Forwarded-Protos', real + secure + secure],
			['a list', 'X-Real-IP: 203.0.113.7, 203.0.113.8\r\n' + secure],
			['a word as address', 'X-Real-IP: localhost\r\n' + secure], ['a short address', 'X-Real-IP: 203.0.113\r\n' + secure],
			['an address with a port', 'X-Real-IP: 203.0.113.7:80\r\n' + secure],
			['an endless address', `X-Real-IP: ${'1'.repeat(500)}\r\n` + secure],
			['an empty address', 'X-Real-IP:\r\n' + secure],
			['another scheme', real + 'X-Forwarded-Proto: gopher\r\n'], ['two schemes', real + 'X-Forwarded-Proto: https, http\r\n'],
		]) {
			test(`a proxy with ${name}: 400`, () => refused(get('/', lines), 400, { from }));
		}
	});

	describe('clocks', { concurrency: true }, () => {
		const within = (got, least, most) => assert.ok(got.ms >= least && got.ms <= most, `${got.ms} ms`);
		test('half a header, then silence: cut by http_header_timeout', async () => {
			const got = await refused('GET / HTTP/1.1\r\nHost: a\r\nX-A', 408);
			within(got, 1800, 4500);
		});
		test('a dribbled header: cut as well', async () => {
			const got = await refused(['GET / HTTP/1.1\r\nX-A: ', ...Array.from({ length: 50 }, () => ['a', 100]).flat()], 408);
			within(got, 1800, 4500);
		});
		test('half a header after an answer: cut as well', async () => {
			const got = await talk(site, [get('/'), 1000, 'GET / HT']);
			assert.deepEqual([got.end, ...got.answers.map(each => each.status)], ['closed', 200, 408]);
			within(got, 2800, 5500);
		});
		test('a body that stops: cut by http_body_timeout', async () => {
			const got = await talk(site, `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\na=`);
			assert.deepEqual([got.end, ...got.answers.map(each => each.status)], ['closed', 408]);
			within(got, 1800, 4500);
		});
		test('a dribbled body: cut as well', async () => {
			const got = await talk(site, [`POST / HTTP/1.1\r\n${H}Content-Length: 500\r\n\r\n`, ...Array.from({ length: 50 }, () => ['a', 100]).flat()]);
			assert.equal(got.answers[0]?.status, 408);
			within(got, 1800, 4500);
		});
		test('a long body that keeps coming may take longer', async () => {
			const piece = Buffer.alloc(40000, 'x');
			const got = await talk(site, [`POST /large HTTP/1.1\r\n${H}Content-Length: ${80 * piece.length}\r\n\r\n`,
				...Array.from({ length: 80 }, () => [piece, 40]).flat()], { count: 1, most: 10000 });
			assert.equal(got.final[0].status, 200);
			within(got, 2500, 9000);
		});
		test('silence from the start: closed without a word', async () => {
			const got = await talk(site, []);
			assert.deepEqual([got.end, got.answers.length], ['closed', 0]);
			within(got, 2800, 5500);
		});
		test('silence after an answer: closed without a word', async () => {
			const got = await talk(site, get('/'));
			assert.deepEqual([got.end, got.answers.length, got.answers.rest], ['closed', 1, 0]);
			within(got, 2800, 5500);
		});
		test('silence after a slow answer counts from the answer', async () => {
			const got = await talk(site, get('/slow?2000'), { most: 8000 });
			assert.deepEqual([got.end, got.answers.length, got.answers.rest], ['closed', 1, 0]);
			within(got, 4800, 7500);
		});
		test('a refused client that never leaves is dropped', async () => {
			const got = await talk(site, ['GET /\n', ...Array.from({ length: 80 }, () => ['x', 100]).flat()], { most: 9000, stay: true });
			assert.deepEqual([got.end, got.answers[0].status], ['reset', 400]);
			within(got, 4800, 6500);
		});
		test('a refused client that stays in silence is dropped', async () => {
			const got = await talk(site, ['GET /\n', 3500, 'x', 100, 'x'], { stay: true });
			assert.deepEqual([got.end, got.answers[0].status], ['reset', 400]);
		});
	});

	test('refusals are counted', async () => {
		const { refused: before } = await told(get('/about'));
		await refused('GET / HTTP/1.1\n\n', 400);
		await refused(post('/none', 'x'), 413);
		assert.equal((await told(get('/about'))).refused, before + 2);
	});

	describe('sandbox', () => {
		const EPERM = 1, EACCES = 13, EAFNOSUPPORT = 97, ENOSYS = 38;
		const wanted = {
			execve: EPERM, fork: EPERM, ptrace: EPERM, mmap_wx: EACCES, mprotect_x: EACCES, mmap: 0,
			socket_packet: EAFNOSUPPORT, socket_raw: EPERM, socket_netlink: EAFNOSUPPORT,
			socket_unix: 0, socket_inet: 0, socket_inet6: 0, bind: EACCES, ioctl: EACCES,
			kill_parent: ENOSYS, kill_self: 0, setuid: ENOSYS, unknown: ENOSYS, thread: 0, file: 0, time: 0,
		};
		for (const [where, path] of [['the worker', '/forbidden'], ['a task thread', '/forbidden-task']]) {
			test(`${where} fails with an errno and lives on`, async () => {
				const pid = await worker();
				const got = await told(get(path));
				if (got.socket_inet6 === EAFNOSUPPORT) got.socket_inet6 = 0;	/* a machine without IPv6 */
				assert.deepEqual(got, wanted);
				assert.equal(await worker(), pid);
			});
		}
	});

	test('all of this without losing a worker', () => {
		assert.equal(site.log().match(/worker 1 started/g).length, 1, site.log());
		assert.doesNotMatch(site.log(), /sandbox violation|exited|fatal/);
	});
});
