/*
 * What can happen to a stay after it was booked, as people see it on a phone: changing it, rooms together, a request answered,
 * money both sides vouch for, a place in the queue, another phone, being forgotten. In Chinese, the main ways in English too, and
 * changing without scripts. What each act may cost is the model's (tests/model), who may what is walls.test.mjs.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after, before } from 'node:test';
import { Finger, Person, addDays, as, closeBrowser, dayWords, patience, site, step, takeShot, today, yuan } from '../common/browser.mjs';
import { rows, tell, value } from '../common/database.mjs';
import { until } from '../common/house.mjs';
import { Device, boardsSettle, book, guestPhone, talk } from '../common/talk.mjs';

const { DATABASE: database } = process.env;
const owner = ['13800000001', 'persimmon'];
let house;		/* the owner's, with rooms and how many each sleeps */
let day = 20;

before(async () => {
	await patience();
	house = await value(database, `select m.house from data.member m join data.person p using (village, person) where p.login = '${owner[0]}'`);
});
after(async () => {
	await closeBrowser();
	await tell(database, `update data.house set by_request = false where village = 1 and house = ${house}`);
});

/* Nights on which all of the house is free, and some around them; each test has its own. */
async function freeHouse(nights) {
	const [found] = await rows(database, `select clock.today(1) + d as arrive, clock.today(1) + d + ${nights} as leave, d from generate_series(${day}, 380) d
		where not exists (select from data.night n join data.room r using (village, room) where n.village = 1 and r.house = ${house} and n.until > clock.now() and n.night between clock.today(1) + d - 1 and clock.today(1) + d + ${nights + 2})
		  and not exists (select from data.stay_limit l join data.room r using (village, room) where l.village = 1 and r.house = ${house} and l.from_night <= clock.today(1) + d + ${nights + 2} and l.to_night >= clock.today(1) + d - 1)
		  and not exists (select from data.rate t join data.room r using (village, room) where t.village = 1 and r.house = ${house} and t.kind in ('named', 'season') and t.from_night <= clock.today(1) + d + ${nights + 2} and t.to_night >= clock.today(1) + d - 1) limit 1`);
	assert.ok(found, 'no nights are free');
	day = found.d + nights + 3;
	return found;
}
const roomsOf = () => rows(database, `select room, base.pick(name_zh, name_en) as name, name_en, capacity from data.room where village = 1 and house = ${house} and not closed order by position`);
async function booked(wish, lang = 'zh') {
	const phone = guestPhone(), answer = await book(site, { adults: 2, ...wish, guest: { name: '改订的客人', phone } }, { headers: { 'accept-language': lang } });
	assert.equal(answer.status, 201, answer.text);
	return { ...answer.json, phone, last4: phone.slice(-4) };
}
const stateOf = code => value(database, `select s.state from data.stay s join data.booking b using (village, booking) where b.code = '${code}'`);
const balanceOf = code => value(database, `select booking.balance(1, s.stay) from data.stay s join data.booking b using (village, booking) where b.code = '${code}'`);
async function asOwner(act) {
	await as({}, async person => {
		await person.signIn(...owner);
		await person.page.waitForURL('**/owner');
		await act(person);
	});
}
const button = (person, key, places) => person.page.getByRole('main').getByRole('button', { name: person.say(key, places), exact: true });
const label = (person, key) => person.page.getByRole('main').getByLabel(person.say(key), { exact: true });
async function opens(person, key) {
	await person.page.getByRole('main').locator('summary', { hasText: person.say(key) }).first().click();
}

/* --- changing --- */

