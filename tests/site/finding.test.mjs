/*
 * Finding a house: the list narrowed and put in order, several rooms for a party, other days, the map, the calendar by finger and by
 * key, what is full and what then; with scripts and without. That every total is right is the model's business (tests/model).
 */
import assert from 'node:assert/strict';
import test, { after, describe } from 'node:test';
import { addDays, api, as, closeBrowser, dayWords, deskSize, freeRoom, quote, search, site, today, yuan } from '../common/browser.mjs';
import { rows, tell } from '../common/database.mjs';
import { boardsSettle, guestPhone, talk } from '../common/talk.mjs';

const database = process.env.DATABASE;
after(closeBrowser);

const cards = ({ page }) => page.locator('.cards > li:visible');
const names = async person => (await cards(person).locator('h2').allInnerTexts()).map(name => name.trim());
const totals = async person => (await cards(person).locator('.price b').allInnerTexts()).map(text => Number(text.replace(/[¥,]/g, '')));
const list = (trip, more = '') => `/houses?${search(trip)}${more}`;
/* Dates on which nearly every house has something. */
const quiet = () => ({ arrive: addDays(today(), 201), leave: addDays(today(), 203) });

describe('finding', { concurrency: 2 }, () => {
	for (const scripts of [true, false])
		test(`the list is narrowed, each filter does what it says, and lets go again (scripts ${scripts ? 'on' : 'off'})`, async () => {
			const trip = quiet();
			await as({ scripts, size: deskSize }, async person => {
				const { page, say } = person, form = page.locator('#filters form');
				await person.go(list(trip));
				const all = await names(person);
				assert.ok(all.length > 15);
				await form.getByLabel(say('comfort.pets')).check();
				await form.getByLabel(say('filter.walk', { n: 15 })).check();
				const wanted = (await api.houses(trip)).houses.filter(house => house.amenities.includes('pets') && house.walk_minutes <= 15).map(({ name }) => name);
				assert.ok(wanted.length > 0 && wanted.length < all.length);
				/* The button says beforehand how many that will be. */
				if (scripts) await form.getByRole('button', { name: say('filter.show', { n: wanted.length }), exact: true }).waitFor();
				await form.getByRole('button').click();
				await page.waitForURL(/comfort=pets/);
				assert.deepEqual(await names(person), wanted);
				await person.sees(say('search.found', { n: wanted.length }));
				/* Dates and party are kept, and so is the filter when the days change. */
				await page.locator('details.trip summary').click();
				await page.locator('details.trip input[name=arrive]').fill(addDays(trip.arrive, 7));
				await page.locator('details.trip input[name=leave]').fill(addDays(trip.leave, 7));
				await page.locator('details.trip button').click();
				await page.waitForURL(new RegExp(`arrive=${addDays(trip.arrive, 7)}`));
				assert.match(page.url(), /comfort=pets/);
				/* Each chip lets go of one. */
				await page.locator('.chips a').filter({ hasText: say('comfort.pets') }).click();
				await page.waitForURL(url => !url.search.includes('pets'));
				assert.match(page.url(), /walk=15/);
				await page.locator('#filters').getByRole('link', { name: say('filter.clear') }).click();
				await page.waitForURL(url => !url.search.includes('walk'));
			});
		});

	test('every filter by itself leaves what it says, in the API', async () => {
		const trip = { ...quiet(), adults: 2 }, all = (await api.houses(trip)).houses, nights = 2;
		const left = async more => (await talk(`${site}/api/v1${list(trip, more)}`)).json;
		const checks = [
			['&style=stone&style=nordic', house => ['stone', 'nordic'].includes(house.style)], ['&comfort=breakfast', house => house.breakfast],
			['&comfort=parking', house => house.parking > 0], ['&comfort=free_cancel', house => house.free_cancel_until !== null], ['&comfort=kitchen', house => house.amenities.includes('kitchen')],
			['&walk=10', house => house.walk_minutes <= 10], ['&price_to=200', house => house.total_fen <= 200 * 100 * nights],
		];
		for (const [more, fits] of checks) {
			const answer = await left(more), wanted = all.filter(fits).map(({ id }) => id);
			assert.deepEqual(answer.houses.map(({ id }) => id), wanted, more);
			assert.deepEqual([answer.count, answer.without_filter], [wanted.length, all.length], more);
			assert.ok(wanted.length > 0, more);
		}
		/* Of the rooms: another choice of rooms in the same house, or none. */
		for (const bed of ['kang', 'double', 'bunk']) {
			const beds = new Map((await rows(database, `select house, json_agg(room) as rooms from data.room where village = 1 and '${bed}' = any (beds) group by house`)).map(({ house, rooms }) => [house, rooms]));
			for (const house of (await left(`&bed=${bed}`)).houses) assert.ok(house.choice.every(({ id }) => beds.get(house.id).includes(id)), bed);
		}
		const stepFree = new Set((await rows(database, 'select room from data.room where village = 1 and step_free')).map(({ room }) => room));
		for (const house of (await left('&comfort=step_free')).houses) assert.ok(house.choice.every(({ id }) => stepFree.has(id)));
		for (const house of (await left('&whole=1')).houses) assert.ok(house.whole && house.choice.length > 1);
		assert.deepEqual((await left('&only_count=1')).houses, []);
		const refused = await talk(`${site}/api/v1${list(trip, '&style=castle&sort=luck')}`);
		assert.equal(refused.status, 422);
		assert.deepEqual(Object.keys(refused.json.fields).sort(), ['sort', 'style']);
	});

	test('the order: suggested turns daily, price and distance climb', async () => {
		await as({ size: deskSize }, async person => {
			const { page, say } = person;
			await person.go(list(quiet()));
			const order = page.getByRole('navigation', { name: say('sort.head') });
			const suggested = await names(person);
			await order.getByRole('link', { name: say('sort.price') }).click();
			await page.waitForURL(/sort=price/);
			const prices = await totals(person);
			assert.deepEqual(prices, [...prices].sort((a, b) => a - b));
			assert.deepEqual([...await names(person)].sort(), [...suggested].sort());
			await order.getByRole('link', { name: say('sort.distance') }).click();
			await page.waitForURL(/sort=distance/);
			const minutes = (await cards(person).locator('.facts li:first-child').allInnerTexts()).map(text => Number(/\d+/.exec(text)[0]));
			assert.deepEqual(minutes, [...minutes].sort((a, b) => a - b));
		});
	});

	test('the back button finds the place again', async () => {
		await as({}, async person => {
			const { page } = person;
			await person.go(list(quiet()));
			await cards(person).nth(9).scrollIntoViewIfNeeded();
			const [name, place] = [await cards(person).nth(9).locator('h2').innerText(), await page.evaluate(() => scrollY)];
			assert.ok(place > 1000);
			await cards(person).nth(9).getByRole('link').click();
			await page.waitForURL(/\/house\//);
			await person.sees(name.trim());
			await page.goBack();
			await page.waitForURL(/\/houses\?/);
			await page.waitForFunction(was => Math.abs(scrollY - was) < 200, place);
		});
	});

	for (const [lang, scripts] of [['zh', true], ['en', false]])
		test(`a party no room takes alone is offered rooms together, and books them (${lang}, scripts ${scripts ? 'on' : 'off'})`, async () => {
			const trip = { ...await freeRoom({ adults: 2 }), adults: 7, children: [5] };
			const house = (await api.houses(trip)).houses.find(each => each.choice.length > 1 && !each.by_request);
			assert.ok(house !== undefined && house.rooms.length === 0);
			await as({ lang, scripts }, async person => {
				const { page, say } = person;
				await person.go(list(trip));
				await page.getByRole('link', { name: lang === 'zh' ? house.name : (await api.house(house.id, trip, 'en')).name, exact: true }).click();
				const book = page.getByRole('link', { name: say(house.whole ? 'house.book_whole' : 'house.book_together', { n: house.choice.length, total: yuan(house.total_fen) }) });
				await book.click();
				await page.waitForURL(/\/book\?/);
				await person.sees(yuan(house.total_fen));
				await page.getByLabel(say('field.guest.name')).fill('一大家子');
				await page.getByLabel(say('field.guest.phone')).fill(guestPhone());
				await page.getByRole('button', { name: say('offer.confirm', { total: yuan(house.total_fen) }) }).click();
				await page.waitForURL(/\/stay\/\w+$/);
				const code = page.url().split('/').at(-1);
				assert.deepEqual((await rows(database, `select sr.room from data.booking b join data.stay s using (village, booking) join data.stay_room sr using (village, stay) where b.code = '${code}' order by 1`)).map(({ room }) => room),
					house.choice.map(({ id }) => id).sort((a, b) => a - b));
			});
			/* All or none: those nights are gone, together. */
			const after = (await api.houses(trip)).houses.find(({ id }) => id === house.id);
			assert.ok(after === undefined || after.choice.every(({ id }) => !house.choice.some(gone => gone.id === id)));
		});

	test('the whole house has one price and is booked as one', async () => {
		const trip = quiet(), { houses: [house] } = (await talk(`${site}/api/v1${list(trip, '&whole=1&sort=price')}`)).json;
		const asked = await talk(`${site}/api/v1/quotes`, { method: 'POST', body: { house: house.id, rooms: house.choice.map(({ id }) => id), ...trip, adults: 2 } });
		assert.equal(asked.json.total_fen, house.total_fen);
		await as({}, async person => {
			await person.go(`/house/${house.id}?${search(trip)}`);
			await person.sees(person.say('house.whole'), yuan(house.total_fen));
		});
	});

	test('days around are searched when they will do, and say so', async () => {
		const friday = addDays(today(), 200 + (12 - new Date(addDays(today(), 200)).getUTCDay()) % 7), trip = { arrive: friday, leave: addDays(friday, 2), adults: 2 }, [plain, flexible] = await Promise.all(['', '&flex=1'].map(async more => (await talk(`${site}/api/v1${list(trip, more)}`)).json.houses));
		const moved = flexible.find(house => house.arrive !== trip.arrive), was = plain.find(({ id }) => id === moved.id);
		assert.ok(moved !== undefined && (was === undefined || moved.total_fen < was.total_fen));
		for (const house of flexible) {
			assert.ok(Math.abs(Date.parse(house.arrive) - Date.parse(trip.arrive)) <= 3 * 86400000);
			assert.equal(Date.parse(house.leave) - Date.parse(house.arrive), 2 * 86400000);
			assert.ok(house.total_fen <= (plain.find(({ id }) => id === house.id)?.total_fen ?? Infinity));
		}
		assert.equal((await quote({ house: moved.id, room: moved.choice[0].id, arrive: moved.arrive, leave: moved.leave })).total_fen, moved.total_fen);
		await as({ lang: 'en', size: deskSize }, async person => {
			const { page, say } = person;
			await person.go(list(trip, '&flex=1'));
			const card = cards(person).filter({ hasText: say('search.shifted', { from: dayWords('en', moved.arrive, today()), to: dayWords('en', moved.leave, today()) }) }).first();
			await card.getByRole('link').click();
			await page.waitForURL(/\/house\//);
			assert.notEqual(new URL(page.url()).searchParams.get('arrive'), trip.arrive);
		});
	});

	test('the map: pins and list are in step, it can be moved, and works drawn', async () => {
		const trip = quiet(), { houses } = await api.houses(trip);
		for (const scripts of [true, false])
			await as({ scripts, size: deskSize }, async person => {
				const { page, say } = person;
				await person.go(list(trip));
				await page.getByRole('link', { name: say('search.as_map') }).click();
				await page.waitForURL(/view=map/);
				assert.equal(await page.locator('svg.map a.pin').count(), houses.length);
				await page.locator('svg.map a.pin').nth(2).click();
				assert.equal(new URL(page.url()).hash, '#h3');
				assert.equal(await page.locator('.mini > li').nth(2).locator('a').innerText(), `3 · ${houses[2].name}`);
				const open = page.getByRole('button', { name: say('map.move') });
				if (!scripts) {
					assert.equal(await open.isVisible(), false);
					return;
				}
				await page.locator('.mini > li').nth(4).hover();
				assert.match(await page.locator('svg.map a.pin').nth(4).getAttribute('class'), /here/);
				await open.click();
				await page.locator('.map.live .pin-live').first().waitFor();
				assert.equal(await page.locator('.map.live .pin-live').count(), houses.length);
				await page.locator('.map.live .leaflet-control-zoom-in').click();
				await page.locator('.pin-live span[data-pin="1"]').dispatchEvent('click');
				await page.locator('.leaflet-popup').getByText(houses[0].name).waitFor();
			});
	});

	test('the calendar: two taps choose the days', async () => {
		await as({}, async person => {
			const trip = await freeRoom({ from: 40, nights: 3 }), { page, say } = person;
			await person.go(`/house/${trip.house}?month=${trip.arrive}`);
			const day = iso => page.locator(`#cal a[data-day="${iso}"]`);
			await day(trip.arrive).click();
			await page.locator('#cal').getByText(say('calendar.leave')).waitFor();
			const last = (await page.locator('#cal a[data-day]').evaluateAll(links => links.map(link => link.dataset.day))).find(iso => iso > trip.arrive);
			await day(last).click();
			await page.waitForURL(new RegExp(`arrive=${trip.arrive}&leave=${last}`));
			await person.sees(dayWords('zh', trip.arrive, today()));
		});
	});

	test('the calendar by keyboard, and every day has its name', async () => {
		await as({ size: deskSize, lang: 'en' }, async person => {
			const trip = await freeRoom({ from: 60, nights: 2, lang: 'en' }), { page } = person;
			await person.go(`/house/${trip.house}?month=${trip.arrive}#cal`);
			const days = await page.locator('#cal a[data-day]').evaluateAll(links => links.map(link => link.dataset.day)), focused = () => page.evaluate(() => document.activeElement.dataset.day);
			const first = days.find(iso => days.includes(addDays(iso, 1)) && days.includes(addDays(iso, 8)));
			await page.locator(`#cal a[data-day="${first}"]`).focus();
			await page.keyboard.press('ArrowRight');
			assert.equal(await focused(), addDays(first, 1));
			await page.keyboard.press('ArrowDown');
			assert.equal(await focused(), addDays(first, 8));
			await page.keyboard.press('ArrowUp');
			await page.keyboard.press('ArrowLeft');
			assert.equal(await focused(), first);
			await page.keyboard.press('Enter');
			await page.keyboard.press('ArrowRight');
			await page.keyboard.press('Enter');
			await page.waitForURL(new RegExp(`arrive=${first}&leave=${addDays(first, 1)}`));
			assert.ok((await page.locator(`#cal a[data-day="${first}"]`).innerText()).length > 0);
			await page.getByRole('link', { name: dayWords('en', first, today()) }).first().waitFor();
		});
	});

	test('a house that is full then leads to others that are not, and to its own other days', async () => {
		const trip = await freeRoom({ from: 150 }), taken = await rows(database, `select room from data.room where village = 1 and house = ${trip.house}`);
		await tell(database, `insert into data.night (village, room, night, kind, until) select 1, room, night::date, 'closed', 'infinity'
			from unnest(array[${taken.map(({ room }) => room)}]::bigint[]) room, generate_series('${trip.arrive}'::date, '${addDays(trip.leave, -1)}'::date, '1 day') night on conflict do nothing`);
		try {
			await as({ scripts: false }, async person => {
				const { page, say } = person;
				await boardsSettle();
				assert.ok(!(await api.houses(trip)).houses.some(({ id }) => id === trip.house));
				await person.go(`/house/${trip.house}?${search(trip)}`);
				await person.sees(say('lodging.full'), say('house.others'));
				const others = await names(person), free = (await api.houses(trip)).houses;
				assert.equal(others.length, 3);
				for (const name of others) assert.ok(free.some(house => house.name === name));
				await cards(person).first().getByRole('link').click();
				await page.waitForURL(new RegExp(`arrive=${trip.arrive}`));
				assert.ok(!page.url().includes(`/house/${trip.house}`));
			});
		} finally {
			await tell(database, `delete from data.night where village = 1 and kind = 'closed' and night >= '${trip.arrive}' and night < '${trip.leave}' and room = any (array[${taken.map(({ room }) => room)}]::bigint[])`);
		}
	});

	test('a house one likes is kept on this device, and told to nobody', async () => {
		await as({ size: deskSize }, async person => {
			const { page, say } = person, sent = [];
			page.on('request', request => sent.push(request.url()));
			await person.go(list(quiet()));
			const [, second] = await names(person), asked = sent.length;
			await page.getByRole('button', { name: say('house.like', { name: second }) }).click();
			assert.equal(sent.length, asked);
			await page.reload();
			assert.equal(await page.getByRole('button', { name: say('house.like', { name: second }) }).getAttribute('aria-pressed'), 'true');
			await page.getByRole('button', { name: say('search.liked') }).click();
			assert.deepEqual(await names(person), [second]);
		});
	});

	test('the front page: tonight or the weekend, how full eight weeks are, each day a way to its houses', async () => {
		await as({ scripts: false }, async person => {
			const { page, say } = person, village = (await talk(`${site}/api/v1/village`)).json;
			await person.go('/');
			await person.sees(say('home.free', { n: village.free_houses }), say('heat.head'));
			assert.equal(village.free_houses, (await api.houses({ arrive: village.arrive, leave: village.leave })).count);
			assert.equal(await page.locator('.heat a').count(), 56);
			const night = village.nights[20];
			/* The cheapest room of that night for two is the list's cheapest, where the house lets one stay for a night. */
			assert.ok((await api.houses({ arrive: night.date, leave: addDays(night.date, 1) })).houses.every(({ total_fen: fen }) => fen >= night.from_fen));
			await page.locator('.heat a').nth(20).click();
			await page.waitForURL(new RegExp(`arrive=${night.date}`));
		});
	});
});

/* What goes over the wire until a page stands there, heads and all. */
const weighs = async (person, path) => {
	const session = await person.context.newCDPSession(person.page);
	let bytes = 0;
	await session.send('Network.enable');
	session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
	await person.page.goto(site + path, { waitUntil: 'networkidle' });
	return bytes;
};

test('the first page is light: at most 150 kB over the wire, all included', async () => {
	for (const size of [undefined, deskSize])
		await as({ ...size === undefined ? {} : { size } }, async person => {
			const bytes = await weighs(person, '/');
			assert.ok(bytes > 10_000 && bytes <= 150_000, `${bytes} bytes`);
		});
});

/* Layout shift, as browsers reckon it, while a page loads and is scrolled. */
test('nothing jumps while list, house and front page load', async () => {
	const trip = quiet(), [house] = (await api.houses(trip)).houses;
	await as({}, async person => {
		const { page } = person;
		for (const path of ['/', list(trip), `/house/${house.id}?${search(trip)}`, list(trip, '&view=map')]) {
			await page.addInitScript(() => {
				window.shifted = 0;
				new PerformanceObserver(all => { for (const entry of all.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value; }).observe({ type: 'layout-shift', buffered: true });
			});
			await page.goto(site + path, { waitUntil: 'networkidle' });
			await page.evaluate(() => window.scrollTo(0, 1500));
			await page.waitForLoadState('networkidle');
			assert.ok(await page.evaluate(() => window.shifted) < 0.02, `${path}: ${await page.evaluate(() => window.shifted)}`);
		}
	});
});

/* By itself: for these nights nobody else finds anything either. */
test('a full village offers days near by, without a script', async () => {
	const trip = { arrive: addDays(today(), 260), leave: addDays(today(), 262) };
	await tell(database, `insert into data.night (village, room, night, kind, until) select 1, room, '${trip.arrive}', 'closed', 'infinity' from data.room where village = 1 on conflict do nothing`);
	try {
		await as({ scripts: false }, async person => {
			const { page, say } = person;
			await boardsSettle();
			assert.deepEqual((await api.houses(trip)).houses, []);
			await person.go(list(trip));
			await person.sees(say('search.none'), say('search.near'));
			const near = (await api.houses(trip)).near;
			assert.ok(near.length === 6 && near.every(day => day.houses > 0 && day.arrive !== trip.arrive));
			await page.locator('.ways a').first().click();
			await page.waitForURL(new RegExp(`arrive=${near[0].arrive}`));
			await person.sees(say('search.found', { n: near[0].houses }));
			assert.equal(Math.min(...await totals(person)) * 100, near[0].from_fen);
		});
	} finally {
		await tell(database, `delete from data.night where village = 1 and kind = 'closed' and night = '${trip.arrive}'`);
	}
});
