#!/usr/bin/env python3
"""Planted truth: ffmpeg makes films of the test stream with an offset, a speed, a jump, a hole or a late track that is known exactly, and
dubwatch must tell it: within 15 ms and 300 ppm, or by the name of what is wrong. Usage: planted.py DUBWATCH [FILTER]"""
import json
import os
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
FILTER = sys.argv[2] if len(sys.argv) > 2 else ""
FIXTURE = "fixtures/stream/dubwatch-60s.mp4"
SECONDS = 22
# MarkRhythm.standard, in frames of 1/30 s.
MARKS = [n / 30 for n in (36, 77, 114, 145, 170, 198, 238, 284, 325, 373, 403, 434, 468, 508, 551, 597, 623, 652)]
MOST_MS, MOST_PPM = 15, 300
FORMATS = {"ts": "mpegts", "mp4": "mp4", "flv": "flv", "mkv": "matroska", "mov": "mov"}


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True, timeout=120, stderr=subprocess.DEVNULL)


def cases():
    """Name, ffmpeg's arguments behind the first input (SECOND is the film again), container, and what is planted."""
    small = ["-c", "copy"]
    for container in FORMATS:
        for offset in (-2.5, -1.5, -0.8, -0.2, -0.04, 0, 0.04, 0.2, 0.8, 1.5, 2.5):
            yield (f"offset {offset:+} s, {container}", ["-itsoffset", offset, "-i", "SECOND", "-map", "0:v", "-map", "1:a", *small],
                   container, {"offset": offset})
    for speed in (0.9, 0.91875, 0.93, 0.95, 0.96, 0.97, 0.985, 0.999, 1.001, 1.015, 1.03, 1.0417, 1.05, 1.07, 1.0884, 1.1):
        for container in ("ts", "mp4", "flv"):
            yield f"sound at {speed}, {container}", [*small, "-bsf:a", f"setts=ts=TS*{speed}"], container, {"sound": speed}
            yield f"picture at {speed}, {container}", [*small, "-bsf:v", f"setts=ts=TS*{speed}"], container, {"picture": speed}
    for rate in (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000):
        yield f"{rate} Hz, aac", ["-c:v", "copy", "-ar", rate, "-c:a", "aac"], "mp4", {"offset": 0}
    for codec, container in (("mp2", "ts"), ("ac3", "ts"), ("eac3", "ts"), ("libmp3lame", "flv"), ("flac", "mkv"), ("pcm_s16le", "mov"),
                             ("pcm_mulaw", "mkv"), ("pcm_alaw", "mkv"), ("libopus", "mkv"), ("libopus", "ts"), ("libvorbis", "mkv")):
        rate = ["-ar", 8000, "-ac", 1] if "law" in codec else []
        yield f"sound in {codec}, {container}", ["-c:v", "copy", *rate, "-c:a", codec], container, {"offset": 0}
    for codec, container in (("mpeg2video", "ts"), ("mpeg4", "mp4"), ("libx265", "ts"), ("libx265", "mp4"), ("libvpx", "mkv")):
        yield f"picture in {codec}, {container}", ["-c:a", "copy", "-c:v", codec, "-b:v", "800k"], container, {"offset": 0}
    for name, options in (("3 B-frames", ["-bf", 3]), ("no B-frames", ["-bf", 0]), ("key frames every 10 s", ["-g", 300]),
                          ("300 kbit/s", ["-b:v", "300k", "-maxrate", "300k", "-bufsize", "600k"])):
        for container in ("ts", "flv"):
            yield (f"h264 with {name}, {container}", ["-c:a", "copy", "-c:v", "libx264", "-preset", "veryfast", *options], container,
                   {"offset": 0})
    yield "64 kbit/s mono", ["-c:v", "copy", "-ac", 1, "-c:a", "aac", "-b:a", "64k"], "ts", {"offset": 0}
    for start in (95436, 26000, 3):
        yield f"begins at {start} s", [*small, "-output_ts_offset", start], "ts", {"offset": 0}
    for track in "va":
        hole = "noise=drop='between(pts,720000,900000)'"
        yield f"a hole of 2 s, {track}", [*small, f"-bsf:{track}", hole], "ts", {"offset": 0, "finding": "gap"}
        late = "noise=drop='lt(pts,720000)'"
        yield f"first packet at 8 s, {track}", [*small, f"-bsf:{track}", late], "ts", {"offset": 0, "finding": "track-late"}
        never = "noise=drop=1"
        yield f"never a packet, {track}", [*small, f"-bsf:{track}", never], "ts", {"finding": "track-silent"}
        # Backwards is for the tests of the model: ffmpeg mends falling times before it writes them.
        for jump in (40, 3000, 5000):
            ticks = jump * 90000
            yield (f"jumps by {jump} s alone, {track}", [*small, f"-bsf:{track}", f"setts=ts=TS+if(gt(TS\\,1080000)\\,{ticks}\\,0)"], "ts",
                   {"finding": "gap" if 0 < jump <= 3600 else "track-jumps"})
    both = "setts=ts=TS+if(gt(TS\\,1080000)\\,4500000\\,0)"
    yield "both jump by 50 s", [*small, "-bsf:v", both, "-bsf:a", both], "ts", {"offset": 0, "finding": "seam"}
    yield "no audio", ["-an", "-c", "copy"], "ts", {"finding": "missing-track"}
    yield "no presentation times", small, "avi", {"offset": 0, "finding": "no-presentation-times"}


