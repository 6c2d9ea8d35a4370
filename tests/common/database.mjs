/*
 * Questions to a database through psql. With the conninfo of the superuser they go past every wall; tests look there at what is
 * really kept, and set what no role of the site may set.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const psql = '/usr/lib/postgresql/15/bin/psql';

async function execute(conninfo, args) {
	const env = { ...process.env, PGOPTIONS: '-c client_min_messages=warning', PGCLIENTENCODING: 'UTF8' };
	const { stdout } = await run(psql, ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', conninfo, ...args],
		{ env, maxBuffer: 256 << 20 });
	return stdout;
}

/* Does something; many statements are one transaction. */
export const tell = (conninfo, statement) => execute(conninfo, ['-c', statement]);

/* The rows of one query, as objects. Whole numbers beyond 2^53 would be rounded; the site has none. */
export async function rows(conninfo, query) {
	const out = await execute(conninfo, ['-c', `select coalesce(json_agg(x), '[]') from (${query}) x`]);
	return JSON.parse(out);
}

/* The one value of a query. */
export async function value(conninfo, query) {
	const [row] = await rows(conninfo, query);
	return Object.values(row)[0];
}

/* A script of many statements, as psql reads files. */
export async function script(conninfo, text) {
	const file = path.join(os.tmpdir(), `script-${process.pid}-${Date.now()}.sql`);
	fs.writeFileSync(file, text, { mode: 0o600 });
	try {
		await execute(conninfo, ['-f', file]);
	} finally {
		fs.rmSync(file);
	}
}

/* Rooms and nights far ahead that anybody can book at once: whole ranges of `nights`, parted from each other. */
export const freeRanges = (conninfo, count, nights = 1, from = 200) => rows(conninfo, `
	select r.room, r.house, d.day as arrive, d.day + ${nights} as leave
	  from data.room r join data.house h using (village, house),
	       (select clock.today(1) + i as day from generate_series(${from}, ${395 - nights}, ${nights}) i offset 0) d
	 where r.village = 1 and not r.closed and not h.by_request and not h.paused and r.capacity >= 2
	   and not exists (select from data.night n where n.village = 1 and n.room = r.room and n.night >= d.day and n.night < d.day + ${nights})
	   and not exists (select from data.stay_limit l where l.village = 1 and l.room = r.room and l.from_night <= d.day + ${nights} and l.to_night >= d.day)
	 order by md5(r.room::text || d.day) limit ${count}`);
