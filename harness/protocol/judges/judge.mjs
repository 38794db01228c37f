// judge.mjs -- what the judges in JavaScript share: inputs, the judged program, and the table of known differences.
import { spawnSync } from "node:child_process";

// Random numbers that are the same in every run: mulberry32. Gives a function of n: 0 to n - 1.
export function numbers(seed) {
	let state = seed;
	return (n) => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % n;
	};
}

export function pick(random, list) {
	return list[random(list.length)];
}

// Changes a text (one character a byte) in one to three places; `pieces` are what is put in.
export function mutate(random, text, pieces) {
	for (let changes = 1 + random(3); changes > 0; changes--) {
		const at = random(text.length + 1);
		const end = Math.min(text.length, at + 1 + random(3));
		const byte = String.fromCharCode(random(256));
		const put = pick(random, ["", byte, pick(random, pieces), pick(random, pieces)]);
		const kept = pick(random, [at, at, end]);
		text = text.slice(0, at) + put + text.slice(kept);
	}
	return text;
}

// One line for each input (texts of one character a byte) from the program that judged.c is.
export function judged(program, parser, inputs) {
	const messages = inputs.map((input) => {
		const bytes = Buffer.from(input, "latin1");
		const header = Buffer.alloc(4);
		header.writeUInt32LE(bytes.length);
		return Buffer.concat([header, bytes]);
	});
	const run = spawnSync(program, [parser], {
		input: Buffer.concat(messages),
		maxBuffer: 1 << 30,
		encoding: "latin1",
	});
	if (run.status !== 0)
		throw new Error(`${program} ${parser} ended with ${run.status}: ${run.stderr}${run.error ?? ""}`);
	const lines = run.stdout.split("\n").slice(0, -1);
	if (lines.length !== inputs.length)
		throw new Error(`${inputs.length} inputs, but ${lines.length} lines`);
	return lines;
}

// Judges every input: compare(input, line) gives null when both agree, the row of the table that explains the
// difference, or a text that tells it. Ends the process: 1 when something is unexplained or a row explains nothing.
export function verdict(inputs, lines, table, compare) {
	const hits = new Map(table.map((row) => [row, 0]));
	let agreed = 0;
	let unexplained = 0;
	inputs.forEach((input, i) => {
		const found = compare(input, lines[i]);
		if (found === null)
			agreed++;
		else if (hits.has(found))
			hits.set(found, hits.get(found) + 1);
		else if (++unexplained <= 20)
			console.log(`unexplained: ${JSON.stringify(input)}\n  ${found}`);
	});
	for (const [row, count] of hits)
		console.log(`${String(count).padStart(6)}  ${row.class}: we ${row.we}; they ${row.they}: ${row.why}`);
	const idle = [...hits].filter(([, count]) => count === 0);
	for (const [row] of idle)
		console.log(`never seen: "${row.class}": remove it from the table, or generate it`);
	console.log(`${inputs.length} inputs: ${agreed} agreed, ${unexplained} unexplained`);
	process.exit(unexplained || idle.length ? 1 : 0);
}
