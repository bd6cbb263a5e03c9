"""A small RTSP server for tests: takes ANNOUNCE/RECORD from one publisher per path and passes its packets to whoever PLAYs it.

It stands for MediaMTX where that cannot be had, as nginx does for RTMP: RTP and RTCP interleaved in the TCP connection only (SETUP for UDP
is answered 461), no authentication. A reader is given the last sender reports at once, so that it can put the tracks in step.
Prints its port. Usage: rtsp_relay.py [--no-reports]
"""

import asyncio
import sys

PATHS = {}
SENDS_REPORTS = "--no-reports" not in sys.argv
SR = 200


class Path:
    def __init__(self, sdp, publisher):
        self.sdp = sdp
        self.publisher = publisher
        self.readers = []
        self.reports = {}


class Connection:
    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.path = None
        self.is_publisher = False
        self.is_playing = False
        self.tracks = {}  # channel -> track, of a publisher; track -> channel, of a reader

    async def run(self):
        try:
            while True:
                first = await self.reader.readexactly(1)
                if first == b"$":
                    channel, length = (await self.reader.readexactly(1))[0], await self.reader.readexactly(2)
                    self.packet(channel, await self.reader.readexactly(int.from_bytes(length, "big")))
                elif first not in b"\r\n":
                    head = (first + await self.reader.readuntil(b"\r\n\r\n")).decode()
                    await self.request(head)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            pass
        finally:
            self.leave()
            self.writer.close()

    async def request(self, head):
        lines = head.split("\r\n")
        method, url, _ = lines[0].split(" ")
        headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                headers[name.strip().lower()] = value.strip()
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        name = "/" + url.split("://", 1)[-1].partition("/")[2]
        answer, extra, content = self.answer(method, url, name, headers, body)
        text = f"RTSP/1.0 {answer}\r\nCSeq: {headers.get('cseq', 0)}\r\nSession: {id(self)};timeout=60\r\n"
        for field in extra:
            text += field + "\r\n"
        if content:
            text += f"Content-Length: {len(content)}\r\n"
        self.writer.write(text.encode() + b"\r\n" + content)
        print(method, name, answer, file=sys.stderr, flush=True)
        if method == "PLAY" and answer == "200 OK":
            self.play()
        if method == "TEARDOWN":
            self.leave()

    def answer(self, method, url, name, headers, body):
        if method == "OPTIONS":
            return "200 OK", ["Public: OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, GET_PARAMETER, TEARDOWN"], b""
        if method == "ANNOUNCE":
            if name in PATHS:
                return "400 Bad Request", [], b""
            self.path, self.is_publisher = name, True
            PATHS[name] = Path(body, self)
            return "200 OK", [], b""
        if method == "DESCRIBE":
            if name not in PATHS:
                return "404 Not Found", [], b""
            return "200 OK", ["Content-Type: application/sdp", f"Content-Base: {url}/"], PATHS[name].sdp
        if method == "SETUP":
            base, _, track = name.rpartition("/streamid=")
            transport = headers.get("transport", "")
            if base not in PATHS or "RTP/AVP/TCP" not in transport:
                return "461 Unsupported Transport", [], b""
            channel = int(transport.partition("interleaved=")[2].partition("-")[0])
            if self.is_publisher:
                self.tracks[channel] = int(track)
            else:
                self.path = base
                self.tracks[int(track)] = channel
            return "200 OK", [f"Transport: {transport}"], b""
        return "200 OK", [], b""

    def play(self):
        path = PATHS.get(self.path)
        if path is None:
            return
        self.is_playing = True
        path.readers.append(self)
        if SENDS_REPORTS:
            for track, report in path.reports.items():
                self.send(track, 1, report)

    def packet(self, channel, data):
        path = PATHS.get(self.path) if self.is_publisher else None
        track = self.tracks.get(channel & ~1)
        if path is None or track is None:
            return
        if channel & 1 and len(data) > 1 and data[1] == SR:
            path.reports[track] = data
        for reader in path.readers:
            reader.send(track, channel & 1, data)

    def send(self, track, kind, data):
        channel = self.tracks.get(track)
        # A reader that takes nothing is left out, never waited for.
        if channel is None or self.writer.is_closing():
            return
        if self.writer.transport.get_write_buffer_size() < 8 << 20:
            self.writer.write(b"$" + bytes([channel + kind]) + len(data).to_bytes(2, "big") + data)

    def leave(self):
        path = PATHS.get(self.path)
        if path is None:
            return
        if self.is_publisher:
            del PATHS[self.path]
            for reader in path.readers:
                reader.writer.close()
        elif self in path.readers:
            path.readers.remove(self)
        self.path = None


async def serve():
    async def accepted(reader, writer):
        await Connection(reader, writer).run()

    server = await asyncio.start_server(accepted, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(serve())