async function changing(t, { lang, scripts }) {
	const { arrive, leave } = await freeHouse(3), [room] = await roomsOf(), name = lang === 'zh' ? room.name : room.name_en;
	const made = await booked({ rooms: [room.room], arrive, leave }, lang);
	const person = await Person.sit({ lang, scripts }), { page, say } = person, hand = new Finger(person);
	const later = addDays(leave, 1), second = addDays(arrive, 1);
	let after;
	try {
		await step(t, 'the page of the stay leads to the change, with everything as it is', async () => {
			await person.go(`/stay/${made.code}/${made.secret}`);
			await hand.press(page.getByRole('main').getByRole('link', { name: say('stay.change'), exact: true }));
			await page.waitForURL('**/change');
			assert.equal(await label(person, 'field.arrive').inputValue(), arrive);
			assert.equal(await label(person, 'field.leave').inputValue(), leave);
			assert.ok(await page.getByRole('main').getByRole('checkbox', { name: new RegExp(`^${name}`) }).isChecked());
			await takeShot(page, `change-${lang}${scripts ? '' : '-plain'}`);
			await hand.press(button(person, 'change.look'));
			await person.sees(say('change.same'));
		});

		await step(t, 'a day later: kept, added and dropped nights, and what it comes to', async () => {
			await hand.date(label(person, 'field.arrive'), second);
			await hand.date(label(person, 'field.leave'), later);
			await hand.press(button(person, 'change.look'));
			const lines = await page.getByRole('main').getByRole('table', { name: say('change.sum') }).getByRole('row').allInnerTexts();
			const of = key => lines.filter(line => line.includes(`${say(key)} ·`));
			assert.deepEqual([of('mark.kept').length, of('mark.added').length, of('mark.gone').length], [2, 1, 1], lines.join('\n'));
			assert.ok(of('mark.added')[0].includes(dayWords(lang, leave, today())) && of('mark.gone')[0].includes(dayWords(lang, arrive, today())), lines.join('\n'));
			const fen = line => Math.round(Number(/¥([\d,.]+)\s*$/.exec(line)[1].replaceAll(',', '')) * 100);
			after = [...of('mark.kept'), ...of('mark.added')].reduce((sum, line) => sum + fen(line), 0);
			assert.ok(lines.some(line => line.includes(say('change.new_total')) && fen(line) === after), 'the nights add up');
			await person.sees(say('change.drop_cost', { total: yuan(fen(of('mark.gone')[0])) }));
			assert.equal(await balanceOf(made.code), made.total_fen, 'nothing has happened yet');
			await takeShot(page, `change-sum-${lang}${scripts ? '' : '-plain'}`);
		});

		await step(t, 'wrong digits: it comes back, with the sum', async () => {
			person.expect(422);
			await hand.type(label(person, 'field.phone_last4'), made.last4 === '0000' ? '1111' : '0000');
			await hand.press(button(person, 'change.do', { total: yuan(after) }));
			await page.getByRole('alert').waitFor();
			await person.sees(say('booking.last4_wrong'), say('change.new_total'), yuan(after));
		});

		await step(t, 'the right ones: it is done, once', async () => {
			await hand.type(label(person, 'field.phone_last4'), made.last4);
			await hand.press(button(person, 'change.do', { total: yuan(after) }));
			await page.waitForURL(`**/stay/${made.code}`);
			await person.sees(say('booking.said_changed'), dayWords(lang, second, today()), dayWords(lang, later, today()), yuan(after));
			assert.equal(await balanceOf(made.code), after);
			assert.equal(await value(database, `select count(*) from data.event e join data.booking b on b.booking = e.subject where b.code = '${made.code}' and e.act = 'booking.change'`), 1);
		});
	} finally {
		if (t.signal?.aborted !== true) await person.context.close();
	}
	assert.deepEqual(person.troubles, []);
}
test('a stay is changed, in Chinese', t => changing(t, { lang: 'zh', scripts: true }));
test('a stay is changed, in English', t => changing(t, { lang: 'en', scripts: true }));
test('a stay is changed without scripts', t => changing(t, { lang: 'zh', scripts: false }));

test('nights somebody else has: the reason, dates that work, and all is as it was', async () => {
	const { arrive, leave } = await freeHouse(3), [room] = await roomsOf();
	const made = await booked({ rooms: [room.room], arrive, leave: addDays(arrive, 2) });
	await booked({ rooms: [room.room], arrive: addDays(arrive, 2), leave });
	await boardsSettle();
	await as({}, async person => {
		const { page, say } = person;
		await person.go(`/stay/${made.code}/${made.secret}`);
		person.expect(409);
		await person.go(`/stay/${made.code}/change?arrive=${arrive}&leave=${leave}&adults=2&rooms=${room.room}`);
		await person.sees(say('booking.taken'), say('change.near'));
		const near = page.getByRole('main').locator('a.chip');
		assert.ok(await near.count() >= 1);
		await near.first().click();
		await person.sees(say('change.sum'));
		assert.equal(await stateOf(made.code), 'confirmed');
		assert.equal(await balanceOf(made.code), made.total_fen);
	});
});

