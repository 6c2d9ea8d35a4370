/*
 * Builds the echo site, starts it on a free port and stops it; speaks to it, or to any other site, byte for byte.
 * Left to others: what is sent and what must come back (door.test.mjs).
 */
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const top = path.resolve(here, '../../..');
const flags = '-std=gnu11 -O2 -g -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes '
	+ '-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 -fPIC -shared';

export const pause = ms => new Promise(done => setTimeout(done, ms));

async function portFree() {
	const server = net.createServer();
	await new Promise(done => server.listen(0, '127.0.0.1', done));
	const { port } = server.address();
	await new Promise(done => server.close(done));
	return port;
}

async function build() {
	const out = path.join(top, 'build/tests/door/echo.so');
	const features = (await readFile('/usr/share/kore/features', 'utf8')).trim().split(/\s+/);
	const base = path.join(top, 'app/base');
	await mkdir(path.dirname(out), { recursive: true });
	await run(process.env.CC ?? 'gcc', [...flags.split(' '), ...features, '-I', base, '-o', out,
		path.join(here, 'echo.c'), ...['door.c', 'door_head.c', 'sandbox.c'].map(name => path.join(base, name))]);
	return out;
}

/* Peers at 127.0.0.9 may speak for others; everybody else is a stranger. */
export const proxy = '127.0.0.9';

export async function start() {
	const module = await build();
	const root = await mkdtemp(path.join(tmpdir(), 'door-'));
	const port = await portFree();
	const conf = (await readFile(path.join(here, 'kore.conf'), 'utf8'))
		.replaceAll('@ROOT@', root).replaceAll('@PORT@', String(port)).replace(path.join(root, 'echo.so'), module);
	await chmod(root, 0o755);
	await writeFile(path.join(root, 'kore.conf'), conf);
	const kore = spawn('kore', ['-c', path.join(root, 'kore.conf'), '-fnr'],
		{ detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PROXY: `::1, ${proxy}` } });
	let log = '';
	kore.stdout.on('data', text => { log += text; });
	kore.stderr.on('data', text => { log += text; });
	let ended = false;
	const gone = new Promise(done => kore.on('exit', () => { ended = true; done(); }));
	async function stop() {
		try { process.kill(kore.pid, 'SIGTERM'); } catch { /* gone already */ }
		await Promise.race([gone, pause(5000)]);
		try { process.kill(-kore.pid, 'SIGKILL'); } catch { /* nobody left in the group */ }
		await gone;
		await rm(root, { recursive: true, force: true });
	}
	for (let left = 100; ; left--) {
		if (await new Promise(done => {
			const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
			socket.on('error', () => done(false));
		}) && log.includes('worker 1 started')) break;
		if (ended || left === 0) {
			await stop();
			throw new Error(`the echo site did not start:\n${log}`);
		}
		await pause(100);
	}
	return { host: '127.0.0.1', port, stop, log: () => log };
}

/* Cuts what a server sent into answers. head: the requests were HEAD, so no body follows a final answer. */
export function answers(bytes, { head = false } = {}) {
	const found = [];
	let at = 0;
	while (at < bytes.length) {
		const end = bytes.indexOf('\r\n\r\n', at);
		if (end < 0) break;
		const [line, ...lines] = bytes.toString('latin1', at, end).split('\r\n');
		const match = /^HTTP\/1\.([01]) (\d{3}) /.exec(line);
		if (!match) throw new Error(`no status line: ${JSON.stringify(line.slice(0, 80))}`);
		const headers = {};
		for (const each of lines) {
			const colon = each.indexOf(':');
			headers[each.slice(0, colon).toLowerCase()] = each.slice(colon + 1).trim();
		}
		const status = Number(match[2]);
		const length = status < 200 || head ? 0 : Number(headers['content-length'] ?? 0);
		if (end + 4 + length > bytes.length) break;
		const body = bytes.subarray(end + 4, end + 4 + length);
		found.push({ status, minor: match[1], headers, body,
			get json() { return JSON.parse(body.toString()); } });
		at = end + 4 + length;
	}
	found.rest = bytes.length - at;
	return found;
}

/*
 * Sends pieces one after another (a number among them waits so many ms) and collects until the server closes, `count`
 * final answers are there and `linger` ms are over, or `most` ms are over. stay: do not leave when the server has said
 * all it had to say; the end is then a reset. end: closed, reset, or open.
 */
export function talk(site, pieces, { count = Infinity, linger = 0, most = 6000, from, head = false, stay = false } = {}) {
	return new Promise((done, fail) => {
		const begun = Date.now();
		const parts = [];
		const socket = net.connect({ host: site.host, port: site.port, localAddress: from, allowHalfOpen: stay });
		let last;
		const finish = end => {
			clearTimeout(timer);
			clearTimeout(last);
			socket.destroy();
			try {
				const list = answers(Buffer.concat(parts), { head });
				done({ end, answers: list, final: list.filter(each => each.status >= 200),
					ms: Date.now() - begun });
			} catch (error) {
				fail(error);
			}
		};
		const timer = setTimeout(() => finish('open'), most);
		socket.setNoDelay(true);
		socket.on('data', piece => {
			parts.push(piece);
			if (count === Infinity || last) return;
			const list = answers(Buffer.concat(parts), { head });
			if (list.filter(each => each.status >= 200).length >= count) last = setTimeout(() => finish('open'), linger);
		});
		if (!stay) socket.on('end', () => finish('closed'));
		socket.on('error', error => finish(error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : error.code));
		socket.on('connect', async () => {
			for (const piece of [pieces].flat()) {
				if (typeof piece === 'number') await pause(piece);
				else if (socket.writable) socket.write(piece);
			}
		});
	});
}
