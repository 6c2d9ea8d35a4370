/*
 * Every page there is, in both languages, on a phone and on a desk, by day and by night: axe finds no fault against WCAG 2.2 AA,
 * html-validate none in the HTML as it was sent, the browser none in what it loads, and nothing sticks out to the side.
 * Left to others: whether what stands there is true (journey.test.mjs and the rest).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import test, { after, before } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { Person, addDays, as, closeBrowser, deskSize, freeRoom, patience, phoneSize, search, site, takeShot, today } from '../common/browser.mjs';
import { tell, value } from '../common/database.mjs';
import { Device, book, guestPhone, wish } from '../common/talk.mjs';

after(async () => {
	await closeBrowser();
	if (made.request !== undefined) await tell(process.env.DATABASE, `update data.house set by_request = false where village = 1 and house = ${made.request.house}`);
});
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/* Apart from what is recommended: several children are several fields of one name; phone numbers keep together by the style of .nw. */
const rules = new HtmlValidate(JSON.parse(fs.readFileSync(new URL('html-validate.json', import.meta.url), 'utf8')));
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const cookies = device => [...device.jar].map(([name, value]) => ({ name, value, url: site }));
async function signedIn(login, password) {
	const device = new Device(site);
	assert.equal((await device.signIn(login, password)).status, 303);
	return device;
}
async function holding(answer) {
	const device = new Device(site);
	assert.equal((await device.get(`/stay/${answer.code}/${answer.secret}`)).status, 303);
	return device;
}

/* What the pages need to be there: a stay, one that was cancelled, one shown, people, an invitation. */
const made = {};
before(async () => {
	await patience();
	const trip = await freeRoom({ children: [6] }), request = await freeRoom({ like: house => house.id !== trip.house });
	/* No house of the demo answers itself. */
	await tell(process.env.DATABASE, `update data.house set by_request = true where village = 1 and house = ${request.house}`);
	made.taken = await freeRoom({ like: house => house.id !== trip.house && house.id !== request.house && house.rooms.length > 1 });
	assert.equal((await book(site, wish(made.taken))).status, 201);
	const stay = async () => (await book(site, wish({ ...await freeRoom(), guest: { name: '一位客人', phone: made.phone, email: 'someone@example.org' }, note: '两行\n话' }))).json;
	made.phone = guestPhone();
	made.trip = trip;
	made.request = request;
	made.other = await freeRoom({ like: house => house.id === request.house, byRequest: null });
	const mine = await stay(), gone = await stay();
	made.manage = await holding(mine);
	made.code = mine.code;
	const links = (await made.manage.get(`/stay/${mine.code}`)).text, show = new RegExp(`value="[^"]*/stay/${mine.code}/([\\w-]+)"`).exec(links)[1];
	made.show = await holding({ code: mine.code, secret: show });
	made.cancelled = await holding(gone);
	made.cancelledCode = gone.code;
	assert.equal((await made.cancelled.post(`/stay/${gone.code}/cancel`, { phone_last4: made.phone.slice(-4), seen_owed_fen: 10 ** 9 })).status, 303);
	made.asked = (await book(site, wish({ ...request, guest: { name: '等回话的', phone: guestPhone() } }))).json;
	made.waiting = await holding(made.asked);
	/* A stay much has happened to, and places in the queue and papers past all rules. */
	const busy = await stay(), row = `(select s.stay from data.stay s join data.booking b using (village, booking) where b.code = '${busy.code}')`;
	made.busy = busy.code;
	made.lively = await holding(busy);
	made.paper = 12345677;
	await tell(process.env.DATABASE, `insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, ${row}, x.kind, x.fen, x.what, clock.now()
		from (values ('payment', 12000, 'cash'), ('charge', 3450, 'drop'), ('refund', 1000, 'wechat')) x (kind, fen, what);
		insert into data.transfer (village, transfer, stay, kind, amount_fen, said_by, note, at, state) select 1, base.new_id(), ${row}, x.kind, x.fen, x.by, '尾号 77', clock.now(), x.state
		from (values ('payment', 2000, 'guest', 'said'), ('payment', 3000, 'house', 'said'), ('refund', 100, 'house', 'said'), ('payment', 5, 'guest', 'denied')) x (kind, fen, by, state);
		insert into data.invoice select 1, ${row}, '示例公司', '91410000X', 'bill@example.org', clock.now();
		insert into data.paper select 1, ${made.paper}, 'receipt', ${row}, 'zh', clock.now(), clock.now(), '%PDF-';
		insert into data.paper select 1, ${made.paper + 1}, 'receipt', ${row}, 'zh', clock.now()`);
	made.room = await value(process.env.DATABASE, `select room from data.stay_room where stay = ${row}`);
	const near = made.taken;
	const secret = randomUUID().replaceAll('-', '');
	made.place = 'WAITTEST';
	made.queued = new Device(site);
	await tell(process.env.DATABASE, `insert into data.waiting (village, waiting, code, house, arrive, leave, adults, name, phone, lang, manage, show, made) select 1, base.new_id(), '${made.place}', ${near.house}, '${near.arrive}', '${near.leave}', 12,
		'排队的', '${guestPhone()}', 'zh', sha256('${secret}'), sha256('${secret}s'), clock.now()`);
	assert.equal((await made.queued.get(`/wait/${made.place}/${secret}`)).status, 303);
	made.owner = await signedIn('13800000001', 'persimmon');
	made.secretary = await signedIn('secretary', 'mountain');
	made.invited = /\/invite\/([\w-]+)/.exec((await made.secretary.post('/desk/invite', { role: 'assessor' })).text)[1];
});

