/*
 * Those who work here: an owner's day, an invitation that becomes an account, passwords, and the places one is signed in.
 * The walls between houses are tried through the API and in the database; here is what a person does and reads.
 */
import assert from 'node:assert/strict';
import test, { after, describe } from 'node:test';
import { as, closeBrowser, dayWords, deskSize, today, words } from '../common/browser.mjs';
import { guestPhone } from '../common/talk.mjs';

after(closeBrowser);
const button = ({ page }, name) => page.getByRole('main').getByRole('button', { name, exact: true });
const field = ({ page, say }, key) => page.getByLabel(say(key), { exact: true });

/* Two at a time: each has accounts of its own, or only looks. */
describe('accounts', { concurrency: 2 }, () => {
	for (const lang of ['zh', 'en']) {
		test(`an owner signs in, sees the day of the house, and signs out (${lang})`, async () => {
			await as({ lang }, async person => {
				const { page, say } = person, main = page.getByRole('main');
				await person.go('/owner');
				await page.waitForURL('**/sign-in?next=*');
				await person.signIn('13800000001', 'persimmon');
				await page.waitForURL('**/owner');
				await person.go('/');
				await page.getByRole('navigation', { name: say('page.tabs') }).getByRole('link', { name: say('page.today'), exact: true }).click();
				await page.waitForURL('**/owner');
				await person.sees(lang === 'zh' ? '老柿院' : 'Old Persimmon Court', say('owner.today', { day: dayWords(lang, today(), today()) }));
				assert.match(await person.reads(), lang === 'zh' ? /今晚(空 \d+ 间，共 \d+ 间| \d+ 间住满)/ : /\d+ of \d+ rooms free tonight|All \d+ rooms full tonight/);
				for (const key of ['owner.arrive', 'owner.stay', 'owner.leave']) {
					assert.ok(await main.getByText(say('owner.quiet_day')).count() > 0 || await main.getByRole('heading', { name: say(key) }).isVisible());
				}
				/* Large type: an owner may be sixty. */
				assert.ok(await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize)) >= 18);
				person.expect(404);
				assert.equal((await person.go('/desk')).status(), 404, 'the office is not hers');
				await page.getByRole('navigation', { name: say('page.tabs') }).getByRole('link', { name: say('page.me'), exact: true }).click();
				await button(person, say('account.sign_out')).click();
				await person.sees(say('account.said_out'));
				/* Pages that ask no database know it, too. */
				const tabs = page.getByRole('navigation', { name: say('page.tabs') });
				assert.equal(await tabs.getByRole('link', { name: say('page.today'), exact: true }).count(), 0);
				await person.go('/owner');
				await page.waitForURL('**/sign-in?next=*');
			});
		});
	}

	test('an invitation becomes an account, and works once', async () => {
		await as({ size: deskSize }, async secretary => {
			const { page, say } = secretary, login = guestPhone();
			await secretary.signIn('secretary', 'mountain');
			await page.waitForURL('**/desk');
			await field(secretary, 'field.role').selectOption({ label: say('role.helper') });
			/* A helper without a house is refused, and what was chosen stays. */
			secretary.expect(422);
			await button(secretary, say('desk.make_link')).click();
			await secretary.sees(say('account.no_role'));
			assert.equal(await field(secretary, 'field.role').evaluate(select => select.selectedOptions[0].text), say('role.helper'));
			await field(secretary, 'field.house').selectOption({ index: 2 });
			const house = await field(secretary, 'field.house').evaluate(select => select.selectedOptions[0].text);
			await button(secretary, say('desk.make_link')).click();
			const link = await secretary.page.getByRole('textbox', { name: secretary.say('desk.link') }).inputValue();
			await page.reload().catch(() => {});
			await as({ lang: 'en' }, async person => {
				const { page, say } = person;
				await person.go(link);
				await person.sees(say('account.invited'), say('role.helper'));
				/* Chat programs open links: looking uses nothing up. */
				await person.go(link);
				await field(person, 'field.name').fill('Lan');
				await field(person, 'field.login').fill('13800000001');
				await field(person, 'field.password').fill('12345678');
				person.expect(422, 409);
				await button(person, say('account.join')).click();
				await person.sees(say('account.password_common'));
				assert.equal(await field(person, 'field.name').inputValue(), 'Lan');
				await field(person, 'field.password').fill('willow by the gate');
				await button(person, say('account.join')).click();
				await person.sees(say('account.login_taken'));
				await field(person, 'field.login').fill(login);
				await field(person, 'field.password').fill('willow by the gate');
				await button(person, say('account.join')).click();
				await person.sees(say('account.said_joined'));
				person.expect(404);
				await person.go(link);
				await person.signIn(login, 'willow by the gate');
				await page.waitForURL('**/owner');
				assert.ok(await page.getByRole('heading', { level: 1 }).isVisible());
			});
			await secretary.go('/desk');
			const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: house, exact: true }) });
			assert.ok((await row.innerText()).includes('Lan'), 'the office sees who runs the house now');
		});
	});

	/* An account of the test's own, so that nobody else is signed out by it. */
	async function newcomer(act) {
		const login = guestPhone(), password = 'stone steps at dusk';
		let link;
		await as({ size: deskSize }, async secretary => {
			await secretary.signIn('secretary', 'mountain');
			await secretary.page.waitForURL('**/desk');
			await field(secretary, 'field.role').selectOption({ label: secretary.say('role.assessor') });
			await button(secretary, secretary.say('desk.make_link')).click();
			link = await secretary.page.getByRole('textbox', { name: secretary.say('desk.link') }).inputValue();
		});
		await as({}, async person => {
			await person.go(link);
			await field(person, 'field.name').fill('阿兰');
			await field(person, 'field.login').fill(login);
			await field(person, 'field.password').fill(password);
			await button(person, person.say('account.join')).click();
			await person.sees(person.say('account.said_joined'));
			await person.signIn(login, password);
			await person.page.waitForURL(url => !url.pathname.startsWith('/sign-in'));
			await act(person, login, password);
		});
	}

	test('a new password ends the other places one is signed in, and the old one', async () => {
		await newcomer((here, login, password) => as({ lang: 'en' }, async other => {
			await other.signIn(login, password);
			await other.page.waitForURL(url => !url.pathname.startsWith('/sign-in'));
			await here.go('/me');
			await here.sees('阿兰');
			here.expect(422);
			await field(here, 'field.old').fill('not this one');
			await field(here, 'account.new_password').fill('lanterns in the rain');
			await button(here, here.say('account.set_password')).click();
			await here.sees(here.say('account.old_wrong'));
			await field(here, 'field.old').fill(password);
			await field(here, 'account.new_password').fill('lanterns in the rain');
			await button(here, here.say('account.set_password')).click();
			await here.sees(here.say('account.said_password'), here.say('account.here'));
			await other.go('/me');
			await other.sees(other.say('account.door'));
			other.expect(422);
			await other.signIn(login, password);
			await other.sees(other.say('account.wrong'));
			await other.signIn(login, 'lanterns in the rain');
			await other.page.waitForURL(url => !url.pathname.startsWith('/sign-in'));
		}));
	});

	test('one sees where one is signed in, and ends one of these', async () => {
		await newcomer((here, login, password) => as({ userAgent: 'A phone left in the tea house' }, async lost => {
			await lost.signIn(login, password);
			await lost.page.waitForURL(url => !url.pathname.startsWith('/sign-in'));
			await here.go('/me');
			const row = here.page.getByRole('listitem').filter({ hasText: 'A phone left in the tea house' });
			await row.getByRole('button', { name: words('zh')('account.end') }).click();
			await here.sees(here.say('account.said_ended'));
			await here.seesNot('A phone left in the tea house');
			await lost.go('/me');
			await lost.sees(lost.say('account.door'));
			await here.go('/me');
			await here.sees('阿兰', here.say('account.here'));
		}));
	});
});
