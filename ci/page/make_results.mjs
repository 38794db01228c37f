// make_results.mjs -- results files of many systems, made from one real run: for pages as big as they may become.
//
// usage: node make_results.mjs RUN.jsonl DIRECTORY SYSTEMS ROWS SHARE
//
// The rows are the run's results under further families and, when that is not enough, further names. SHARE (0 to 1) of them
// differ between the systems: some of these get another value of each role, a skip or a time-out. Nothing is random: the same call
// makes the same files.
import fs from "node:fs";
import path from "node:path";

const families = ["inet", "inet6", "unix", "any"];
const values = ["-1 EINVAL", "-1 EOPNOTSUPP", "0", "7:altered"];

// A number from 0 to 1 for each pair of texts.
function share_of(...words) {
	let hash = 2166136261;
	for (const byte of Buffer.from(words.join("\0")))
		hash = Math.imul(hash ^ byte, 16777619);
	hash ^= hash >>> 15;
	hash = Math.imul(hash, 0x2c1b3c6d);
	hash ^= hash >>> 12;
	return (hash >>> 0) / 2 ** 32;
}

// Results of every case under every family, then under other names, until there are enough.
function multiply(results, rows) {
	const made = [];
	const taken = new Set();
	for (let round = 0; made.length < rows; round++) {
		for (const result of results) {
			for (const family of round ? families : [result.family]) {
				const name = round < 2 ? result.case : `${result.case}_again_${round}`;
				const key = `${name}/${family}`;
				if (taken.has(key) || made.length === rows)
					continue;
				taken.add(key);
				made.push({ ...result, case: name, family });
			}
		}
	}
	return made;
}

function alter(result, system) {
	const key = `${result.case}/${result.family}`;
	const kind = share_of("kind", key, system);
	if (kind < 0.6 || !result.saw.length)
		return result;
	if (kind < 0.65)
		return { ...result, verdict: "skip", reason: "the system does not know SO_FOO", saw: [] };
	if (kind < 0.7)
		return { ...result, verdict: "timeout", reason: "after 2000 ms: server in accept(fd 3)", saw: [] };
	const altered = new Map();
	for (const role of ["server", "client"]) {
		const mine = result.saw.filter((one) => one.role === role);
		const value = values[Math.floor(share_of("value", key, system, role) * values.length)];
		altered.set(mine[Math.floor(share_of("which", key, role) * mine.length)], { value, ok: false });
	}
	return { ...result, saw: result.saw.map((one) => ({ ...one, ...altered.get(one) })) };
}

function write_system(head, rows, system, share, directory) {
	const name = `stack${String(system).padStart(2, "0")}`;
	const counts = { pass: 0, variant: 0, fail: 0, skip: 0, broken: 0, timeout: 0, flaky: 0 };
	const lines = [JSON.stringify({ ...head, stack: system ? name : head.stack })];
	for (const row of rows) {
		const differs = share_of("differs", row.case, row.family) < share;
		const result = system && differs ? alter(row, system) : row;
		counts[result.verdict]++;
		lines.push(JSON.stringify(result));
	}
	lines.push(JSON.stringify({ type: "end", ...counts, ms: 3000 }));
	const file = path.join(directory, `${name}.jsonl`);
	fs.writeFileSync(file, lines.join("\n") + "\n");
	return file;
}

const [from, directory, systems, rows, share] = process.argv.slice(2);
const lines = fs.readFileSync(from, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const results = lines.filter((line) => line.type === "result");
const multiplied = multiply(results, Number(rows));
fs.mkdirSync(directory, { recursive: true });
for (let system = 0; system < Number(systems); system++)
	console.log(write_system(lines[0], multiplied, system, Number(share), directory));