/* In the page: sends a form as it stands, unchecked by the browser. */
const sendUnchecked = async (page, action, button) => {
	await Promise.all([page.waitForNavigation(), page.locator(`form[action="${action}"]`).first().evaluate((form, by) => {
		form.noValidate = true;
		form.requestSubmit(by === undefined ? undefined : form.querySelector(`button[value="${by}"]`));
	}, button)]);
};
const offer = trip => `/book?house=${trip.house}&rooms=${trip.room}&${search(trip)}`;

/* name, path, and where needed: who looks, the status, what is done there before looking. */
const pages = [
	{ name: 'home', path: () => '/' },
	{ name: 'festivals', path: () => '/festivals' },
	{ name: 'list', path: () => `/houses?${search(made.trip)}` },
	{ name: 'list-refused', path: () => `/houses?${search({ arrive: addDays(today(), 9), leave: addDays(today(), 3) })}`, status: 422 },
	{ name: 'list-empty', path: () => `/houses?${search({ arrive: addDays(today(), 9), leave: addDays(today(), 11), adults: 10, children: [1, 2] })}` },
	{ name: 'list-narrowed', path: () => `/houses?${search(made.trip)}&comfort=breakfast&walk=15&price_to=500&sort=price&flex=1` },
	{ name: 'list-filters', path: () => `/houses?${search(made.trip)}#filters` },
	{ name: 'list-nothing-left', path: () => `/houses?${search(made.trip)}&price_to=1` },
	{ name: 'list-map', path: () => `/houses?${search(made.trip)}&view=map` },
	{ name: 'list-party', path: () => `/houses?${search({ ...made.trip, adults: 8, children: [7] })}` },
	{ name: 'house', path: () => `/house/${made.trip.house}?${search(made.trip)}` },
	{ name: 'house-party', path: () => `/house/${made.trip.house}?${search({ ...made.trip, adults: 6, children: [] })}` },
	{ name: 'house-full', path: () => `/house/${made.trip.house}?${search({ ...made.trip, adults: 12, children: [1, 2, 3, 4, 5, 6] })}` },
	{ name: 'house-undated', path: () => `/house/${made.trip.house}` },
	{ name: 'confirm', path: () => offer(made.trip) },
	{ name: 'confirm-request', path: () => offer(made.other) },
	{ name: 'confirm-refused', path: () => offer(made.trip), also: 422, act: page => sendUnchecked(page, '/book') },
	{ name: 'confirm-taken', path: () => offer(made.taken), status: 409 },
	{ name: 'confirm-cannot', path: () => offer({ ...made.trip, adults: 12 }), status: 422 },
	{ name: 'stay', path: () => `/stay/${made.code}`, who: () => made.manage },
	{ name: 'stay-links', path: () => `/stay/${made.code}`, who: () => made.manage, act: page => page.locator('summary').last().click() },
	{ name: 'stay-shown', path: () => `/stay/${made.code}`, who: () => made.show },
	{ name: 'stay-waiting', path: () => `/stay/${made.asked.code}`, who: () => made.waiting },
	{ name: 'stay-cancelled', path: () => `/stay/${made.cancelledCode}`, who: () => made.cancelled },
	{ name: 'cancel', path: () => `/stay/${made.code}/cancel`, who: () => made.manage },
	{ name: 'cancel-refused', path: () => `/stay/${made.code}/cancel`, who: () => made.manage, also: 422, act: page => sendUnchecked(page, `/stay/${made.code}/cancel`) },
	{ name: 'stay-busy', path: () => `/stay/${made.busy}`, who: () => made.lively, act: page => page.locator('summary').evaluateAll(all => all.forEach(one => { one.parentElement.open = true; })) },
	{ name: 'change', path: () => `/stay/${made.code}/change`, who: () => made.manage },
	{ name: 'change-sum', path: () => `/stay/${made.busy}/change?${search({ arrive: addDays(made.trip.arrive, 30), leave: addDays(made.trip.arrive, 33), adults: 2 })}&rooms=${made.room}`, who: () => made.lively, also: 422 },
	{ name: 'change-refused', path: () => `/stay/${made.code}/change?arrive=2020-01-01&leave=2020-01-02&adults=2&rooms=1`, who: () => made.manage, status: 422 },
	{ name: 'receipt', path: () => `/stay/${made.busy}/receipt`, who: () => made.lively },
	{ name: 'paper', path: () => `/stay/${made.busy}/paper/${made.paper}`, who: () => made.lively },
	{ name: 'paper-making', path: () => `/stay/${made.busy}/paper/${made.paper + 1}`, who: () => made.lively },
	{ name: 'data', path: () => `/stay/${made.code}/data`, who: () => made.manage },
	{ name: 'data-refused', path: () => `/stay/${made.code}/data`, who: () => made.manage, also: 422, act: page => sendUnchecked(page, `/stay/${made.code}/erase`) },
	{ name: 'queue', path: () => `/wait?house=${made.taken.house}&${search(made.taken)}` },
	{ name: 'queue-refused', path: () => `/wait?${search(made.taken)}`, also: 422, act: page => sendUnchecked(page, '/wait') },
	{ name: 'queue-place', path: () => `/wait/${made.place}`, who: () => made.queued },
	{ name: 'stays-queued', path: () => '/stays', who: () => made.queued },
	{ name: 'stays-wrong', path: () => '/stays', also: 422, act: page => sendUnchecked(page, '/stays') },
	{ name: 'limits', path: () => '/limits' },
	{ name: 'owner-stay', path: () => `/owner/stay/${made.busy}`, who: () => made.secretary, act: page => page.locator('summary').evaluateAll(all => all.forEach(one => { one.parentElement.open = true; })) },
	{ name: 'owner-rooms', path: () => '/owner/rooms', who: () => made.owner },
	{ name: 'owner-rooms-none', path: () => '/owner/rooms', who: () => made.owner, also: 422, act: page => sendUnchecked(page, '/owner/rooms', 'closed') },
	{ name: 'owner-door', path: () => '/owner/walk-in', who: () => made.owner },
	{ name: 'owner-money', path: () => '/owner/money', who: () => made.owner },
	{ name: 'stays-none', path: () => '/stays' },
	{ name: 'stays', path: () => '/stays', who: () => made.manage },
	{ name: 'sign-in', path: () => '/sign-in' },
	{ name: 'sign-in-refused', path: () => '/sign-in', also: 422, act: page => sendUnchecked(page, '/sign-in') },
	{ name: 'me-nobody', path: () => '/me' },
	{ name: 'me', path: () => '/me', who: () => made.owner },
	{ name: 'invite', path: () => `/invite/${made.invited}` },
	{ name: 'owner', path: () => '/owner', who: () => made.owner },
	{ name: 'desk', path: () => '/desk', who: () => made.secretary },
	{ name: 'desk-link', path: () => '/desk', who: () => made.secretary, act: async page => {
		await page.locator('select[name="role"]').selectOption('assessor');
		await sendUnchecked(page, '/desk/invite');
	} },
	{ name: 'missing', path: () => '/nowhere', status: 404 },
	{ name: 'refused', path: () => '/desk', who: () => made.owner, status: 404 },
];