def truth(planted, time):
    """When the mark of a time is seen, and how far behind it is heard, in seconds."""
    picture, sound = planted.get("picture", 1), planted.get("sound", 1)
    return time * picture, time * sound - time * picture + planted.get("offset", 0)


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def check(name, planted, report):
    """What is wrong, and the errors in ms and ppm."""
    wrong, error = [], {"ms": 0.0, "ppm": 0.0}
    kinds = {finding["kind"] for finding in report["findings"]}
    if planted.get("finding") and planted["finding"] not in kinds:
        wrong.append(f"no finding {planted['finding']}, but {sorted(kinds)}")
    if not any(key in planted for key in ("offset", "sound", "picture")):
        return (wrong if not report["ok"] or planted.get("finding") == "gap" else wrong + ["called good"]), error
    marks = report["marks"]
    if marks["offset_ms"] is None:
        return wrong + ["no offset is told"], error
    ppm = 1e6 * (planted.get("sound", 1) / planted.get("picture", 1) - 1)
    if "sound" in planted or "picture" in planted:
        error["ppm"] = abs(marks["speed_ppm"] - ppm)
        # The offset is that of the newest mark.
        error["ms"] = min(abs(marks["offset_ms"] - 1000 * truth(planted, time)[1]) for time in MARKS[-2:])
        off = abs(ppm) > 500
        if ("speed" in kinds) != off:
            wrong.append(f"speed {'not ' if off else ''}named")
    else:
        told = [s["content_offset_ms"] for s in report["segments"] if s["content_offset_ms"] is not None] + [marks["offset_ms"]]
        error["ms"] = max(abs(value - 1000 * planted["offset"]) for value in told)
        error["ppm"] = abs(marks["speed_ppm"] or 0)
    if error["ms"] > MOST_MS:
        wrong.append(f"{error['ms']:.1f} ms off: {marks['offset_ms']}")
    if error["ppm"] > MOST_PPM:
        wrong.append(f"{error['ppm']:.0f} ppm off: {marks['speed_ppm']}")
    return wrong, error


def main():
    worst, bad, count, skipped = {"ms": (0.0, "-"), "ppm": (0.0, "-")}, 0, 0, []
    encoders = subprocess.run(["ffmpeg", "-v", "error", "-encoders"], capture_output=True, text=True, check=True).stdout.split()
    with tempfile.TemporaryDirectory() as folder:
        film = os.path.join(folder, "film.mp4")
        ffmpeg("-t", SECONDS, "-i", FIXTURE, "-vf", "scale=320:180", "-c:v", "libx264", "-preset", "veryfast", "-bf", 0, "-g", 30, "-c:a",
               "copy", film)
        for name, arguments, container, planted in cases():
            if FILTER not in name:
                continue
            missing = [a for a in arguments if str(a).startswith("lib") and a not in encoders]
            if missing:
                skipped.append(f"{name}: this ffmpeg has no {missing[0]}")
                continue
            file = os.path.join(folder, "case." + container)
            # Each frame of sound gets a time of its own in MPEG-TS: between those of a packet ffmpeg would count on at the speed of before.
            own = ["-pes_payload_size", 0] if container == "ts" else []
            ffmpeg("-i", film, *[film if a == "SECOND" else a for a in arguments], "-strict", -2, *own, "-f",
                   FORMATS.get(container, container), file)
            run = subprocess.run([PROGRAM, "probe", file, "--json"], capture_output=True, text=True, timeout=120)
            count += 1
            try:
                wrong, error = check(name, planted, json.loads(run.stdout))
            except ValueError:
                wrong, error = [run.stderr.strip() or "no report"], {"ms": 0.0, "ppm": 0.0}
            if wrong:
                bad += 1
                print(f"✗ {name}: {'; '.join(wrong)}", flush=True)
                continue
            for unit, value in error.items():
                worst[unit] = max(worst[unit], (value, name))
    for line in skipped:
        print(f"skipped: {line}")
    print(f"{count - bad} of {count} films are told as they were made; worst of these {worst['ms'][0]:.1f} ms ({worst['ms'][1]}), "
          f"{worst['ppm'][0]:.0f} ppm ({worst['ppm'][1]})")
    sys.exit(1 if bad or not count else 0)


main()
