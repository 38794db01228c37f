// oracle.mjs -- what a page of these results files must show, worked out from the files alone.
import fs from "node:fs";

function outcome_of(result) {
	if (result.verdict === "skip")
		return null;
	const kind = ["variant", "fail"].includes(result.verdict) ? "pass" : result.verdict;
	return JSON.stringify([kind, result.saw.map((one) => [one.role, one.label, one.value])]);
}

export function results_of(file) {
	return fs.readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line))
		.filter((line) => line.type === "result");
}

export function key_of(result) {
	return result.family === "any" ? result.case : `${result.case}/${result.family}`;
}

// By "name/family": the outcome of every system, in the order of the files; a skip has none.
export function outcomes(files) {
	const rows = new Map();
	files.forEach((file, system) => {
		for (const result of results_of(file)) {
			const key = key_of(result);
			if (!rows.has(key))
				rows.set(key, new Array(files.length).fill(null));
			rows.get(key)[system] = outcome_of(result);
		}
	});
	return rows;
}

// The rows on which those that ran do not agree.
export function differing(rows) {
	return Array.from(rows).filter(([, all]) => new Set(all.filter(Boolean)).size > 1).map(([key]) => key);
}
