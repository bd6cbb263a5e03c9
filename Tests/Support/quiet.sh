#!/usr/bin/env bash
# A healthy run raises no alarm: a pipeline that nothing goes wrong in is published to for QUIET_SECONDS of its time at 4x, and no line of it may
# be a warning. Usage: quiet.sh DUBWATCH
set -euo pipefail
seconds=${QUIET_SECONDS:-600}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/quiet.yaml" <<YAML
name: quiet
sentence: Nothing goes wrong.
time_limit_s: $((seconds + 60))
publish: {loop_s: $seconds}
expectations:
  - {id: sent, expect: counter, signal: fragments_sent, at_least: $((seconds / 7))}
  - {id: sync, expect: sync, figure: content}
  - {id: output, expect: output-unbroken}
YAML
status=0
"$1" run "$folder/quiet.yaml" --speed 4 --headless > "$folder/lines" || status=$?
tail -9 "$folder/lines"
if grep -E '^[^ ]+ #[0-9.]+ (warning|bad) ' "$folder/lines"; then
  echo "a healthy run raised an alarm" >&2
  exit 1
fi
exit "$status"
