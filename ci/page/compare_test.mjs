// compare_test.mjs -- the page that compares systems, in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as browser from "./browser.mjs";
import { differing, outcomes } from "./oracle.mjs";

let chromium, file, rows, different;

before(async () => {
	const files = browser.make_results("some", 4, 700, 0.15);
	rows = outcomes(files);
	different = differing(rows);
	file = browser.compare_page("some.html", files);
	chromium = await browser.launch();
});
after(() => chromium?.close());

// A test with the page open; afterwards nothing may have happened that never should.
function with_page(name, options, body) {
	test(name, async () => {
		const { page, sins, close } = await browser.open(chromium, file, options);
		await body(page);
		assert.deepEqual(sins, []);
		await close();
	});
}

function same_rows(actual, expected) {
	assert.deepEqual([...actual].sort(), [...expected].sort());
}

const area_of = (key) => key.split("/")[0].split("_", 1)[0];

with_page("unanimous rows are folded, and shown on demand", {}, async (page) => {
	assert.ok(different.length > 20 && different.length < rows.size / 2);
	same_rows(await browser.shown(page), different);
	assert.match(await page.textContent("output"), new RegExp(`^${different.length} of 700 behaviours shown; ` +
		`${700 - different.length} more fit`));
	await page.click("button[name=more]");
	same_rows(await browser.shown(page), rows.keys());
	assert.equal(await page.isVisible("button[name=more]"), false);
	await page.uncheck("input[name=all]");
	same_rows(await browser.shown(page), different);
});

with_page("filter by area and family", {}, async (page) => {
	const area = area_of(different[0]);
	await page.selectOption("select[name=area]", area);
	const of_area = different.filter((key) => area_of(key) === area);
	same_rows(await browser.shown(page), of_area);
	await page.selectOption("select[name=area]", "");
	await page.selectOption("select[name=family]", "unix");
	same_rows(await browser.shown(page), different.filter((key) => key.endsWith("/unix")));
});

with_page("filter by class", {}, async (page) => {
	const letters = await page.$$eval(".legend b", (all) => all.map((b) => b.textContent));
	assert.deepEqual(letters, ["C", "A", "D", "N", "V", "U", "-"]);
	for (const letter of letters) {
		await page.selectOption("select[name=class]", letter);
		const expected = await page.evaluate((wanted) =>
			Array.from(document.querySelectorAll(".matrix > tbody > tr:not(.u)"))
				.filter((tr) => Array.from(tr.cells).slice(1).some((td) => td.textContent[0] === wanted))
				.map((tr) => tr.querySelector("summary").textContent.replace(" ", "/")), letter);
		same_rows(await browser.shown(page), expected);
		if (letter === "V")
			assert.ok(expected.length > 0);
	}
});

with_page("filter by system: where it is not as the first", {}, async (page) => {
	await page.selectOption("select[name=system]", { label: "stack02" });
	const expected = Array.from(rows).filter(([, all]) => all[0] && all[2] && all[0] !== all[2]).map(([key]) => key);
	assert.ok(expected.length > 0);
	same_rows(await browser.shown(page), expected);
	await page.selectOption("select[name=class]", "U");
	const skipped = Array.from(rows).filter(([key, all]) => all[2] === null && different.includes(key)).map(([key]) => key);
	same_rows(await browser.shown(page), skipped);
});

with_page("search in names, claims and values", {}, async (page) => {
	await page.fill("input[name=q]", "7:Altered");
	const with_value = different.filter((key) => rows.get(key).some((one) => one?.includes("7:altered")));
	assert.ok(with_value.length > 0);
	same_rows(await browser.shown(page), with_value);
	const claim = await page.$eval(".matrix > tbody > tr:not(.u) details p", (p) => p.textContent);
	const [name] = await page.$$eval(".matrix > tbody > tr:not(.u) summary", (all) => all.map((one) => one.textContent));
	await page.fill("input[name=q]", claim);
	assert.ok((await browser.shown(page)).includes(name.replace(" ", "/")));
	const word = different[0].split("/")[0];
	await page.fill("input[name=q]", `${word} inet`);
	same_rows(await browser.shown(page), different.filter((key) => key.includes(word) && key.includes("/inet")));
	await page.fill("input[name=q]", "no such text anywhere");
	same_rows(await browser.shown(page), []);
	assert.match(await page.textContent("output"), /^0 of 700/);
});

