/*
 * An owner's day on a phone of 360 px: today's guests with one act each, a guest at the door in four taps, nights closed and opened by
 * touch and by keyboard. In Chinese, without scripts where it matters most. Money and rarer acts: stays.test.mjs; who may: walls.test.mjs.
 */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { Person, addDays, as, closeBrowser, patience, site, takeShot, today } from '../common/browser.mjs';
import { rows, tell, value } from '../common/database.mjs';
import { boardsSettle, talk, book, guestPhone } from '../common/talk.mjs';

const { DATABASE: database } = process.env;
const owner = ['13800000001', 'persimmon'];
let house;

before(async () => {
	await patience();
	house = await value(database, `select m.house from data.member m join data.person p using (village, person) where p.login = '${owner[0]}'`);
});
after(closeBrowser);

/* A room of the house with nothing in these nights; whoever had it there has it no more. */
async function emptied(arrive, nights, nth = 0) {
	const room = await value(database, `select room from data.room where village = 1 and house = ${house} and not closed and capacity >= 2 order by position offset ${nth} limit 1`);
	await tell(database, `set visit.village = '1'; update data.night set until = clock.now() where village = 1 and room = ${room} and night >= '${arrive}' and night < date '${arrive}' + ${nights}`);
	return room;
}
async function asOwner(act, more = {}) {
	await as(more, async person => {
		await person.signIn(...owner);
		await person.page.waitForURL('**/owner');
		await act(person);
	});
}
const nightsOf = (room, arrive, nights) => rows(database, `select night::text, kind from data.night where village = 1 and room = ${room} and night >= '${arrive}' and night < date '${arrive}' + ${nights} and until > clock.now() order by 1`);

for (const scripts of [true, false])
	test(`来客人了: four taps, nothing to type, ${scripts ? 'with' : 'without'} scripts`, async () => {
		const room = await emptied(today(), 3, scripts ? 0 : 1);
		let taps = 0;
		await asOwner(async person => {
			const { page, say } = person, main = page.getByRole('main');
			const tap = async locator => {
				taps++;
				await locator.click();
			};
			await main.getByRole('link', { name: say('owner.door') }).click();
			await page.waitForURL('**/walk-in?*');
			await takeShot(page, 'owner-door');
			await tap(main.locator(`input[name=rooms][value="${room}"]`));
			await tap(main.locator('input[name=adults][value="1"]'));
			await tap(main.locator('input[name=nights][value="2"]'));
			await tap(main.getByRole('button', { name: say('owner.door_do'), exact: true }));
			await page.waitForURL('**/owner/stay/*');
			await person.sees(say('owner.said_walk_in'), say('state.checked_in'), '现场客人');
			await page.goBack();
			await page.goForward();
			await person.go(`/owner?house=${house}`);
			await person.sees('现场客人');
		}, { scripts });
		assert.equal(taps, 4);
		assert.deepEqual((await nightsOf(room, today(), 3)).map(({ kind }) => kind), ['stay', 'stay']);
		await boardsSettle();
		assert.equal((await talk(`${site}/api/v1/quotes`, { method: 'POST', body: { rooms: [room], arrive: today(), leave: addDays(today(), 1), adults: 1 } })).json.key, 'booking.taken', 'nobody else gets it');
	});

test('a guest on the phone, for later, whose name is typed wrong first', async () => {
	const arrive = addDays(today(), 9), room = await emptied(arrive, 2);
	await asOwner(async person => {
		const { page, say } = person, main = page.getByRole('main');
		await person.go('/owner/walk-in');
		const first = main.locator('input[name=rooms]').first();
		if (await first.count() === 0) return;
		await first.check();
		await first.evaluate((input, value) => { input.value = value; }, String(room));
		await main.locator('summary').click();
		await main.getByLabel(say('field.arrive'), { exact: true }).fill(arrive);
		await main.getByLabel(new RegExp(`^${say('field.guest.name')}`)).fill('电话客人');
		await main.getByLabel(new RegExp(`^${say('field.guest.phone')}`)).fill('123');
		person.expect(422);
		await main.getByRole('button', { name: say('owner.door_do'), exact: true }).click();
		await person.sees(say('form.phone'));
		assert.equal(await main.getByLabel(new RegExp(`^${say('field.guest.name')}`)).inputValue(), '电话客人', 'what was typed is kept');
		await main.locator('input[name=rooms]').first().evaluate((input, value) => { input.value = value; input.checked = true; }, String(room));
		await main.getByLabel(new RegExp(`^${say('field.guest.phone')}`)).fill(guestPhone());
		await main.getByRole('button', { name: say('owner.door_do'), exact: true }).click();
		await page.waitForURL('**/owner/stay/*');
		await person.sees(say('state.confirmed'), '电话客人');
	});
	assert.equal((await nightsOf(room, arrive, 1)).length, 1);
});

