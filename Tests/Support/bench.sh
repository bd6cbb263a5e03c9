#!/usr/bin/env bash
# Release builds, measured beside the things to beat in the same run: medians and ratios, no pass or fail.
set -euo pipefail
cd "$(dirname "$0")/../.."
echo "== parser"
.build/release/ParserBench --python .venv/bin/python
echo "== history and logs"
.build/release/FoldBench
echo "== recordings"
.build/release/RecordingBench
echo "== screen"
.venv/bin/python Tests/Support/bench_screen.py .build/release/dubwatch "${BENCH_SECONDS:-30}"