/* What axe says against the page: every rule, or contrast alone. */
async function faults(page, only) {
	await page.evaluate(axe);
	const found = await page.evaluate(run => window.axe.run(document, run),
		{ resultTypes: ['violations'], runOnly: only === undefined ? { type: 'tag', values: tags } : { type: 'rule', values: [only] } });
	return found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')} ${node.failureSummary.replace(/\s+/g, ' ')}`));
}

/* How the browser writes a page out again is not how it was sent. */
const asWritten = new Set(['void-style', 'attribute-boolean-style', 'attribute-empty-style', 'no-trailing-whitespace', 'doctype-style']);
const told = async (html, what, but = new Set()) => (await rules.validateString(html)).results.flatMap(({ messages }) =>
	messages.filter(({ ruleId }) => !but.has(ruleId)).map(({ line, column, ruleId, message }) => `${what} ${line}:${column} ${ruleId}: ${message}`));

async function look(person, one, lang, width) {
	const { page } = person, wrong = [], who = one.who?.();
	person.expected.clear();
	person.expect(...[one.status, one.also].filter(status => status !== undefined));
	await person.context.clearCookies();
	await person.context.addCookies([...who === undefined ? [] : cookies(who), { name: 'lang', value: lang, url: site }]);
	const answer = await person.go(one.path());
	assert.equal(answer.status(), one.status ?? 200);
	assert.equal(await page.locator('html').getAttribute('lang'), lang === 'zh' ? 'zh-CN' : 'en');
	/* The same bytes go to every size. */
	if (width === 'phone') wrong.push(...await told(await answer.text(), 'html'));
	if (one.act !== undefined) {
		await one.act(page);
		if (width === 'phone') wrong.push(...await told(await page.content(), 'html then', asWritten));
	}
	const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
	if (wide > room) wrong.push(`${wide} px wide on ${room}`);
	wrong.push(...await faults(page));
	await takeShot(page, `${one.name}-${lang}-${width}`);
	/* Colours are the same in both languages: each page by night once on a phone and once on a desk. */
	if ((lang === 'zh') === (width === 'phone')) {
		await page.emulateMedia({ colorScheme: 'dark' });
		wrong.push(...(await faults(page, 'color-contrast')).map(fault => `in the dark: ${fault}`));
		await takeShot(page, `${one.name}-${lang}-${width}-dark`);
		await page.emulateMedia({ colorScheme: 'light' });
	}
	assert.deepEqual([...wrong, ...person.troubles.splice(0)], []);
}