test('rooms together and the whole house: one total, one of them given back', async () => {
	const { arrive, leave } = await freeHouse(2), rooms = await roomsOf(), all = rooms.map(({ room }) => room);
	const rate = await value(database, `select price_fen from data.whole_rate where village = 1 and house = ${house} and kind = 'base' and to_night > '2100-01-01'`);
	const made = await booked({ rooms: all, arrive, leave, adults: all.length });
	assert.ok(made.nights.every(({ rule }) => rule === 'whole'), 'the house has a price of its own');
	const nightly = Object.values(made.nights.reduce((sum, { date, price_fen }) => ({ ...sum, [date]: (sum[date] ?? 0) + price_fen }), {}));
	assert.ok(nightly.includes(rate) || nightly.every(fen => fen > 0), `${nightly}`);
	await as({}, async person => {
		const { page, say } = person;
		await person.go(`/stay/${made.code}/${made.secret}`);
		await person.sees(say('house.whole'), ...rooms.map(({ name }) => name), yuan(made.total_fen));
		await person.go(`/stay/${made.code}/change`);
		await page.getByRole('main').getByRole('checkbox', { name: new RegExp(`^${rooms[0].name}`) }).uncheck();
		await button(person, 'change.look').click();
		await label(person, 'field.phone_last4').fill(made.last4);
		const [total] = /¥[\d,.]+/.exec(await page.getByRole('main').locator('form[method=post] button.main').innerText());
		await page.getByRole('main').locator('form[method=post] button.main').click();
		await page.waitForURL(`**/stay/${made.code}`);
		await person.sees(say('booking.said_changed'), total);
		await person.seesNot(say('house.whole'));
	});
	assert.equal(await value(database, `select count(distinct n.room) from data.night n join data.stay s using (village, stay) join data.booking b using (village, booking) where b.code = '${made.code}' and n.until > clock.now()`), all.length - 1);
	assert.equal((await talk(`${site}/api/v1/quotes`, { method: 'POST', body: { rooms: [all[0]], arrive, leave, adults: 1 } })).status, 200, 'its nights can be had by others at once');
});

test('a room with a least number of nights: the reason and the nearest dates that work, from the house to the offer', async () => {
	const { arrive } = await freeHouse(4), [room] = await roomsOf();
	await tell(database, `insert into data.stay_limit (village, room, from_night, to_night, min_nights) values (1, ${room.room}, '${arrive}', '${addDays(arrive, 1)}', 2)`);
	await boardsSettle();
	await as({}, async person => {
		const { page, say } = person;
		await person.go(`/house/${house}?arrive=${arrive}&leave=${addDays(arrive, 1)}&adults=2`);
		const card = page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('heading', { name: room.name, exact: true }) });
		const said = await person.reads(card);
		assert.ok(said.includes(say('booking.min_nights')), said);
		person.expect(422);
		await person.go(`/book?rooms=${room.room}&arrive=${arrive}&leave=${addDays(arrive, 1)}&adults=2`);
		await person.sees(say('booking.min_nights'), say('change.near'));
		await page.getByRole('main').locator('a.chip').first().click();
		await person.sees(say('offer.title'));
	});
	await tell(database, `delete from data.stay_limit where village = 1 and room = ${room.room} and from_night = '${arrive}'`);
});

/* --- a house that decides --- */

