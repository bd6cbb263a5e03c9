"""A python-socketio client against the server under test.

Usage: client_peer.py URL PATH TRANSPORTS(polling|websocket|default) KIND(sync|async)
Prints one JSON line with what it saw; the exit status is 0 when everything was as expected.
"""
import asyncio
import json
import sys
import threading

import socketio

url, path, transports, kind = sys.argv[1:5]
choice = None if transports == "default" else [transports]
large = "QUJD" * 1_000_000
binary = bytes(range(256)) * 20
args = [1, "two", [3.5, None, True], {"k": {"v": "\u20ac\U0001F600"}}]
seen = {"acks": {}}


def check():
    want = {"hello": [{"user": "py"}], "echo": args, "binary": [binary, {"deep": b""}], "question": [5]}
    for name, value in want.items():
        if seen.get(name) != value:
            raise SystemExit(f"{name}: got {str(seen.get(name))[:300]}")
    if seen["acks"] != {"plain": True, "binary": True, "large": True}:
        raise SystemExit(f"acks: {seen['acks']}")
    if seen.get("answered") != [5, "from python"]:
        raise SystemExit(f"answered: {seen.get('answered')}")
    print(json.dumps({"transport": seen["transport"], "reason": seen.get("reason"), "order": seen["order"]}), flush=True)


def run_sync():
    io = socketio.Client(reconnection=False)
    done = threading.Event()
    left = threading.Event()
    order = []
    for name in ("hello", "echo"):
        io.on(name, lambda *a, n=name: seen.__setitem__(n, list(a)))
    io.on("binary", lambda *a: seen.__setitem__("binary", list(a)))
    io.on("number", lambda n: order.append(n))

    @io.on("question")
    def question(*a):
        seen["question"] = list(a)
        return (*a, "from python")

    @io.on("answered")
    def answered(*a):
        seen["answered"] = list(a)
        done.set()

    @io.on("disconnect")
    def gone(reason):
        seen["reason"] = reason
        left.set()

    io.connect(url, socketio_path=path, transports=choice, auth={"user": "py"}, wait_timeout=20)
    io.emit("echo", tuple(args))
    io.emit("binary", (binary, {"deep": b""}))
    seen["acks"]["plain"] = list(io.call("echo", tuple(args), timeout=20)) == args
    seen["acks"]["binary"] = list(io.call("echo", (binary, 1), timeout=20)) == [binary, 1]
    # With one value the client hands it over without a tuple around it.
    seen["acks"]["large"] = io.call("echo", large, timeout=30) == large
    for n in range(100):
        io.emit("number", n)
    io.emit("ask", 5)
    if not done.wait(20):
        raise SystemExit("no answer")
    seen["transport"] = io.transport()
    seen["order"] = order == list(range(100))
    io.emit("leave")
    if not left.wait(20):
        raise SystemExit("no disconnect")
    check()


async def run_async():
    io = socketio.AsyncClient(reconnection=False)
    done = asyncio.Event()
    left = asyncio.Event()
    order = []
    for name in ("hello", "echo"):
        io.on(name, lambda *a, n=name: seen.__setitem__(n, list(a)))
    io.on("binary", lambda *a: seen.__setitem__("binary", list(a)))
    io.on("number", lambda n: order.append(n))

    @io.on("question")
    async def question(*a):
        seen["question"] = list(a)
        return (*a, "from python")

    @io.on("answered")
    async def answered(*a):
        seen["answered"] = list(a)
        done.set()

    @io.on("disconnect")
    async def gone(reason):
        seen["reason"] = reason
        left.set()

    await io.connect(url, socketio_path=path, transports=choice, auth={"user": "py"}, wait_timeout=20)
    await io.emit("echo", tuple(args))
    await io.emit("binary", (binary, {"deep": b""}))
    seen["acks"]["plain"] = list(await io.call("echo", tuple(args), timeout=20)) == args
    seen["acks"]["binary"] = list(await io.call("echo", (binary, 1), timeout=20)) == [binary, 1]
    seen["acks"]["large"] = (await io.call("echo", large, timeout=30)) == large
    for n in range(100):
        await io.emit("number", n)
    await io.emit("ask", 5)
    await asyncio.wait_for(done.wait(), 20)
    seen["transport"] = io.transport()
    seen["order"] = sorted(order) == list(range(100))  # The client starts a task per event: its own order is loose.
    await io.emit("leave")
    await asyncio.wait_for(left.wait(), 20)
    check()


if kind == "sync":
    run_sync()
else:
    asyncio.run(run_async())
