#!/usr/bin/env python3
"""echo.py -- an echo server and its client, which sends thirty lines and waits for each to come back.

Both cope with lines that arrive in pieces: under `sockdrill trace --fault` they do no harm. After the last
line the server reads once more than it needs to."""

import os
import socket

ROUNDS = 30
LINE = b"ping\n"


def client(port):
    with socket.socket() as conn:
        conn.connect(("127.0.0.1", port))
        for _ in range(ROUNDS):
            conn.sendall(LINE)
            answer = b""
            while len(answer) < len(LINE):
                piece = conn.recv(100)
                if not piece:
                    raise SystemExit("echo.py: the server has gone")
                answer += piece


def server(listener):
    conn, _ = listener.accept()
    with conn:
        while data := conn.recv(100):
            conn.sendall(data)
        conn.recv(100)  # the bug: after the end of file nothing can come


def main():
    # The client is forked before there is a socket, so that it inherits none; the port comes through a pipe.
    port_out, port_in = os.pipe()
    child = os.fork()
    if child == 0:
        client(int(os.read(port_out, 10)))
        return
    with socket.create_server(("127.0.0.1", 0)) as listener:
        os.write(port_in, str(listener.getsockname()[1]).encode())
        server(listener)
    os.waitpid(child, 0)


main()
