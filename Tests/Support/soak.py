#!/usr/bin/env python3
"""Runs demos at 20x on a pty, one after the other, for a time: memory stays flat within each, nothing is left behind.

usage: soak.py DUBWATCH SECONDS
"""
import fcntl, os, pty, select, signal, struct, sys, termios, time

BINARY, SECONDS = sys.argv[1], float(sys.argv[2])
DEMOS = ["everything", "circuit-breaker", "backpressure", "reconnection", "full-pipeline"]
LIMIT_MB = 120


def resident(pid):
    return int(open(f"/proc/{pid}/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def run(demo):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 48, 160, 0, 0))
        os.execv(BINARY, [BINARY, "demo", demo, "--speed", "20"])
    highest, deadline, asked = 0.0, time.monotonic() + 60, False
    begin = time.monotonic()
    while time.monotonic() < deadline:
        if select.select([fd], [], [], 0.2)[0]:
            try:
                if not os.read(fd, 65536):
                    break
            except OSError:
                break
        if not asked:
            highest = max(highest, resident(pid))
            if time.monotonic() - begin > 20:
                asked = True
                os.kill(pid, signal.SIGTERM)
    else:
        os.kill(pid, signal.SIGKILL)
        raise SystemExit(f"{demo}: did not end within 40 s of being asked to")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    if status not in (0, 143):
        raise SystemExit(f"{demo}: ended with status {status}")
    return highest


begin, rounds, worst = time.monotonic(), 0, 0.0
while time.monotonic() - begin < SECONDS:
    demo = DEMOS[rounds % len(DEMOS)]
    highest = run(demo)
    worst = max(worst, highest)
    rounds += 1
    print(f"{rounds:4} {demo:16} {highest:6.1f} MB", flush=True)
    if highest > LIMIT_MB:
        raise SystemExit(f"{demo}: {highest:.0f} MB resident, more than {LIMIT_MB} MB")
print(f"{rounds} passed, 0 failed, highest resident memory {worst:.1f} MB")
