// http_judge.mjs -- judges the HTTP parser by Node's (llhttp), over messages that follow each other on a connection.
// usage: http_judge.mjs JUDGED
// Both read the same bytes: they must find the same messages with the same fields and bodies, and the same end.
import { createRequire } from "node:module";
import { judged, mutate, numbers, pick, verdict } from "./judge.mjs";

// Node's parser by itself is not a public module; its own client and server use it through this one.
const { HTTPParser, methods } = createRequire(import.meta.url)("_http_common");

const hex = (text) => Buffer.from(text ?? "", "latin1").toString("hex") || "-";
const fields = (flat) => {
	let list = "";
	for (let i = 0; i < flat.length; i += 2)
		list += `${hex(flat[i])}:${hex(flat[i + 1])},`;
	return list;
};

// What Node makes of an input, in the form of http_print.c's line; "bad" has Node's own reason.
function ask(input) {
	const kind = input[0];
	const messages = [];
	let message = null;
	let closed = false;
	const parser = new HTTPParser();
	parser.initialize(kind === "Q" ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, 65536, 0);
	let early = []; // the fields of a head, when it did not tell them at its end
	let earlyUrl = "";
	parser[HTTPParser.kOnHeaders] = (list, url) => {
		(message?.trailers ?? early).push(...list);
		earlyUrl += url;
	};
	parser[HTTPParser.kOnHeadersComplete] = (major, minor, list, method, url, status, reason, upgrade, keep) => {
		list ??= early;
		url ??= earlyUrl;
		early = [];
		earlyUrl = "";
		const start = kind === "Q" ? `${hex(methods[method])} ${hex(url)}` : `${status} ${hex(reason)}`;
		const tunnel = upgrade || (kind === "C" && status >= 200 && status < 300);
		const kept = keep && !(tunnel && kind !== "Q");
		message = {
			text: `${major}.${minor} ${start} ${fields(list)} ${kept ? "keep" : "close"}`,
			last: tunnel || !keep, body: [], trailers: [],
		};
		if (tunnel)
			return 2;
		return kind === "H" ? 1 : 0;
	};
	parser[HTTPParser.kOnBody] = (piece) => {
		message.body.push(Buffer.from(piece));
	};
	parser[HTTPParser.kOnMessageComplete] = () => {
		if (!closed)
			messages.push(`${message.text} ${hex(Buffer.concat(message.body).toString("latin1"))} ${fields(message.trailers)}|`);
		closed ||= message.last;
		message = null;
	};
	const bytes = Buffer.from(input.slice(1), "latin1");
	let result = parser.execute(bytes);
	if (!(result instanceof Error) && !closed)
		result = parser.finish() ?? result;
	const end = closed ? "closed"
		: result instanceof Error
			? (result.code === "HPE_INVALID_EOF_STATE" ? "cut" : `bad ${result.code} ${result.reason}`)
		: message ? "cut" : "open";
	return messages.join("") + end;
}

const END = /[^|]*$/;
const isBad = (line) => END.exec(line)[0].startsWith("bad ");

// Rows of what only we refuse: our reason, and what must be seen in the input by which it is the right one.
const weRefuse = (reason, seen) => (input, ours, theirs) =>
	isBad(ours) && !isBad(theirs) && reason.test(END.exec(ours)[0]) && seen.test(input);
// Rows of what only they refuse.
const theyRefuse = (reason, seen) => (input, ours, theirs) =>
	isBad(theirs) && !isBad(ours) && reason.test(END.exec(theirs)[0]) && seen(input, ours);

