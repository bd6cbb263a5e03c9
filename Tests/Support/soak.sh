#!/usr/bin/env bash
# The long checks. First films with a planted truth, each of which must be told. Then two hours of a healthy pipeline at 4x, in which no alarm may be raised. Then every scenario twenty times while all cores are busy: equal verdicts. Then demos at 20x, again and again, watched on
# a pty: memory has to stay flat. SOAK_REPEATS, SOAK_SPEED, SOAK_AT_ONCE and SOAK_SECONDS change how much of each.
set -euo pipefail
cd "$(dirname "$0")/../.."
.venv/bin/python Tests/Support/planted.py .build/release/dubwatch
QUIET_SECONDS="${QUIET_SECONDS:-7200}" Tests/Support/quiet.sh .build/release/dubwatch
.venv/bin/python Tests/Support/soak_verdicts.py .build/release/dubwatch "${SOAK_REPEATS:-20}" "${SOAK_SPEED:-3}" "${SOAK_AT_ONCE:-3}"
exec .venv/bin/python Tests/Support/soak.py .build/release/dubwatch "${SOAK_SECONDS:-3600}"