test('房态: nights are closed by touch, opened by keyboard, and a guest cannot book them meanwhile', async () => {
	const from = addDays(today(), 30), room = await emptied(from, 14, 2);
	await asOwner(async person => {
		const { page, say } = person, main = page.getByRole('main'), cell = day => main.locator(`input[value="${room}.${day}"]`);
		await person.go(`/owner/rooms?house=${house}&from=${from}`);
		await cell(from).click();
		await cell(addDays(from, 1)).click();
		await takeShot(page, 'owner-rooms');
		await main.getByRole('button', { name: say('owner.close'), exact: true }).click();
		await person.sees(say('owner.said_closed'));
		assert.deepEqual(await nightsOf(room, from, 14), [{ night: from, kind: 'closed' }, { night: addDays(from, 1), kind: 'closed' }]);
		assert.equal((await talk(`${site}/api/v1/quotes`, { method: 'POST', body: { rooms: [room], arrive: from, leave: addDays(from, 1), adults: 1 } })).json.key, 'booking.taken');
		await cell(from).focus();
		await page.keyboard.press('Space');
		await main.getByRole('button', { name: say('owner.open'), exact: true }).focus();
		await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
		await person.sees(say('owner.said_open'));
		assert.deepEqual(await nightsOf(room, from, 14), [{ night: addDays(from, 1), kind: 'closed' }]);
		person.expect(422);
		await main.getByRole('button', { name: say('owner.close'), exact: true }).click();
		await person.sees(say('owner.none_chosen'));
	});
});

test('房态: somebody books while the owner looks: the night is the guest\'s, nothing is closed, and the page says so', async () => {
	const from = addDays(today(), 50), room = await emptied(from, 14, 2);
	await tell(database, `delete from data.stay_limit where village = 1 and room = ${room}`);
	await asOwner(async person => {
		const { page, say } = person, main = page.getByRole('main');
		await person.go(`/owner/rooms?house=${house}&from=${from}`);
		for (const nth of [0, 1, 2]) await main.locator(`input[value="${room}.${addDays(from, nth)}"]`).click();
		assert.equal((await book(site, { rooms: [room], arrive: addDays(from, 1), leave: addDays(from, 2), adults: 1, guest: { name: '抢先的客人', phone: guestPhone() } })).status, 201);
		person.expect(409);
		await main.getByRole('button', { name: say('owner.close'), exact: true }).click();
		await person.sees(say('booking.taken'));
		await page.getByRole('link', { name: /抢先的客人/ }).waitFor();
	});
	assert.deepEqual(await nightsOf(room, from, 14), [{ night: addDays(from, 1), kind: 'stay' }], 'all or none');
});

test('今天: a guest who arrives is checked in from there, and 今天满房 closes what is left', async () => {
	const room = await emptied(today(), 1, 3);
	await tell(database, `delete from data.stay_limit where village = 1 and room = ${room}`);
	const made = await book(site, { rooms: [room], arrive: today(), leave: addDays(today(), 1), adults: 1, guest: { name: '今天到的客人', phone: guestPhone() } });
	assert.equal(made.status, 201, made.text);
	await asOwner(async person => {
		const { page, say } = person, main = page.getByRole('main');
		await main.getByRole('listitem').filter({ hasText: '今天到的客人' }).getByRole('button', { name: say('step.check_in') }).click();
		await page.waitForURL(`**/owner?house=${house}`);
		await person.sees(say('owner.said_check_in'), '今天到的客人');
		await takeShot(page, 'owner-today');
		await person.go('/owner/rooms');
		const full = main.locator('button.stop');
		if (await full.count() > 0) {
			await full.click();
			await person.sees(say('owner.said_closed'));
		}
		assert.equal(await full.count(), 0);
		await person.go('/owner');
		await person.sees(say('owner.full', { all: await value(database, `select count(*) from data.room where village = 1 and house = ${house}`) }));
	});
	await tell(database, `set visit.village = '1'; update data.night n set until = clock.now() from data.room r where r.village = 1 and r.room = n.room and r.house = ${house} and n.village = 1 and n.night = '${today()}' and n.kind = 'closed'`);
});

test('another owner sees none of it', async () => {
	const other = await Person.sit({});
	other.expect(404);
	await other.signIn(...owner);
	await other.page.waitForURL('**/owner');
	const not_mine = await value(database, `select house from data.house where village = 1 and house <> ${house} limit 1`);
	for (const path of ['rooms', 'walk-in', 'money']) {
		await other.go(`/owner/${path}?house=${not_mine}`);
		await other.sees(other.say('fault.not_there'));
	}
	await other.context.close();
});
