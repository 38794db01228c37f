// browser.mjs -- what the tests of the pages share: making results and pages, and a Chromium that has no network.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const sockdrill = process.env.SOCKDRILL ?? "build/sockdrill";
export const work = process.env.PAGE_WORK ?? fs.mkdtempSync("/tmp/sockdrill-page.");
const here = path.dirname(fileURLToPath(import.meta.url));

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];

export function launch() {
	return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
}

// The results of a real run, made once.
export function real_run() {
	const file = path.join(work, "run.jsonl");
	if (!fs.existsSync(file)) {
		// What the run found is not judged here.
		const part = `${file}.${process.pid}`; // test files may run side by side
		const { status } = spawnSync(sockdrill, ["run", "--report", `jsonl:${part}`], { stdio: "ignore" });
		if (status !== 0 && status !== 1)
			throw new Error(`${sockdrill} run: status ${status}`);
		fs.renameSync(part, file);
	}
	return file;
}

// Results of several systems, see make_results.mjs; gives the files.
export function make_results(name, systems, rows, share) {
	const args = [path.join(here, "make_results.mjs"), real_run(), path.join(work, name), systems, rows, share];
	return execFileSync(process.execPath, args.map(String), { encoding: "utf8" }).trim().split("\n");
}

// 0: all as expected, 1: not so; both make the page.
function make_page(name, args) {
	const done = spawnSync(sockdrill, args, { encoding: "utf8" });
	if (done.status !== 0 && done.status !== 1)
		throw new Error(`${sockdrill} ${args.join(" ")}: status ${done.status}: ${done.stderr}`);
	return path.join(work, name);
}

export function compare_page(name, files) {
	return make_page(name, ["compare", "--html", path.join(work, name), ...files]);
}

export function run_page(name, from) {
	return make_page(name, ["report", "--from", from, "--report", `html:${path.join(work, name)}`]);
}

// Opens the page in a context of its own. What it should never do is counted: requests beyond the page, dialogs, errors,
// and what its policy forbade.
export async function open(browser, file, { hash = "", ...options } = {}) {
	const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage();
	const sins = [];
	page.on("request", (request) => {
		if (!request.isNavigationRequest() || !request.url().startsWith(`file://${file}`))
			sins.push(`request ${request.url()}`);
	});
	page.on("requestfailed", (request) => sins.push(`refused ${request.url()} ${request.failure().errorText}`));
	page.on("dialog", (dialog) => {
		sins.push(`dialog ${dialog.message()}`);
		dialog.dismiss();
	});
	page.on("pageerror", (error) => sins.push(`error ${error}`));
	page.on("console", (message) => sins.push(`console ${message.text()}`));
	await page.goto(`file://${file}${hash}`);
	return { page, sins, close: () => context.close() };
}

// Rows below the window come a frame later than the others: waits until all are there.
export function at_rest(page) {
	return page.waitForFunction(() => !document.querySelector(".matrix > tbody.late"));
}

// The names of the rows that are shown, with their families: "name/inet".
export async function shown(page) {
	await at_rest(page);
	return page.evaluate(() => Array.from(document.querySelectorAll(".matrix > tbody > tr:not(.group)"))
		.filter((tr) => tr.checkVisibility())
		.map((tr) => tr.querySelector("summary").textContent.replace(" ", "/")));
}

// The text colours in use whose contrast with what lies behind them is below `least`, as lines.
export function weak_contrasts(page, least) {
	return page.evaluate((limit) => {
		const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
		const weak = new Map();
		const known = new Map();
		const rgba = (color) => {
			if (!known.has(color)) {
				pen.clearRect(0, 0, 1, 1);
				pen.fillStyle = color;
				pen.fillRect(0, 0, 1, 1);
				known.set(color, Array.from(pen.getImageData(0, 0, 1, 1).data));
			}
			return known.get(color);
		};
		const over = (top, under) => top.slice(0, 3).map((c, i) => (c * top[3] + under[i] * (255 - top[3])) / 255);
		const behind = (element) => {
			const layers = [];
			for (let at = element; at; at = at.parentElement)
				layers.push(rgba(getComputedStyle(at).backgroundColor));
			return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
		};
		const luminance = (rgb) => rgb.map((c) => c / 255)
			.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
			.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
		let looked = 0;
		for (const element of document.body.querySelectorAll("*")) {
			const has_text = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
			if (!has_text || !element.checkVisibility({ contentVisibilityAuto: true }))
				continue;
			const back = behind(element);
			const fore = over(rgba(getComputedStyle(element).color), back);
			const [light, dark] = [luminance(fore), luminance(back)].sort((a, b) => b - a);
			const contrast = (light + 0.05) / (dark + 0.05);
			looked++;
			if (contrast < limit)
				weak.set(`${element.tagName}.${element.className}`, contrast.toFixed(2));
		}
		return { looked, weak: Array.from(weak, ([name, contrast]) => `${name} ${contrast}`) };
	}, least);
}

export function median(numbers) {
	const sorted = numbers.toSorted ? numbers.toSorted((a, b) => a - b) : [...numbers].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}
