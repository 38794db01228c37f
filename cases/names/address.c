/* address.c -- addresses as text and back, and byte order. */
#include "case.h"

/* Texts that inet_pton() is given; each is its own label, in quotes. */
struct texts {
	int family;
	const char *const *at; /* ends at NULL */
};

static void parsing_client(struct role *me)
{
	const struct texts *texts = row_of(me);

	for (const char *const *text = texts->at; *text; text++) {
		char label[64], bytes[16];
		snprintf(label, sizeof label, "\"%s\"", *text);
		saw(me, label, inet_pton(texts->family, *text, bytes));
	}
}

/* The same, recording the address in network order of a text that is accepted. */
static void converting_client(struct role *me)
{
	const struct texts *texts = row_of(me);
	const long long size = texts->family == AF_INET ? 4 : 16;

	for (const char *const *text = texts->at; *text; text++) {
		char label[64], bytes[16];
		snprintf(label, sizeof label, "\"%s\"", *text);
		int result = inet_pton(texts->family, *text, bytes);
		saw_bytes(me, label, bytes, result == 1 ? size : 0);
	}
}

static const struct texts valid_v4 = { AF_INET, (const char *const[]){ "127.0.0.1", "0.0.0.0",
								       "255.255.255.255",
								       "1.20.3.4", NULL } };

const struct sock_case name_inet_pton_v4_valid = {
	.claim = "inet_pton() turns four decimal numbers with dots into four bytes in network "
		 "order.",
	.source = "POSIX.1-2024 inet_pton(), DESCRIPTION, AF_INET",
	.standing = SHALL,
	.families = NO_FAMILY,
	.row = &valid_v4,
	.client = converting_client,
	.expect = {
		{ CLIENT, "\"127.0.0.1\"", TEXT("4:\\x7f\\x00\\x00\\x01") },
		{ CLIENT, "\"0.0.0.0\"", TEXT("4:\\x00\\x00\\x00\\x00") },
		{ CLIENT, "\"255.255.255.255\"", TEXT("4:\\xff\\xff\\xff\\xff") },
		{ CLIENT, "\"1.20.3.4\"", TEXT("4:\\x01\\x14\\x03\\x04") },
	},
};

static const struct texts invalid_v4 = {
	AF_INET,
	(const char *const[]){ "127.1", "1.2.3", "1.2.3.", "1..2.3", "1.2.3.256", "1.2.3.4.5", "",
			       " 1.2.3.4", "1.2.3.4 ", "0x7f.0.0.1", "1.2.3.4x", NULL }
};

const struct sock_case name_inet_pton_v4_rejects = {
	.claim = "inet_pton() takes no short, hexadecimal or surrounded form of an IPv4 address.",
	.source = "POSIX.1-2024 inet_pton(), DESCRIPTION, AF_INET",
	.standing = SHALL,
	.portable = "Use getaddrinfo() with AI_NUMERICHOST where users may write 127.1.",
	.notes = "Old macOS is said to take short forms.",
	.families = NO_FAMILY,
	.row = &invalid_v4,
	.client = parsing_client,
	.expect = {
		{ CLIENT, "\"127.1\"", EQ(0) },
		{ CLIENT, "\"1.2.3\"", EQ(0) },
		{ CLIENT, "\"1.2.3.\"", EQ(0) },
		{ CLIENT, "\"1..2.3\"", EQ(0) },
		{ CLIENT, "\"1.2.3.256\"", EQ(0) },
		{ CLIENT, "\"1.2.3.4.5\"", EQ(0) },
		{ CLIENT, "\"\"", EQ(0) },
		{ CLIENT, "\" 1.2.3.4\"", EQ(0) },
		{ CLIENT, "\"1.2.3.4 \"", EQ(0) },
		{ CLIENT, "\"0x7f.0.0.1\"", EQ(0) },
		{ CLIENT, "\"1.2.3.4x\"", EQ(0) },
	},
};

