/*
 * A site of a test's own, started by build/run (RUN_BINARY for another) on free ports and in a folder of its own, and a second
 * Kore beside it on another database. Left to others: the supervisor's own promises (tests/run).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export { pause };
const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = path.resolve(root, process.env.RUN_BINARY ?? 'build/run');
/* The tree the program was built from; the supervisor finds it the same way. */
export const tree = path.resolve(path.dirname(binary), path.basename(path.dirname(binary)) === 'asan' ? '../..' : '..');
export const slow = process.env.SITE_BINARY ? 4 : 1;	/* a checked build takes its time */

export async function freePort() {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

/* Asks again until there is an answer; its last failure is said when there never was one. */
export async function until(what, ms, condition) {
	const end = Date.now() + ms;
	for (;;) {
		const value = await condition();
		if (value) return value;
		if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
		await pause(50);
	}
}

/* The middle of a line of /proc/<pid>/stat: name, state, parent. */
function look(pid) {
	try {
		const line = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		const [state, parent] = line.slice(line.lastIndexOf(')') + 2).split(' ');
		return { pid, name: line.slice(line.indexOf('(') + 1, line.lastIndexOf(')')), state, parent: Number(parent) };
	} catch {
		return null;
	}
}

const processes = () => fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(name => look(Number(name)))
	.filter(one => one !== null && one.state !== 'Z' && one.state !== 'X');
const isSite = one => one.name === 'kore' || one.name === 'site';

/* Kore's parent under a supervisor, and its workers, by their pids. */
export function siteOf(supervisor) {
	const all = processes(), parent = all.find(one => one.parent === Number(supervisor) && isSite(one));
	return { parent: parent?.pid, workers: all.filter(one => one.parent === parent?.pid && isSite(one)).map(one => one.pid).sort() };
}

function child(command, args, env) {
	const started = spawn(command, args, { cwd: tree, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
	started.said = '';
	started.gone = false;
	started.stdout.on('data', bytes => { started.said += bytes; });
	started.stderr.on('data', bytes => { started.said += bytes; });
	started.ended = once(started, 'exit').then(([code, signal]) => {
		started.gone = true;
		return { code, signal };
	});
	return started;
}

export async function isReady(url) {
	try {
		/* Where this machine is the proxy, the door wants to hear whom it speaks for. */
		const headers = { 'x-real-ip': '127.0.0.1', 'x-forwarded-proto': 'http' };
		return (await fetch(`${url}/readyz`, { headers, signal: AbortSignal.timeout(2000) })).status === 200;
	} catch {
		return false;
	}
}

/* VAR/environment, as the supervisor wrote it for its programs. */
export function environment(folder) {
	const text = fs.readFileSync(path.join(folder, 'environment'), 'utf8');
	return Object.fromEntries([...text.matchAll(/^(\w+)="(.*)"$/gm)].map(([, name, value]) => [name, value.replace(/\\(.)/g, '$1')]));
}

export class House {
	static async start(settings = {}) {
		const house = new House();
		house.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'house-'));
		fs.chmodSync(house.folder, 0o755);
		house.var = path.join(house.folder, 'var');
		const port = await freePort(), metrics = await freePort();
		house.url = `http://127.0.0.1:${port}`;
		house.metrics = `http://127.0.0.1:${metrics}`;
		house.child = child(binary, [], { VAR: house.var, PORT: `${port}`, METRICS_PORT: `${metrics}`, DEMO: '1', ...settings });
		try {
			await until('the site is open', 120_000, () => {
				if (house.child.gone) throw new Error(`it ended by itself:\n${house.child.said}`);
				return house.child.said.includes('The village is open at');
			});
		} catch (error) {
			await house.end();
			throw error;
		}
		house.environment = environment(house.var);
		house.database = house.environment.DATABASE_WEB.replace('user=web', 'user=postgres');
		return house;
	}

	children(name) {
		return processes().filter(one => one.parent === this.child.pid && one.name === name);
	}

	/* Kore's parent, and its workers by their pids. */
	site() {
		return siteOf(this.child.pid);
	}

	log(name) {
		return fs.readFileSync(path.join(this.var, 'log', name), 'utf8');
	}

	async end() {
		if (!this.child.gone) {
			this.child.kill('SIGTERM');
			await this.child.ended;
		}
		try {
			const far = fs.realpathSync(path.join(this.var, 'postgres'));
			if (far.startsWith('/var/lib/shawang/')) fs.rmSync(path.dirname(far), { recursive: true });
		} catch {
			/* It never came to a cluster. */
		}
		fs.rmSync(this.folder, { recursive: true, force: true });
	}
}

/*
 * Another Kore with the configuration of a site that runs (its VAR), on ports of its own: for another database, or other settings.
 */
export async function startKore(folder, settings = {}) {
	const place = fs.mkdtempSync(path.join(os.tmpdir(), 'kore-'));
	const env = environment(folder), port = await freePort(), metrics = await freePort();
	const conf = path.join(place, 'kore.conf'), asRoot = process.getuid() === 0;
	fs.chmodSync(place, 0o755);
	fs.writeFileSync(conf, fs.readFileSync(path.join(folder, 'kore.conf'), 'utf8')
		.replace(/^pidfile.*$/m, `pidfile ${place}/kore.pid`)
		.replaceAll(env.METRICS_PORT, `${metrics}`)
		.replace(new RegExp(`(bind \\S+ )${env.PORT}\\b`), `$1${port}`));
	/* The checked site is one program and reads its configuration from where KORE_CONF says. */
	const single = process.env.SITE_BINARY;
	const kore = child(single || '/usr/bin/kore', [...(single ? [] : ['-c', conf]), asRoot ? '-fn' : '-fnr'],
		{ ...env, KORE_CONF: conf, LOG_FILE: path.join(place, 'site.log'), ...settings });
	const url = `http://127.0.0.1:${port}`;
	async function end() {
		const mine = processes().filter(one => one.parent === kore.pid);
		if (!kore.gone) {
			kore.kill('SIGTERM');
			await Promise.race([kore.ended, pause(5000)]);
			/* Its parent can wait for ever for a worker that is stuck. */
			for (const one of [kore, ...mine]) try { process.kill(one.pid, 'SIGKILL'); } catch { /* gone already */ }
			await kore.ended;
		}
		fs.rmSync(place, { recursive: true, force: true });
	}
	try {
		await until('the second site is ready', 20_000 * slow, () => {
			if (kore.gone) throw new Error(`it ended by itself:\n${kore.said}`);
			return isReady(url);
		});
	} catch (error) {
		await end();
		throw new Error(`${error.message}\n${kore.said}`);
	}
	return { url, metrics: `http://127.0.0.1:${metrics}`, end, log: () => fs.readFileSync(path.join(place, 'site.log'), 'utf8') };
}