test('a request: the deadline is shown, the owner accepts; another is declined with a reason the guest reads', async () => {
	const { arrive, leave } = await freeHouse(2), [room, other] = await roomsOf();
	await tell(database, `update data.house set by_request = true where village = 1 and house = ${house}`);
	const yes = await booked({ rooms: [room.room], arrive, leave }), no = await booked({ rooms: [other.room], arrive, leave });
	await tell(database, `update data.house set by_request = false where village = 1 and house = ${house}`);
	assert.deepEqual([yes.state, no.state], ['requested', 'requested']);
	await asOwner(async person => {
		await person.go(`/owner/stay/${yes.code}`);
		await person.sees(person.say('owner.answer_until', { at: '' }).slice(0, 2));
		await takeShot(person.page, 'owner-request');
		await button(person, 'step.accept').click();
		await person.sees(person.say('owner.said_accept'), person.say('state.confirmed'));
		await person.go(`/owner/stay/${no.code}`);
		await opens(person, 'step.decline');
		await person.page.getByRole('radio', { name: person.say('reason.repair') }).check();
		await button(person, 'step.decline').click();
		await person.sees(person.say('owner.said_decline'), person.say('state.declined'));
	});
	await as({}, async person => {
		await person.go(`/stay/${yes.code}/${yes.secret}`);
		await person.sees(person.say('state.confirmed'));
		await person.go(`/stay/${no.code}/${no.secret}`);
		await person.sees(person.say('state.declined'), person.say('reason.repair'), person.say('stay.cost'), '¥0');
	});
});

/* --- money --- */

test('a transfer counts when both sides say so; paid back after cancelling it is settled', async () => {
	const { arrive, leave } = await freeHouse(1), [room] = await roomsOf();
	const made = await booked({ rooms: [room.room], arrive, leave });
	await as({}, async person => {
		await person.go(`/stay/${made.code}/${made.secret}`);
		await opens(person, 'transfer.say');
		person.expect(422);
		await label(person, 'field.amount').fill('一百');
		await button(person, 'transfer.send').click();
		await person.sees(person.say('form.yuan'));
		assert.equal(await label(person, 'field.amount').inputValue(), '一百', 'what was typed is kept');
		await label(person, 'field.amount').fill('¥100.5');
		await button(person, 'transfer.send').click();
		await person.sees(person.say('transfer.yours', { total: yuan(10050) }), `${person.say('stay.to_pay')} ${yuan(made.total_fen)}`);
		await takeShot(person.page, 'stay-transfer');
	});
	await asOwner(async person => {
		await person.go('/owner/money');
		await person.sees('改订的客人', person.say('owner.transfers_wait', { n: 1 }));
		await person.go(`/owner/stay/${made.code}`);
		await person.sees(person.say('owner.transfer_said', { total: yuan(10050) }));
		await button(person, 'transfer.yes').click();
		await person.sees(person.say('booking.said_answered'), yuan(made.total_fen - 10050));
		await takeShot(person.page, 'owner-stay');
	});
	await as({}, async person => {
		await person.go(`/stay/${made.code}/${made.secret}`);
		await person.sees(`${person.say('stay.to_pay')} ${yuan(made.total_fen - 10050)}`);
		await person.go(`/stay/${made.code}/cancel`);
		await label(person, 'field.phone_last4').fill(made.last4);
		await person.page.getByRole('main').locator('button.stop').click();
		await person.sees(`${person.say('stay.to_return')} ${yuan(10050)}`);
	});
	await asOwner(async person => {
		await person.go('/owner/money');
		await person.sees(`${person.say('owner.give_back')} ${yuan(10050)}`);
		await person.go(`/owner/stay/${made.code}`);
		await button(person, 'owner.pay_back').click();
		await person.sees(person.say('owner.said_give_back'), `${person.say('owner.owes')} ¥0`);
	});
	assert.equal(await balanceOf(made.code), 0);
});

test('what an earlier change cost and what was paid are in what cancelling comes to', async () => {
	const { arrive, leave } = await freeHouse(1), [room] = await roomsOf();
	const made = await booked({ rooms: [room.room], arrive, leave });
	await tell(database, `set visit.village = '1'; insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, s.stay, x.kind, x.fen, x.what, clock.now()
		from data.stay s join data.booking b using (village, booking), (values ('charge', 3450, 'drop'), ('payment', 1000, 'cash')) x (kind, fen, what) where b.code = '${made.code}'`);
	await as({}, async person => {
		await person.go(`/stay/${made.code}/${made.secret}`);
		await person.go(`/stay/${made.code}/cancel`);
		await person.sees(person.say('cancel.part'), `${person.say('entry.drop')} ${yuan(3450)}`, `${person.say('stay.paid')} ${yuan(1000)}`, `${person.say('cancel.to_pay')} ${yuan(2450)}`);
		await label(person, 'field.phone_last4').fill(made.last4);
		await person.page.getByRole('main').locator('button.stop').click();
		await person.sees(`${person.say('stay.cost')} ${yuan(2450)}`);
	});
	assert.equal(await balanceOf(made.code), 2450);
});

