/*
 * What Lighthouse says of the pages a tourist comes to first: accessibility, best practices and search engines at 95 or more, on a phone.
 * Its figure for speed is said and not asserted, for it hangs on what else the machine does; `make bench` measures speed.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test, { after, before } from 'node:test';
import lighthouse from 'lighthouse';
import { launch } from 'chrome-launcher';
import { addDays, api, search, site, today } from '../common/browser.mjs';

let chrome;
before(async () => {
	chrome = await launch({
		chromePath: process.env.CHROMIUM ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(fs.existsSync),
		chromeFlags: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'], logLevel: 'silent',
	});
});
after(() => chrome?.kill());

const trip = { arrive: addDays(today(), 120), leave: addDays(today(), 122) };
const pages = [
	['home', () => '/'], ['list', () => `/houses?${search(trip)}`],
	['house', async () => `/house/${(await api.houses(trip)).houses[0].id}?${search(trip)}`],
];
for (const [name, path] of pages)
	test(`Lighthouse on the ${name}`, { timeout: 180_000 }, async t => {
		const { lhr } = await lighthouse(site + await path(), { port: chrome.port, output: 'json', logLevel: 'silent',
			onlyCategories: ['performance', 'accessibility', 'best-practices', 'seo'] });
		const scores = Object.fromEntries(Object.entries(lhr.categories).map(([key, { score }]) => [key, Math.round(score * 100)]));
		t.diagnostic(`${name}: ${JSON.stringify(scores)}, first paint ${lhr.audits['first-contentful-paint'].displayValue}, largest ${lhr.audits['largest-contentful-paint'].displayValue}`);
		const poor = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)).map(({ id }) => id);
		for (const key of ['accessibility', 'best-practices', 'seo']) assert.ok(scores[key] >= 95, `${key}: ${scores[key]}, ${poor.join(' ')}`);
		assert.equal(lhr.audits['cumulative-layout-shift'].score, 1);
	});
