"""Drives echo-sts with the real python-socketio client; prints one JSON object, exit status 1 when a check fails.

Usage: echo_client.py URL polling|websocket|upgrade
"""

import asyncio
import base64
import json
import sys
import time

import aiohttp
import socketio

URL = sys.argv[1]
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}[sys.argv[2]]
AUDIO = base64.b64encode(bytes(range(256)) * 300).decode()
failures = []


def check(name, condition, detail=""):
    if not condition:
        failures.append(f"{name}: {detail}")


class Peer:
    """One client that keeps every event in order."""

    def __init__(self):
        self.client = socketio.AsyncClient(reconnection=False)
        self.events = []
        self.changed = asyncio.Event()
        self.gone = asyncio.Event()
        self.client.on("*", self.on_event)
        self.client.on("disconnect", self.on_disconnect)

    async def on_event(self, name, *args):
        self.events.append((name, args[0] if args else None))
        self.changed.set()

    async def on_disconnect(self, *args):
        self.gone.set()

    async def connect(self):
        await self.client.connect(URL, transports=TRANSPORTS)
        return self

    async def until(self, name, count=1, seconds=10):
        deadline = time.monotonic() + seconds
        while True:
            found = [payload for event, payload in self.events if event == name]
            if len(found) >= count:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{name} x{count}, got {[e for e, _ in self.events]}")
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), min(left, 0.2))
            except asyncio.TimeoutError:
                pass

    async def open(self, stream, **more):
        await self.client.emit("stream:init", init(stream, **more))
        return (await self.until("stream:ready"))[0]

    async def send(self, stream, sequence, **more):
        data = {
            "fragment_id": f"{stream}-{sequence}",
            "stream_id": stream,
            "sequence_number": sequence,
            "timestamp": int(time.time() * 1000),
            "audio": {"format": "m4a", "sample_rate_hz": 48000, "channels": 2, "duration_ms": 6000, "data_base64": AUDIO},
            "metadata": {"pts_ns": 1},
        }
        data.update(more)
        await self.client.emit("fragment:data", data)

    async def ack(self, stream, sequence):
        await self.client.emit(
            "fragment:ack", {"fragment_id": f"{stream}-{sequence}", "status": "applied", "timestamp": int(time.time() * 1000)})


def init(stream, **more):
    data = {
        "stream_id": stream,
        "worker_id": "py",
        "config": {
            "source_language": "en", "target_language": "es", "voice_profile": "default", "chunk_duration_ms": 6000,
            "sample_rate_hz": 48000, "channels": 2, "format": "m4a"},
        "max_inflight": 3,
        "timeout_ms": 8000,
    }
    data.update(more)
    return data


