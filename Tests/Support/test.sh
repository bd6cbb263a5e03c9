#!/usr/bin/env bash
# All checks, cheapest first: format, warnings as errors, import rules, tests.
#   test.sh            all of them
#   test.sh check      no test that needs a whole pipeline, a terminal or an engine: done in two minutes
#   test.sh TARGET...  the tests of these targets alone, without the format
# The last line tells passed, failed and skipped apart.
set -euo pipefail
cd "$(dirname "$0")/../.."

quick="WireFormatsTests StatisticsTests TransportStreamTests MCAPTests RecordingTests TriageTests FleetTests PrometheusTextTests ModelTests EvidenceTests HarnessConfigTests TerminalCanvasTests MonitorUITests ManualTests ProcessGuardTests"
# One process a target: tests that wait for a terminal or a child keep a thread, and this must never hold up those of another target.
all="$quick ExportTests SocketIOTests HarnessCoreTests EmbeddedPipelineTests HarnessRunTests TerminalNcursesTests EndToEndTests VerdictTests
  ComposeTests"
# A target that nobody names here would never be run.
for target in $(grep -oE '"[A-Za-z]+Tests"' Package.swift | tr -d '"' | sort -u); do
  [[ " ${all//$'\n'/ } " == *" $target "* ]] || { echo "Tests/Support/test.sh does not run $target"; exit 1; }
done
case ${1:-} in
  "") targets=$all ;;
  check)
    targets=$quick
    # Of searches through very many cases a part: all of them belong to the whole.
    export DUBWATCH_TEST_BREADTH=tenth
    ;;
  *) targets=$* ;;
esac

if [ "$targets" != "$*" ]; then
  echo "== format"
  swift format lint --strict --recursive --parallel Package.swift Sources Tests
fi

echo "== build (warnings are errors; every import must be a declared dependency)"
# The import check prints "Build complete!" even when it failed: its exit status is what counts.
swift build --build-tests --explicit-target-dependency-import-check error

# A dozen pipelines at once on two cores starve each other; a few at a time are through sooner. Older toolchains do not know it.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-4}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Whatever a test runs records here, not in the user's home.
export XDG_STATE_HOME=$scratch/state
log=$scratch/log
touch "$scratch/unstable"
passed=0
failed=0
skipped=0
# Stands for a failure that no test has: a crash, a hang, no test at all.
whole="(all of it)"

# Names of tests, one a line: of "✘ Test NAME with 3 test cases failed after 1.2 seconds with 2 issues." and the like.
names() {
  sed -nE "/ recorded an? (known )?(issue|warning)/d; /^$1 Test run with /d; s/^$1 Test (.*) $2.*/\1/p" "$log" | sed -E 's/ with [0-9]+ test cases?$//' | sort
}

# Runs one target's tests. Names what failed in a file; sets good and left: how many passed, and how many were skipped.
run_target() {
  local status=0 begun
  local -a which=(--filter "^$1\\.")
  # Whole pipelines are judged by what they do in time: they get the machine for themselves.
  case $1 in
    EndToEndTests) which+=(--skip '^EndToEndTests\.VerdictTests') ;;
    VerdictTests) which=(--filter '^EndToEndTests\.VerdictTests') ;;
  esac
  # A target that hangs is a failure, not a wait without end.
  timeout --kill-after=10 900 swift test --skip-build "${which[@]}" >"$log" 2>&1 || status=$?
  grep -E '^(✘|warning:|error:|SKIP)|recorded an issue' "$log" | head -60 || true
  names '[^ ]+' 'failed after [0-9.]+ seconds' >"$2"
  # By a trait, or by a test itself, which says so once for each of its cases and has passed for the library.
  begun=$(sed -nE 's/^SKIP .* — (.*)/\1/p' "$log" | sort -u | wc -l)
  good=$(($(names '[^ ]+' 'passed after [0-9.]+ seconds' | wc -l) - begun))
  left=$(($(names '➜' '(skipped|was cancelled)' | wc -l) + begun))
  if ! grep -qE 'Test run with [0-9]+ test' "$log" || { [ "$status" -ne 0 ] && [ ! -s "$2" ]; }; then
    echo "$1 ended with status $status; its last lines:"
    tail -n 20 "$log"
    echo "$whole" >>"$2"
  fi
  [ $((good + left)) -gt 0 ] || [ -s "$2" ] || echo "$whole" >"$2"
  sort -o "$2" "$2"
  grep -E 'Test run with [0-9]+ test' "$log" | tail -n 1 || echo "no test ran"
}

for target in $targets; do
  echo "== $target"
  run_target "$target" "$scratch/first"
  if [ -s "$scratch/first" ]; then
    # Real servers and terminals on a machine that others load too: what fails twice is broken, what fails once is told.
    echo "== $target FAILED ($(wc -l <"$scratch/first")); once more:"
    run_target "$target" "$scratch/second"
    if [ -s "$scratch/second" ] && grep -qFx "$whole" "$scratch/first" "$scratch/second"; then
      # Which tests a crash kept from running is not known: nothing of it is excused.
      failed=$((failed + $(wc -l <"$scratch/second")))
    else
      failed=$((failed + $(comm -12 "$scratch/first" "$scratch/second" | wc -l)))
      # What failed in the second run only has passed in the first.
      good=$((good + $(comm -13 "$scratch/first" "$scratch/second" | wc -l)))
      comm -3 "$scratch/first" "$scratch/second" | tr -d '\t' | sed "s/^/$target: /" >>"$scratch/unstable"
    fi
  fi
  passed=$((passed + good))
  skipped=$((skipped + left))
done

if [ $# -eq 0 ]; then
  echo "== a healthy run raises no alarm: ten minutes of it at 4x"
  if Tests/Support/quiet.sh .build/debug/dubwatch >"$log" 2>&1; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    tail -n 20 "$log"
  fi
fi

unstable=$(wc -l <"$scratch/unstable")
if [ "$unstable" -gt 0 ]; then
  echo "UNSTABLE, failed and passed in two runs:"
  sed 's/^/  /' "$scratch/unstable"
  [ "$unstable" -le 2 ] || echo "more than two of them: the run has failed"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$unstable" -le 2 ]
