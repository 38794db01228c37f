// run_test.mjs -- the page of a single run, in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as browser from "./browser.mjs";
import { key_of, results_of } from "./oracle.mjs";

let chromium, file, results;

before(async () => {
	const [, second] = browser.make_results("some_run", 2, 700, 0.15);
	results = results_of(second);
	file = browser.run_page("run.html", second);
	chromium = await browser.launch();
});
after(() => chromium?.close());

test("what was not as expected comes first, open, with both sides", async () => {
	for (const javaScriptEnabled of [true, false]) {
		const { page, sins, close } = await browser.open(chromium, file, { javaScriptEnabled });
		const heads = await page.locator(".results > h2").allInnerTexts();
		assert.match(heads[0], /^Not as expected/);
		const first = page.locator("[aria-labelledby=unexpected] tbody tr").first();
		const text = await first.innerText();
		for (const word of ["Source", "server", "Wanted", "sockdrill run", "gdb --args"])
			assert.ok(text.includes(word), `${word} in ${text}`);
		assert.equal(await page.locator(".matrix > tbody > tr:not(.group)").count(), results.length);
		assert.deepEqual(sins, []);
		await close();
	}
});

test("skips stand under their reasons", async () => {
	const { page, close } = await browser.open(chromium, file);
	const reasons = await page.locator("[aria-labelledby=skips] .group th").allTextContents();
	const expected = new Map();
	for (const { verdict, reason } of results)
		if (verdict === "skip")
			expected.set(reason, (expected.get(reason) ?? 0) + 1);
	assert.deepEqual(reasons.sort(), Array.from(expected, ([reason, count]) => `${reason} ${count}`).sort());
	await close();
});

test("filters, hides empty sections, and restores", async () => {
	const { page, sins, close } = await browser.open(chromium, file);
	assert.equal((await browser.shown(page)).length, results.length);
	await page.selectOption("select[name=class]", "S");
	const skips = results.filter((result) => result.verdict === "skip").map(key_of);
	assert.deepEqual((await browser.shown(page)).sort(), skips.sort());
	assert.deepEqual(await page.locator(".results:visible > h2").count(), 1);
	await page.waitForURL(/class=S/);
	const again = await browser.open(chromium, file, { hash: new URL(page.url()).hash });
	assert.deepEqual((await browser.shown(again.page)).sort(), skips);
	await again.close();
	await page.click("button[type=reset]");
	await page.waitForFunction(() => location.hash === "");
	await page.selectOption("select[name=sort]", "name");
	await page.fill("input[name=q]", "recv");
	const found = await browser.shown(page);
	assert.ok(found.length > 0 && found.length < results.length);
	assert.deepEqual(sins, []);
	await close();
});

test("a link by the name alone", async () => {
	const passed = results.find((result) => result.verdict === "pass");
	const { page, close } = await browser.open(chromium, file, { hash: `#${passed.case}` });
	const opened = await page.evaluate(() => document.activeElement.textContent);
	assert.ok(opened.startsWith(passed.case), opened);
	await close();
});

for (const colorScheme of ["light", "dark"]) {
	test(`${colorScheme}: contrasts`, async () => {
		const { page, close } = await browser.open(chromium, file, { colorScheme });
		const { looked, weak } = await browser.weak_contrasts(page, 4.5);
		assert.ok(looked > 50, `looked at ${looked}`);
		assert.deepEqual(weak, []);
		await close();
	});
}

test("on a phone nothing is wider than the screen", async () => {
	const { page, close } = await browser.open(chromium, file, { viewport: { width: 360, height: 740 }, isMobile: true });
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
	await close();
});
