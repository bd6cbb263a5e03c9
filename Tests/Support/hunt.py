#!/usr/bin/env python3
"""hunt.py [CASE...|--list]: judges scenarios over a fake worker (fakeworker.py) whose log, metrics and health say less, or something else,
than they seem to. Each case of fixtures/evidence/hunt/cases.json says what is really so (`why`), how each expectation must stand
(`standings`) and what must come of the run (`outcome`: failed, inconclusive, or refused before anything is started).

Ends with status 0 when every case is as it must be, 1 when one is not. DUBWATCH names the program (default .build/release/dubwatch).
"""
import concurrent.futures, json, os, shutil, subprocess, sys, tempfile, time, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = json.load(open(f"{HERE}/../../fixtures/evidence/hunt/cases.json"))
PROGRAM = os.environ.get("DUBWATCH", ".build/release/dubwatch")
EXIT = {"passed": 0, "failed": 1, "inconclusive": 1, "refused": 2}
LOUD = ['{"severity":"ERROR","msg":"x"}', '{"level":50,"msg":"x"}', '{"lvl":"error","msg":"x"}', '{"level":"FATAL","msg":"x"}',
        '{"level":"CRIT","msg":"x"}', '{"level":"panic","msg":"x"}', '{"level":"err","msg":"x"}', 'CRITICAL: x', '{"level":"Error","msg":"x"}']


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def worker(folder, name, script, children):
    """Starts a fake worker; returns its port once it answers."""
    open(f"{folder}/{name}.py", "w").write(script)
    for _ in range(5):
        port = free_port()
        child = subprocess.Popen([sys.executable, f"{HERE}/fakeworker.py", str(port), f"{folder}/{name}.log", f"{folder}/{name}.py"],
                                 stdout=subprocess.DEVNULL, stderr=open(f"{folder}/{name}.err", "w"))
        children.append(child)
        for _ in range(100):
            if child.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=1)
                return port
            except OSError:
                time.sleep(0.05)
    raise RuntimeError(f"the fake worker does not come up: {open(f'{folder}/{name}.err').read()[-300:]}")


def play(name, folder):
    """Runs one case; returns what is not as it must be."""
    case = CASES[name]
    os.makedirs(folder)
    children = []
    try:
        log = f"{folder}/w.log"
        open(log, "w").write(case["prelog"] % (time.time() - 86400) if case["prelog"] else "")
        steps = "steps: []\n" if case["steps"] == "[]" else f"steps:\n{case['steps']}\n"
        open(f"{folder}/s.yaml", "w").write(
            f"name: {name}\nsentence: {name}.\ntime_limit_s: {case['limit']}\npublish: {case['publish']}\n{case['head']}{steps}"
            f"expectations:\n{case['exps']}\n")
        # What a script does after some seconds it does from when its worker runs: the run begins at once.
        port = worker(folder, "w", case["script"], children)
        command = [PROGRAM, "run", f"{folder}/s.yaml", "--env", "attach", "--headless", "--junit", f"{folder}/j.xml", "--json", f"{folder}/j.json"]
        if case["health"]: command += ["--health", f"media-service=http://127.0.0.1:{port}/health"]
        if case["metrics"]: command += ["--metrics", f"http://127.0.0.1:{port}/metrics"]
        if case["logs"]: command += ["--logs", f"media-service={log}"]
        if "second" in case["extra"]:
            other = worker(folder, "w2", 'M["processed"]=M["sent"]=3\nS["extra"]="python_gc_total 3\\n"\n', children)
            command += ["--metrics", f"other=http://127.0.0.1:{other}/metrics"]
        if "log2" in case["extra"]:
            open(f"{folder}/o.log", "a").close()
            command += ["--logs", f"other={folder}/o.log"]
        if "levels" in case["extra"]:
            for index in range(len(LOUD)):
                open(f"{folder}/l{index}.log", "w").close()
                command += ["--logs", f"s{index}={folder}/l{index}.log"]
            write = "; ".join(f"echo '{line}' >> {folder}/l{index}.log" for index, line in enumerate(LOUD))
            children.append(subprocess.Popen(["bash", "-c", f"sleep 4; {write}"]))
        try:
            result = subprocess.run(command + list(case["more"]), capture_output=True, text=True, timeout=case["timeout"] + 60)
        except subprocess.TimeoutExpired:
            return ["did not end"]
        open(f"{folder}/out.txt", "w").write(result.stdout + result.stderr)
        return list(mistakes(case, folder, result))
    finally:
        for child in children:
            child.kill()
            child.wait()


def mistakes(case, folder, result):
    wanted = case["outcome"]
    if result.returncode != EXIT[wanted]:
        yield f"exit {result.returncode}, wanted {EXIT[wanted]} ({wanted})"
    if wanted == "refused":
        if os.path.exists(f"{folder}/j.json"): yield "it was begun all the same"
        return
    try:
        report = json.load(open(f"{folder}/j.json"))
    except (OSError, ValueError) as error:
        yield f"no report: {error}"
        return
    if report["outcome"] != wanted: yield f"outcome {report['outcome']}, wanted {wanted}"
    found = {item["id"]: item for item in report["expectations"]}
    for id, standing in case["standings"].items():
        item = found.get(id)
        if item is None: yield f"{id} is not in the report"
        elif item["standing"] != standing: yield f"{id} {item['standing']}, wanted {standing} ({item['reason']})"


def main():
    names = sys.argv[1:] or list(CASES)
    if names == ["--list"]: return print("\n".join(CASES))
    base = tempfile.mkdtemp(prefix="hunt-")
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("HUNT_AT_ONCE", "4"))) as pool:
        for name, found in zip(names, pool.map(lambda name: play(name, f"{base}/{name}"), names)):
            print(f"{'ok   ' if not found else 'WRONG'} {name}: {CASES[name]['why']}")
            for line in found: print(f"      {line}")
            sys.stdout.flush()
            wrong += bool(found)
    print(f"{len(names) - wrong} of {len(names)} cases as they must be")
    if wrong: sys.exit(print(f"kept in {base}") or 1)
    shutil.rmtree(base)


if __name__ == "__main__":
    main()
