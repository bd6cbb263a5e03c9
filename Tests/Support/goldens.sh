#!/usr/bin/env bash
# Draws every golden anew, shows as a unified diff what changed, and takes over what is answered with yes.
set -euo pipefail
cd "$(dirname "$0")/../.."
stored=fixtures/golden
scratch=$(mktemp -d)
drawn=$scratch/drawn
trap 'rm -rf "$scratch"' EXIT

swift build --build-tests
# Writing a golden fails its test: one issue a file is what is wanted, anything else is something that could not be drawn.
mkdir "$drawn"
DUBWATCH_UPDATE_GOLDENS=1 DUBWATCH_GOLDENS_INTO=$drawn swift test --skip-build --filter '^MonitorUITests\.GoldenTests' >"$scratch/log" 2>&1 || true
count=$(find "$drawn" -name '*.txt' | wc -l)
if [ "$count" -eq 0 ] || ! grep -q "Test run with .* with $count issue" "$scratch/log"; then
  echo "goldens: not all of them could be drawn:" >&2
  tail -n 30 "$scratch/log" >&2
  exit 1
fi

changed=0
kept=0
find "$drawn" "$stored" -name '*.txt' -exec basename {} \; | sort -u >"$scratch/names"
while read -r name <&3; do
  cmp -s "$stored/$name" "$drawn/$name" && continue
  changed=$((changed + 1))
  diff -uN --show-function-line='^=== ' --label "stored $name" --label "drawn $name" "$stored/$name" "$drawn/$name" || true
  [ -e "$drawn/$name" ] || echo "(no test draws $name)"
  printf 'take this over? [y/N] '
  read -r answer || answer=
  case $answer in
    y | Y | yes) if [ -e "$drawn/$name" ]; then cp "$drawn/$name" "$stored/"; else rm "$stored/$name"; fi ;;
    *) kept=$((kept + 1)) ;;
  esac
done 3<"$scratch/names"
echo "$changed goldens changed, $((changed - kept)) taken over"
[ "$kept" -eq 0 ]