/* Phone and desk side by side; each goes from page to page in one window. */
for (const lang of ['zh', 'en']) {
	test(`pages (${lang})`, { concurrency: 2 }, async t => {
		await Promise.all([['phone', phoneSize], ['desk', deskSize]].map(([width, size]) => t.test(`on the ${width}`, async t => {
			const person = await Person.sit({ lang, size });
			for (const one of pages) await t.test(`${one.name} (${lang}, ${width})`, () => look(person, one, lang, width));
			await person.leave();
		})));
	});
}

test('the front page comes with at most 150 kB, all included', async () => {
	await as({ reducedMotion: 'no-preference' }, async person => {
		const wire = await person.context.newCDPSession(person.page);
		let bytes = 0;
		await wire.send('Network.enable');
		wire.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
		await person.page.goto(site, { waitUntil: 'networkidle' });
		assert.ok(bytes > 5_000 && bytes <= 150_000, `${bytes} bytes`);
	});
});

for (const [name, path] of [['home', () => '/'], ['list', () => `/houses?${search(made.trip)}`], ['house', () => `/house/${made.trip.house}?${search(made.trip)}`]]) {
	test(`nothing moves while ${name} comes in`, async () => {
		await as({}, async person => {
			await person.page.addInitScript(() => {
				window.moved = 0;
				new PerformanceObserver(list => { for (const entry of list.getEntries()) window.moved += entry.value; }).observe({ type: 'layout-shift', buffered: true });
			});
			await person.page.goto(site + path(), { waitUntil: 'networkidle' });
			const moved = await person.page.evaluate(() => new Promise(done => { requestAnimationFrame(() => setTimeout(() => done(window.moved), 100)); }));
			assert.ok(moved <= 0.02, `layout shift ${moved}`);
		});
	});
}