with_page("sort by name, by outcomes, by class of a system", {}, async (page) => {
	const names = (await browser.shown(page)).map((key) => key.split("/")[0]);
	assert.deepEqual(names, [...names].sort());
	await page.selectOption("select[name=sort]", "outcomes");
	const counts = (await browser.shown(page)).map((key) => new Set(rows.get(key).filter(Boolean)).size);
	assert.ok(counts[0] > counts.at(-1));
	assert.deepEqual(counts, [...counts].sort((a, b) => b - a));
	await page.click(".matrix thead th:nth-child(3) button");
	assert.equal(await page.getAttribute(".matrix thead th:nth-child(3)", "aria-sort"), "other");
	const letters = await page.$$eval(".matrix > tbody > tr:not(.u)", (all) => all.map((tr) =>
		tr.cells[tr.cells.length > 2 ? 2 : 1].textContent[0]));
	const ranks = letters.map((letter) => "VNDAU-C".indexOf(letter));
	assert.ok(ranks[0] < ranks.at(-1));
	assert.deepEqual(ranks, [...ranks].sort((a, b) => a - b));
	await page.click(".matrix thead th:nth-child(3) button");
	assert.deepEqual((await browser.shown(page)).map((key) => key.split("/")[0]), names);
	await page.check("input[name=all]");
	assert.equal((await browser.shown(page)).length, rows.size, "sorting lost a row");
});

with_page("a link to a behaviour opens it, unanimous or not", {}, async (page) => {
	const agreed = Array.from(rows.keys()).find((key) => !different.includes(key) && key.includes("/"));
	for (const key of [different.at(-1), agreed]) {
		await page.evaluate((hash) => { location.hash = hash; }, key);
		await page.waitForFunction((hash) => document.getElementById(hash)?.closest("details").open &&
			document.getElementById(hash).closest("tr").contains(document.activeElement), key);
		const box = await page.evaluate((hash) => {
			const row = document.getElementById(hash).closest("tr").getBoundingClientRect();
			return { top: row.top, bottom: row.bottom, height: innerHeight };
		}, key);
		assert.ok(box.top >= 0 && box.top < box.height, JSON.stringify(box));
	}
});

test("the name alone leads to the first family, with and without script", async () => {
	const name = different.at(-1).split("/")[0];
	for (const javaScriptEnabled of [true, false]) {
		const { page, close } = await browser.open(chromium, file, { hash: `#${name}`, javaScriptEnabled });
		const claim = page.locator(`[id="${name}"]`).first();
		await claim.waitFor({ state: "visible" });
		const box = await claim.boundingBox();
		assert.ok(box.y >= 0 && box.y < 900, `at ${box.y}`);
		await close();
	}
});

with_page("the address restores the state", {}, async (page) => {
	await page.fill("input[name=q]", "e");
	await page.selectOption("select[name=family]", "inet");
	await page.selectOption("select[name=system]", { label: "stack01" });
	await page.selectOption("select[name=sort]", "outcomes");
	const before_it = await browser.shown(page);
	assert.ok(before_it.length > 0);
	await page.waitForURL(/sort=outcomes/);
	const { hash } = new URL(page.url());
	const again = await browser.open(chromium, file, { hash });
	assert.deepEqual(await browser.shown(again.page), before_it);
	assert.equal(await again.page.inputValue("input[name=q]"), "e");
	await again.page.click("button[type=reset]");
	await again.page.waitForFunction(() => location.hash === "");
	same_rows(await browser.shown(again.page), different);
	await again.close();
	await page.check("input[name=all]");
	await page.waitForURL(/all=1/);
});

with_page("by keyboard", {}, async (page) => {
	const focused = () => page.evaluate(() => document.activeElement.textContent.replace(" ", "/"));
	const keys = await browser.shown(page);
	await page.keyboard.press("j");
	assert.equal(await focused(), keys[0]);
	await page.keyboard.press("j");
	await page.keyboard.press("ArrowDown");
	assert.equal(await focused(), keys[2]);
	await page.keyboard.press("k");
	assert.equal(await focused(), keys[1]);
	const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
	assert.equal(outline, "solid");
	await page.keyboard.press("Enter");
	assert.equal(await page.evaluate(() => document.activeElement.parentNode.open), true);
	await page.waitForFunction(() => location.hash.length > 1);
	for (let i = 0; i < 40; i++)
		await page.keyboard.press("j");
	const inside = await page.evaluate(() => {
		const row = document.activeElement.getBoundingClientRect();
		const scroller = document.querySelector(".scroll").getBoundingClientRect();
		const head = document.querySelector(".matrix thead").getBoundingClientRect();
		return row.top >= head.bottom - 1 && row.bottom <= scroller.bottom + 1 && row.bottom <= innerHeight + 1;
	});
	assert.ok(inside, "the focused row is hidden");
	await page.keyboard.press("/");
	await page.keyboard.type("7:altered j?");
	assert.equal(await page.inputValue("input[name=q]"), "7:altered j?");
	await page.keyboard.press("Escape");
	assert.equal(await page.inputValue("input[name=q]"), "");
	same_rows(await browser.shown(page), different);
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("?");
	assert.ok(await page.isVisible(".help"));
	await page.keyboard.press("Enter");
	assert.equal(await page.isVisible(".help"), false);
});

