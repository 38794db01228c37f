// hostile_test.mjs -- results files that nobody vouches for: whatever they hold is text on the page, and nothing else.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import * as browser from "./browser.mjs";

const evil = [
	"<script>alert(1)</script>",
	"\"><img src=x onerror=alert(2)>",
	"'><svg onload=alert(3)>",
	"</style></script></title><script>alert(4)</script>",
	"</summary></details></table><iframe src=https://example.org/></iframe>",
	"<!--",
	"]]>&lt;&#60;script&#62;",
	"javascript:alert(5)",
	"a\\x00b\u0007\u001b[31m",
	"\u202egnp.exe \u2066isolate \u200bzero\ufeff",
	"&area=x#y%zz%3Cscript%3E",
	"${alert(6)}{{7*7}}",
];

function hostile_file(name, shift) {
	const head = { type: "run", schema: 1, tool: "sockdrill 0.1.0", stack: shift ? "<b>x" : "\"'<i>", sysname: "<u>OS</u>",
		release: "<script>", machine: "\"onload=", libc: "&amp;", isolation: "none", seed: 1, shard: "1/1" };
	const lines = evil.map((text, i) => ({ type: "result", case: text, family: ["inet", "any"][i % 2], verdict: "fail", ms: 1,
		reason: text, saw: [{ role: "server", label: text, value: evil[(i + shift) % evil.length], want: text, ok: false }],
		server: { stood: text, output: `${text}\n` } }));
	const file = path.join(browser.work, name);
	const end = { type: "end", pass: 0, variant: 0, fail: evil.length, skip: 0, broken: 0, timeout: 0, flaky: 0, ms: 1 };
	fs.writeFileSync(file, [head, ...lines, end].map((line) => JSON.stringify(line)).join("\n") + "\n");
	return file;
}

let chromium, pages;

before(async () => {
	const files = [hostile_file("evil0.jsonl", 0), hostile_file("evil1.jsonl", 1)];
	pages = [browser.compare_page("evil.html", files), browser.run_page("evil_run.html", files[0])];
	chromium = await browser.launch();
});
after(() => chromium?.close());

test("nothing is asked for, nothing runs, nothing is made of the texts", async () => {
	for (const file of pages) {
		const { page, sins, close } = await browser.open(chromium, file);
		assert.equal(await page.locator(".matrix > tbody > tr:not(.group)").count(), evil.length);
		await page.$$eval("details", (all) => all.forEach((one) => { one.open = true; }));
		for (const text of evil)
			await page.fill("input[name=q]", text);
		await page.fill("input[name=q]", "");
		for (const link of await page.$$eval(".repeat a", (all) => all.map((one) => one.getAttribute("href")))) {
			await page.evaluate((hash) => { location.hash = hash; }, link);
			const opened = await page.evaluate((id) => document.getElementById(id) !== null, link.slice(1));
			assert.ok(opened, link);
		}
		assert.equal(await page.locator("img, svg, iframe, b b, object, embed, link, body script").count(), 0);
		assert.equal(await page.locator(".repeat code").count(), 0, "a command made of a stranger's words");
		const names = await page.$$eval("summary", (all) => all.map((one) => one.firstChild.data));
		assert.ok(names.some((name) => name.includes("<script>alert(1)</script>")), names.join("\n"));
		assert.doesNotMatch(await page.content(), /[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u0000-\u0008]/);
		assert.match(await page.innerText("body"), /\\u202egnp\.exe/);
		assert.deepEqual(sins, []);
		await close();
	}
});

// The second wall: had the escaping a hole, the policy would hold.
test("the policy lets no other script and no other style in", async () => {
	for (const file of pages) {
		const broken = `${file}.broken.html`;
		fs.writeFileSync(broken, fs.readFileSync(file, "utf8").replace("<main>",
			"<main><script>document.title = 'caught'</script><p id=p style='color: red' onclick=alert(1)>x</p>" +
			"<img src='https://example.org/x.png'><style>body { color: red }</style>"));
		const { page, sins, close } = await browser.open(chromium, broken);
		assert.notEqual(await page.title(), "caught");
		assert.notEqual(await page.$eval("#p", (p) => getComputedStyle(p).color), "rgb(255, 0, 0)");
		await page.click("#p");
		const refused = sins.filter((sin) => sin.includes("Content Security Policy"));
		assert.ok(refused.length >= 4, sins.join("\n"));
		// The browser tells of what it refuses before it is sent.
		assert.deepEqual(sins.filter((sin) => /^(request|refused|dialog)/.test(sin)).sort(),
			["refused https://example.org/x.png csp", "request https://example.org/x.png"]);
		assert.ok(await page.isVisible(".controls"), "its own script runs");
		await close();
	}
});
