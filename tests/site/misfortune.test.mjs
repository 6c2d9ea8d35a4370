/*
 * What goes wrong between wanting a room and having it: two presses, two guests, a price that rose, a form that grew old, a sign-in
 * that ended, an address that leads nowhere. Nothing typed is lost, nothing happens twice, and there is always a way on.
 */
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { addDays, api, as, closeBrowser, dayWords, freeRoom, patience, quote, search, site, takeShot, today, yuan } from '../common/browser.mjs';
import { rows, tell, value } from '../common/database.mjs';
import { siteOf } from '../common/house.mjs';
import { Device, book, guestPhone, talk, wish } from '../common/talk.mjs';

after(closeBrowser);
const database = process.env.DATABASE;
const offerOf = trip => `/book?house=${trip.house}&rooms=${trip.room}&${search(trip)}`;
const stays = phone => value(database, `select count(*) from data.booking where guest_phone = '${phone}'`);

/* The form of the offer, filled in. */
async function fill(person, phone, { name = '丁一', note = '' } = {}) {
	const { page, say } = person;
	await page.getByLabel(new RegExp(`^${say('field.guest.name')}`)).fill(name);
	await page.getByLabel(new RegExp(`^${say('field.guest.phone')}`)).fill(phone);
	await page.getByLabel(new RegExp(`^${say('field.note')}`)).fill(note);
}
const press = (person, total) => person.page.getByRole('button', { name: person.say('offer.confirm', { total: yuan(total) }) });
const typed = ({ page, say }, key) => page.getByLabel(new RegExp(`^${say(key)}`)).inputValue();

