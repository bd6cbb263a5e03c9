#!/usr/bin/env bash
# All checks, cheapest first: format, warnings as errors, import rules, tests.
set -euo pipefail
cd "$(dirname "$0")/../.."

echo "== format"
swift format lint --strict --recursive --parallel Package.swift Sources Tests

echo "== build (warnings are errors; every import must be a declared dependency)"
# The import check prints "Build complete!" even when it failed: its exit status is what counts.
swift build --build-tests --explicit-target-dependency-import-check error

echo "== tests"
swift test --skip-build --parallel
