#!/usr/bin/env bash
# Renders the pictures of the README from what is live: nothing is drawn by hand.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=.build/release/dubwatch
mkdir -p screenshots
shoot() { # NAME DEMO AFTER SIZE FORMAT
  local file="screenshots/$1.${5/text/txt}"
  echo "$file" >&2
  "$program" frame --demo "$2" --speed 4 --after "$3" --size "$4" --format "$5" >"$file.part"
  mv "$file.part" "$file"
}
shoot everything-160x48 everything 88 160x48 svg
shoot everything-120x40 everything 88 120x40 svg
shoot everything-80x24 everything 88 80x24 svg
shoot everything-120x40 everything 88 120x40 text
shoot reconnection-120x40 reconnection 50 120x40 svg
shoot backpressure-120x40 backpressure 60 120x40 svg