test('the day itself: checked in, money taken and one entry taken back, staying on; a house cannot drop what it confirmed', async () => {
	const arrive = today(), [found] = await rows(database, `select r.room from data.room r where r.village = 1 and r.house = ${house} and not r.closed and r.capacity >= 2
		and not exists (select from data.night n where n.village = 1 and n.room = r.room and n.until > clock.now() and n.night between '${arrive}' and date '${arrive}' + 2) limit 1`);
	const room = found?.room ?? (await roomsOf())[0].room;
	if (found === undefined) await tell(database, `set visit.village = '1'; update data.night set until = clock.now() where village = 1 and room = ${room} and night between '${arrive}' and date '${arrive}' + 2`);
	await tell(database, `delete from data.stay_limit where village = 1 and room = ${room} and from_night <= date '${arrive}' + 3 and to_night >= '${arrive}'`);
	const made = await booked({ rooms: [room], arrive, leave: addDays(arrive, 1) });
	await asOwner(async person => {
		const { page, say } = person;
		await person.go('/owner');
		await page.getByRole('main').getByRole('link', { name: '改订的客人' }).first().click();
		await person.go(`/owner/stay/${made.code}`);
		await person.sees(say('owner.kept'));
		assert.equal(await page.getByText(say('step.drop')).count(), 0);
		await button(person, 'step.check_in').click();
		await person.sees(say('owner.said_check_in'), say('state.checked_in'));
		await label(person, 'field.amount').fill('50');
		await button(person, 'owner.take').click();
		await person.sees(say('owner.said_take'), yuan(made.total_fen - 5000));
		await opens(person, 'owner.reverse');
		await page.getByRole('radio', { name: new RegExp(`^${say('entry.payment')}`) }).check();
		await label(person, 'field.why').fill('记到别人账上了');
		await button(person, 'owner.reverse').click();
		await person.sees(say('owner.said_reverse'), '记到别人账上了', `${say('owner.collect')} ${yuan(made.total_fen)}`);
		await opens(person, 'owner.change');
		await label(person, 'field.leave').fill(addDays(arrive, 2));
		await button(person, 'owner.change_do').click();
		await person.sees(say('booking.said_changed'));
		await takeShot(page, 'owner-checked-in');
	});
	assert.equal(await value(database, `select count(*) from data.night n join data.stay s using (village, stay) join data.booking b using (village, booking) where b.code = '${made.code}' and n.until = 'infinity'`), 2);
	assert.equal(await stateOf(made.code), 'checked_in');
});

test('a receipt: a page, and a PDF the jobs program makes, never called 发票', async () => {
	const { arrive, leave } = await freeHouse(1), [room] = await roomsOf();
	const made = await booked({ rooms: [room.room], arrive, leave });
	await as({}, async person => {
		const { page, say } = person;
		await person.go(`/stay/${made.code}/${made.secret}`);
		await person.go(`/stay/${made.code}/receipt`);
		await person.sees(say('receipt.title'), say('receipt.not_invoice'), made.code, '改订的客人', yuan(made.total_fen));
		await button(person, 'receipt.file').click();
		await page.waitForURL('**/paper/*');
		await page.getByRole('link', { name: say('receipt.take') }).waitFor({ timeout: 30_000 });
		const coming = page.waitForEvent('download');
		await page.getByRole('link', { name: say('receipt.take') }).click();
		assert.equal((await coming).suggestedFilename(), `shawang-${made.code}.pdf`);
	});
});

/* --- the queue --- */

