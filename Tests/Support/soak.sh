#!/usr/bin/env bash
# An hour of `everything` at 20x, again and again, watched on a pty: memory has to stay flat.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec .venv/bin/python Tests/Support/soak.py .build/release/dubwatch "${SOAK_SECONDS:-3600}"