/* Two at a time: each is at a room of its own. */
describe('misfortune', { concurrency: 2 }, () => {
	for (const scripts of [true, false]) {
		test(`two presses on the button are one booking${scripts ? '' : ', without scripts'}`, async () => {
			const trip = await freeRoom(), phone = guestPhone();
			await as({ scripts }, async person => {
				await person.go(offerOf(trip));
				await fill(person, phone);
				await press(person, trip.total).dblclick();
				/* The second press breaks off the first one's way to the stay; the browser then goes there anew. */
				const there = () => person.page.waitForURL(/\/stay\/\w+$/);
				await there().catch(there);
				await person.sees(person.say('state.confirmed'), trip.houseName);
				assert.equal(await stays(phone), 1);
			});
		});
	}

	test('a form that is sent once more after the booking leads to the same stay', async () => {
		const trip = await freeRoom(), phone = guestPhone();
		await as({}, async person => {
			const { page } = person;
			await person.go(offerOf(trip));
			await fill(person, phone);
			const fields = await page.locator('form[action="/book"]').evaluate(form => [...new FormData(form)].map(([name, text]) => [name, String(text)]));
			await press(person, trip.total).click();
			await page.waitForURL(/\/stay\/\w+$/);
			const stay = page.url();
			/* As a browser does that kept the page: the same fields, the same key. */
			const sendAgain = change => page.evaluate(all => {
				const form = document.createElement('form');
				form.method = 'post';
				form.action = '/book';
				for (const [name, text] of all) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value: text }));
				document.body.append(form);
				form.submit();
			}, change(fields));
			await sendAgain(all => all);
			await page.waitForURL(stay);
			await person.sees(person.say('state.confirmed'));
			assert.equal(await stays(phone), 1);
			/* Another request under the key is not the same press. */
			person.expect(409);
			await Promise.all([page.waitForNavigation(), sendAgain(all => all.map(([name, text]) => [name, name === 'guest.name' ? '丁二' : text]))]);
			await person.sees(person.say('offer.cannot'));
			assert.ok(await page.getByRole('link', { name: person.say('account.my_stays') }).isVisible(), 'a way to the stay there is');
			assert.equal(await stays(phone), 1);
		});
	});

	test('the arrow back after booking shows the room taken, and a way to the stay', async () => {
		const trip = await freeRoom(), phone = guestPhone();
		await as({}, async person => {
			const { page, say } = person;
			await person.go(offerOf(trip));
			await fill(person, phone);
			await press(person, trip.total).click();
			await page.waitForURL(/\/stay\/\w+$/);
			const stay = page.url();
			person.expect(409);
			await page.goBack();
			await person.sees(say('offer.cannot'));
			await page.getByRole('main').getByRole('link', { name: say('account.my_stays') }).click();
			await page.getByRole('main').getByRole('link', { name: trip.houseName }).click();
			await page.waitForURL(stay);
			assert.equal(await stays(phone), 1);
		});
	});

	for (const lang of ['zh', 'en']) {
		test(`two guests on one room: the second gets the form back, why, and ways on (${lang})`, async () => {
			const trip = await freeRoom({ lang, like: house => house.rooms.length > 1 }), first = guestPhone(), second = guestPhone();
			const other = (await api.house(trip.house, trip, lang)).rooms.find(room => room.id !== trip.room && room.total_fen !== null).name;
			await as({ lang }, winner => as({ lang }, async loser => {
				const { page, say } = loser;
				for (const one of [winner, loser]) await one.go(offerOf(trip));
				await fill(winner, first);
				await fill(loser, second, { name: '后到的人', note: '两行\n话' });
				await press(winner, trip.total).click();
				await winner.sees(say('booking.said_booked'));
				loser.expect(409);
				await press(loser, trip.total).click();
				await page.getByRole('alert').waitFor();
				await loser.sees(say('booking.taken'), trip.houseName, dayWords(lang, trip.arrive, today()));
				await takeShot(page, `taken-${lang}`);
				assert.equal(await stays(second), 0);
				const main = page.getByRole('main');
				for (const key of ['offer.other_rooms', 'offer.other_houses', 'room.other_days']) assert.ok(await main.getByRole('link', { name: say(key) }).isVisible(), key);
				/* What was typed goes along to another room of the house. */
				await main.getByRole('button', { name: other }).click();
				await loser.sees(say('offer.title'), other, dayWords(lang, trip.arrive, today()));
				assert.equal(await stays(second), 0, 'looking is not booking');
				assert.equal(await typed(loser, 'field.guest.name'), '后到的人');
				assert.equal(await typed(loser, 'field.guest.phone'), second);
				assert.equal(await typed(loser, 'field.note'), '两行\n话');
				await main.getByRole('button', { name: new RegExp(say('offer.confirm', { total: '' }).trim()) }).click();
				await page.waitForURL(/\/stay\/\w+$/);
				await loser.sees(say('booking.said_booked'), other, '后到的人');
				assert.equal(await stays(second), 1);
			}));
		});
	}

	test('cancelling late costs what was said before booking, to the fen', async () => {
		const trip = await freeRoom({ from: 1, nights: 2, like: house => house.free_cancel_until === null }).catch(() => freeRoom({ from: 0, nights: 2, like: house => house.free_cancel_until === null }));
		const phone = guestPhone();
		const { cancel: cuts } = await quote(trip), owed = trip.total - cuts.find(cut => cut.until === null || Date.parse(cut.until) > Date.now()).refund_fen;
		assert.ok(owed > 0);
		await as({}, async person => {
			const { page, say } = person;
			await person.go(offerOf(trip));
			await fill(person, phone);
			await press(person, trip.total).click();
			await page.waitForURL(/\/stay\/\w+$/);
			await page.getByRole('main').getByRole('link', { name: say('stay.cancel'), exact: true }).click();
			await person.sees(say('cancel.costs', { total: yuan(owed) }), `${say('offer.sum', { n: 2 })} ${yuan(trip.total)}`, `${say('cancel.to_pay')} ${yuan(owed)}`);
			await takeShot(page, 'cancel-costs');
			await page.getByLabel(say('field.phone_last4')).fill(phone.slice(-4));
			await page.getByRole('button', { name: say('cancel.do_costs', { total: yuan(owed) }) }).click();
			await person.sees(say('state.cancelled_guest'), `${say('stay.cost')} ${yuan(owed)}`);
		});
	});

	test('a form with an old token comes back as it was, and can be sent then', async () => {
		const trip = await freeRoom(), phone = guestPhone();
		await as({}, async person => {
			const { page, say } = person;
			await person.go(offerOf(trip));
			await fill(person, phone, { name: '慢慢来', note: '不急' });
			/* The cookie the form was made for is gone: cleared, or a year old. */
			await person.context.clearCookies();
			person.expect(403);
			await press(person, trip.total).click();
			await page.getByRole('alert').waitFor();
			await person.sees(say('fault.forged'));
			assert.equal(await typed(person, 'field.guest.name'), '慢慢来');
			assert.equal(await typed(person, 'field.note'), '不急');
			assert.equal(await stays(phone), 0);
			await press(person, trip.total).click();
			await page.waitForURL(/\/stay\/\w+$/);
			assert.equal(await stays(phone), 1);
		});
	});

	test('a sign-in that ended leads to the door and back to the page', async () => {
		await as({}, async person => {
			const { page, say } = person;
			await person.signIn('secretary', 'mountain');
			await page.waitForURL('**/desk');
			await person.context.clearCookies({ name: 'session' });
			await page.getByRole('main').getByRole('button', { name: say('desk.make_link') }).click();
			await page.waitForURL('**/sign-in?next=*');
			await person.sees(say('account.door'));
			await person.go('/desk');
			await page.waitForURL('**/sign-in?next=*');
			await page.getByLabel(say('field.login'), { exact: true }).fill('secretary');
			await page.getByLabel(say('field.password'), { exact: true }).fill('wrong-one');
			person.expect(422);
			await page.getByRole('main').getByRole('button', { name: say('account.sign_in'), exact: true }).click();
			await person.sees(say('account.wrong'));
			assert.equal(await page.getByLabel(say('field.login'), { exact: true }).inputValue(), 'secretary');
			assert.equal(await page.getByLabel(say('field.password'), { exact: true }).inputValue(), '', 'a password is never written back');
			await page.getByLabel(say('field.password'), { exact: true }).fill('mountain');
			await page.getByRole('main').getByRole('button', { name: say('account.sign_in'), exact: true }).click();
			await page.waitForURL('**/desk');
		});
	});

	test('another language shows the same page', async () => {
		const trip = await freeRoom({ children: [5] });
		const places = [`/houses?${search(trip)}`, `/house/${trip.house}?${search(trip)}`, offerOf(trip), '/stays', '/sign-in'];
		await as({}, async person => {
			const { page } = person;
			for (const place of places) {
				await person.go(place);
				await page.getByRole('link', { name: 'English' }).click();
				assert.equal(page.url(), site + place);
				assert.equal(await page.locator('html').getAttribute('lang'), 'en');
				await page.getByRole('link', { name: '中文' }).click();
				assert.equal(page.url(), site + place);
				assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
			}
			/* It is remembered. */
			await page.getByRole('link', { name: 'English' }).click();
			await person.go('/');
			assert.equal(await page.locator('html').getAttribute('lang'), 'en');
		});
	});

	test('what is not there, or cannot be opened so, is a page with ways on', async () => {
		await as({}, async person => {
			const { page, say } = person, main = page.getByRole('main');
			const waysOn = async () => {
				await person.sees(say('fault.bookings_safe'));
				assert.ok(await main.getByRole('link', { name: say('fault.find') }).isVisible());
				assert.ok(await main.getByRole('link', { name: say('fault.call') }).isVisible());
			};
			person.expect(404, 405);
			for (const path of ['/nowhere', '/house/1', '/house/elsewhere', '/stay/ABCD2345', '/stay/ABCD2345/not-a-secret', '/invite/not-an-invitation', '/photo/none']) {
				assert.equal((await person.go(path)).status(), 404, path);
				await waysOn();
			}
			await person.go('/');
			const refused = page.waitForResponse(response => response.request().method() === 'POST');
			await page.evaluate(() => {
				const form = Object.assign(document.createElement('form'), { method: 'post', action: '/houses' });
				document.body.append(form);
				form.submit();
			});
			assert.equal((await refused).status(), 405);
			await page.waitForLoadState();
			await person.sees(say('fault.method'));
			await waysOn();
		});
	});

	test('a search that will not do keeps what was asked and says why', async () => {
		await as({ lang: 'en' }, async person => {
			const { page, say } = person, arrive = addDays(today(), 20), leave = addDays(today(), 10);
			person.expect(422);
			await person.go(`/houses?${search({ arrive, leave, adults: 3 })}`);
			await person.sees(say('search.refused'), say('booking.leave_first'));
			assert.equal(await page.getByLabel(say('field.arrive'), { exact: true }).inputValue(), arrive);
			assert.equal(await page.getByLabel(say('field.leave'), { exact: true }).inputValue(), leave);
			assert.equal(await page.getByLabel(say('field.adults'), { exact: true }).inputValue(), '3');
		});
	});
});

