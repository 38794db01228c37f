#!/usr/bin/env python3
"""echo.py -- an echo server in Python for one client: echo.py sendall|send|asyncio; tells its port on stdout."""

import asyncio
import socket
import sys


def serve(how):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        conn, _ = listener.accept()
        with conn:
            while data := conn.recv(4096):
                if how == "sendall":
                    conn.sendall(data)
                else:
                    conn.send(data)  # naive: gives how much was sent


async def serve_asyncio():
    done = asyncio.Event()

    async def echo(reader, writer):
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
        writer.close()
        done.set()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await done.wait()
    server.close()


if sys.argv[1] == "asyncio":
    asyncio.run(serve_asyncio())
else:
    serve(sys.argv[1])
