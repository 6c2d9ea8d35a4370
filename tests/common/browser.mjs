/*
 * A browser, and the people who sit at it: a phone or a desk, Chinese or English, with scripts or without, with a finger or by
 * keyboard only. Whatever a browser complains about on the way is collected and fails the test at its end.
 * Left to others: what is done and what must be read.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { randomInt } from 'node:crypto';
import { chromium } from 'playwright-core';
import { tell } from './database.mjs';
import { talk } from './talk.mjs';

export const site = process.env.SITE;
const root = new URL('../../', import.meta.url);

let browser;	/* the promise of one; the shell without windows is the same engine and opens them three times as fast */
export function openBrowser() {
	browser ??= chromium.launch({
		executablePath: process.env.CHROMIUM ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(fs.existsSync),
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
	return browser;
}
export async function closeBrowser() {
	await (await browser)?.close();
	browser = undefined;
}

/* --- words: what the site says, by the keys of assets/text --- */

const read = name => {
	const texts = new Map();
	let key, form, word;
	for (const line of fs.readFileSync(new URL(`assets/text/${name}.po`, root), 'utf8').split('\n')) {
		const found = /^(msgid|msgid_plural|msgstr(?:\[(\d)\])?)?\s*(".*")$/.exec(line);
		if (found === null) continue;
		word = JSON.parse(found[3]);
		if (found[1] === 'msgid') {
			key = word;
			texts.set(key, []);
			form = null;
		} else if (found[1] === 'msgid_plural') form = null;
		else if (found[1] !== undefined) {
			form = Number(found[2] ?? 0);
			texts.get(key)[form] = word;
		} else if (form !== null) texts.get(key)[form] += word;
	}
	return texts;
};
const texts = { zh: read('zh'), en: read('en') };

/* A text with its places filled; n chooses the plural. */
export function words(lang) {
	return (key, places = {}) => {
		const forms = texts[lang].get(key);
		assert.ok(forms?.[0], `no text ${key}`);
		const text = places.n !== undefined && places.n !== 1 && forms[1] !== undefined ? forms[1] : forms[0];
		return text.replace(/\{(\w+)\}/g, (whole, name) => String(places[name] ?? whole));
	};
}

/* Money and days as a reader expects them; written anew here, so that the site's own way of saying them is tested. */
export const yuan = fen => `¥${(fen / 100).toLocaleString('en-US', { minimumFractionDigits: fen % 100 === 0 ? 0 : 2 })}`;
export function dayWords(lang, iso, today) {
	const day = new Date(`${iso}T00:00:00Z`), year = iso.slice(0, 4) !== today.slice(0, 4);
	if (lang === 'zh') {
		return `${year ? `${day.getUTCFullYear()}年` : ''}${day.getUTCMonth() + 1}月${day.getUTCDate()}日 周${'日一二三四五六'[day.getUTCDay()]}`;
	}
	const part = options => day.toLocaleDateString('en-GB', { timeZone: 'UTC', ...options });
	return `${part({ weekday: 'short' })} ${day.getUTCDate()} ${part({ month: 'short' }).slice(0, 3)}${year ? ` ${day.getUTCFullYear()}` : ''}`;
}
/* A moment of the API (…+08:00) as said on a page. */
export const momentWords = (lang, iso, today) =>
	`${dayWords(lang, iso.slice(0, 10), today)}${lang === 'zh' ? ' ' : ', '}${iso.slice(11, 16)}`;

/* --- days and rooms nobody else asks for --- */

export const addDays = (iso, days) => new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
/* Today in the village: a night lasts until six in the morning. */
export const today = () => new Date(Date.now() + (8 - 6) * 3600000).toISOString().slice(0, 10);

async function json(path, lang = 'zh') {
	const answer = await talk(site + path, { headers: { 'accept-language': lang } });
	assert.equal(answer.status, 200, `${path}: ${answer.text}`);
	return answer.json;
}
export const api = { houses: trip => json(`/api/v1/houses?${search(trip)}`), house: (id, trip, lang) => json(`/api/v1/houses/${id}?${search(trip)}`, lang) };
export const search = ({ arrive, leave, adults = 2, children = [] }) =>
	new URLSearchParams([['arrive', arrive], ['leave', leave], ['adults', adults], ...children.map(age => ['children', age])]).toString();

export async function quote(trip) {
	const { house, room, arrive, leave, adults = 2, children = [] } = trip;
	const answer = await talk(`${site}/api/v1/quotes`, { method: 'POST', body: { house, rooms: [room], arrive, leave, adults, children } });
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}

/*
 * A room free for some nights, of a house that says yes at once: { house, houseName, room, roomName, arrive, leave, total, until }.
 * Far ahead and anywhere, unless told `from` (days from today) or what else a house must be like; byRequest null is either kind.
 */
export async function freeRoom({ nights = 2, from, adults = 2, children = [], lang = 'zh', like = () => true, byRequest = false } = {}) {
	for (let tries = 0; tries < 30; tries++) {
		const arrive = addDays(today(), from ?? randomInt(60, 330)), trip = { arrive, leave: addDays(arrive, nights), adults, children };
		const { houses } = (await talk(`${site}/api/v1/houses?${search(trip)}`, { headers: { 'accept-language': lang } })).json;
		const fit = houses.filter(house => house.rooms.length > 0 && like(house));
		while (fit.length > 0) {
			const [house] = fit.splice(randomInt(fit.length), 1);
			if (byRequest !== null && (await api.house(house.id, trip)).by_request !== byRequest) continue;
			const [room] = house.rooms;
			return { ...trip, house: house.id, houseName: house.name, room: room.id, roomName: room.name, total: room.total_fen,
				listTotal: house.total_fen, until: house.free_cancel_until };
		}
		assert.equal(from, undefined, 'no such room is free then');
	}
	throw new Error('no such room is free');
}

/* Nobody has tried to sign in of late: many tests come from one address, and the pace is tried elsewhere. */
export const patience = () => tell(process.env.DATABASE, 'delete from data.bucket');

/* --- people --- */

export const phoneSize = { width: 360, height: 780 };
export const deskSize = { width: 1440, height: 900 };

/*
 * A browser of one's own: nothing kept from others. `troubles` collects what it complains about: errors on the console, scripts
 * that threw, requests that failed, dialogs. A page that was meant to be refused is let pass with expect(status).
 */
export class Person {
	static async sit({ lang = 'zh', scripts = true, size = phoneSize, dark = false, cookies, ...more } = {}) {
		const person = new Person(), phone = size.width < 700;
		person.lang = lang;
		person.scripts = scripts;
		person.say = words(lang);
		person.troubles = [];
		person.expected = new Set();
		person.context = await (await openBrowser()).newContext({
			locale: lang === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'America/New_York', viewport: size, javaScriptEnabled: scripts,
			colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce', deviceScaleFactor: 1, hasTouch: phone, acceptDownloads: true, ...more,
		});
		person.context.setDefaultTimeout(10_000);
		if (cookies !== undefined) await person.context.addCookies(cookies);
		person.page = await person.open();
		return person;
	}

	async open() {
		const page = await this.context.newPage();
		page.on('console', message => {
			if (message.type() !== 'error' && message.type() !== 'warning') return;
			/* A refused page is told on the console as well. */
			const refused = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text());
			if (refused !== null && this.expected.has(Number(refused[1])) && message.location().url.split('#')[0] === page.url().split('#')[0]) return;
			this.troubles.push(`console: ${message.text()} (${message.location().url})`);
		});
		page.on('pageerror', error => this.troubles.push(`script: ${error.message}`));
		page.on('requestfailed', request => {
			/* Pictures not yet there when one goes on are given up; so is a page that becomes a download. */
			if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
			this.troubles.push(`request: ${request.url()} ${request.failure()?.errorText}`);
		});
		page.on('response', response => {
			if (response.status() >= 400 && !this.expected.has(response.status())) this.troubles.push(`${response.status()} for ${response.url()}`);
		});
		page.on('dialog', dialog => {
			this.troubles.push(`dialog: ${dialog.message()}`);
			void dialog.dismiss();
		});
		return page;
	}

	/* Answers that are refusals on purpose. */
	expect(...statuses) {
		for (const status of statuses) this.expected.add(status);
	}

	go(path) {
		return this.page.goto(path.startsWith('http') ? path : site + path);
	}

	/* What can be read in the middle of the page, blanks made one. */
	async reads(locator = this.page.getByRole('main')) {
		return (await locator.innerText()).replace(/\s+/g, ' ');
	}

	async sees(...parts) {
		const text = await this.reads();
		for (const part of parts) {
			assert.ok(part instanceof RegExp ? part.test(text) : text.includes(part.replace(/\s+/g, ' ')), `“${part}” is not to be read in: ${text}`);
		}
	}

	async seesNot(...parts) {
		const text = await this.reads();
		for (const part of parts) assert.ok(!text.includes(part), `“${part}” is to be read in: ${text}`);
	}

	async signIn(login, password) {
		await patience();
		await this.go('/sign-in');
		await this.page.getByLabel(this.say('field.login'), { exact: true }).fill(login);
		await this.page.getByLabel(this.say('field.password'), { exact: true }).fill(password);
		await this.page.getByRole('main').getByRole('button', { name: this.say('account.sign_in'), exact: true }).click();
	}

	async leave() {
		await this.context.close();
		assert.deepEqual(this.troubles, [], 'the browser had something to complain about');
	}
}

/* Sits down, does, leaves. */
export async function as(options, act) {
	const person = await Person.sit(options);
	try {
		await act(person);
	} catch (error) {
		await person.page.screenshot({ path: shot('failed') }).catch(() => {});
		await person.context.close();
		if (person.troubles.length > 0) error.message += `\n  the browser: ${person.troubles.join('; ')}`;
		throw error;
	}
	await person.leave();
}

/* --- hands --- */

/* A finger, or a mouse. */
export class Finger {
	constructor(person) {
		this.person = person;
	}
	press(locator) {
		return locator.click();
	}
	type(locator, text) {
		return locator.fill(text);
	}
	choose(locator, label) {
		return locator.selectOption({ label });
	}
	date(locator, iso) {
		return locator.fill(iso);
	}
}

/*
 * Keys only. Tab leads on until the wanted thing is reached; wherever it stops the focus must be seen, lie in sight, and within
 * the page's text go downwards.
 */
export class Keys {
	constructor(person) {
		this.person = person;
		this.stops = 0;
	}

	async #reach(locator) {
		const { page } = this.person, wanted = await locator.elementHandle();
		let before = null;
		for (let turn = 0; turn < 150; turn++) {
			const at = await page.evaluate(node => {
				const here = document.activeElement, box = here.getBoundingClientRect();
				/* A card may wear the ring of its link; the button within a day field has the browser's own. */
				const ringed = one => {
					const style = getComputedStyle(one);
					return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || one.type === 'date' && !one.matches(':focus')
						|| one.parentElement !== null && one.parentElement.closest('main') !== null && ringed(one.parentElement);
				};
				return {
					there: here === node, name: here === document.body ? 'body' : here.outerHTML.slice(0, 120), body: here === document.body,
					ring: ringed(here), tabIndex: here.tabIndex,
					inMain: here.closest('main') !== null, top: box.top + scrollY,
					inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
					/* Nothing lies above it: the bar at the bottom, for one. */
					covered: (() => {
						const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1), y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1);
						const above = document.elementFromPoint(x, y);
						return above !== null && !here.contains(above) && !above.contains(here);
					})(),
				};
			}, wanted);
			if (!at.body) {
				this.stops++;
				assert.ok(at.ring, `the focus cannot be seen on ${at.name}`);
				assert.ok(at.inSight && !at.covered, `the focus is out of sight on ${at.name}`);
				assert.ok(at.tabIndex <= 0, `an order of its own on ${at.name}`);
				if (at.inMain && before?.inMain) assert.ok(at.top >= before.top - 60, `the focus jumps up from ${before.name} to ${at.name}`);
				before = at;
			}
			if (at.there) return;
			await page.keyboard.press('Tab');
		}
		assert.fail(`no Tab leads to ${locator}`);
	}

	async press(locator) {
		await this.#reach(locator);
		await this.person.page.keyboard.press('Enter');
	}

	async type(locator, text) {
		await this.#reach(locator);
		await this.person.page.keyboard.press('ControlOrMeta+A');
		await this.person.page.keyboard.type(text);
	}

	async choose(locator, label) {
		await this.#reach(locator);
		const { keyboard } = this.person.page, labels = await locator.locator('option').allInnerTexts();
		await keyboard.press('Home');
		for (let step = labels.indexOf(label); step > 0; step--) await keyboard.press('ArrowDown');
		assert.equal(await locator.evaluate(select => select.selectedOptions[0].text), label);
	}

	/* The parts of a day stand in the order of the browser's language; a person sees which. */
	async date(locator, iso) {
		await this.#reach(locator);
		const { keyboard } = this.person.page, [year, month, day] = iso.split('-');
		for (const parts of [[month, day, year], [day, month, year], [year, month, day]]) {
			for (let back = 0; back < 2; back++) await keyboard.press('ArrowLeft');
			for (const part of parts) {
				await keyboard.type(part);
				if (part === year && part !== parts.at(-1)) await keyboard.press('ArrowRight');
			}
			if (await locator.inputValue() === iso) return;
		}
		assert.fail(`keys cannot write the day ${iso}: ${await locator.inputValue()}`);
	}
}

/* --- pictures, only when asked for (SHOTS=1): build/shots/<name>.png --- */
export const shots = process.env.SHOTS === '1';
const shot = name => {
	if (shots) fs.mkdirSync(new URL('build/shots/', root), { recursive: true });
	return shots ? new URL(`build/shots/${name}.png`, root).pathname : undefined;
};
export const takeShot = async (page, name) => shots ? page.screenshot({ path: shot(name), fullPage: true }) : undefined;

/* A step of a longer way: a test of its own; what follows a failed one makes no sense. */
export async function step(t, name, act) {
	let failure;
	await t.test(name, async () => {
		try {
			await act();
		} catch (error) {
			failure = error;
			throw error;
		}
	});
	if (failure !== undefined) throw new Error(`stopped at: ${name}`);
}
