"""Makes blocks of OpenMetrics text, has a Prometheus serve them, asks it, and prints the answers.

query.py FOLDER_OF_PROGRAMS FILE SCRATCH PORT START END STEP QUERY...
"""

import json
import subprocess
import sys
import time

import requests

programs, text, scratch, port, start, end, step, *queries = sys.argv[1:]
subprocess.run([f"{programs}/promtool", "tsdb", "create-blocks-from", "openmetrics", text, f"{scratch}/data"], check=True, capture_output=True)
open(f"{scratch}/prometheus.yml", "w").write("global: {}\n")
server = subprocess.Popen(
    [f"{programs}/prometheus", f"--config.file={scratch}/prometheus.yml", f"--storage.tsdb.path={scratch}/data",
     "--storage.tsdb.retention.time=100y", f"--web.listen-address=127.0.0.1:{port}"],
    stdout=subprocess.DEVNULL, stderr=open(f"{scratch}/log", "w"))
try:
    deadline = time.monotonic() + 60
    while True:
        try:
            if requests.get(f"http://127.0.0.1:{port}/-/ready", timeout=5).status_code == 200:
                break
        except requests.ConnectionError:
            pass
        if time.monotonic() > deadline or server.poll() is not None:
            sys.exit(open(f"{scratch}/log").read()[-2000:])
        time.sleep(0.05)
    answers = []
    for query in queries:
        answer = requests.get(
            f"http://127.0.0.1:{port}/api/v1/query_range", params={"query": query, "start": start, "end": end, "step": step}, timeout=30)
        answers.append(answer.json()["data"]["result"])
    print(json.dumps(answers))
finally:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