test('a full house: one queues, is offered what becomes free, and takes it', async () => {
	const { arrive, leave } = await freeHouse(1), rooms = await roomsOf(), all = rooms.map(({ room }) => room);
	const before = await booked({ rooms: all, arrive, leave, adults: all.length });
	await boardsSettle();
	const phone = guestPhone();
	await as({}, async person => {
		const { page, say } = person;
		await person.go(`/house/${house}?arrive=${arrive}&leave=${leave}&adults=2`);
		await page.getByRole('main').getByRole('link', { name: say('queue.join') }).click();
		await label(person, 'field.guest.name').fill('排队的客人');
		await label(person, 'field.guest.phone').fill(phone);
		await takeShot(page, 'queue');
		await button(person, 'queue.do').click();
		await page.waitForURL('**/wait/*');
		await person.sees(say('queue.first'), say('queue_state.waiting'));
		await takeShot(page, 'queue-place');
		const code = page.url().split('/').at(-1);
		await person.go('/stays');
		await person.sees(say('queue_state.waiting'), code);
		const left = new Device(site);
		await left.get(`/stay/${before.code}/${before.secret}`);
		assert.equal((await left.post(`/stay/${before.code}/cancel`, { phone_last4: before.last4, seen_owed_fen: 10 ** 9 })).status, 303);
		await until('the nights are offered', 15_000, async () => await value(database, `select state from data.waiting where code = '${code}'`) === 'offered');
		await person.go(`/wait/${code}`);
		await page.waitForURL(`**/stay/${code}`);
		await person.sees(say('state.held'));
		await takeShot(page, 'queue-offered');
		await page.getByRole('main').locator('form[action$="/take-up"] button').click();
		await person.sees(say('booking.said_booked'), say('state.confirmed'));
		assert.equal(await stateOf(code), 'confirmed');
	});
});

/* --- people --- */

test('another phone: by code and number, and a new link from the owner kills the old ones', async () => {
	const { arrive, leave } = await freeHouse(1), [room] = await roomsOf();
	const made = await booked({ rooms: [room.room], arrive, leave });
	await patience();
	const other = await Person.sit({}), { page, say } = other;
	other.expect(422);
	await other.go('/stays');
	await label(other, 'stay.code').fill(made.code.toLowerCase());
	await label(other, 'field.phone').fill('13900000000');
	await button(other, 'mine.find_do').click();
	await other.sees(say('booking.look_up_wrong'));
	assert.equal(await label(other, 'stay.code').inputValue(), made.code.toLowerCase());
	await label(other, 'field.phone').fill(made.phone);
	await button(other, 'mine.find_do').click();
	await page.waitForURL(`**/stay/${made.code}`);
	await other.sees(say('state.confirmed'), made.phone);
	let link;
	await asOwner(async person => {
		await person.go(`/owner/stay/${made.code}`);
		await opens(person, 'owner.link');
		await button(person, 'owner.link').click();
		await person.sees(person.say('owner.new_link'));
		link = await person.page.locator('#f-link').inputValue();
	});
	other.expect(404);
	await page.reload();
	await other.sees(say('fault.not_there'));
	await other.go(link);
	await other.sees(say('state.confirmed'));
	await other.context.close();
	assert.equal((await talk(`${site}/api/v1/bookings/${made.code}`, { headers: { authorization: `Bearer ${made.secret}` } })).status, 404, 'the first link is dead');
});

test('a guest takes their data along, then is forgotten', async () => {
	const { arrive, leave } = await freeHouse(1), [room] = await roomsOf();
	const made = await booked({ rooms: [room.room], arrive, leave });
	await as({}, async person => {
		const { page, say } = person;
		await person.go(`/stay/${made.code}/${made.secret}`);
		await page.getByRole('link', { name: say('stay.data') }).click();
		await page.locator('#f-export4').fill(made.last4);
		const coming = page.waitForEvent('download');
		await button(person, 'data.export_do').click();
		const file = await coming, text = await (await import('node:fs/promises')).readFile(await file.path(), 'utf8'), data = JSON.parse(text);
		assert.deepEqual([data.booking.code, data.booking.guest_phone, data.stay.total_fen], [made.code, made.phone, made.total_fen]);
		await person.go(`/stay/${made.code}/cancel`);
		await label(person, 'field.phone_last4').fill(made.last4);
		await page.getByRole('main').locator('button.stop').click();
		await page.waitForURL(`**/stay/${made.code}`);
		await person.go(`/stay/${made.code}/data`);
		const form = page.locator('form[action$="/erase"]');
		await form.getByLabel(say('field.phone_last4'), { exact: true }).fill(made.last4);
		await form.getByLabel(say('field.sure')).check();
		await button(person, 'data.erase_do').click();
		await page.waitForURL('**/stays');
		await person.sees(say('booking.said_erased'));
		await person.seesNot(made.code);
		person.expect(404);
		await person.go(`/stay/${made.code}/${made.secret}`);
		await person.sees(say('fault.not_there'));
	});
	assert.equal(await value(database, `select guest_name || guest_phone from data.booking where code = '${made.code}'`), '');
});

