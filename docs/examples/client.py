#!/usr/bin/env python3
"""client.py -- sends one line to a server and prints its answer. usage: client.py PORT TEXT

The server may be started later: the client tries to connect for ten seconds."""

import socket
import sys
import time

PATIENCE = 10  # seconds


def connect(port):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                sys.exit(f"client.py: no server at port {port} within {PATIENCE} s")
            time.sleep(0.02)


def main():
    if len(sys.argv) != 3 or not sys.argv[1].isdigit():
        sys.exit(__doc__.splitlines()[0])
    with connect(int(sys.argv[1])) as conn, conn.makefile("rw") as lines:
        print(sys.argv[2], file=lines, flush=True)
        print(lines.readline(), end="")


main()
