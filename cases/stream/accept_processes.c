/* accept_processes.c -- several processes that accept from one inherited listener. */
#include "case.h"

/* One worker more than connections: a connection that two of them got would show. */
enum { WORKERS = 4, CONNECTIONS = WORKERS - 1 };

struct workshop {
	int listener;
	int report; /* where workers say that they wait, then whom they serve */
};

static int worker(struct role *me, void *arg)
{
	const struct workshop *shop = arg;
	char name = '!';

	(void)me;
	must(write(shop->report, "w", 1));
	int conn = accept(shop->listener, NULL, NULL);
	if (conn >= 0)
		recv_all(conn, &name, 1);
	must(write(shop->report, &name, 1));
	if (conn >= 0)
		send_all(conn, &name, 1);
	return conn < 0;
}

static void read_exactly(int fd, char *bytes, int n)
{
	for (int i = 0; i < n; i++)
		must_be(must(read(fd, bytes + i, 1)) == 1);
}

static int no_report_for_proof(int report)
{
	struct pollfd one = { .fd = report, .events = POLLIN };

	return must(poll(&one, 1, PROOF_MS)) == 0;
}

static void employing_server(struct role *me)
{
	struct workshop shop = { .listener = listen_on(me, WORKERS) };
	char reports[WORKERS];
	pid_t pid[WORKERS];
	int ends[2], well = 0;

	must(pipe(ends));
	shop.report = ends[1];
	for (int i = 0; i < WORKERS; i++)
		pid[i] = helper(me, worker, &shop);
	read_exactly(ends[0], reports, WORKERS);
	saw(me, "all workers stay blocked", no_report_for_proof(ends[0]));
	meet(me, "workers wait");
	read_exactly(ends[0], reports, CONNECTIONS);
	saw_bytes(me, "connections in order", reports, CONNECTIONS);
	saw(me, "last worker stays blocked", no_report_for_proof(ends[0]));
	meet(me, "all are served");
	read_exactly(ends[0], reports, 1);
	saw_bytes(me, "last connection", reports, 1);
	for (int i = 0; i < WORKERS; i++)
		well += helper_status(me, pid[i]) == 0;
	saw_value(me, "workers that ended well", well);
}

/* Connects, says its name and waits for the answer, so that workers come one after another. */
static void visit(struct role *me, const char *name, char *ret_answer)
{
	int fd = connect_to_peer(me);

	send_all(fd, name, 1);
	recv_all(fd, ret_answer, 1);
}

static void visiting_client(struct role *me)
{
	char answers[WORKERS];

	(void)peer_address(me);
	meet(me, "workers wait");
	for (int i = 0; i < CONNECTIONS; i++)
		visit(me, &"1234"[i], &answers[i]);
	meet(me, "all are served");
	visit(me, "4", &answers[CONNECTIONS]);
	saw_bytes(me, "answers", answers, WORKERS);
}

const struct sock_case accept_multi_process_exactly_once = {
	.claim = "Of several processes in accept() on one listener one alone gets a connection.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION; fork(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS,
	.waits_ms = 2 * PROOF_MS,
	.server = employing_server,
	.client = visiting_client,
	.expect = {
		{ SERVER, "all workers stay blocked", EQ(1) },
		{ SERVER, "connections in order", TEXT("3:123") },
		{ SERVER, "last worker stays blocked", EQ(1) },
		{ SERVER, "last connection", TEXT("1:4") },
		{ SERVER, "workers that ended well", EQ(WORKERS) },
		{ CLIENT, "answers", TEXT("4:1234") },
	},
};