test('too many open stays: what limits there are and what to do', async () => {
	const { arrive } = await freeHouse(6), [room] = await roomsOf(), phone = guestPhone();
	for (let i = 0; i < 4; i++) assert.equal((await book(site, { rooms: [room.room], arrive: addDays(arrive, i), leave: addDays(arrive, i + 1), adults: 1, guest: { name: '客', phone } })).status, 201);
	await as({}, async person => {
		const { page, say } = person;
		await person.go(`/book?rooms=${room.room}&arrive=${addDays(arrive, 4)}&leave=${addDays(arrive, 5)}&adults=1`);
		await page.getByLabel(new RegExp(`^${say('field.guest.name')}`)).fill('客');
		await page.getByLabel(new RegExp(`^${say('field.guest.phone')}`)).fill(phone);
		person.expect(429);
		await page.getByRole('main').locator('form[action="/book"] button[type=submit]').click();
		await person.sees(say('booking.phone_limit'));
		await page.getByRole('link', { name: say('limits.link') }).click();
		await person.sees(say('limits.title'), say('limits.stays', { n: 4 }), say('limits.cancel'));
		await takeShot(page, 'limits');
	});
});

/* --- two at once --- */

test('two guests swap into each other\'s nights at the same moment: both or neither, nothing is lost', async () => {
	const { arrive, leave } = await freeHouse(2), [one, two] = await roomsOf();
	for (let turn = 0; turn < 20; turn++) {
		const nights = [addDays(arrive, 0), leave], a = await booked({ rooms: [one.room], arrive: nights[0], leave: nights[1] }), b = await booked({ rooms: [two.room], arrive: nights[0], leave: nights[1] });
		const change = (made, room) => talk(`${site}/api/v1/bookings/${made.code}/change`, { method: 'POST', headers: { authorization: `Bearer ${made.secret}` },
			body: { rooms: [room], arrive: nights[0], leave: nights[1], adults: 2, phone_last4: made.last4 } });
		const answers = await Promise.all([change(a, two.room), change(b, one.room)]);
		assert.deepEqual(answers.map(({ status }) => status), [409, 409], answers.map(({ text }) => text).join('\n'));
		assert.ok(answers.every(({ json }) => json.key === 'booking.taken'));
		for (const [made, room] of [[a, one.room], [b, two.room]]) {
			assert.deepEqual(await rows(database, `select n.room, count(*)::int as nights from data.night n join data.stay s using (village, stay) join data.booking k using (village, booking) where k.code = '${made.code}' and n.until = 'infinity' group by 1`), [{ room, nights: 2 }]);
			assert.equal(await balanceOf(made.code), made.total_fen);
			await tell(database, `set visit.village = '1'; select booking.finish(s, 'cancelled_guest', '-infinity', 'cancel', 0) from data.stay s join data.booking k using (village, booking) where k.code = '${made.code}'`);
		}
	}
});

test('many press "change" at once on one stay: one change, and the same answer to all', async () => {
	const { arrive, leave } = await freeHouse(2), [room] = await roomsOf();
	const made = await booked({ rooms: [room.room], arrive, leave });
	const answers = await Promise.all(Array.from({ length: 8 }, () => talk(`${site}/api/v1/bookings/${made.code}/change`, { method: 'POST', headers: { authorization: `Bearer ${made.secret}`, 'idempotency-key': randomUUID() },
		body: { rooms: [room.room], arrive, leave: addDays(leave, 1), adults: 2, phone_last4: made.last4 } })));
	assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
	assert.equal(new Set(answers.map(({ json }) => json.total_fen)).size, 1);
	assert.equal(await value(database, `select count(*) from data.event e join data.booking b on b.booking = e.subject where b.code = '${made.code}' and e.act = 'booking.change'`), 1);
});
