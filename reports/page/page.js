// page.js -- what the pages can do with a script: filter, sort, fold, link, keyboard. The rows are the document's own; nothing
// is made here but options and buttons.
"use strict";
(() => {
	const root = document.documentElement;
	const order = "VNDAFTBKU-SPC"; // of letters, the most alarming first, when rows are sorted by a system's class
	const text_keys = ["q", "area", "family", "class", "system", "sort"];

	// In front of the first paint: unanimous rows are folded, unless the address wants them.
	root.classList.add("js");
	root.classList.toggle("all", parse_hash().all);
	try {
		root.dataset.theme = localStorage.getItem("sockdrill theme") ?? "";
	} catch {
		// Without storage the system's choice stands.
	}

	// "#case/family&q=text&class=V": the name of one behaviour, and the state of the controls; either may be missing.
	function parse_hash() {
		const state = { link: "", all: false };
		for (const part of location.hash.slice(1).split("&")) {
			const at = part.indexOf("=");
			const key = part.slice(0, Math.max(at, 0));
			if (at < 0)
				state.link ||= decode(part);
			else if (key === "all")
				state.all = part === "all=1";
			else if (text_keys.includes(key))
				state[key] = decode(part.slice(at + 1));
		}
		return state;
	}

	function decode(text) {
		try {
			return decodeURIComponent(text);
		} catch {
			return text; // of a hand that wrote a lone %
		}
	}

	function area_of(name) {
		return name.split("_", 1)[0];
	}

	function read_row(tr) {
		const summary = tr.querySelector("summary");
		const name = summary.firstChild.data.trim();
		const family = summary.querySelector("i")?.textContent ?? "";
		return { tr, summary, name, family, area: area_of(name), unanimous: tr.className === "u", body: tr.parentNode,
			fits: true, hidden: false, letters: null, text: null };
	}

	// The class of each system, or of all in one.
	function letters_of(row) {
		const cells = Array.from(row.tr.cells).slice(1);
		row.letters ??= (row.tr.closest(".run") ? cells.slice(0, 1) : cells).map((td) => td.textContent[0]);
		return row.letters;
	}

	function letter_of(row, system) {
		const letters = letters_of(row);
		return letters[letters.length === 1 ? 0 : system];
	}

	// Whether both ran, and not alike: of those that ran, the ones like the first that did have no shade.
	function is_unlike(row, system) {
		const cells = row.tr.cells;
		return cells.length > 2 && !"U-".includes(letter_of(row, 0)) && / g/.test(cells[system + 1].className);
	}

	function outcomes_of(row) {
		const groups = new Set(Array.from(row.tr.cells).slice(1)
			.map((td) => td.className.match(/ g\d/)?.[0] ?? (td.textContent.length > 1 ? "" : null)));
		groups.delete(null);
		return groups.size;
	}

	// What a search looks at: name, claim and source, labels and values; not the command, which has the same words in all.
	function text_of(row) {
		if (row.text === null) {
			const [head, ...cells] = row.tr.cells;
			let end = head.textContent.length;
			for (const repeat of head.querySelectorAll(".repeat"))
				end -= repeat.textContent.length;
			row.text = [head.textContent.slice(0, end), ...cells.map((td) => td.textContent)].join("\n").toLowerCase();
		}
		return row.text;
	}

	// ---- The page ----

	function start() {
		const form = document.querySelector(".controls");
		const tables = Array.from(document.querySelectorAll(".matrix"));
		const rows = Array.from(document.querySelectorAll(".matrix > tbody > tr:not(.group)"), read_row);
		const scroller = document.querySelector(".scroll");
		const compares = scroller !== null;
		const systems = compares ? Array.from(tables[0].tHead.rows[0].cells, (th) => th.textContent).slice(1) : [];
		const bodies = tables.flatMap((table) => Array.from(table.tBodies));
		const sections = document.querySelectorAll(".results");
		const numbers = new Intl.NumberFormat("en");
		const written = [...rows];
		const controls = form.elements;
		const output = form.querySelector("output");
		const help = document.querySelector(".help");
		let sorted = "";
		let later = 0, show_late = () => {};
		let writes = 0;

		// ---- Filters ----

		function makes_test() {
			const words = controls.q.value.toLowerCase().split(/\s+/).filter(Boolean);
			const area = controls.area.value, family = controls.family.value;
			const letter = controls.class.value, chosen = controls.system.value;
			const system = chosen === "" ? -1 : Number(chosen);
			const unlike = system > 0 && !letter && !controls.all.checked;
			return (row) =>
				(!area || row.area === area) &&
				(!family || row.family === family) &&
				(!unlike || is_unlike(row, system)) &&
				(!letter || (system < 0 ? letters_of(row).includes(letter) : letter_of(row, system) === letter)) &&
				words.every((word) => text_of(row).includes(word));
		}

		function filter() {
			const fits = makes_test();
			const all = controls.all.checked;
			const counts = new Map(bodies.map((body) => [body, 0]));
			let shown = 0, folded = 0;
			for (const row of rows) {
				row.fits = fits(row);
				if (visible(row)) {
					counts.set(row.body, counts.get(row.body) + 1);
					shown++;
				} else if (row.fits) {
					folded++;
				}
			}
			root.classList.toggle("all", all);
			show_bodies(counts);
			for (const section of sections)
				section.hidden = !bodies.some((body) => counts.get(body) && section.contains(body));
			tell(shown, folded);
		}

		// What the window has room for is shown in this frame, all below it right behind: hundreds of cells that
		// nobody sees yet must not keep those waiting that are seen. The matrix has been scrolled to its top then.
		// Rows of a body of which none is shown stay as they are: it is skipped as a whole.
		function show_bodies(counts) {
			const room = compares ? innerHeight / 28 : Infinity;
			const late = new Set();
			const now = new Set();
			let above = 0;
			clearTimeout(later);
			for (const [body, count] of counts) {
				const state = !count ? "none" : above < room ? "" : "late";
				if (state !== "none")
					(state ? late : now).add(body);
				if (body.className !== state)
					body.className = state;
				body.style.setProperty("--shown", count);
				above += count;
			}
			show_rows(now);
			show_late = () => {
				show_rows(late);
				for (const body of late)
					body.className = "";
				late.clear();
			};
			requestAnimationFrame(() => { later = setTimeout(show_late); });
		}

		// Hides and shows the rows of these bodies as they fit.
		function show_rows(chosen) {
			for (const row of rows)
				if (row.hidden === row.fits && chosen.has(row.body))
					row.tr.hidden = row.hidden = !row.fits;
		}

		function tell(shown, folded) {
			output.textContent = `${numbers.format(shown)} of ${numbers.format(rows.length)} behaviours shown` +
				(folded ? `; ${numbers.format(folded)} more fit, on which all systems agree` : "");
			controls.more.hidden = !folded;
		}

		// ---- Order ----

		function comparator(by) {
			const by_name = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
			if (by === "name")
				return by_name;
			const weigh = by === "outcomes" ? (row) => -outcomes_of(row)
				: (row) => order.indexOf(letter_of(row, Number(by)));
			const weights = new Map(rows.map((row) => [row, weigh(row)]));
			return (a, b) => weights.get(a) - weights.get(b) || by_name(a, b);
		}

		function sort() {
			const by = controls.sort.value;
			if (by === sorted)
				return;
			sorted = by;
			// Of a single run every section keeps its rows, and those of a reason stay together.
			const sorts = by ? comparator(by) : null;
			const place = new Map(written.map((row, i) => [row, i]));
			rows.sort(sorts ?? ((a, b) => place.get(a) - place.get(b)));
			for (const table of tables)
				deal(table, rows.filter((row) => row.tr.closest(".matrix") === table));
			show_order(by);
		}

		// The rows go to the bodies in their order, each as many as it has.
		function deal(table, ordered) {
			if (table.querySelector(".group")) {
				for (const row of ordered)
					row.body.append(row.tr);
				return;
			}
			const sizes = Array.from(table.tBodies, (body) => body.rows.length);
			let next = 0;
			sizes.forEach((size, i) => {
				const dealt = ordered.slice(next, next + size);
				table.tBodies[i].append(...dealt.map((row) => row.tr));
				for (const row of dealt)
					row.body = table.tBodies[i];
				next += size;
			});
		}

		function show_order(by) {
			for (const table of compares ? tables : []) {
				Array.from(table.tHead.rows[0].cells).forEach((th, i) => {
					th.removeAttribute("aria-sort");
					if (i ? by === String(i - 1) : by === "name")
						th.setAttribute("aria-sort", i ? "other" : "ascending");
				});
			}
		}

		// ---- State and address ----

		function write_hash(link) {
			const parts = link ? [encodeURIComponent(link).replaceAll("%2F", "/")] : [];
			for (const key of text_keys) {
				const value = key === "system" && controls.system.value !== ""
					? systems[controls.system.value] : controls[key].value;
				if (value)
					parts.push(`${key}=${encodeURIComponent(value)}`);
			}
			if (controls.all.checked)
				parts.push("all=1");
			history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.href.replace(/#.*/, "#"));
		}

		function restore() {
			clearTimeout(writes);
			const state = parse_hash();
			for (const key of text_keys)
				controls[key].value = state[key] ?? "";
			controls.system.value = String(state.system ? systems.indexOf(state.system) : "");
			if (controls.system.selectedIndex < 0)
				controls.system.value = "";
			for (const select of form.querySelectorAll("select"))
				if (select.selectedIndex < 0)
					select.value = "";
			controls.all.checked = state.all;
			sort();
			filter();
			if (state.link)
				go_to(state.link);
		}

		function changed() {
			if (scroller)
				scroller.scrollTop = 0;
			sort();
			filter();
			// Browsers refuse an address that changes with every key.
			clearTimeout(writes);
			writes = setTimeout(write_hash, 150, "");
		}

		// Opens the behaviour of that name, or name and family, and brings it into view, whatever the filters say.
		// The matrix scrolls in a frame of its own: with the row, its head is to be seen, too.
		function show(row, block) {
			row.tr.scrollIntoView({ block, inline: "nearest" });
			scroller?.scrollIntoView({ block: "nearest" });
		}

		function go_to(link) {
			const row = rows.find((one) => `${one.name}/${one.family}` === link) ??
				rows.find((one) => one.name === link);
			if (!row)
				return;
			if (row.unanimous && !controls.all.checked) {
				controls.all.checked = true;
				filter();
			}
			show_late();
			if (!row.fits) {
				row.fits = true;
				show_rows(new Set([row.body]));
				row.body.className = "";
				row.body.style.setProperty("--shown", 1);
				row.tr.closest("section").hidden = false;
			}
			row.summary.parentNode.open = true;
			row.tr.classList.add("here");
			show(row, "start");
			row.summary.focus({ preventScroll: true });
		}

		// ---- Keyboard ----

		function visible(row) {
			return row.fits && (!row.unanimous || controls.all.checked);
		}

		function step(by) {
			const here = rows.findIndex((row) => row.tr.contains(document.activeElement));
			let at = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
			while (at >= 0 && at < rows.length && !visible(rows[at]))
				at += by;
			if (!rows[at])
				return;
			show_late();
			rows[at].summary.focus({ preventScroll: true });
			show(rows[at], "nearest");
		}

		function clear() {
			form.reset();
			changed();
		}

		const keys = {
			"/": () => {
				controls.q.focus();
				controls.q.select();
			},
			"?": () => help.showModal(),
			j: () => step(1),
			k: () => step(-1),
			ArrowDown: () => step(1),
			ArrowUp: () => step(-1),
			Escape: clear,
		};

		function pressed(event) {
			const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
			const arrow = event.key.startsWith("Arrow");
			if (help.open || event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(keys, event.key))
				return;
			if (typing && event.key !== "Escape" && !(event.key === "ArrowDown" && event.target === controls.q))
				return;
			// Elsewhere arrows scroll.
			if (arrow && !typing && event.target.tagName !== "SUMMARY")
				return;
			event.preventDefault();
			keys[event.key]();
		}

		// ---- Setting up ----

		function add_option(select, value, text) {
			select.add(new Option(text, value));
		}

		function fill_options() {
			for (const area of [...new Set(rows.map((row) => row.area))].sort())
				add_option(controls.area, area, area);
			for (const family of [...new Set(rows.map((row) => row.family))].filter(Boolean).sort())
				add_option(controls.family, family, family);
			for (const item of document.querySelectorAll(".legend li")) {
				const letter = item.querySelector("b").textContent;
				add_option(controls.class, letter, `${letter} ${item.querySelector("dfn").textContent}`);
			}
			systems.forEach((system, i) => {
				add_option(controls.system, String(i), system);
				add_option(controls.sort, String(i), `by class of ${system}`);
			});
		}

		function make_head_buttons() {
			Array.from(tables[0].tHead.rows[0].cells).forEach((th, i) => {
				const button = document.createElement("button");
				button.type = "button";
				button.append(...th.childNodes);
				th.append(button);
				button.addEventListener("click", () => {
					const by = i ? String(i - 1) : "name";
					controls.sort.value = controls.sort.value === by ? "" : by;
					changed();
				});
			});
		}

		function fit_to_kind() {
			if (compares) {
				make_head_buttons();
				return;
			}
			form.querySelector(".systems").hidden = true;
			form.querySelector(".check").hidden = true;
			controls.sort.remove(2);
			controls.class.previousSibling.data = "Verdict ";
		}

		function change_theme() {
			const dark = getComputedStyle(root).colorScheme === "dark" ||
				(!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
			root.dataset.theme = dark ? "light" : "dark";
			try {
				localStorage.setItem("sockdrill theme", root.dataset.theme);
			} catch {
				// Then it holds for this page only.
			}
		}

		function opened(event) {
			const row = event.target.open && rows.find((one) => one.summary.parentNode === event.target);
			if (row && document.activeElement === row.summary)
				write_hash(row.family ? `${row.name}/${row.family}` : row.name);
		}

		fill_options();
		fit_to_kind();
		form.hidden = false;
		restore();
		form.addEventListener("input", changed);
		form.addEventListener("submit", (event) => event.preventDefault());
		form.addEventListener("reset", () => setTimeout(changed));
		controls.more.addEventListener("click", () => {
			controls.all.checked = true;
			changed();
		});
		controls.theme.addEventListener("click", change_theme);
		controls.help.addEventListener("click", () => help.showModal());
		addEventListener("hashchange", restore);
		// The browser goes to the place of a link by itself when all is loaded, past the matrix's head.
		addEventListener("load", () => requestAnimationFrame(() => {
			if (scroller?.querySelector(":target"))
				scroller.scrollIntoView({ block: "nearest" });
		}));
		addEventListener("keydown", pressed);
		document.addEventListener("toggle", opened, true);
		// What is searched and filtered by is gathered while nobody waits.
		const idle = window.requestIdleCallback ?? setTimeout;
		let next = 0;
		idle(function gather() {
			for (const end = Math.min(next + 100, rows.length); next < end; next++) {
				text_of(rows[next]);
				letters_of(rows[next]);
			}
			if (next < rows.length)
				idle(gather);
		});
	}

	if (document.readyState === "loading")
		addEventListener("DOMContentLoaded", start);
	else
		start();
})();