static const struct texts leading_zero = {
	AF_INET, (const char *const[]){ "127.0.0.01", "127.0.0.001", "127.0.0.0", NULL }
};

const struct sock_case name_inet_pton_v4_leading_zero = {
	.claim = "inet_pton() may take a number with leading zeros or refuse it; Linux refuses "
		 "it.",
	.source = "POSIX.1-2024 inet_pton(), DESCRIPTION: one to three decimal digits; RFC 6943, "
		 "section 3.1.1, has leading zeros read as octal",
	.standing = MAY,
	.portable = "Write addresses without leading zeros: some read them as octal.",
	.notes = "Older BSD and macOS libraries are said to take them.",
	.families = NO_FAMILY,
	.row = &leading_zero,
	.client = parsing_client,
	.expect = {
		{ CLIENT, "\"127.0.0.01\"", BETWEEN(0, 1), .on[OS_LINUX] = EQ(0),
		  .why = "glibc and musl both take a leading 0 for a sign of octal, and refuse "
			 "it."},
		{ CLIENT, "\"127.0.0.001\"", BETWEEN(0, 1), .on[OS_LINUX] = EQ(0),
		  .why = "glibc and musl both take a leading 0 for a sign of octal, and refuse "
			 "it."},
		{ CLIENT, "\"127.0.0.0\"", EQ(1) },
	},
};

static const struct texts valid_v6 = { AF_INET6,
				       (const char *const[]){ "::", "::1", "1::", "1:2:3:4:5:6:7:8",
							      "1:2:3:4:5:6:7::", "::ffff:1.2.3.4",
							      "1::8", "ABCD::ef", NULL } };

const struct sock_case name_inet_pton_v6_valid = {
	.claim = "inet_pton() reads each form of an IPv6 address: full, shortened, with an IPv4 "
		 "tail.",
	.source = "POSIX.1-2024 inet_pton(), DESCRIPTION, AF_INET6; RFC 4291, section 2.2",
	.standing = SHALL,
	.families = NO_FAMILY,
	.row = &valid_v6,
	.client = converting_client,
	/* clang-format off */
	.expect = {
		{ CLIENT, "\"::\"", TEXT("16:\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
					 "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00") },
		{ CLIENT, "\"::1\"", TEXT("16:\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
					  "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01") },
		{ CLIENT, "\"1::\"", TEXT("16:\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00"
					  "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00") },
		{ CLIENT, "\"1:2:3:4:5:6:7:8\"", TEXT("16:\\x00\\x01\\x00\\x02\\x00\\x03\\x00\\x04"
						      "\\x00\\x05\\x00\\x06\\x00\\x07\\x00\\x08") },
		{ CLIENT, "\"1:2:3:4:5:6:7::\"", TEXT("16:\\x00\\x01\\x00\\x02\\x00\\x03\\x00\\x04"
						      "\\x00\\x05\\x00\\x06\\x00\\x07\\x00\\x00") },
		{ CLIENT, "\"::ffff:1.2.3.4\"", TEXT("16:\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
						     "\\x00\\x00\\xff\\xff\\x01\\x02\\x03\\x04") },
		{ CLIENT, "\"1::8\"", TEXT("16:\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00"
					   "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x08") },
		{ CLIENT, "\"ABCD::ef\"", TEXT("16:\\xab\\xcd\\x00\\x00\\x00\\x00\\x00\\x00"
					       "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xef") },
	},
	/* clang-format on */
};

static const struct texts invalid_v6 = {
	AF_INET6,
	(const char *const[]){ ":::", "1::2::3", "1:2:3:4:5:6:7", "12345::", "1:2:3:4:5:6:7:8:9",
			       ":1", "1:", "::1%lo", "[::1]", "::1/128", "::1.2.3", "::g", NULL }
};

