// tap_test.mjs -- what tap-parser, the reader of TAP in npm, understands of both versions is what the results file says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Parser } from "tap-parser";
import { sockdrill, work } from "./browser.mjs";

// Cases that pass, are skipped (without isolation) and time out (a limit of a hundredth), with their calls.
const selection = ["recv_zero_on_orderly_close", "listen_*", "--isolation", "none", "--timeout-multiplier", "0.01", "--trace",
	"fail"];

function parse(text) {
	const tests = [], extra = [];
	let end;
	const parser = new Parser({ strict: true }, (results) => end = results);
	parser.on("assert", (one) => tests.push(one));
	parser.on("extra", (line) => extra.push(line));
	parser.end(text);
	return { tests, extra, end };
}

// Runs with the options; gives the results and what was read of their TAP.
function run(name, format, options) {
	const [results, tap] = [path.join(work, `${name}.jsonl`), path.join(work, `${name}.${format}`)];
	const done = spawnSync(sockdrill, ["run", ...options, "--report", `jsonl:${results}`, "--report", `${format}:${tap}`],
		{ encoding: "utf8" });
	assert.ok(done.status === 0 || done.status === 1, done.stderr);
	const lines = fs.readFileSync(results, "utf8").trim().split("\n").map((line) => JSON.parse(line));
	return { results: lines.filter((line) => line.type === "result"), ...parse(fs.readFileSync(tap, "utf8")) };
}

for (const format of ["tap", "tap14"])
	test(`${format}: every result is read as it was written`, () => {
		const { results, tests, extra, end } = run("every", format, selection);
		assert.equal(tests.length, results.length);
		assert.deepEqual(extra, []);
		assert.deepEqual(end.failures.filter((one) => one.tapError), []);
		assert.equal(end.plan.end, results.length);
		let failed = 0, skipped = 0, traced = 0;
		results.forEach((result, i) => {
			const good = ["pass", "variant", "skip"].includes(result.verdict);
			assert.equal(tests[i].name, `${result.case}/${result.family}`);
			assert.equal(tests[i].ok, good, tests[i].name);
			assert.equal(Boolean(tests[i].skip), result.verdict === "skip", tests[i].name);
			if (result.verdict === "skip")
				assert.equal(tests[i].skip, result.reason);
			skipped += result.verdict === "skip";
			if (good)
				return;
			failed++;
			assert.equal(tests[i].diag.verdict, result.verdict);
			assert.equal(tests[i].diag.reason, result.reason);
			assert.match(tests[i].diag.observations, /server /);
			traced += /^\|.*server/.test(tests[i].diag.calls ?? "");
		});
		assert.ok(failed > 0 && skipped > 0 && traced > 0, `${failed} failed, ${skipped} skipped, ${traced} traced`);
		assert.equal(end.fail, failed);
		assert.equal(end.ok, false);
	});

test("a run that is cut short bails out", () => {
	const baseline = path.join(work, "cut.expect");
	fs.writeFileSync(baseline, "*/*/* recv_sa_restart/inet fail it is the first\n");
	const { end } = run("cut", "tap", ["recv_*", "-j", "1", "--fail-fast", "--expect", baseline]);
	const [, missing, planned] = /^ended by --fail-fast, (\d+) of (\d+) not run$/.exec(end.bailout);
	assert.equal(planned - missing, 1);
	assert.equal(end.count, 1);
});
