// url_judge.mjs -- judges url_parse() and url_normalise() by the URL class, which is the WHATWG's standard.
// usage: url_judge.mjs JUDGED
// The standard has other aims than RFC 3986: it takes what people type. Where they differ by design a row tells.
import { judged, mutate, numbers, pick, verdict } from "./judge.mjs";

const SPECIAL = new Set(["http", "https", "ws", "wss", "ftp", "file"]);

const scheme = (input) => input.slice(0, input.indexOf(":")).toLowerCase();
const authority = (input) => /^[^:]*:\/\/([^/?#]*)/.exec(input)?.[1];
const host = (input) => authority(input)?.replace(/^.*@/, "").replace(/:\d*$/, "") ?? "";
const isSpecial = (input) => SPECIAL.has(scheme(input));

const escapes = (text) =>
	text.replace(/%([0-9a-f]{2})/gi, (whole, hex) => {
		const char = String.fromCharCode(parseInt(hex, 16));
		return /[A-Za-z0-9._~-]/.test(char) ? char : whole.toUpperCase();
	});

// Verdicts: the one takes what the other refuses, or another thing was understood.
const VERDICTS = [
	{
		class: "white space and control characters at the ends, tab and newline anywhere",
		we: "refuse",
		they: "strip them",
		why: "RFC 3986 has no white space",
		when: (input, we) => !we.taken && /[\t\n\r]|^[\0- ]|[\0- ]$/.test(input),
	},
	{
		class: "a backslash in a special scheme",
		we: "refuse",
		they: "take it for a slash",
		why: "RFC 3986 has no backslash",
		when: (input, we) => !we.taken && input.includes("\\") && isSpecial(input),
	},
	{
		class: "other bytes outside of RFC 3986's characters, a second # or @, or brackets that hold no host",
		we: "refuse",
		they: "percent-encode or leave them",
		why: "the grammar allows a part's own characters only",
		when: (input, we) =>
			!we.taken &&
			(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/?#[\]%]|#.*#|:\/\/[^/?#]*@[^/?#]*@/.test(input) ||
				/[[\]]/.test(input.replace(/^[^:]*:\/\/([^/?#@[\]]*@)?\[[^/?#@[\]]*\](:\d*)?(?=[/?#]|$)/, ""))),
	},
	{
		class: "a percent sign without two digits",
		we: "refuse",
		they: "leave it",
		why: "RFC 3986 section 2.1",
		when: (input, we) => !we.taken && /%(?![0-9a-f]{2})/i.test(input),
	},
	{
		class: "a special scheme without // or with an empty authority",
		we: "take it as it is written",
		they: "look for the host behind any number of slashes",
		why: "RFC 3986 has no special schemes",
		when: (input) => isSpecial(input) && !authority(input),
	},
	{
		class: "file",
		we: "treat it as any scheme",
		they: "know drive letters and no ports, and drop localhost",
		why: "that is RFC 8089's matter",
		when: (input, we) => we.taken && scheme(input) === "file",
	},
	{
		class: "an empty host beside userinfo or port",
		we: "take it",
		they: "refuse it",
		why: "reg-name may be empty in RFC 3986",
		when: (input, we, they) => we.taken && !they.taken && authority(input) && host(input) === "",
	},
	{
		class: "a host of a future kind in brackets",
		we: "take it",
		they: "refuse it",
		why: "IPvFuture of RFC 3986",
		when: (input, we, they) => we.kind === "future" && !they.taken,
	},
	{
		class: "a special scheme's host whose last label is a number, but which is no IPv4 address",
		we: "take it for a name",
		they: "refuse it, or find an address of fewer, octal or hexadecimal numbers",
		why: "RFC 3986 section 3.2.2: what is no IPv4address is a reg-name",
		when: (input, we) =>
			we.kind === "name" && isSpecial(input) &&
			/(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(escapes(host(input))),
	},
	{
		class: "a special scheme's host with percent-encodings that no domain has, or that IDNA refuses or changes",
		we: "leave it as the name that it is",
		they: "decode it and ask IDNA",
		why: "RFC 3986 leaves to the scheme what names it knows",
		when: (input, we) =>
			we.kind === "name" && isSpecial(input) && /%|xn--/i.test(escapes(host(input))),
	},
];

// Spellings: the same thing was understood and is written in another way. Each changes what they or we wrote.
const SPELLINGS = [
	{
		class: "percent-encodings",
		we: "write them in upper case, and only where needed",
		they: "leave them as they are",
		why: "RFC 3986 section 6.2.2.1 and 6.2.2.2",
		theirs: escapes,
	},
	{
		class: "upper case in the host of a scheme that is not special",
		we: "write lower case",
		they: "leave it",
		why: "RFC 3986 section 6.2.2.1: hosts do not depend on case",
		theirs: (text) =>
			text.replace(/^([^:]*:\/\/(?:[^/?#]*@)?)([^/?#]*)/, (whole, before, name) =>
				before + name.replace(/%..|[A-Z]/g, (c) => (c[0] === "%" ? c : c.toLowerCase()))),
	},
	{
		class: "an empty path behind the authority of a scheme that is not special",
		we: "write /",
		they: "leave it",
		why: "RFC 3986 section 6.2.3",
		theirs: (text) => text.replace(/^([^:]*:\/\/[^/?#]*)(?=[?#]|$)/, "$1/"),
	},
	{
		class: "an empty password or an empty userinfo",
		we: "leave it",
		they: "remove it",
		why: "RFC 3986 does not know passwords",
		ours: (text) => text.replace(/^([^:]*:\/\/)([^:/?#@]*):?@/, (whole, before, user) => before + user + (user && "@")),
	},
	{
		class: "\"=\", \";\" and a second colon in a userinfo",
		we: "leave them",
		they: "percent-encode them",
		why: "RFC 3986 allows them there",
		ours: (text) =>
			text.replace(/^([^:]*:\/\/)([^/?#@:]*)(:?)([^/?#@]*)@/, (whole, before, user, colon, password) => {
				const encode = (part) => part.replace(/[:;=]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
				return before + encode(user) + colon + encode(password) + "@";
			}),
	},
	{
		class: "an apostrophe in the query of a special scheme",
		we: "leave it",
		they: "percent-encode it",
		why: "RFC 3986 allows it there",
		ours: (text) =>
			isSpecial(text) ? text.replace(/\?[^#]*/, (query) => query.replaceAll("'", "%27")) : text,
	},
];

// The standard appends an empty segment here; a Node whose URL class does has no such row.
if (new URL("x:/..").href !== "x:/")
	SPELLINGS.push({
		class: "a path of nothing but dot segments, a scheme that is not special, and no authority",
		we: "write /",
		they: "write nothing",
		why: "a defect of this Node",
		ours: (text) => text.replace(/^([^:]*:)\/(?=[?#]|$)/, "$1"),
	});

function ask(input) {
	try {
		return { taken: true, text: new URL(input).href };
	} catch {
		return { taken: false };
	}
}

function compare(input, line) {
	const [status, ...rest] = line.split(" ");
	const we = status === "done"
		? { taken: true, kind: rest[0], text: rest[1] }
		: { taken: false, reason: rest.slice(1).join(" ") };
	const they = ask(input);
	if (we.taken === they.taken && we.text === they.text)
		return null;
	let ours = we.text;
	let theirs = they.text;
	for (const row of we.taken && they.taken ? SPELLINGS : []) {
		ours = row.ours?.(ours) ?? ours;
		theirs = row.theirs?.(theirs) ?? theirs;
		if (ours === theirs)
			return row;
	}
	return VERDICTS.find((row) => row.when(input, we, they)) ?? `we: ${line}\n  they: ${they.text ?? "refuse"}`;
}

const SCHEMES = ["http", "HTTP", "https", "ws", "wss", "ftp", "file", "foo", "Foo+x", "mailto", "x"];
const USERS = ["", "", "", "u@", "u:p@", "u:@", "@", ":@", "u;x=:y:z@", "%41%2f@"];
const HOSTS = [
	"", "example.com", "EXAMPLE.Com", "a-b.c_d", "1.2.3.4", "255.255.255.255", "1.2.3", "1.2.3.04", "1.2.3.256", "0x7f.1",
	"%41b", "%c3%a4", "xn--a", "[::1]", "[1:0:0:4:0:0:0:8]", "[1:2:3:4:5:6:7:8]", "[FE80::ABCD]", "[::ffff:1.2.3.4]",
	"[::1.2.3]", "[1::2::3]", "[v1.x]", "[]", "[::1", "a!$&'()*+,;=b", "[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:8::]",
];
const PORTS = ["", "", "", ":", ":80", ":0", ":443", ":21", ":00080", ":65535", ":65536", ":8a"];
const SEGMENTS = ["a", "b", "", ".", "..", "%2e", "%2E.", "...", "a;b=c", "%7e", "%2f", "c:d@e", "A'"];
const TAILS = ["", "", "?", "?a=b", "?'%27", "?a/b?c", "?%41%e4"];
const FRAGMENTS = ["", "", "#", "#x", "#/?'", "#%61%2F"];
const PIECES = [...SEGMENTS, ...HOSTS, "//", "/", ":", "@", "?", "#", "%", "\\", "\t", " ", "[", "]", "/../", "|", "^"];

function generate(random) {
	let path = "";
	for (let n = random(6); n > 0; n--)
		path += "/" + pick(random, SEGMENTS);
	const begin = random(5)
		? "//" + pick(random, USERS) + pick(random, HOSTS) + pick(random, PORTS)
		: pick(random, ["", pick(random, SEGMENTS)]);
	return pick(random, SCHEMES) + ":" + begin + path + pick(random, TAILS) + pick(random, FRAGMENTS);
}

const random = numbers(3986);
const inputs = [];
for (let i = 0; i < 10000; i++) {
	const input = generate(random);
	inputs.push(input, mutate(random, input, PIECES));
}
verdict(inputs, judged(process.argv[2], "url", inputs), [...SPELLINGS, ...VERDICTS], compare);