const struct sock_case name_inet_pton_v6_rejects = {
	.claim = "inet_pton() takes no IPv6 address with too much or too little, a zone, brackets "
		 "or a prefix.",
	.source = "POSIX.1-2024 inet_pton(), DESCRIPTION, AF_INET6",
	.standing = SHALL,
	.portable = "Use getaddrinfo() for a zone; cut brackets and prefix lengths off yourself.",
	.families = NO_FAMILY,
	.row = &invalid_v6,
	.client = parsing_client,
	.expect = {
		{ CLIENT, "\":::\"", EQ(0) },
		{ CLIENT, "\"1::2::3\"", EQ(0) },
		{ CLIENT, "\"1:2:3:4:5:6:7\"", EQ(0) },
		{ CLIENT, "\"12345::\"", EQ(0) },
		{ CLIENT, "\"1:2:3:4:5:6:7:8:9\"", EQ(0) },
		{ CLIENT, "\":1\"", EQ(0) },
		{ CLIENT, "\"1:\"", EQ(0) },
		{ CLIENT, "\"::1%lo\"", EQ(0) },
		{ CLIENT, "\"[::1]\"", EQ(0) },
		{ CLIENT, "\"::1/128\"", EQ(0) },
		{ CLIENT, "\"::1.2.3\"", EQ(0) },
		{ CLIENT, "\"::g\"", EQ(0) },
	},
};

static void unfamiliar_client(struct role *me)
{
	char bytes[16];

	saw(me, "inet_pton of family 99", inet_pton(99, "127.0.0.1", bytes));
	saw(me, "inet_pton of AF_UNIX", inet_pton(AF_UNIX, "127.0.0.1", bytes));
}

const struct sock_case name_inet_pton_bad_family = {
	.claim = "inet_pton() of a family that is neither AF_INET nor AF_INET6 fails with "
		 "EAFNOSUPPORT.",
	.source = "POSIX.1-2024 inet_pton(), ERRORS EAFNOSUPPORT",
	.standing = SHALL,
	.families = NO_FAMILY,
	.client = unfamiliar_client,
	.expect = {
		{ CLIENT, "inet_pton of family 99", FAILS(EAFNOSUPPORT) },
		{ CLIENT, "inet_pton of AF_UNIX", FAILS(EAFNOSUPPORT) },
	},
};

static void writing_client(struct role *me)
{
	const struct in_addr loopback_host = { htonl(INADDR_LOOPBACK) }, all = { INADDR_NONE };
	char text[INET_ADDRSTRLEN] = "";

	must_be(inet_ntop(AF_INET, &loopback_host, text, sizeof text));
	saw_text(me, "127.0.0.1", text);
	saw(me, "longest into 15 bytes", inet_ntop(AF_INET, &all, text, 15) ? 0 : -1);
	saw(me, "longest into 16 bytes", inet_ntop(AF_INET, &all, text, 16) ? 0 : -1);
	saw_text(me, "255.255.255.255", text);
}

const struct sock_case name_inet_ntop_v4 = {
	.claim = "inet_ntop() writes an IPv4 address and its 0 into 16 bytes; into less it fails "
		 "with ENOSPC.",
	.source = "POSIX.1-2024 inet_ntop(), ERRORS ENOSPC; <netinet/in.h>, INET_ADDRSTRLEN",
	.standing = SHALL,
	.families = NO_FAMILY,
	.client = writing_client,
	.expect = {
		{ CLIENT, "127.0.0.1", TEXT("127.0.0.1") },
		{ CLIENT, "longest into 15 bytes", FAILS(ENOSPC) },
		{ CLIENT, "longest into 16 bytes", EQ(0) },
		{ CLIENT, "255.255.255.255", TEXT("255.255.255.255") },
	},
};

static void saw_written(struct role *me, const char *full)
{
	struct in6_addr address;
	char text[INET6_ADDRSTRLEN] = "";

	must_be(inet_pton(AF_INET6, full, &address) == 1);
	must_be(inet_ntop(AF_INET6, &address, text, sizeof text));
	saw_text(me, full, text);
}

