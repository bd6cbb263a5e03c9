"""A python-socketio server (aiohttp) for the client under test. Prints its port as the first line, then one line per happening."""
import asyncio
import sys

import socketio
from aiohttp import web

path = sys.argv[1]
io = socketio.AsyncServer(
    async_mode="aiohttp", max_http_buffer_size=50 << 20, ping_interval=1, ping_timeout=5, cors_allowed_origins="*"
)


@io.event
async def connect(sid, environ, auth):
    if auth and auth.get("token") == "bad":
        raise socketio.exceptions.ConnectionRefusedError("the token is bad")
    await io.emit("hello", auth, to=sid)


@io.event
async def disconnect(sid, reason):
    print(f"disconnected {reason}", flush=True)


@io.on("echo")
async def echo(sid, *args):
    await io.emit("echo", args, to=sid)


@io.on("call")
async def call(sid, *args):
    return args


@io.on("ask")
async def ask(sid, *args):
    async def question():
        answer = await io.call("question", args, to=sid, timeout=20)
        await io.emit("answered", answer, to=sid)

    io.start_background_task(question)


@io.on("leave")
async def leave(sid):
    await io.disconnect(sid)


async def main():
    app = web.Application(client_max_size=60 << 20)
    io.attach(app, socketio_path=path)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    # Ends with the test: its standard input is the test's.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