/* By itself: whoever looks at that room meanwhile sees a price that does not last. */
test('the house raises its price meanwhile: both totals are said, nothing is booked, the new one can be agreed to', async () => {
	const trip = await freeRoom(), phone = guestPhone();
	await as({}, async person => {
		const { page, say } = person;
		await person.go(offerOf(trip));
		await fill(person, phone, { name: '细看的人', note: '靠窗' });
		await tell(database, `update data.rate set price_fen = price_fen + 4000 where village = 1 and room = ${trip.room}`);
		try {
			const dearer = (await quote(trip)).total_fen;
			assert.ok(dearer > trip.total);
			person.expect(409);
			await press(person, trip.total).click();
			await page.getByRole('alert').waitFor();
			await person.sees(say('booking.price_changed', { seen_total_fen: yuan(trip.total), total_fen: yuan(dearer) }));
			assert.equal(await stays(phone), 0);
			assert.equal(await typed(person, 'field.guest.name'), '细看的人');
			assert.equal(await typed(person, 'field.note'), '靠窗');
			await press(person, dearer).click();
			await page.waitForURL(/\/stay\/\w+$/);
			await person.sees(say('booking.said_booked'), yuan(dearer));
		} finally {
			await tell(database, `update data.rate set price_fen = price_fen - 4000 where village = 1 and room = ${trip.room}`);
		}
		/* The price of a stay stays, whatever becomes of the house's. */
		await page.reload();
		await person.seesNot(yuan(trip.total));
		assert.equal(await stays(phone), 1);
	});
});

