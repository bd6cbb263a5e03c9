"""Opens a page in a real headless Chromium over its debugging protocol and prints what it is like, as JSON.

page.py CHROMIUM PAGE FOLDER TIME_MS...
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import time

import websocket

chromium, page, folder, *instants = sys.argv[1:]
profile = os.path.join(folder, "profile")
browser = subprocess.Popen(
    [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
     "--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={profile}", "about:blank"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    told = os.path.join(profile, "DevToolsActivePort")
    deadline = time.monotonic() + 60
    while not (os.path.exists(told) and len(open(told).read().split()) == 2):
        if time.monotonic() > deadline or browser.poll() is not None:
            sys.exit("chromium did not start")
        time.sleep(0.05)
    port, path = open(told).read().split()
    socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=60)
    events = []
    number = 0

    def call(method, session=None, **parameters):
        global number
        number += 1
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        socket.send(json.dumps(message))
        while True:
            answer = json.loads(socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            events.append(answer)

    target = call("Target.createTarget", url="about:blank")["targetId"]
    session = call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
        call(f"{domain}.enable", session)
    call("Page.navigate", session, url="file://" + page)

    def run(script):
        answer = call("Runtime.evaluate", session, expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            sys.exit(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    deadline = time.monotonic() + 60
    while run("location.protocol + document.readyState") != "file:complete":
        if time.monotonic() > deadline:
            sys.exit("the page did not load")
        time.sleep(0.05)

    def key(name, code):
        for kind in ("rawKeyDown", "keyUp"):
            call("Input.dispatchKeyEvent", session, type=kind, key=name, code=name, windowsVirtualKeyCode=code)

    found = {"cursor": {}}
    for instant in instants:
        # By the pointer's way into the page: the control itself.
        run(f"(() => {{ const c = document.getElementById('cursor'); c.value = {instant}; c.dispatchEvent(new Event('input')); }})()")
        found["cursor"][instant] = run("Array.from(document.querySelectorAll('.chart output')).map((o) => o.textContent)")
    found["names"] = run("Array.from(document.querySelectorAll('.chart .name')).slice(1).map((n) => n.textContent)")
    # By keyboard alone.
    run("document.body.focus()")
    reached = []
    # Past the links of the evidence; the rows of events come last.
    while len(reached) < 1000 and "category" not in reached:
        key("Tab", 9)
        reached.append(run("document.activeElement.id || document.activeElement.tagName"))
    key("Tab", 9)
    reached.append(run("document.activeElement.id || document.activeElement.tagName"))
    found["reached"] = reached
    run("document.getElementById('cursor').focus()")
    before = run("Number(document.getElementById('cursor').value)")
    key("ArrowLeft", 37)
    found["moved"] = run("Number(document.getElementById('cursor').value)") - before
    run("(() => { const f = document.getElementById('filter'); f.value = 'breaker'; f.dispatchEvent(new Event('input')); })()")
    found["shown"] = run("document.getElementById('shown').textContent")
    run("(() => { const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input')); })()")
    found["scripts"] = run("document.querySelectorAll('script').length")
    found["text"] = run("document.querySelector('main').textContent")
    found["overflow"] = run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found["grounds"] = []
    for scheme in ("light", "dark"):
        call("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": scheme}])
        found["grounds"].append(run("getComputedStyle(document.body).backgroundColor"))
    tree = call("Accessibility.getFullAXTree", session)["nodes"]
    found["roles"] = sorted({(node["role"]["value"], node.get("name", {}).get("value", "")[:80]) for node in tree if not node.get("ignored")})
    pdf = os.path.join(folder, "page.pdf")
    with open(pdf, "wb") as file:
        file.write(base64.b64decode(call("Page.printToPDF", session, printBackground=True)["data"]))
    if shutil.which("pdftotext"):
        found["printed"] = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    found["errors"] = [event for event in events if event.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded")]
    found["errors"] += [event for event in events if event.get("method") == "Runtime.consoleAPICalled" and event["params"]["type"] == "error"]
    found["asked"] = [event["params"]["request"]["url"] for event in events if event.get("method") == "Network.requestWillBeSent"]
    call("Browser.close")
    print(json.dumps(found))
finally:
    try:
        browser.wait(10)
    except subprocess.TimeoutExpired:
        browser.kill()
        browser.wait()
