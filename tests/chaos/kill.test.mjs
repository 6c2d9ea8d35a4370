/*
 * A thousand bookings by eight guests who press again with the same key while the database, a worker and the jobs program are
 * killed and the database is restarted under them. What was acknowledged is there, once. Left to others: crowds on one night
 * (once.test.mjs), the supervisor's own promises (tests/run).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { freeRanges, rows, tell, value } from '../common/database.mjs';
import { House, isReady, pause, slow, until } from '../common/house.mjs';
import { book, manyConnections, wish } from '../common/talk.mjs';

const BOOKINGS = 1000, GUESTS = 8;

describe(`${BOOKINGS} bookings while things are killed`, () => {
	let house, at_first;
	const wishes = [], acknowledged = new Map(), odd = [], answers = {}, happened = [];
	let given = 0, gate = 0;

	/* One guest: takes the next wish and presses until the site says yes. Only 503 and a lost connection are a reason to press again. */
	async function guest(agent) {
		while (given < BOOKINGS) {
			if (given >= gate) {
				await pause(5);
				continue;
			}
			const { body, key } = wishes[given++];
			for (let tries = 0; ; tries++) {
				if (tries > 600) throw new Error('the site does not come back');
				let answer;
				try {
					answer = await book(house.url, body, { key, agent, timeout: 20_000 });
				} catch (error) {
					answers[error.code ?? error.message] = (answers[error.code ?? error.message] ?? 0) + 1;
					await pause(50);
					continue;
				}
				answers[answer.status] = (answers[answer.status] ?? 0) + 1;
				if (answer.status === 201) {
					acknowledged.set(key, answer.json);
					break;
				}
				if (answer.status !== 503 || !(Number(answer.headers['retry-after']) > 0)) {
					odd.push({ status: answer.status, headers: answer.headers, text: answer.text });
					break;
				}
				await pause(50);
			}
		}
	}

	const database = () => house.children('postgres')[0]?.pid;
	/*
	 * Sessions of a killed database may go on for a while, as long as they are kept busy, and no other can start beside them. It is back
	 * when it takes a new session.
	 */
	const restarted = async (what, kill) => {
		const old = database();
		kill(old);
		await until(`${what}: another database`, 60_000 * slow, async () =>
			database() !== undefined && database() !== old && await value(house.database, 'select 1').catch(() => 0) === 1);
	};
	const faults = [
		['the database is killed', () => restarted('killed', pid => process.kill(pid, 'SIGKILL'))],
		['a worker is killed', async () => {
			const [old] = house.site().workers;
			process.kill(old, 'SIGKILL');
			await until('another worker', 30_000 * slow, () => {
				const { workers } = house.site();
				return workers.length === at_first.workers.length && !workers.includes(old);
			});
			happened.push(old);
		}],
		['jobs is killed', async () => {
			const [old] = house.children('jobs');
			process.kill(old.pid, 'SIGKILL');
			await until('other jobs', 30_000 * slow, () => house.children('jobs').some(one => one.pid !== old.pid));
		}],
		['the database is restarted', () => restarted('restarted', pid => process.kill(pid, 'SIGINT'))],
		['the database is killed again', () => restarted('killed again', pid => process.kill(pid, 'SIGKILL'))],
	];

	before(async () => {
		house = await House.start();
		at_first = house.site();
		const ranges = [...await freeRanges(house.database, BOOKINGS / 2), ...await freeRanges(house.database, 5000, 2, 300)];
		const seen = new Set();
		for (const { room, arrive, leave } of ranges) {
			const nights = [];
			for (let day = Date.parse(arrive); day < Date.parse(leave); day += 86_400_000) nights.push(`${room} ${day}`);
			if (wishes.length === BOOKINGS || nights.some(night => seen.has(night))) continue;
			nights.forEach(night => seen.add(night));
			wishes.push({ key: randomUUID(), body: wish({ room, arrive, leave }), nights: nights.length });
		}
		assert.equal(wishes.length, BOOKINGS);
	});
	after(() => house?.end());

	test('every booking is acknowledged in the end, and nobody hears anything but "yes" or "come again"', { timeout: 300_000 * slow }, async () => {
		const agent = manyConnections(GUESTS);
		const step = BOOKINGS / (faults.length + 1);
		gate = step * 1.5;
		const guests = Promise.all(Array.from({ length: GUESTS }, () => guest(agent)));
		guests.catch(() => {});
		for (const [i, [what, fault]] of faults.entries()) {
			await until(`bookings before ${what}`, 60_000 * slow, () => acknowledged.size >= step * (i + 1));
			await fault();
			await until(`ready after ${what}`, 30_000 * slow, () => isReady(house.url));
			gate = step * (i + 2.5);
		}
		gate = BOOKINGS;
		await guests;
		agent.destroy();
		assert.deepEqual(odd, []);
		assert.equal(acknowledged.size, BOOKINGS);
		/* A database that is back within the two seconds a batch may wait is not even felt; a killed worker always is. */
		assert.ok(Object.keys(answers).some(answer => answer !== '201'), `nothing was ever in the way: ${JSON.stringify(answers)}`);
	});

	test('each acknowledged booking is there, once, with its nights and its money', async () => {
		await tell(house.database, 'analyze');
		const kept = await rows(house.database, `
			with told as materialized (select e.subject, count(*)::int as events from data.event e group by e.subject)
			select i.key, b.code, s.state, s.arrive, s.leave, s.total_fen::bigint as total_fen, count(n.night)::int as nights, b.guest_phone as phone,
			       (select count(*)::int from data.night x where x.village = n.village and x.stay = n.stay) as held,
			       (select json_agg(l.amount_fen) from data.ledger l where l.village = s.village and l.stay = s.stay) as ledger,
			       (select t.events from told t where t.subject = b.booking) as events
			  from data.idempotency i join data.booking b on b.village = i.village and b.booking = i.subject
			  join data.stay s on s.village = b.village and s.booking = b.booking
			  join data.stay_room r on r.village = s.village and r.stay = s.stay
			  left join data.night n on n.village = s.village and n.stay = s.stay and n.room = r.room and n.night >= s.arrive and n.night < s.leave
			                       and n.until = 'infinity' and n.kind = 'stay'
			 group by i.key, b.village, b.booking, s.village, s.stay, n.village, n.stay`);
		assert.equal(kept.length, BOOKINGS);
		const byKey = new Map(kept.map(each => [each.key, each]));
		for (const { key, body, nights } of wishes) {
			const { total_fen, code } = acknowledged.get(key);
			assert.deepEqual(byKey.get(key), { key, code, state: 'confirmed', arrive: body.arrive, leave: body.leave, total_fen, nights, held: nights,
				phone: body.guest.phone, ledger: [total_fen], events: 1 });
		}
	});

	test('nothing else came of it: no second booking, no night without a stay, no stay without its nights', async () => {
		const phones = wishes.map(({ body }) => `'${body.guest.phone}'`).join(', ');
		assert.equal(await value(house.database, `select count(*) from data.booking where guest_phone in (${phones})`), BOOKINGS);
		assert.equal(await value(house.database, `select count(*) from data.stay where phone in (${phones})`), BOOKINGS);
		assert.equal(await value(house.database, `select count(*) from data.night n where n.kind = 'stay' and n.until = 'infinity'
			and not exists (select from data.stay_room r where r.village = n.village and r.stay = n.stay and r.room = n.room and n.night >= r.from_night and n.night < r.to_night)`), 0);
		assert.equal(await value(house.database, `select count(*) from data.stay s where s.phone in (${phones})
			and (select coalesce(sum(case l.kind when 'payment' then -l.amount_fen else l.amount_fen end), 0) from data.ledger l
			      where l.village = s.village and l.stay = s.stay) <> s.total_fen`), 0);
		assert.equal(await value(house.database, `select sum(l.amount_fen) from data.ledger l join data.stay s using (village, stay) where s.phone in (${phones})`),
			[...acknowledged.values()].reduce((sum, { total_fen }) => sum + total_fen, 0));
	});

	test('the audit chain has every event and is whole', async () => {
		await until('the chain has caught up', 60_000 * slow, async () =>
			await value(house.database, 'select count(*) from data.event e left join data.audit a using (village, event) where a.event is null') === 0);
		assert.equal(await value(house.database, 'select jobs.verify_chain(1)'), null);
		const [first] = wishes;
		await tell(house.database, `update data.event set detail = '{"total_fen": 1}' where subject = (select subject from data.idempotency where key = '${first.key}')`);
		assert.notEqual(await value(house.database, 'select jobs.verify_chain(1)'), null);
	});

	test('no worker but the one that was killed has ended', () => {
		const { parent, workers } = house.site();
		assert.equal(parent, at_first.parent);
		assert.equal(workers.length, at_first.workers.length);
		assert.deepEqual(at_first.workers.filter(pid => !workers.includes(pid)), happened);
	});

	test('the logs know of no answer of 500 and no deadlock', () => {
		const lines = house.log('site.log').trimEnd().split('\n').map(line => JSON.parse(line));
		assert.deepEqual(lines.filter(({ status }) => status >= 500 && status !== 503), []);
		assert.deepEqual(house.log('postgres.log').split('\n').filter(line => /deadlock|PANIC|corrupt|invalid page/i.test(line)), []);
	});
});
