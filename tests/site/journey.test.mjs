/*
 * The journey of a tourist on a phone: from the front page to a stay and back out of it. In Chinese and English, with scripts and
 * without, and by keyboard only. Every step says what a person reads there. What goes wrong on the way: misfortune.test.mjs.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test, { after } from 'node:test';
import { Finger, Keys, Person, closeBrowser, dayWords, freeRoom, momentWords, quote, site, step, takeShot, today, yuan } from '../common/browser.mjs';
import { guestPhone } from '../common/talk.mjs';

after(closeBrowser);

/* RFC 5545: lines end in CRLF, long ones go on behind a blank; what stands between BEGIN and END:VEVENT, by name. */
function readCalendar(text) {
	assert.ok(text.endsWith('\r\n') && !/[^\r]\n/.test(text), 'lines end in CRLF');
	for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, `longer than 75 bytes: ${line}`);
	const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n').filter(line => line !== '');
	assert.deepEqual([lines[0], lines[1], lines.at(-1)], ['BEGIN:VCALENDAR', 'VERSION:2.0', 'END:VCALENDAR']);
	const from = lines.indexOf('BEGIN:VEVENT'), to = lines.indexOf('END:VEVENT');
	assert.ok(from > 0 && to > from);
	return Object.fromEntries(lines.slice(from + 1, to).map(line => {
		const [, name, value] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/.exec(line);
		return [name, value.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1')];
	}));
}

/* Puts dates and party into the form of this page and searches. */
async function search(person, hand, trip) {
	const { page, say } = person, form = page.getByRole('main');
	await hand.date(form.getByLabel(say('field.arrive'), { exact: true }), trip.arrive);
	await hand.date(form.getByLabel(say('field.leave'), { exact: true }), trip.leave);
	await hand.choose(form.getByLabel(say('field.adults'), { exact: true }), say('party.adults_n', { n: trip.adults }));
	if (trip.children.length > 0) await hand.choose(form.getByRole('combobox', { name: say('field.children'), exact: true }), say('party.age', { n: trip.children[0] }));
	await hand.press(form.getByRole('button', { name: say('home.search') }));
}

