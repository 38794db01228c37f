// speed_test.mjs -- 20 systems by 3,000 rows: the page's size, at worst too, its first paint, and how long a filter takes to be
// seen.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import * as browser from "./browser.mjs";

// The limits hold on a machine of factor 1: one on which the fixed work below takes `work` milliseconds. A slower machine has
// as much more time, a quicker one has no less. The middle of several rounds is held against them.
const limits = { bytes: 6_000_000, paint: 1000, filter: 100, work: 22 };
const rounds = 5;
let chromium, file;

before(async () => {
	file = browser.compare_page("big.html", browser.make_results("big", 20, 3000, 0.13));
	chromium = await browser.launch();
});
after(() => chromium?.close());

function expect_size(t, page) {
	const { size } = fs.statSync(page);
	t.diagnostic(`${size} bytes`);
	assert.ok(size < limits.bytes, `${size} bytes`);
}

test("size", (t) => expect_size(t, file));

test("size when the systems differ in every row", (t) => {
	expect_size(t, browser.compare_page("worst.html", browser.make_results("worst", 20, 3000, 1)));
});

test("first contentful paint", async (t) => {
	const work = await make_work();
	const times = [];
	const of_work = [];
	for (let i = 0; i < rounds; i++) {
		of_work.push(await work.time());
		const { page, close } = await browser.open(chromium, file);
		times.push(await page.evaluate(() => new Promise((resolve) => {
			new PerformanceObserver((list) => {
				for (const entry of list.getEntriesByName("first-contentful-paint"))
					resolve(entry.startTime);
			}).observe({ type: "paint", buffered: true });
		})));
		await close();
	}
	const limit = limits.paint * factor_of(t, of_work);
	t.diagnostic(`first paint ${times.map(Math.round).join(", ")} ms`);
	assert.ok(browser.median(times) < limit, `${times}`);
	await work.close();
});

// From the change that `change` makes of the page to the first task behind the frame that shows it: milliseconds of the clock.
function time_to_frame(page, change, argument) {
	return page.evaluate(`(new Promise((resolve) => {
		const start = performance.now();
		(${change})(${JSON.stringify(argument)});
		requestAnimationFrame(() => {
			const channel = new MessageChannel();
			channel.port1.onmessage = () => resolve(performance.now() - start);
			channel.port2.postMessage(0);
		});
	}))`);
}

function idle_frame(page) {
	return page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); }));
}

// Of a page at rest: how long a control takes to be seen.
async function timed(page, name, value) {
	await browser.at_rest(page);
	await idle_frame(page);
	return time_to_frame(page, ([control, wanted]) => {
		const element = document.querySelector(`[name=${control}]`);
		if (typeof wanted === "boolean")
			element.checked = wanted;
		else
			element.value = wanted;
		element.dispatchEvent(new Event("input", { bubbles: true }));
	}, [name, value]);
}

// The fixed work, in the same browser: a table that is no part of the page, so that nothing the page does can change it.
async function make_work() {
	const context = await chromium.newContext({ offline: true, viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	await page.setContent(`<style>td { padding: 2px; border: 1px solid }</style>
		<table>${`<tr>${"<td><b>V</b> -1 EINVAL</td>".repeat(20)}</tr>`.repeat(30)}</table>`);
	const show = (hidden) => { document.querySelector("table").hidden = hidden; };
	return {
		async time() {
			await time_to_frame(page, show, true);
			await idle_frame(page);
			return time_to_frame(page, show, false);
		},
		close: () => context.close(),
	};
}

// How much slower the machine was than one of factor 1, by these times of the fixed work.
function factor_of(t, times) {
	const work = browser.median(times);
	const factor = Math.max(1, work / limits.work);
	t.diagnostic(`machine: ${work.toFixed(1)} ms (${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)}) for the ` +
		`work of ${limits.work}: factor ${factor.toFixed(2)}`);
	return factor;
}

const steps = [
	["q", "recv"], ["q", ""], ["area", "recv"], ["area", ""], ["family", "unix"], ["family", ""], ["class", "V"], ["class", ""],
	["system", "3"], ["system", ""], ["all", true], ["q", "eagain"], ["q", ""], ["family", "inet"], ["family", ""], ["all", false],
];

test("filtering", async (t) => {
	const { page, close } = await browser.open(chromium, file);
	await page.evaluate(() => document.querySelector(".scroll").scrollIntoView());
	const work = await make_work();
	const times = new Map(steps.map((step) => [step, []]));
	const of_work = [];
	for (let round = 0; round < rounds; round++) {
		for (const step of steps) {
			// In front of every step: other programs come and go, and slow down the one like the other.
			of_work.push(await work.time());
			times.get(step).push(await timed(page, ...step));
		}
	}
	const limit = limits.filter * factor_of(t, of_work);
	for (const [step, all] of times)
		t.diagnostic(`${step.join(" ")}: median ${Math.round(browser.median(all))} ms of ${Math.round(limit)}`);
	for (const [step, all] of times)
		assert.ok(browser.median(all) < limit, `${step.join(" ")}: ${all.map(Math.round)} ms, limit ${Math.round(limit)}`);
	await work.close();
	await close();
});

test("sorting", async (t) => {
	const { page, close } = await browser.open(chromium, file);
	for (const by of ["outcomes", "3", "name", ""])
		t.diagnostic(`by ${by || "the order written"}: ${Math.round(await timed(page, "sort", by))} ms`);
	await close();
});
