"""Plays a cast through a terminal emulator and prints the screen as it is at some seconds: cast.py FILE SECONDS..."""

import json
import sys

import pyte

lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
head = json.loads(lines[0])
size = (head["width"], head["height"]) if head["version"] == 2 else (head["term"]["cols"], head["term"]["rows"])
screen = pyte.Screen(*size)
stream = pyte.Stream(screen)
events = [json.loads(line) for line in lines[1:]]
if head["version"] == 3:
    now = 0.0
    for event in events:
        now += event[0]
        event[0] = now
assert all(first[0] <= second[0] + 1e-6 for first, second in zip(events, events[1:])), "times run backwards"
rest = events
shown = []
for seconds in map(float, sys.argv[2:]):
    while rest and rest[0][0] <= seconds + 1e-4:
        if rest[0][1] == "o":
            stream.feed(rest[0][2])
        rest = rest[1:]
    shown.append([row.rstrip() for row in screen.display])
print(json.dumps({"screens": shown, "markers": [event[2] for event in events if event[1] == "m"], "last": events[-1][0]}))