async def main():
    peer = await Peer().connect()
    ready = await peer.open("a", max_inflight=4)
    check("ready", ready["stream_id"] == "a" and ready["session_id"] and ready["max_inflight"] == 4, ready)
    check("capabilities", set(ready["capabilities"]) == {"batch_processing", "async_delivery"}, ready)

    for sequence in range(4):
        await peer.send("a", sequence)
    done = await peer.until("fragment:processed", 4)
    acks = await peer.until("fragment:ack", 4)
    check("acks", all(a["status"] == "queued" and isinstance(a["queue_position"], int) for a in acks), acks)
    check("order", [d["sequence_number"] for d in done] == [0, 1, 2, 3], done)
    check("echo", all(d["dubbed_audio"]["data_base64"] == AUDIO and d["status"] == "success" for d in done))
    check("metadata", done[0]["metadata"]["asr_model"] == "echo-mock" and done[0]["stage_timings"].keys() == {"asr_ms", "translation_ms", "tts_ms"})
    pressure = await peer.until("backpressure", 3)
    check("backpressure", [(p["severity"], p["action"]) for p in pressure[:3]] == [("low", "none"), ("medium", "slow_down"), ("high", "pause")], pressure)
    for sequence in range(4):
        await peer.ack("a", sequence)
    pressure = await peer.until("backpressure", 6)
    check("cleared", pressure[-1]["severity"] == "low" and pressure[-1]["action"] == "none", pressure)

    await peer.send("nobody", 4)
    errors = await peer.until("error")
    check("not found", errors[0]["code"] == "STREAM_NOT_FOUND" and errors[0]["retryable"] is False, errors)
    await peer.send("a", -1)
    check("sequence", (await peer.until("error", 2))[1]["code"] == "INVALID_SEQUENCE")
    await peer.client.emit("stream:pause", {"stream_id": "a"})
    await peer.send("a", 4)
    check("paused", (await peer.until("error", 3))[2]["code"] == "STREAM_NOT_FOUND")
    await peer.client.emit("stream:resume", {"stream_id": "a"})

    await peer.client.emit("config:error_simulation", {"enabled": True, "rules": [
        {"trigger": "nth_fragment", "value": 1, "error_code": "TIMEOUT", "error_message": "slow", "retryable": True, "stage": "asr"}]})
    answer = (await peer.until("config:error_simulation:ack"))[0]
    check("rules", answer["status"] == "accepted" and answer["rules_count"] == 1, answer)
    await peer.send("a", 4)
    failed = (await peer.until("fragment:processed", 5))[4]
    check("failed", failed["status"] == "failed" and failed["error"] == {"code": "TIMEOUT", "message": "slow", "stage": "asr", "retryable": True}, failed)
    await peer.ack("a", 4)
    await peer.client.emit("config:error_simulation", {"enabled": True, "rules": [{"trigger": "nth_fragment", "value": 0, "error_code": "TIMEOUT", "error_message": "x", "retryable": True}]})
    check("bad rules", (await peer.until("config:error_simulation:ack", 2))[1]["status"] == "rejected")

    bad = await Peer().connect()
    await bad.client.emit("stream:init", init("b", max_inflight=11))
    check("bad init", (await bad.until("error"))[0]["code"] == "INVALID_CONFIG")
    await bad.client.emit("stream:init", "not an object")
    check("text init", (await bad.until("error", 2))[1]["code"] == "INVALID_CONFIG")

    # The second client is the harness: it acts on the first one's stream.
    await bad.client.emit("simulate:backpressure", {"stream_id": "a", "severity": "medium", "action": "slow_down", "recommended_delay_ms": 250})
    check("sent", (await bad.until("simulate:backpressure:ack"))[0]["status"] == "sent")
    targeted = (await peer.until("backpressure", len(pressure) + 1))[-1]
    check("targeted", targeted["stream_id"] == "a" and targeted["recommended_delay_ms"] == 250, targeted)

    await peer.client.emit("config:error_simulation", {"enabled": False, "rules": []})
    await peer.client.emit("stream:end", {"stream_id": "a"})
    complete = (await peer.until("stream:complete"))[0]
    check("complete", complete["total_fragments"] == 5 and complete["statistics"]["failed_count"] == 1, complete)
    await asyncio.wait_for(peer.gone.wait(), 10)

    third = await Peer().connect()
    await third.open("c")
    await bad.client.emit("simulate:disconnect", {"delay_ms": 50, "stream_id": "c", "reason": "test"})
    scheduled = (await bad.until("simulate:disconnect:ack"))[0]
    check("scheduled", scheduled["status"] == "scheduled" and scheduled["disconnect_at_ms"] > 0, scheduled)
    await asyncio.wait_for(third.gone.wait(), 10)
    await bad.client.emit("simulate:disconnect", {"delay_ms": 60001})
    check("too late", (await bad.until("simulate:disconnect:ack", 2))[1]["status"] == "rejected")

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{URL}/health") as response:
            body = await response.json()
            check("health", response.status == 200 and body["status"] == "healthy", body)
        async with session.post(f"{URL}/control", json={"action": "audio_skew", "delay_ms": 200}) as response:
            check("skew", response.status == 501, response.status)
        async with session.post(f"{URL}/control", json={"action": "latency", "delay_ms": 99999}) as response:
            check("bad latency", response.status == 400, response.status)
        async with session.post(f"{URL}/control", data="{", headers={"Content-Type": "application/json"}) as response:
            check("bad json", response.status == 400, response.status)
        async with session.post(f"{URL}/control", data='{"action": "crash"}') as response:
            check("no json by its type", response.status == 415, response.status)
        async with session.get(f"{URL}/health", headers={"Origin": "http://evil.example.com"}) as response:
            check("another origin", response.status == 403, response.status)
        # Long enough that it is still on when the client has noticed: on a busy machine that can take more than a second.
        async with session.post(f"{URL}/control", json={"action": "outage", "seconds": 4}) as response:
            check("outage", response.status == 200, response.status)
        await asyncio.wait_for(bad.gone.wait(), 10)

        async def health():
            try:
                async with session.get(f"{URL}/health") as response:
                    return response.status
            except aiohttp.ClientError:
                return 0

        statuses = set()
        deadline = time.monotonic() + 25
        refused = False
        while time.monotonic() < deadline:
            status = await health()
            statuses.add(status)
            if status == 503 and not refused:
                try:
                    await Peer().connect()
                except socketio.exceptions.ConnectionError:
                    refused = True
            if status == 200 and 503 in statuses:
                break
            await asyncio.sleep(0.02)
        check("outage seen", 503 in statuses and 200 in statuses and refused, (statuses, refused))

    for one in (peer, bad, third):
        await one.client.disconnect()
    print(json.dumps({"failures": failures}))
    return 1 if failures else 0


sys.exit(asyncio.run(asyncio.wait_for(main(), 60)))