with_page("it is a table to assistive technology", {}, async (page) => {
	await page.evaluate(() => document.querySelector(".scroll").scrollIntoView());
	await page.waitForFunction(() => Array.from(document.querySelectorAll(".matrix > tbody > tr:not(.u)")).slice(0, 20)
		.every((tr) => tr.cells[1].checkVisibility({ contentVisibilityAuto: true })));
	const session = await page.context().newCDPSession(page);
	const { nodes } = await session.send("Accessibility.getFullAXTree");
	const heads = nodes.filter((node) => !node.ignored && node.role?.value === "rowheader").map((node) => node.name.value);
	for (const key of different.slice(0, 20))
		assert.ok(heads.some((head) => head.endsWith(` ${key.replace("/", " ")}`)), `${key} is no row header: ${heads.slice(0, 20)}`);
	const roles = nodes.filter((node) => !node.ignored).map((node) => node.role?.value);
	const count = (role) => roles.filter((one) => one === role).length;
	assert.ok(count("columnheader") >= 5);
	assert.ok(count("row") >= 20 && count("cell") >= 80);
	const unnamed = nodes.filter((node) => !node.ignored && !node.name?.value &&
		["button", "combobox", "searchbox", "checkbox", "link"].includes(node.role?.value));
	assert.deepEqual(unnamed, []);
});

test("without script every difference can be read", async () => {
	const { page, sins, close } = await browser.open(chromium, file, { javaScriptEnabled: false });
	// The test looks from outside: scripts of the page are off.
	assert.equal(await page.isVisible(".controls"), false);
	const summaries = await page.locator(".matrix > tbody > tr > th > details > summary").count();
	assert.equal(summaries, rows.size);
	const key = different[0];
	const row = page.locator(".matrix > tbody > tr", { has: page.locator(`[id="${key}"]`) });
	assert.equal(await row.isVisible(), true);
	await row.locator("summary").click();
	const text = await row.innerText();
	for (const outcome of rows.get(key).filter(Boolean))
		for (const [role, label, value] of JSON.parse(outcome)[1])
			assert.ok(text.includes(`${role} ${label}`) && text.includes(value), `${label} = ${value} in ${text}`);
	assert.ok(text.includes(`sockdrill run ${key}`));
	assert.deepEqual(sins, []);
	await close();
});

for (const colorScheme of ["light", "dark"]) {
	with_page(`${colorScheme}: contrasts`, { colorScheme }, async (page) => {
		await page.evaluate(() => document.querySelector(".controls").scrollIntoView());
		await page.$$eval(".matrix > tbody > tr:not(.u) details", (all) => all.slice(0, 5).forEach((one) => { one.open = true; }));
		const { looked, weak } = await browser.weak_contrasts(page, 4.5);
		assert.ok(looked > 200, `looked at ${looked}`);
		assert.deepEqual(weak, []);
		const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
		const was = await paper();
		await page.click("button[name=theme]");
		assert.notEqual(await paper(), was, "the button changes the scheme");
		await page.click("button[name=theme]");
		assert.equal(await paper(), was);
	});
}

test("the schemes differ", async () => {
	const papers = [];
	for (const colorScheme of ["light", "dark"]) {
		const { page, close } = await browser.open(chromium, file, { colorScheme });
		papers.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
		await close();
	}
	assert.notEqual(papers[0], papers[1]);
});

for (const javaScriptEnabled of [true, false]) {
	test(`on a phone nothing is wider than the screen, script ${javaScriptEnabled}`, async () => {
		const { page, sins, close } = await browser.open(chromium, file, {
			javaScriptEnabled, viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, hash: `#${different[0]}` });
		const [scroll, client] = await page.evaluate(() =>
			[document.documentElement.scrollWidth, document.documentElement.clientWidth]);
		assert.equal(client, 360);
		assert.ok(scroll <= 360, `${scroll} px wide`);
		const box = await page.locator(`[id="${different[0]}"]`).boundingBox();
		assert.ok(box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
		assert.deepEqual(sins, []);
		await close();
	});
}

test("printed, nothing is cut", async () => {
	const { page, close } = await browser.open(chromium, file);
	await page.emulateMedia({ media: "print" });
	assert.equal(await page.isVisible(".controls"), false);
	assert.equal(await page.$eval(".scroll", (one) => getComputedStyle(one).overflow), "visible");
	await close();
});
