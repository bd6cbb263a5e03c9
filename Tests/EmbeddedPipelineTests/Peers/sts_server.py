"""A speech service on python-socketio and aiohttp, for the worker to talk to.

Prints `port N`, then one JSON object for every event; the third fragment of the first session is answered by a disconnect.
Ends when standard input is closed.
"""

import asyncio
import json
import sys

import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp")
app = web.Application()
server.attach(app)
sessions = 0
fragments = 0


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


@server.event
async def connect(sid, environ, auth=None):
    say("connect")


@server.event
async def disconnect(sid, *args):
    say("disconnect")


@server.on("stream:init")
async def stream_init(sid, data):
    global sessions, fragments
    sessions += 1
    fragments = 0
    say("stream:init", payload=data)
    await server.emit("stream:ready", {"stream_id": data["stream_id"], "session_id": f"s{sessions}", "max_inflight": data["max_inflight"],
                                       "capabilities": {"batch_processing": False, "async_delivery": True}}, to=sid)


@server.on("fragment:data")
async def fragment_data(sid, data):
    global fragments
    fragments += 1
    say("fragment:data", sequence=data["sequence_number"], size=len(data["audio"]["data_base64"]), audio={
        key: value for key, value in data["audio"].items() if key != "data_base64"})
    if sessions == 1 and fragments == 3:
        await server.disconnect(sid)
        return
    await server.emit("fragment:ack", {"fragment_id": data["fragment_id"], "status": "queued", "queue_position": 0}, to=sid)
    await server.emit("fragment:processed", {
        "fragment_id": data["fragment_id"], "stream_id": data["stream_id"], "sequence_number": data["sequence_number"],
        "status": "success", "dubbed_audio": data["audio"], "transcript": "x", "translated_text": "y", "processing_time_ms": 1,
        "stage_timings": {"asr_ms": 0, "translation_ms": 0, "tts_ms": 1}, "metadata": {"asr_model": "x", "translation_model": "y", "tts_model": "z", "gpu_utilization": 0.5}}, to=sid)


@server.on("fragment:ack")
async def fragment_ack(sid, data):
    say("fragment:ack", status=data["status"])


@server.on("stream:end")
async def stream_end(sid, data):
    say("stream:end")
    await server.emit("stream:complete", {"stream_id": data["stream_id"], "total_fragments": fragments, "total_duration_ms": 0, "statistics": {
        "success_count": fragments, "partial_count": 0, "failed_count": 0, "avg_processing_time_ms": 1.0, "p95_processing_time_ms": 1.0}}, to=sid)


async def main():
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"port {site._server.sockets[0].getsockname()[1]}", flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


asyncio.run(main())
