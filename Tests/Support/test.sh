#!/usr/bin/env bash
# All checks, cheapest first: format, warnings as errors, import rules, tests.
set -euo pipefail
cd "$(dirname "$0")/../.."

echo "== format"
swift format lint --strict --recursive --parallel Package.swift Sources Tests

echo "== build (warnings are errors; every import must be a declared dependency)"
# The import check prints "Build complete!" even when it failed: its exit status is what counts.
swift build --build-tests --explicit-target-dependency-import-check error

# One process a target: tests that wait for a terminal or a child keep a thread, and this must never hold up those of another target.
targets="PrometheusTextTests HarnessModelTests HarnessConfigTests TerminalCanvasTests MonitorUITests ProcessGuardTests SocketIOTests
  HarnessCoreTests EmbeddedPipelineTests TerminalNcursesTests EndToEndTests"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
for target in $targets; do
  echo "== $target"
  status=0
  # A target that hangs is a failure, not a wait without end.
  timeout --kill-after=10 600 swift test --skip-build --filter "^$target\\." >"$log" 2>&1 || status=$?
  grep -E '^(✘|warning:|error:|.*recorded an issue|.*SKIP)' "$log" | head -60 || true
  line=$(grep -E 'Test run with [0-9]+ test' "$log" | tail -n 1 || true)
  echo "${line:-no test ran}"
  count=$(sed -nE 's/.*Test run with ([0-9]+) test.*/\1/p' <<<"$line")
  bad=$(grep -cE '^✘ Test .* failed after' "$log" || true)
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
    echo "$target ended with status $status; its last lines:"
    tail -n 20 "$log"
  fi
  [ "${count:-0}" -gt 0 ] || bad=$((bad + 1))
  failed=$((failed + bad))
  passed=$((passed + ${count:-0} - (bad < ${count:-0} ? bad : ${count:-0})))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