/* --- words that mean something to machines --- */

const narrow = page => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const hostile = [
	['markup', '<script>alert(1)</script>', '</textarea><img src=x onerror=alert(2)>"><svg onload=alert(3)>&lt;b&gt;'],
	['quotes', `O'Neil "Ann" \`x\` \\`, `'"\`\\ ${'${7*7} {{7*7}} {n} {village} {'}`],
	['writing from the right', 'محمد \u202eabc\u202c', 'שלום \u202e abc \u2067 def'],
	['formats', '%s%n%1$s {total}', '%s %n %x {total} {at} $1 $$ -- ; drop table'],
	['emoji', '👨‍👩‍👧‍👦'.repeat(5), '🦊'.repeat(200)],
	['nothing to be seen', 'a\u200b\u200d\ufeffb', '\u200b\u2060x\u00ad'],
];
let own, owner;
before(async () => {
	await patience();
	owner = new Device(site);
	assert.equal((await owner.signIn('13800000001', 'persimmon')).status, 303);
	own = await value(database, `select m.house from data.member m join data.person p using (village, person) where p.village = 1 and p.login = '13800000001'`);
});
for (const [what, name, note] of hostile) {
	test(`a guest called with ${what} is shown harmless to guest and owner`, async () => {
		const trip = await freeRoom({ from: 0, nights: 1, like: one => one.id === own, byRequest: null }), phone = guestPhone();
		await as({}, async person => {
			const { page, say } = person, main = page.getByRole('main');
			await person.go(offerOf(trip));
			await fill(person, phone, { name, note });
			await press(person, trip.total).click();
			await page.waitForURL(/\/stay\/\w+$/);
			const code = page.url().split('/').at(-1), stayed = await page.locator('main').textContent();
			assert.ok(stayed.includes(name.trim()), 'the name as it was typed');
			assert.ok(stayed.includes(note.trim()), 'the note as it was typed');
			assert.equal(await page.locator('main script, main img[src="x"], main svg[onload]').count(), 0);
			assert.ok(await narrow(page), 'nothing sticks out to the side');
			await as({ cookies: [...owner.jar].map(([key, text]) => ({ name: key, value: text, url: site })) }, async other => {
				await other.go('/owner');
				const row = other.page.getByRole('main').getByRole('listitem').filter({ hasText: code });
				const said = await row.textContent();
				assert.ok(said.includes(name.trim()) && said.includes(note.trim()), said);
				assert.equal(await other.page.locator('main script, main img[src="x"], main svg[onload]').count(), 0);
				/* A letter that turns writing round turns nothing but its own words. */
				for (const words of [name, note]) {
					assert.ok(await row.evaluate((top, words) => {
						/* What holds the words itself; a box of its own is a line of its own. */
						const holder = [...top.querySelectorAll('*')].find(one => getComputedStyle(one).position !== 'absolute'
							&& [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.includes(words)));
						const { display, unicodeBidi } = getComputedStyle(holder);
						return /isolate|plaintext/.test(unicodeBidi) || display === 'block' && getComputedStyle(holder.parentElement).display.includes('flex');
					}, words.trim()), `“${words}” keeps to itself`);
				}
				assert.ok(await narrow(other.page), 'nothing sticks out to the side');
				await takeShot(other.page, `owner-${hostile.findIndex(([one]) => one === what)}`);
			});
			await main.getByRole('link', { name: say('stay.cancel'), exact: true }).click();
			await page.getByLabel(say('field.phone_last4')).fill(phone.slice(-4));
			await main.getByRole('button', { name: /^(确认取消|Cancel)/ }).click();
			await person.sees(say('state.cancelled_guest'));
		});
	});
}
test('a stay booked through the API has its page as well', async () => {
	const trip = await freeRoom(), phone = guestPhone();
	const answer = await book(site, wish({ ...trip, guest: { name: '接口来的', phone } }));
	assert.equal(answer.status, 201, answer.text);
	await as({}, async person => {
		await person.go(`/stay/${answer.json.code}/${answer.json.secret}`);
		await person.sees(answer.json.code, '接口来的', yuan(answer.json.total_fen), person.say('state.confirmed'));
	});
});

/* By itself: while it lasts nobody can book. Whoever wrote the page counts on a row; without one it must be a fault, not a dead worker. */
test('a function that answers no row where there must be one is a fault, and nothing worse', async () => {
	const trip = await freeRoom(), [{ body }] = await rows(database, "select pg_get_functiondef('lodging.of(bigint[])'::regprocedure) as body");
	const before = siteOf(process.env.HOUSE).workers;
	assert.ok(before.length > 0);
	await tell(database, body.replace(/\$function\$[\s\S]*\$function\$/, () => '$function$ begin return; end $function$'));
	try {
		for (let i = 0; i < 6; i++) assert.equal((await talk(site + offerOf(trip))).status, 500);
	} finally {
		await tell(database, body);
	}
	assert.equal((await talk(site + offerOf(trip))).status, 200);
	assert.deepEqual(siteOf(process.env.HOUSE).workers, before, 'the workers are the ones from before');
});
