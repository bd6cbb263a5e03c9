#!/usr/bin/env python3
"""Measures the screen: time to the first frame, CPU, memory and bytes per second of `dubwatch watch` over served
services at 160x48, beside `watch -n 1 curl` on the same endpoint in the same run.

usage: bench_screen.py DUBWATCH [SECONDS]
"""
import fcntl, os, pty, select, shutil, signal, socket, statistics, struct, subprocess, sys, tempfile, termios, time
import pyte

BINARY = sys.argv[1]
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for_port(port, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port} after {seconds} s")


class Terminal:
    """A command on a pty of 160x48, whose output a terminal emulator reads."""

    def __init__(self, arguments):
        self.screen = pyte.Screen(160, 48)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = 0
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8")
            # The size has to stand before the program looks.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 48, 160, 0, 0))
            os.execvp(arguments[0], arguments)

    def read(self, seconds, until=None):
        """Reads for a time, or until the screen satisfies a condition; gives the seconds since the start, or None."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([self.fd], [], [], min(left, 0.5))
            if ready:
                try:
                    data = os.read(self.fd, 65536)
                except OSError:
                    return None
                self.bytes += len(data)
                if until is not None:
                    self.stream.feed(data)
                    if until("\n".join(self.screen.display)):
                        return time.monotonic() - self.started
        return None

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            self.read(0.05)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def children(pid):
    found = [pid]
    for child in open(f"/proc/{pid}/task/{pid}/children").read().split():
        found += children(int(child))
    return found


def cpu_seconds(pid, with_reaped):
    total = 0
    for one in children(pid):
        try:
            fields = open(f"/proc/{one}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(fields[i]) for i in ((11, 12, 13, 14) if with_reaped else (11, 12)))
    return total / TICK


def resident(pid):
    return sum(int(open(f"/proc/{one}/statm").read().split()[1]) * PAGE for one in children(pid)) / 1e6


def keys(name, arguments, count=300):
    """How long a key takes to the screen: `tab` moves the focus, whose box is drawn anew."""
    terminal = Terminal(arguments)
    terminal.read(10, lambda frame: "Services" in frame and "Events" in frame)
    terminal.read(3)
    taken = []
    for number in range(count):
        # Between two keys as long as people take, and never in step with the frames.
        terminal.read(0.05 + 0.0037 * (number % 50))
        while select.select([terminal.fd], [], [], 0)[0]:
            os.read(terminal.fd, 65536)
        began = time.monotonic()
        os.write(terminal.fd, b"\t")
        if not select.select([terminal.fd], [], [], 5)[0]:
            raise SystemExit(f"{name}: a key is not answered within 5 s")
        taken.append(time.monotonic() - began)
    terminal.end()
    taken.sort()
    at = lambda share: 1000 * taken[min(len(taken) - 1, int(len(taken) * share))]
    print(f"{name:32} key to screen: median {at(0.5):.1f} ms, p95 {at(0.95):.1f}, p99 {at(0.99):.1f}, of {count}")


def large_page(megabytes):
    """An endpoint whose page is large and changes."""
    import http.server, threading

    lines = "".join(f'dubwatch_bench_series_with_a_name{{number="{i}",stream="live/test/out"}} %d\n' for i in range(megabytes * 15000))

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = lines.replace("%d", str(int(time.time()))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def measure(name, arguments, first, with_reaped=False):
    firsts = []
    for _ in range(7):
        terminal = Terminal(arguments)
        firsts.append(terminal.read(10, first))
        terminal.end()
    if None in firsts:
        raise SystemExit(f"{name}: no first frame within 10 s")
    terminal = Terminal(arguments)
    terminal.read(5)
    begin, begin_bytes, at = cpu_seconds(terminal.pid, with_reaped), terminal.bytes, time.monotonic()
    terminal.read(SECONDS)
    elapsed = time.monotonic() - at
    cpu = 100 * (cpu_seconds(terminal.pid, with_reaped) - begin) / elapsed
    rate = (terminal.bytes - begin_bytes) / elapsed / 1000
    memory = resident(terminal.pid)
    terminal.end()
    print(f"{name:32} first frame {1000 * statistics.median(firsts):6.0f} ms   CPU {cpu:5.2f} %   {memory:6.1f} MB   {rate:6.2f} KB/s")
    return cpu


def main():
    folder = tempfile.mkdtemp(prefix="dubwatch-bench-")
    echo, worker = free_port(), free_port()
    log = os.path.join(folder, "media-service.log")
    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    services = [subprocess.Popen([BINARY, "serve", "echo-sts", "--port", str(echo)], **quiet)]
    try:
        wait_for_port(echo)
        services.append(
            subprocess.Popen(
                [BINARY, "serve", "media-service", "--port", str(worker), "--sts-url", f"http://127.0.0.1:{echo}", "--log-file", log],
                **quiet))
        wait_for_port(worker)
        base = f"http://127.0.0.1:{worker}"
        watch = [
            BINARY, "watch", "--contract", "spec-018", "--interval", "1", "--health", f"media-service={base}/health",
            "--health", f"echo-sts=http://127.0.0.1:{echo}/health", "--metrics", f"{base}/metrics", "--logs", f"media-service={log}"]
        print(f"160x48, polling once a second, {SECONDS:.0f} s (median of 7 starts):")
        keys("dubwatch watch", watch)
        page = large_page(10)
        keys("dubwatch watch, 10 MB a scrape", watch + ["--metrics", f"large=http://127.0.0.1:{page.server_port}/"], 150)
        page.shutdown()
        measure("dubwatch watch", watch, lambda frame: "Services" in frame and "Events" in frame)
        if shutil.which("watch") and shutil.which("curl"):
            measure("watch -n 1 curl .../metrics", ["watch", "-n", "1", "curl", "-s", f"{base}/metrics"], lambda frame: "worker_" in frame, True)
    finally:
        for service in services:
            service.terminate()
            service.wait(10)
        shutil.rmtree(folder)


main()
