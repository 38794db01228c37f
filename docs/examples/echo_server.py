#!/usr/bin/env python3
"""echo_server.py -- sends back what its clients send, one client after the other. usage: echo_server.py PORT

It has a bug: it closes no connection. `sockdrill spy PID` shows those whose clients have gone."""

import socket
import sys


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__.splitlines()[0])
    connections = []
    with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=2) as listener:
        while True:
            conn, _ = listener.accept()
            connections.append(conn)  # and nobody takes them out again
            while data := conn.recv(4096):
                conn.sendall(data)


main()
