// valid_test.mjs -- the pages are HTML as HTML Tidy knows it, and every identifier is there once.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { test } from "node:test";
import * as browser from "./browser.mjs";

// Younger than Tidy's tables.
const unknown_to_it = /proprietary attribute "aria-keyshortcuts"|attribute "method" has invalid value "dialog"/;

test("valid HTML", () => {
	const files = browser.make_results("valid", 3, 200, 0.3);
	for (const file of [browser.compare_page("valid.html", files), browser.run_page("valid_run.html", files[1])]) {
		const done = spawnSync("tidy", ["-quiet", "-errors", "-utf8", "--drop-empty-elements", "no", file], { encoding: "utf8" });
		assert.equal(done.error, undefined);
		assert.ok(done.status <= 1, done.stderr);
		const found = done.stderr.split("\n").filter((line) => line && !unknown_to_it.test(line));
		assert.deepEqual(found, []);
		const ids = Array.from(fs.readFileSync(file, "utf8").matchAll(/ id="([^"]*)"/g), (match) => match[1]);
		assert.equal(new Set(ids).size, ids.length);
	}
});
