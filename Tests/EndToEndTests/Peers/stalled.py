"""Runs a program whose reader stands still for a while, then reads on; prints what it showed as JSON.

stalled.py pipe|screen SECONDS PROGRAM ARGUMENT...
pipe: standard output is a pipe of one page. screen: the program has a terminal of 160x48; when its run is over the terminal is made so
large that pane 8, zoomed, shows all of its rows in full; they are read, and the program is quit.
"""
import fcntl, json, os, pty, select, signal, struct, subprocess, sys, termios, time

LIMIT = 150  # seconds, for everything after the stall
LARGE = (300, 300)  # lines, columns


def on_pipe(stall, command):
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    fcntl.fcntl(child.stdout, 1031, 4096)  # F_SETPIPE_SZ
    time.sleep(stall)
    output, errors = child.communicate(timeout=LIMIT)
    return {"lines": output.decode().splitlines(), "errors": errors.decode(), "status": child.returncode}


def on_screen(stall, command):
    import pyte

    class Screen(pyte.Screen):
        bells = 0

        def bell(self, *_):
            self.bells += 1

        # Scrolling up and down, which pyte does not know either: terminals do, and ncurses makes use of it where rows move.
        def scrolled(self, how, count):
            at = self.cursor.x, self.cursor.y
            self.cursor.y = self.margins.top if self.margins else 0
            how(count or 1)
            self.cursor.x, self.cursor.y = at

        def scroll_up(self, count=1):
            self.scrolled(self.delete_lines, count)

        def scroll_down(self, count=1):
            self.scrolled(self.insert_lines, count)

    class Stream(pyte.ByteStream):
        csi = dict(pyte.ByteStream.csi, S="scroll_up", T="scroll_down")
        events = pyte.ByteStream.events | {"scroll_up", "scroll_down"}

    screen = Screen(160, 48)
    stream = Stream(screen)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 48, 160, 0, 0))
    # pyte does not know how xterm repeats a character.
    environment = dict(os.environ, TERM="tmux-256color", LC_ALL="C.UTF-8")
    child = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(slave)
    time.sleep(stall)
    end = time.monotonic() + LIMIT

    def read(seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not select.select([master], [], [], 0.05)[0]:
                continue
            try:
                stream.feed(os.read(master, 65536))
            except OSError:
                return False
        return True

    def settle(quiet):
        # A large frame takes this emulator seconds: only what is followed by a pause is whole.
        last = time.monotonic()
        while time.monotonic() < end and time.monotonic() - last < quiet:
            if select.select([master], [], [], 0.05)[0]:
                try:
                    stream.feed(os.read(master, 65536))
                except OSError:
                    return
                last = time.monotonic()

    def shows(text):
        return any(text in row for row in screen.display)

    while not shows("ENDED") and time.monotonic() < end and read(0.2):
        pass
    bells = screen.bells
    screen.resize(*LARGE)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", *LARGE, 0, 0))
    os.write(master, b"8z")
    while not shows("\u256d 8") and not shows("8 Verdict") and time.monotonic() < end and read(0.2):
        pass
    rows = None
    while rows != list(screen.display) and time.monotonic() < end:
        settle(0.5)
        rows = list(screen.display)
        read(2)
        settle(0.5)
    os.write(master, b"q")
    while child.poll() is None and time.monotonic() < end and read(0.1):
        pass
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
    return {"lines": rows, "bells": bells, "status": child.wait(timeout=20)}


mode, stall, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
print(json.dumps({"pipe": on_pipe, "screen": on_screen}[mode](stall, command)))