async function journey(t, { lang, scripts, keyboard = false, children = [] }) {
	const trip = await freeRoom({ nights: 3, adults: 2, children, lang, like: house => house.free_cancel_until !== null });
	const offer = await quote(trip);
	const phone = guestPhone(), name = lang === 'zh' ? '王小路' : "Niamh O'Brien & Co", note = lang === 'zh' ? '晚上到，\n带一把琴' : 'Late,\nwith a cello';
	const person = await Person.sit({ lang, scripts }), { page, say } = person, hand = new (keyboard ? Keys : Finger)(person);
	const main = page.getByRole('main');
	const arrives = dayWords(lang, trip.arrive, today()), leaves = dayWords(lang, trip.leave, today());
	const shotName = `journey-${lang}${scripts ? '' : '-plain'}${keyboard ? '-keys' : ''}`;
	let code, showLink, manageLink;
	try {
		await step(t, 'the front page says what this is and how many houses are free', async () => {
			await person.go('/');
			assert.equal(await page.locator('html').getAttribute('lang'), lang === 'zh' ? 'zh-CN' : 'en');
			await person.sees(say('home.head_first'), say('vow.kept'));
			assert.match(await person.reads(), lang === 'zh' ? /有房 \d+ 家|住满了/ : /\d+ houses? free|All full/);
			if (keyboard) {
				await page.keyboard.press('Tab');
				assert.equal(await page.evaluate(() => document.activeElement.innerText), say('page.skip'), 'the first Tab offers to skip');
				await page.keyboard.press('Enter');
				assert.ok(page.url().endsWith('#main'));
				await page.keyboard.press('Tab');
				assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null), 'the next Tab is in the text');
			}
		});

		await step(t, 'the list has the price of the whole stay and until when cancelling is free', async () => {
			await search(person, hand, trip);
			await page.waitForURL('**/houses?*');
			await person.sees(arrives, leaves, say('party.nights', { n: 3 }), say('party.adults', { n: 2 }));
			if (children.length > 0) await person.sees(say('party.children', { n: 1 }));
			const card = main.getByRole('listitem').filter({ has: page.getByRole('heading', { name: trip.houseName, exact: true }) });
			const said = await person.reads(card);
			assert.ok(said.includes(`${yuan(trip.listTotal)} ${say('search.total', { n: 3 })}`), said);
			assert.ok(said.includes(say('search.free_until', { at: momentWords(lang, trip.until, today()) })), said);
			await takeShot(page, `${shotName}-list`);
			await hand.press(card.getByRole('link', { name: trip.houseName, exact: true }));
		});

		await step(t, 'the house has its rooms with the same price', async () => {
			await page.waitForURL(`**/house/${trip.house}?*`);
			assert.equal(await main.getByRole('heading', { level: 1 }).innerText(), trip.houseName);
			await person.sees(arrives, leaves, say('house.way'), say('house.rules'), say('house.calendar'));
			const room = main.getByRole('listitem').filter({ has: page.getByRole('heading', { name: trip.roomName, exact: true }) });
			const said = await person.reads(room);
			assert.ok(said.includes(yuan(trip.total)), said);
			await takeShot(page, `${shotName}-house`);
			await hand.press(room.getByRole('link', { name: say('room.book', { total: yuan(trip.total) }) }));
		});

		await step(t, 'before confirming: nights that add up, and what cancelling costs when', async () => {
			await page.waitForURL('**/book?*');
			assert.equal(await main.getByRole('heading', { level: 1 }).innerText(), say('offer.title'));
			await person.sees(trip.houseName, trip.roomName, arrives, leaves, say('house.pay_how'));
			const lines = await main.getByRole('table', { name: say('offer.lines') }).getByRole('row').allInnerTexts();
			const money = lines.map(line => Math.round(Number(/¥([\d,.]+)\s*$/.exec(line)[1].replaceAll(',', '')) * 100));
			assert.equal(money.length, 4, 'three nights and their sum');
			assert.equal(money[0] + money[1] + money[2], money[3]);
			assert.equal(money[3], trip.total, 'the price of the list');
			for (const night of offer.nights) assert.ok(lines.some(line => line.includes(dayWords(lang, night.date, today())) && line.includes(yuan(night.price_fen))), lines.join());
			await person.sees(say('offer.sum', { n: 3 }), say('cut.head'));
			for (const cut of offer.cancel) {
				await person.sees(cut.until !== null ? say('cut.until', { at: momentWords(lang, cut.until, today()) }) : say('cut.later'));
				const owed = trip.total - cut.refund_fen;
				await person.sees(owed === 0 ? say('cut.nothing') : say('cut.owed', { total: yuan(owed) }));
			}
			await takeShot(page, `${shotName}-confirm`);
		});

		const book = () => main.getByRole('button', { name: say('offer.confirm', { total: yuan(trip.total) }) });
		const field = key => main.getByLabel(new RegExp(`^${say(key)}`));
		await step(t, 'an empty form is not sent', async () => {
			await hand.press(book());
			await page.waitForFunction(() => document.activeElement.name === 'guest.name');
			assert.ok(page.url().includes('/book?'));
		});

		await step(t, 'wrong fields come back with all that was typed, and a way to each', async () => {
			person.expect(422);
			/* As in a browser that checks nothing itself. */
			await page.locator('form[action="/book"]').evaluate(form => { form.noValidate = true; });
			await hand.type(field('field.guest.phone'), '1380');
			const times = await field('field.arrival').locator('option').allInnerTexts();
			await hand.choose(field('field.arrival'), times.at(-1));
			await hand.type(field('field.guest.email'), 'someone.example');
			await hand.type(field('field.note'), note);
			await hand.press(book());
			const alert = main.getByRole('alert');
			await alert.waitFor();
			const said = await person.reads(alert);
			for (const part of [say('form.fields'), say('page.typed_kept')]) assert.ok(said.includes(part), said);
			for (const [key, why] of [['field.guest.name', 'form.missing'], ['field.guest.phone', 'form.phone'], ['field.guest.email', 'form.email']]) {
				assert.equal(await alert.getByRole('link', { name: say(key) }).innerText(), `${say(key)}${say('page.colon')}${say(why)}`);
				assert.equal(await field(key).getAttribute('aria-invalid'), 'true');
				const described = await field(key).evaluate(input => input.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id)?.innerText ?? '-').join(' '));
				assert.ok(described.includes(say(why)), described);
			}
			assert.equal(await field('field.guest.phone').inputValue(), '1380');
			assert.equal(await field('field.guest.email').inputValue(), 'someone.example');
			assert.equal(await field('field.note').inputValue(), note);
			assert.equal(await field('field.arrival').evaluate(select => select.selectedOptions[0].text), times.at(-1));
			assert.equal(await field('field.note').getAttribute('aria-invalid'), null, 'what was right is not marked');
			assert.equal(await main.getByRole('table', { name: say('offer.lines') }).getByRole('row').count(), 4, 'the price is still there');
			await takeShot(page, `${shotName}-wrong`);
			await hand.press(alert.getByRole('link', { name: say('field.guest.name') }));
			if (keyboard) await page.keyboard.type(name);
			else {
				assert.ok(await field('field.guest.name').evaluate(input => input === document.activeElement), 'the link leads into the field');
				await hand.type(field('field.guest.name'), name);
			}
			assert.equal(await field('field.guest.name').inputValue(), name);
		});

		await step(t, 'booked: the page of the stay', async () => {
			await hand.type(field('field.guest.phone'), ` ${phone.slice(0, 3)} ${phone.slice(3, 7)}-${phone.slice(7)}`);
			await hand.type(field('field.guest.email'), 'someone@example.org');
			await hand.press(book());
			await page.waitForURL(/\/stay\/[0-9A-Z]+$/);
			code = page.url().split('/').at(-1);
			await person.sees(say('booking.said_booked'), say('state.confirmed'), code, trip.houseName, trip.roomName, arrives, leaves, name, phone, note);
			await person.sees(`${say('offer.sum', { n: 3 })} ${yuan(trip.total)}`, `${say('stay.to_pay')} ${yuan(trip.total)}`);
			await person.sees(say('stay.free_until', { at: momentWords(lang, trip.until, today()) }));
			await takeShot(page, `${shotName}-stay`);
		});

		await step(t, 'after reloading it is the same page, without the news', async () => {
			await page.reload();
			await person.sees(code, say('state.confirmed'), yuan(trip.total));
			await person.seesNot(say('booking.said_booked'));
			await person.go('/stays');
			await person.sees(trip.houseName, code, arrives, yuan(trip.total));
			await hand.press(main.getByRole('link', { name: trip.houseName }));
			await page.waitForURL(`**/stay/${code}`);
		});

		await step(t, 'into the calendar', async () => {
			const coming = page.waitForEvent('download');
			await hand.press(main.getByRole('link', { name: say('stay.calendar'), exact: true }));
			const file = await coming, event = readCalendar(fs.readFileSync(await file.path(), 'utf8'));
			assert.equal(file.suggestedFilename(), `shawang-${code}.ics`);
			assert.deepEqual([event.DTSTART, event.DTEND], [trip.arrive.replaceAll('-', ''), trip.leave.replaceAll('-', '')]);
			assert.equal(event.SUMMARY, trip.houseName);
			assert.ok(event.UID.includes(code) && event.DTSTAMP && event.LOCATION && event.DESCRIPTION.includes(code));
			assert.equal(event.STATUS, 'CONFIRMED');
		});

		await step(t, 'the link to pass on shows days and way, and nothing to pay or cancel', async () => {
			showLink = await main.getByLabel(say('stay.pass_on')).inputValue();
			await hand.press(main.getByText(say('stay.own_link')));
			manageLink = await main.getByLabel(say('stay.own_link')).inputValue();
			const secret = showLink.split('/').at(-1);
			assert.ok(showLink.startsWith(`${site}/stay/${code}/`) && secret.length >= 20 && showLink !== manageLink);
			const friend = await Person.sit({ lang, scripts });
			await friend.go(showLink);
			assert.equal(friend.page.url(), `${site}/stay/${code}`, 'the secret is not in the address bar');
			assert.ok(!(await friend.page.content()).includes(secret) || (await friend.page.content()).split(secret).length === 2, 'but for the link to pass on');
			await friend.sees(trip.houseName, arrives, leaves, say('stay.find_us'), say('house.host', { name: '' }).trim());
			assert.ok(await friend.page.getByRole('link', { name: say('house.map') }).isVisible());
			await friend.seesNot('¥', name, phone, note, say('cut.head'), say('stay.own_link'));
			assert.equal(await friend.page.getByRole('main').getByRole('link', { name: say('stay.cancel'), exact: true }).count(), 0);
			friend.expect(404);
			await friend.go(`/stay/${code}/cancel`);
			await friend.seesNot('¥', name);
			await friend.leave();
		});

		await step(t, 'the link that manages works on another phone', async () => {
			const other = await Person.sit({ lang, scripts });
			await other.go(manageLink);
			assert.equal(other.page.url(), `${site}/stay/${code}`);
			await other.sees(yuan(trip.total), name, code);
			assert.ok(await other.page.getByRole('link', { name: say('stay.cancel'), exact: true }).isVisible());
			/* Chat programs open links: looking uses nothing up. */
			await other.go(manageLink);
			await other.sees(yuan(trip.total));
			await other.leave();
			const stranger = await Person.sit({ lang, scripts });
			stranger.expect(404);
			await stranger.go(`/stay/${code}`);
			await stranger.seesNot(name, '¥', trip.houseName);
			await stranger.leave();
		});

		await step(t, 'the room is not offered to others meanwhile', async () => {
			const other = await Person.sit({ lang, scripts });
			await other.go(`/house/${trip.house}?arrive=${trip.arrive}&leave=${trip.leave}&adults=2`);
			const room = other.page.getByRole('listitem').filter({ has: other.page.getByRole('heading', { name: trip.roomName, exact: true }) });
			assert.equal(await room.getByRole('link', { name: new RegExp(say('room.book', { total: '' }).trim()) }).count(), 0);
			await other.leave();
		});

		await step(t, 'cancelling says first what it costs', async () => {
			await hand.press(main.getByRole('link', { name: say('stay.cancel'), exact: true }));
			await page.waitForURL(`**/stay/${code}/cancel`);
			assert.equal(await main.getByRole('heading', { level: 1 }).innerText(), say('cancel.free'));
			await person.sees(trip.houseName, arrives, leaves, `${say('cancel.owed')} ¥0`, `${say('cancel.to_pay')} ¥0`, `${say('cancel.dropped')} -${yuan(trip.total)}`);
			await takeShot(page, `${shotName}-cancel`);
		});

		const cancel = () => main.getByRole('button', { name: say('cancel.do_free') });
		await step(t, 'wrong last digits do not cancel', async () => {
			const wrong = String((Number(phone.slice(-4)) + 1) % 10000).padStart(4, '0');
			await hand.type(main.getByLabel(say('field.phone_last4')), wrong);
			await hand.press(cancel());
			await main.getByRole('alert').waitFor();
			await person.sees(say('booking.last4_wrong'));
			assert.equal(await main.getByLabel(say('field.phone_last4')).inputValue(), wrong);
		});

		await step(t, 'the right ones do, and the page says so', async () => {
			await hand.type(main.getByLabel(say('field.phone_last4')), phone.slice(-4));
			await hand.press(cancel());
			await page.waitForURL(`**/stay/${code}`);
			await person.sees(say('booking.said_cancelled'), say('state.cancelled_guest'), say('stay.head.cancelled_guest'), `${say('stay.cost')} ¥0`);
			assert.equal(await main.getByRole('link', { name: say('stay.cancel'), exact: true }).count(), 0);
			await takeShot(page, `${shotName}-cancelled`);
		});

		await step(t, 'and the room can be booked again', async () => {
			const other = await Person.sit({ lang, scripts });
			await other.go(`/house/${trip.house}?arrive=${trip.arrive}&leave=${trip.leave}&adults=2${children.map(age => `&children=${age}`).join('')}`);
			const room = other.page.getByRole('listitem').filter({ has: other.page.getByRole('heading', { name: trip.roomName, exact: true }) });
			await room.getByRole('link', { name: say('room.book', { total: yuan(trip.total) }) }).click();
			await other.page.getByLabel(say('field.guest.name')).fill('后来的人');
			await other.page.getByLabel(say('field.guest.phone')).fill(guestPhone());
			await other.page.getByRole('button', { name: say('offer.confirm', { total: yuan(trip.total) }) }).click();
			await other.sees(say('booking.said_booked'), yuan(trip.total));
			await other.leave();
		});
		if (keyboard) assert.ok(hand.stops > 100, 'Tab went through the pages');
	} catch (error) {
		await takeShot(page, `${shotName}-failed`).catch(() => {});
		await person.context.close();
		throw error;
	}
	await person.leave();
}

/* Two at a time: each is at its own room, and waits for the site half of its time. */
test('the journey', { concurrency: 2 }, async t => {
	await Promise.all([
		t.test('in Chinese', t => journey(t, { lang: 'zh', scripts: true })),
		t.test('in Chinese, without scripts', t => journey(t, { lang: 'zh', scripts: false, children: [4] })),
		t.test('in English', t => journey(t, { lang: 'en', scripts: true, children: [9] })),
		t.test('in English, without scripts', t => journey(t, { lang: 'en', scripts: false })),
		t.test('by keyboard alone', t => journey(t, { lang: 'zh', scripts: true, keyboard: true })),
	]);
});