static void compressing_client(struct role *me)
{
	saw_written(me, "0:0:0:0:0:0:0:0");
	saw_written(me, "0:0:0:0:0:0:0:1");
	saw_written(me, "1:0:0:2:0:0:0:3");
	saw_written(me, "1:0:0:2:0:0:3:4");
	saw_written(me, "ABCD:0:0:0:0:0:0:0EF");
	saw_written(me, "1:2:3:4:5:6:7:8");
	saw_written(me, "1:0:3:4:5:6:7:8");
	saw_written(me, "0:2:3:4:5:6:7:8");
	saw_written(me, "1:2:3:4:5:6:7:0");
	saw_written(me, "1:0:3:0:5:0:7:0");
	saw_written(me, "1:2:3:0:0:6:0:8");
	saw_written(me, "0:0:1:2:0:0:3:4");
}

const struct sock_case name_inet_ntop_v6_compress = {
	.claim = "inet_ntop() shortens the longest run of zeros, the first of equals, but no "
		 "single zero, and writes lower case without leading zeros.",
	.source = "RFC 5952, sections 4.1 to 4.3; POSIX.1-2024 inet_ntop(), DESCRIPTION, leaves "
		 "it open",
	.standing = SHALL,
	.portable = "Compare addresses by their bytes, not by their text.",
	.families = NO_FAMILY,
	.client = compressing_client,
	.expect = {
		{ CLIENT, "0:0:0:0:0:0:0:0", TEXT("::") },
		{ CLIENT, "0:0:0:0:0:0:0:1", TEXT("::1") },
		{ CLIENT, "1:0:0:2:0:0:0:3", TEXT("1:0:0:2::3") },
		{ CLIENT, "1:0:0:2:0:0:3:4", TEXT("1::2:0:0:3:4") },
		{ CLIENT, "ABCD:0:0:0:0:0:0:0EF", TEXT("abcd::ef") },
		{ CLIENT, "1:2:3:4:5:6:7:8", TEXT("1:2:3:4:5:6:7:8") },
		{ CLIENT, "1:0:3:4:5:6:7:8", TEXT("1:0:3:4:5:6:7:8") },
		{ CLIENT, "0:2:3:4:5:6:7:8", TEXT("0:2:3:4:5:6:7:8") },
		{ CLIENT, "1:2:3:4:5:6:7:0", TEXT("1:2:3:4:5:6:7:0") },
		{ CLIENT, "1:0:3:0:5:0:7:0", TEXT("1:0:3:0:5:0:7:0") },
		{ CLIENT, "1:2:3:0:0:6:0:8", TEXT("1:2:3::6:0:8") },
		{ CLIENT, "0:0:1:2:0:0:3:4", TEXT("::1:2:0:0:3:4"),
		  .on[OS_LINUX] = ONE_OF(TEXT("::1:2:0:0:3:4"), TEXT("0:0:1:2::3:4")),
		  .why = "The C library decides: glibc takes the first of equals; musl the second, "
			 "when the first begins the address." },
	},
};

static void ordering_client(struct role *me)
{
	uint16_t two = htons(0x0102);
	uint32_t four = htonl(0x01020304);

	saw_bytes(me, "htons(0x0102) in memory", &two, sizeof two);
	saw(me, "ntohs of it", ntohs(two));
	saw_bytes(me, "htonl(0x01020304) in memory", &four, sizeof four);
	saw(me, "ntohl of it", ntohl(four));
}

const struct sock_case name_byteorder = {
	.claim = "htons() and htonl() put the most significant byte first; ntohs() and ntohl() "
		 "undo it.",
	.source = "POSIX.1-2024 htonl(), DESCRIPTION",
	.standing = SHALL,
	.families = NO_FAMILY,
	.client = ordering_client,
	.expect = {
		{ CLIENT, "htons(0x0102) in memory", TEXT("2:\\x01\\x02") },
		{ CLIENT, "ntohs of it", EQ(0x0102) },
		{ CLIENT, "htonl(0x01020304) in memory", TEXT("4:\\x01\\x02\\x03\\x04") },
		{ CLIENT, "ntohl of it", EQ(0x01020304) },
	},
};
