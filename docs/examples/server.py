#!/usr/bin/env python3
"""server.py -- answers one client's line of numbers with their sum. usage: server.py PORT

It has the most common bug of socket programs: it takes what one recv() returns for the whole line. TCP may
deliver a line in pieces, and `sockdrill trace --fault recv=short:3@1` does."""

import socket
import sys


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__.splitlines()[0])
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
        conn, _ = listener.accept()
        with conn:
            line = conn.recv(4096).decode()
            total = sum(map(int, line.split()))
            print(f"the sum of {line.split()} is {total}", flush=True)
            conn.sendall(f"{total}\n".encode())


main()