const TABLE = [
	{
		class: "versions other than 1.0 and 1.1",
		we: "refuse", they: "take 0.9 and 2.0, too", why: "only 1.x has this format (RFC 9112 section 2.3)",
		when: weRefuse(/the version is neither/, /HTTP\/(?!1\.[01][ \r])/),
	},
	{
		class: "status codes outside of 100 to 599",
		we: "refuse", they: "take any three digits", why: "RFC 9110 section 15 calls them invalid",
		when: weRefuse(/the status is no number/, /HTTP\/1\.[01] (?![1-5]\d\d)/),
	},
	{
		class: "no space behind the status",
		we: "refuse", they: "take it", why: "the space is no part of the optional reason (RFC 9112 section 4)",
		when: weRefuse(/no space stands behind the status/, /HTTP\/1\.[01] \d{3}(?! )/),
	},
	{
		class: "control characters in a reason",
		we: "refuse", they: "take them", why: "RFC 9112 section 4",
		when: weRefuse(/a control character stands in the reason/, /HTTP\/1\.[01] \d{3} [^\r\n]*[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/),
	},
	{
		class: "Transfer-Encoding in HTTP/1.0",
		we: "refuse", they: "obey", why: "RFC 9112 section 6.1: faulty framing",
		when: weRefuse(/in HTTP\/1\.0/, /HTTP\/1\.0[\s\S]*transfer-encoding:/i),
	},
	{
		class: "Transfer-Encoding other than the one word chunked",
		we: "refuse", they: "take the last word, or read until the end", why: "a coding that we do not know cannot be undone",
		when: weRefuse(/other than chunked/, /transfer-encoding:(?![ \t]*chunked[ \t]*\r\n)/i),
	},
	{
		class: "more than one Transfer-Encoding",
		we: "refuse", they: "take the last",
		why: "chunked twice is forbidden, and what is before it would be unknown (RFC 9112 section 6.1)",
		when: weRefuse(/more than one Transfer-Encoding/, /transfer-encoding:[\s\S]*\ntransfer-encoding:/i),
	},
	{
		class: "Content-Length beside Transfer-Encoding where that is not chunked or comes later",
		we: "refuse", they: "take some", why: "RFC 9112 section 6.3: ought to be an error",
		when: weRefuse(/beside Transfer-Encoding/, /(?=[\s\S]*content-length:)[\s\S]*transfer-encoding:/i),
	},
	{
		class: "Content-Length or Transfer-Encoding in 1xx and 204",
		we: "refuse", they: "ignore them", why: "RFC 9110 section 8.6 and RFC 9112 section 6.1 forbid them",
		when: weRefuse(/1xx or 204/, / (1\d\d|204) [\s\S]*(content-length|transfer-encoding):/i),
	},
	{
		class: "content in CONNECT and TRACE",
		we: "refuse", they: "ignore or read it", why: "RFC 9110 section 9.3.6 and 9.3.8: there is none",
		when: weRefuse(/CONNECT or TRACE/, /(CONNECT|TRACE) [\s\S]*(content-length|transfer-encoding):/i),
	},
	{
		class: "targets that have no form of RFC 9112 section 3.2, and no or more than one or malformed Hosts",
		we: "refuse", they: "leave that to the server", why: "RFC 9112 section 3.2",
		when: weRefuse(/target|Host|host|in a path|percent sign|scheme|port|userinfo/, /^Q/),
	},
	{
		class: "trailers that would frame or route",
		we: "refuse", they: "take them", why: "RFC 9110 section 6.5.1",
		when: weRefuse(/must not be a trailer/, /\n0+(;[^\r]*)?\r\n[\s\S]*(host|content-length|transfer-encoding|trailer):/i),
	},
	{
		class: "Content-Length and Transfer-Encoding in 2xx to CONNECT, whatever they say",
		we: "ignore them", they: "refuse what they would elsewhere", why: "RFC 9110 section 9.3.6: a client must ignore them",
		when: theyRefuse(/LENGTH|ENCODING/, (input) => /^C[\s\S]*(content-length|transfer-encoding):/i.test(input)),
	},
	{
		class: "a method that Node does not know",
		we: "take it", they: "refuse it", why: "any token is a method (RFC 9110 section 9.1)",
		when: theyRefuse(/HPE_INVALID_METHOD/, (input) => input[0] === "Q"),
	},
	{
		class: "a target of another scheme, without //",
		we: "take it", they: "refuse it", why: "absolute-form is any absolute-URI (RFC 9112 section 3.2.2)",
		when: theyRefuse(/HPE_INVALID_URL/, (input) => / [a-z][a-z0-9+.-]*:(?!\/\/)\S* /i.test(input)),
	},
	{
		class: "white space around the ; and = of a chunk extension",
		we: "take it", they: "refuse it", why: "RFC 9112 section 7.1.1: a recipient must",
		when: theyRefuse(/chunk (extension|size)/, (input) => /[ \t][;=]|[;=][ \t]/.test(input)),
	},
	{
		class: "a field that is bad by its meaning, in a head that is cut",
		we: "judge it at the head's end", they: "judge it at once", why: "more bytes would show it",
		when: theyRefuse(/LENGTH|ENCODING/, (input, ours) => ours.endsWith("cut")),
	},
	{
		class: "both close and keep-alive in HTTP/1.0",
		we: "close", they: "go on", why: "RFC 9112 section 9.3: close comes first",
		when: (input, ours, theirs) =>
			/^(.*\|)?1\.0 [^|]* close [^|]*\|closed$/.test(ours) && /HTTP\/1\.0[\s\S]*connection: close, keep-alive/i.test(input) &&
			theirs.startsWith(ours.slice(0, ours.lastIndexOf(" close "))),
	},
	{
		class: "101 without the fields of an upgrade",
		we: "leave HTTP", they: "go on", why: "RFC 9110 section 15.2.2: the protocol changes behind the empty line",
		when: (input, ours) => /(^|\|)1\.[01] 101 [^|]*\|closed$/.test(ours),
	},
	{
		class: "the response to HEAD that without HEAD would be read until the end",
		we: "keep the connection", they: "say close", why: "they ask whether there is a body only after they told",
		when: (input, ours, theirs) => /^H/.test(input) && / keep - /.test(ours) && / close - /.test(theirs),
	},
	{
		class: "a request with Upgrade and a body",
		we: "read the body", they: "take it for the other protocol's",
		why: "RFC 9110 section 7.8: a server may ignore Upgrade, and content comes first",
		when: (input) => /^Q(?=[\s\S]*upgrade: websocket)[\s\S]*connection: upgrade/i.test(input),
	},
];

// Node 18 has llhttp 6, which was not strict yet.
if (parseInt(process.versions.llhttp, 10) < 8)
	TABLE.push(
		{
			class: "white space before a colon or a name, no name, folded lines, a bare CR or LF, chunk extensions",
			we: "refuse", they: "repair or overlook",
			why: "RFC 9112 section 2.2, 5.1, 5.2 and 7.1.1",
			when: weRefuse(
				/before a colon|in a field name|folded|without an LF|bare LF|quoted string|no name|longer than its size/,
				/\n[^\r\n:]*[ \t]|\n:|\r(?!\n)|(^|[^\r])\n|;\r|"/,
			),
		},
		{
			class: "304 with a Content-Length",
			we: "know that there is no body", they: "read one",
			why: "RFC 9112 section 6.3",
			when: (input, ours) => input[0] !== "Q" && /(^|\|)1\.[01] 304 /.test(ours),
		},
	);

// Where both refuse the stream they agree, even when one of them did so a message earlier.
function compare(input, ours) {
	const theirs = ask(input);
	if (ours === theirs || (isBad(ours) && isBad(theirs)))
		return null;
	return TABLE.find((row) => row.when(input, ours, theirs)) ?? `we:   ${ours}\n  they: ${theirs}`;
}

const METHODS = ["GET", "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "TRACE", "PATCH", "CONNECT", "FOO"];
const TARGETS = ["/", "/a/b?c=d", "*", "http://h/x?y", "http://u@h/", "http:///", "h:443", "[::1]:80", "/%41", "/%4",
	"urn:a:b", "//a", "/#f", "/a|b", "h"];
const VERSIONS = ["1.1", "1.1", "1.1", "1.1", "1.1", "1.1", "1.0", "1.0", "1.2", "2.0", "0.9"];
const STATUS = ["200 OK", "200 OK", "200 OK", "200 ", "404 Not Found", "100 Continue", "101 Switching", "204 No Content",
	"304 Not Modified", "599 x\ty", "600 a", "099 b", "200", "2000 c", "407 d"];
const FIELDS = [
	"A: b", "A:b", "a-B:  c d \t", "X:", "X: \xe4\xff", "Cookie: a=b; c", "Accept: */*, x", "A : b", " A: b", ": b", "A(: b",
	"A: b\x01", "A: b\x7f",
	"Connection: close", "Connection: keep-alive", "connection: Keep-Alive, x", "Connection: close, keep-alive",
	"Connection: upgrade", "Upgrade: websocket",
	"Content-Length: 3", "Content-Length: 5", "content-length: 0", "Content-Length: 03", "Content-Length: +3",
	"Content-Length: 3, 3", "Content-Length:", "Content-Length: 18446744073709551615",
	"Content-Length: 18446744073709551616", "Content-Length: 3 ", "Content-Length: 3 3", "Content-Length: a",
	"Transfer-Encoding: chunked", "transfer-encoding: CHUNKED", "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked",
	"Transfer-Encoding: chunked, gzip", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: xchunked",
	"Transfer-Encoding:", "Transfer-Encoding : chunked", "Host: other",
];
const FRAMES = ["Content-Length: 3", "Content-Length: 5", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"];
const CHUNKS = [
	"0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", "3;a=b\r\nabc\r\n0\r\n\r\n", "A\r\n0123456789\r\n1\r\nx\r\n00\r\n\r\n",
	"3\r\nabc\r\n0\r\nX: y\r\nZ: \r\n\r\n", "1;a;b=\"c;d\"\r\nx\r\n0;e\r\n\r\n", "1 ;a\r\nx\r\n0\r\n\r\n", "1 \r\nx\r\n0\r\n\r\n",
	"1;\r\nx\r\n0\r\n\r\n", "0x1\r\nx\r\n0\r\n\r\n", "1\nx\n0\n\n", "2\r\nabc\r\n0\r\n\r\n", "0\r\nHost: h\r\n\r\n",
	"0\r\nContent-Length: 3\r\n\r\nabc", "fffffffffffffffff\r\nabc", "ffffffffffffffff\r\nabc", "0\r\n X: y\r\n\r\n",
	"1;a=\"\r\nx\r\n0\r\n\r\n", "1; a=b\r\nx\r\n0\r\n\r\n", "1;a =b\r\nx\r\n0\r\n\r\n", "-1\r\nx\r\n0\r\n\r\n",
	"0000000000000000000001\r\nx\r\n0\r\n\r\n",
];
const BODIES = ["", "", "abc", "abcde", "ab", "until the end", ...CHUNKS];
const PIECES = ["\r\n", "\n", "\r", "\r\n\r\n", "\r\n ", "\r\n\t", " ", "\t", ":", ";", ",", "0", "\0", "\xff", "HTTP/1.1",
	"chunked", "Host: h\r\n", ...FIELDS.map((field) => field + "\r\n"), ...CHUNKS];

function generateMessage(random, request) {
	const version = "HTTP/" + pick(random, VERSIONS);
	const start = request
		? `${pick(random, METHODS)} ${pick(random, random(3) ? ["/", "/a/b?c=d"] : TARGETS)} ${version}`
		: `${version} ${pick(random, STATUS)}`;
	const lines = [start];
	if (request && random(12))
		lines.push("Host: " + pick(random, ["h", "h:80", "[::1]:8", "h", "h", random(4) ? "" : "a b"]));
	for (let n = random(4); n > 0; n--)
		lines.push(pick(random, FIELDS));
	let body = pick(random, BODIES);
	if (random(2)) {
		const frame = pick(random, FRAMES);
		lines.splice(1 + random(lines.length), 0, frame);
		body = frame.endsWith("chunked") ? pick(random, CHUNKS) : pick(random, ["abc", "abcde"]);
	}
	return lines.join("\r\n") + "\r\n\r\n" + body;
}

const random = numbers(9112);
const inputs = [];
for (let i = 0; i < 10000; i++) {
	const kind = pick(random, ["Q", "Q", "Q", "R", "R", "H", "C"]);
	let stream = "";
	for (let n = 1 + random(2); n > 0; n--)
		stream += generateMessage(random, kind === "Q");
	inputs.push(kind + stream, kind + mutate(random, stream, PIECES));
}
verdict(inputs, judged(process.argv[2], "http", inputs), TABLE, compare);
