#!/usr/bin/env python3
"""Judges every embedded scenario again and again while all cores are busy: every repeat of one has to come to the same verdict.

usage: soak_verdicts.py DUBWATCH [REPEATS [SPEED [AT_ONCE]]]

A verdict is the outcome and how each expectation stands; figures, which no two runs share, are not compared.
"""
import collections, concurrent.futures, json, os, subprocess, sys, tempfile, time

BINARY = sys.argv[1]
REPEATS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
SPEED = sys.argv[3] if len(sys.argv) > 3 else "3"
AT_ONCE = int(sys.argv[4]) if len(sys.argv) > 4 else 3
LIMIT_SECONDS = 600


def scenarios():
    listed = subprocess.run([BINARY, "scenarios"], capture_output=True, text=True, timeout=30)
    if listed.returncode != 0:
        raise SystemExit(listed.stderr)
    return [line.split()[0] for line in listed.stdout.splitlines() if line.strip()]


def judge(name):
    """The verdict of one run, and the reasons of what does not stand as met."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.json")
        run = subprocess.run(
            [BINARY, "run", name, "--speed", SPEED, "--headless", "--json", path],
            capture_output=True, text=True, timeout=LIMIT_SECONDS)
        if not os.path.exists(path):
            return (f"status {run.returncode}",), run.stderr.strip()
        report = json.load(open(path))
    items = report["expectations"]
    verdict = (report["outcome"], *sorted(f"{item['id']}={item['standing']}" for item in items))
    reasons = "; ".join(f"{item['id']} {item['standing']}: {item['reason']}" for item in items if item["standing"] != "met")
    return verdict, reasons


def main():
    names = scenarios()
    if not names:
        raise SystemExit("no scenario is listed")
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    began, unequal, found = time.monotonic(), 0, collections.defaultdict(collections.Counter)
    try:
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            todo = {pool.submit(judge, name): name for _ in range(REPEATS) for name in names}
            for done in concurrent.futures.as_completed(todo):
                name, (verdict, reasons) = todo[done], done.result()
                found[name][verdict] += 1
                if verdict[0] != "passed" or len(found[name]) > 1:
                    print(f"  {name}: {verdict[0]}: {reasons}", flush=True)
    finally:
        for child in busy:
            child.kill()
            child.wait()
    for name in names:
        counts = found[name].most_common()
        same = len(counts) == 1 and counts[0][0][0] == "passed"
        unequal += 0 if same else 1
        print(f"{name:22} " + ", ".join(f"{count} x {verdict[0]}" for verdict, count in counts) + ("" if same else "   UNEQUAL"))
    print(f"{REPEATS} repeats at {SPEED}x with {AT_ONCE} at once beside {os.cpu_count()} busy loops took {time.monotonic() - began:.0f} s")
    print(f"{len(names) - unequal} passed, {unequal} failed")
    raise SystemExit(1 if unequal else 0)


if __name__ == "__main__":
    main()
